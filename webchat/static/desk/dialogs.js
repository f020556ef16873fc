/** What an agent decides about a session in a dialog: pass it on, put it aside, give it back, close it, and the help. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { Choices, Dialog, foot, toast } from "../staff/layers.js";
import { useRead } from "../staff/reactive.js";
import { FIELD_KEYS, KEYS } from "./keys.js";
import { NewTicket } from "./tickets.js";
import { Search } from "./search.js";
import { CATEGORIES, momentOf, SOLVED, STATUS } from "./words.js";

const ALL = { transfer: Transfer, hold: Hold, release: Release, resolve: Resolve, help: Help, canned: Canned, ticket: NewTicket, search: Search };

/** The dialog that is open, if one is. */
export function Dialogs({ desk }) {
  const panel = useRead(() => desk.panel.value);
  const Named = panel && ALL[panel.name];
  const close = () => (desk.panel.value = null);
  return Named && html`<${Named} key=${panel.name} desk=${desk} close=${close} ...${panel} />`;
}

function useAct(desk, close) {
  const [busy, work] = useState(false);
  return [
    busy,
    async (frame, done) => {
      work(true);
      const answer = await desk.act(frame, done);
      if (answer) close(answer);
      else work(false);
    },
  ];
}

function Transfer({ desk, session, close }) {
  const [kind, choose] = useState("agent");
  const [to, aim] = useState("");
  const [note, say] = useState("");
  const [busy, act] = useAct(desk, close);
  const agents = useRead(() => desk.agents.value);
  const groups = useRead(() => desk.groups.value);
  const others = [...agents.values()].filter(({ login }) => login !== desk.login);
  others.sort((a, b) => (b.status === "online") - (a.status === "online") || (a.load ?? 0) - (b.load ?? 0));
  const target = { agent: { agent: to }, group: { group: to }, senior: { senior: true } }[kind];
  const submit = () => act({ t: "transfer", session, to: target, note: note.trim() }, "已转接");
  const cannot = !note.trim() || (kind !== "senior" && !to);
  const change = (next) => (choose(next), aim(""));
  return html`<${Dialog} title="转接会话" close=${close} onSubmit=${submit} foot=${foot("转接", busy, close, cannot)}>
    <${Choices} name="kind" legend="转给" all=${{ agent: "一位客服", group: "一个小组", senior: "金牌客服" }} value=${kind} set=${change} />
    ${kind === "agent" &&
    html`<div class="people" role="radiogroup" aria-label="客服">
      ${others.map(
        ({ login, name, status, load, max, groups: in_ }) =>
          html`<label key=${login} class=${status === "offline" ? "dim" : ""}>
            <input type="radio" name="to" value=${login} checked=${to === login} disabled=${status === "offline"} onChange=${() => aim(login)} />
            <i class="status ${status}" aria-hidden="true" /><span>${name}</span><small class="dim cut">${in_?.join("、")}</small><span class="gap" />
            <small class="dim num">${STATUS[status]}${status === "offline" || load == null ? "" : ` · ${load}${max ? `/${max}` : ""}`}</small>
          </label>`,
      )}
      ${!others.length && html`<p class="dim">没有别的客服</p>`}
    </div>`}
    ${kind === "group" && html`<${Choices} name="to" legend="小组" all=${Object.fromEntries(groups.map((group) => [group, group]))} value=${to} set=${aim} />`}
    ${kind === "senior" && html`<p class="small dim">金牌客服接受之前，会话一直由你接待，顾客不会落空。</p>`}
    <label class="field"><span>交接说明（必填，顾客看不到）</span>
      <textarea class="input" rows="3" maxlength="500" autofocus value=${note} onInput=${({ target: { value } }) => say(value)} placeholder="顾客要什么，做到哪一步，答应过什么" /></label>
  <//>`;
}

const local = (date) => new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

/** Ready-made times to put a session aside until. */
function untils(now) {
  const at = (day, hour) => new Date(new Date(now).setHours(hour, 0, 0, 0) + day * 864e5);
  const in_ = (minutes) => new Date(now + minutes * 60000);
  const evening = at(0, 18);
  return [["30 分钟后", in_(30)], ["2 小时后", in_(120)], ...(evening - now > 36e5 ? [["今天 18:00", evening]] : []), ["明天 9:00", at(1, 9)]];
}

