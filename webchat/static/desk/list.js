/** The left column: tabs with counts, and the sessions under the one that is chosen. A row draws again only for itself. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { leads } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { useRead } from "../staff/reactive.js";
import { TABS, waitingSince } from "./order.js";
import { CHANNEL, CLOSED, EMOTION, lasting, lateness, LEVEL, STATE, UPSET, whenOf } from "./words.js";

export function List({ desk }) {
  const tab = useRead(() => desk.tab.value);
  return html`<section class="list" aria-label="会话列表">
    <${Tabs} desk=${desk} />
    <${Sessions} key=${tab} desk=${desk} tab=${TABS.find(({ id }) => id === tab)} />
  </section>`;
}

function Tabs({ desk }) {
  const chosen = useRead(() => desk.tab.value);
  const tabs = TABS.filter(({ lead }) => !lead || leads());
  const key = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 3, ArrowUp: -3 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    desk.tab.value = tabs[(at + by + tabs.length * 3) % tabs.length].id;
    setTimeout(() => event.target.closest("[role=tablist]").querySelector("[aria-selected=true]").focus());
  };
  return html`<div class="tabs" role="tablist" aria-label="会话" onKeyDown=${key}>
    ${tabs.map((tab) => html`<${Tab} key=${tab.id} desk=${desk} tab=${tab} on=${tab.id === chosen} />`)}
  </div>`;
}

function Tab({ desk, tab: { id, name }, on }) {
  const count = useRead(() => (id === "closed" ? 0 : desk.order.value[id].length));
  const unread = useRead(() => (id === "mine" ? desk.unread.value : 0));
  return html`<button
    role="tab"
    id=${`tab-${id}`}
    aria-selected=${on}
    aria-controls="sessions"
    tabindex=${on ? 0 : -1}
    onClick=${() => (desk.tab.value = id)}
  >
    ${name} ${count > 0 && html`<span class="num ${id === "queue" ? "warn" : "dim"}">${count}</span>`}
    ${unread > 0 && html`<i class="dot" role="img" aria-label=${`${unread} 条未读`} />`}
  </button>`;
}

function Sessions({ desk, tab }) {
  const ids = useRead(() => desk.order.value[tab.id].join("\n"));
  const ready = useRead(() => desk.ready.value);
  const status = useRead(() => desk.status.value);
  const [fault, say] = useState("");
  const more = useRead(() => desk.endedMore.value);
  const fetchEnded = () => desk.fetchEnded().then(() => say(""), ({ message }) => say(message));
  useEffect(() => {
    if (tab.id === "closed" && more === undefined) fetchEnded();
  }, [tab.id]);
  const box = useRef();
  const key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const all = [...box.current.querySelectorAll("button.row")];
    all[(all.indexOf(document.activeElement) + by + all.length) % all.length]?.focus();
  };
  const all = ids ? ids.split("\n") : [];
  const loading = tab.id === "closed" ? more === undefined && !fault : !ready;
  let body;
  if (all.length) body = html`<ul>${all.map((id) => html`<${Row} key=${id} desk=${desk} id=${id} tab=${tab.id} />`)}</ul>`;
  else if (fault) body = html`<div class="blank" role="alert"><b>没能读出来</b>${fault}<button class="btn" onClick=${fetchEnded}>再试一次</button></div>`;
  else if (loading && status === "offline") body = html`<div class="blank"><b>连不上网关</b>正在不断重试，连上就会出现</div>`;
  else if (loading) body = html`<ul class="ghosts" aria-busy="true" aria-label="正在读取">${[1, 2, 3, 4].map(() => html`<li />`)}</ul>`;
  else body = html`<div class="blank">${icon(tab.id === "bot" ? "bot" : "chat")}<b>${tab.none}</b><small>${tab.hint}</small></div>`;
  return html`<div class="sessions" id="sessions" role="tabpanel" aria-labelledby=${`tab-${tab.id}`} tabindex="-1" ref=${box} onKeyDown=${key}>
    ${body} ${tab.id === "closed" && more && html`<button class="btn flat wide" onClick=${fetchEnded}>更早的会话</button>`}
  </div>`;
}

/** How long somebody waits: drawn each second where the words change, and nowhere else. */
export function Waiting({ desk, since }) {
  const seconds = useRead(() => Math.max(0, Math.floor((desk.clock.value - Date.parse(since)) / 1000)), [since]);
  const late = lateness(seconds);
  return html`<span class="wait num ${late}" title="等待回复的时间">${icon("clock")}${lasting(seconds)}</span>`;
}

function Row({ desk, id, tab }) {
  const row = useRead(() => desk.rowOf(id));
  const on = useRead(() => desk.current.value === id);
  const unread = useRead(() => desk.unreadOf(desk.rowOf(id)));
  if (!row) return;
  const { name, tier, channel, state, level, owner, offered_to: offered, last, emotion, flags, close_reason: why } = row;
  const since = waitingSince(row);
  const upset = UPSET.includes(emotion?.name) && emotion;
  const said = last?.text || STATE[state];
  const by = { agent: "", bot: "机器人：", shopper: "", system: "" }[last?.from] ?? "";
  return html`<li>
    <button class="row ${on ? "on" : ""}" aria-current=${on} data-session=${id} onClick=${() => desk.open(id)}>
      <span class="face ${upset ? "upset" : ""}" aria-hidden="true">${name?.[0] ?? "访"}</span>
      <span class="lines">
        <span class="top">
          <b class="cut">${name || "访客"}</b>
          ${tier && html`<span class="chip">${tier}</span>`} ${LEVEL[level] && html`<span class="chip warn">${LEVEL[level]}</span>`}
          <span class="gap" />
          ${since ? html`<${Waiting} desk=${desk} since=${since} />` : html`<small class="dim num">${whenOf(last?.at ?? row.closed_at)}</small>`}
        </span>
        <span class="bottom">
          <span class="cut dim">${last?.from === "agent" && html`<span class="mine" aria-label="我方">↩ </span>`}${by}${said}</span>
          <span class="gap" />
          ${channel && !["web", "import"].includes(channel) && html`<span class="chip">${CHANNEL[channel] ?? channel}</span>`}
          ${upset && html`<span class="chip bad">${EMOTION[upset.name]}</span>`}
          ${state === "on_hold" && html`<span class="chip">挂起</span>`} ${state === "wrap_up" && html`<span class="chip">收尾</span>`}
          ${state === "message_left" && html`<span class="chip">留言</span>`}
          ${state === "offered" && html`<span class="chip main">${offered === desk.login ? "派给你" : "派单中"}</span>`}
          ${tab === "flagged" && flags?.slice(0, 2).map((flag) => html`<span class="chip warn">${flag}</span>`)}
          ${tab === "team" && owner && html`<span class="chip main">${owner.name}</span>`}
          ${tab === "closed" && why && html`<span class="chip">${CLOSED[why] ?? why}</span>`}
          ${unread > 0 && html`<span class="count" aria-label=${`${unread} 条未读`}>${unread > 99 ? "99+" : unread}</span>`}
        </span>
      </span>
    </button>
  </li>`;
}
