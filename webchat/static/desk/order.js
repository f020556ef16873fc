/** Which sessions stand under which tab, and in which order: plain functions over rows. */

export const TABS = [
  { id: "mine", name: "会话中", none: "手上没有会话", hint: "在线时，新会话会派给你；也可以去「排队中」接一个" },
  { id: "queue", name: "排队中", none: "没有人在排队", hint: "顾客请人工时会出现在这里" },
  { id: "flagged", name: "待干预", none: "没有要留意的会话", hint: "机器人答得不顺的会话会出现在这里" },
  { id: "bot", name: "机器人接待", none: "机器人手上没有会话", hint: "顾客发来消息时会出现在这里" },
  { id: "team", name: "同事接待", none: "同事手上没有会话", hint: "主管可以在这里旁听、耳语和接管", lead: true },
  { id: "closed", name: "已结束", none: "还没有结束的会话", hint: "结束的会话会留在这里" },
];

const HELD = ["active", "on_hold", "wrap_up"];
const WAITING = ["queued", "offered", "message_left"];
const RANK = { vip: 1, senior: 1 };

/** The tabs a row stands under for this login. */
export function tabsOf({ state, owner, flags }, login) {
  if (HELD.includes(state)) return [owner?.login === login ? "mine" : "team"];
  if (WAITING.includes(state)) return ["queue"];
  if (state === "bot") return flags?.length ? ["flagged", "bot"] : ["bot"];
  return state === "closed" ? ["closed"] : [];
}

const waits = ({ waiting_since: since, waiting_on: on, state }) => (since && on !== "shopper" && state !== "on_hold" ? since : "");
const lastAt = ({ last, opened_at: opened }) => last?.at ?? opened ?? "";
const newest = (a, b) => (lastAt(a) < lastAt(b) ? 1 : -1);
const longest = (a, b) => ((waits(a) || "~") > (waits(b) || "~") ? 1 : (waits(a) || "~") < (waits(b) || "~") ? -1 : newest(a, b));

const SORT = {
  mine: longest, // who waits longest for a word stands first; the others by their last word
  team: longest,
  queue: (a, b) =>
    (RANK[b.level] ?? 0) - (RANK[a.level] ?? 0) ||
    (b.priority ?? 0) - (a.priority ?? 0) ||
    ((a.queued_at ?? "~") < (b.queued_at ?? "~") ? -1 : 1),
  flagged: newest,
  bot: newest,
  closed: (a, b) => ((a.closed_at ?? lastAt(a)) < (b.closed_at ?? lastAt(b)) ? 1 : -1),
};

/** Every tab's sessions in order: {mine: [id…], …}. */
export function sorted(rows, login) {
  const found = Object.fromEntries(TABS.map(({ id }) => [id, []]));
  for (const row of rows) for (const tab of tabsOf(row, login)) found[tab].push(row);
  for (const tab in found) found[tab] = found[tab].sort(SORT[tab]).map(({ session }) => session);
  return found;
}

/** Since when somebody waits for a person here, or "" where nobody does. */
export const waitingSince = (row) => (["queued", "offered"].includes(row.state) ? row.waiting_since || row.queued_at || "" : waits(row));