function Hold({ desk, session, close }) {
  const choices = useRef(untils(desk.now()));
  const [until, set] = useState(local(choices.current[0][1]));
  const [busy, act] = useAct(desk, close);
  const date = new Date(until);
  const wrong = isNaN(date) ? "请选一个时间" : date - desk.now() <= 0 ? "这个时间已经过去了" : date - desk.now() > 7 * 864e5 ? "最多挂起 7 天" : "";
  const submit = () => act({ t: "hold", session, until: date.toISOString() }, `已挂起到${momentOf(date)}`);
  return html`<${Dialog} title="挂起会话" close=${close} onSubmit=${submit} foot=${foot("挂起", busy, close, !!wrong)}>
    <p class="dim">等仓库、快递或别的同事时挂起：会话还是你的，不占接待数；到时间或顾客再说话就回来。</p>
    <div class="chips">
      ${choices.current.map(([words, at]) => html`<button type="button" class="btn" aria-pressed=${local(at) === until} onClick=${() => set(local(at))}>${words}</button>`)}
    </div>
    <label class="field"><span>挂起到</span><input class="input" type="datetime-local" autofocus value=${until} onInput=${({ target }) => set(target.value)} /></label>
    ${wrong && html`<p class="bad small" role="alert">${wrong}</p>`}
  <//>`;
}

function Release({ desk, session, close }) {
  const [busy, act] = useAct(desk, close);
  const submit = () => act({ t: "release", session }, "已交还机器人");
  return html`<${Dialog} title="交还机器人？" close=${close} onSubmit=${submit} foot=${foot("交还", busy, close)}>
    <p>之后由机器人接着回答这位顾客。机器人会知道你们谈过什么；顾客再要人工时会重新排队。</p>
  <//>`;
}

function Resolve({ desk, session, close, next }) {
  const talk = desk.talkOf(session);
  const ready = useRead(() => talk.summary.value);
  const [typed, type] = useState({});
  useEffect(() => void desk.line.send({ t: "summary", session }), []); // as the conversation stands now
  const [busy, work] = useState(false);
  const known = { note: talk.packet.value?.summary, ...ready };
  const { category = "", note = "", solved = "" } = { ...known, ...typed };
  const all = Object.fromEntries([...new Set([...CATEGORIES, category].filter(Boolean))].map((each) => [each, each]));
  const submit = async () => {
    work(true);
    const done = await desk.resolve(session, { category, note: note.trim() }, solved);
    work(false);
    if (!done) return;
    close();
    if (next) desk.step(1);
  };
  return html`<${Dialog} title="会话小结" wide close=${close} onSubmit=${submit} foot=${foot(next ? "结束并打开下一个" : "结束会话", busy, close, !category || !solved)}>
    ${(ready || known.note) && html`<p class="small dim">已按对话预填，请看一眼再确认。</p>`}
    <${Choices} name="category" legend="问的是什么" all=${all} value=${category} set=${(value) => type({ ...typed, category: value })} />
    <${Choices} name="solved" legend="解决了吗" all=${SOLVED} value=${solved} set=${(value) => type({ ...typed, solved: value })} />
    <label class="field"><span>小结</span>
      <textarea class="input" rows="4" maxlength="1000" value=${note} onInput=${({ target }) => type({ ...typed, note: target.value })} placeholder="要点、结果、还欠什么" /></label>
  <//>`;
}

function Canned({ text, close }) {
  const [{ title, shortcut }, set] = useState({ title: "", shortcut: "" });
  const [busy, work] = useState(false);
  const submit = async () => {
    work(true);
    try {
      await api("/api/desk/canned", { method: "POST", body: { text, title: title.trim(), shortcut: shortcut.trim(), scope: "mine" } });
      toast("已存为快捷回复");
      close();
    } catch (problem) {
      toast(problem.message, { bad: true });
      work(false);
    }
  };
  return html`<${Dialog} title="存为快捷回复" close=${close} onSubmit=${submit} foot=${foot("保存", busy, close)}>
    <p class="quoted">${text}</p>
    <label class="field"><span>名称（不写就用开头几个字）</span><input class="input" maxlength="60" value=${title} onInput=${({ target }) => set({ title: target.value, shortcut })} /></label>
    <label class="field"><span>简码（输入 / 后打它就能找到）</span><input class="input" maxlength="20" value=${shortcut} onInput=${({ target }) => set({ title, shortcut: target.value })} /></label>
    <p class="small dim">只有你自己看得到。可以用 {{客户姓名}} {{订单号}} {{快递单号}} {{客服姓名}}。</p>
  <//>`;
}

function Help({ close }) {
  const rows = (keys) =>
    keys.map(({ keys: combination, name }) => html`<div class="pair"><dt>${name}</dt><span class="gap" /><dd>${combination.map((key) => html`<kbd>${key}</kbd> `)}</dd></div>`);
  return html`<${Dialog} title="快捷键" wide close=${close}>
    <div class="help">
      <section><h3>会话</h3><dl>${rows(KEYS)}</dl></section>
      <section><h3>输入框和列表</h3><dl>${rows(FIELD_KEYS)}</dl></section>
    </div>
    <p class="small dim">输入法选字时快捷键都不起作用。苹果电脑上 Alt 是 ⌥，Ctrl 是 ⌘。</p>
  <//>`;
}
