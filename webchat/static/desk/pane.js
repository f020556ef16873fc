/** The middle column: whose session it is, what was said, and where to write. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { leads } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { Menu } from "../staff/layers.js";
import { useRead } from "../staff/reactive.js";
import { Composer } from "./composer.js";
import { Entry } from "./entry.js";
import { Packet } from "./packet.js";
import { copy } from "./part.js";
import { CHANNEL, CLOSED, dayOf, momentOf, STATE } from "./words.js";

const AT_A_TIME = 80; // entries drawn; older ones when asked for

export function Pane({ desk }) {
  const session = useRead(() => desk.current.value);
  if (!session) {
    return html`<section class="pane" aria-label="会话">
      <div class="blank">${icon("chat")}<b>选一个会话开始</b><small>在左边点选，或按 <kbd>Alt</kbd> <kbd>J</kbd> 打开下一个；按 <kbd>?</kbd> 看全部快捷键</small></div>
    </section>`;
  }
  return html`<section class="pane" aria-label="会话" key=${session}>
    <${Head} desk=${desk} session=${session} />
    <${Log} desk=${desk} talk=${desk.talkOf(session)} />
    <${Composer} desk=${desk} talk=${desk.talkOf(session)} />
  </section>`;
}

function Head({ desk, session }) {
  const row = useRead(() => (desk.rowOf(session), desk.row(session)));
  const talk = desk.talkOf(session);
  const others = useRead(() => talk.others.value);
  const known = useRead(() => talk.customer.value?.name);
  const typing = others.filter((other) => other.typing);
  const looking = others.filter(({ login }) => login !== row?.owner?.login); // that the owner looks is no news
  if (!row) return html`<header class="head"><h2>会话</h2></header>`;
  const { state, owner, name, tier, channel, group, hold_until: until, close_reason: why } = row;
  const mine = desk.owns(row);
  const ask = (panel) => () => (desk.panel.value = { name: panel, session });
  const act = (frame, done) => () => desk.act({ session, ...frame }, done);
  const who = owner ? (mine ? "由我接待" : `由${owner.name}接待`) : "";
  const more = () => [
    ["新建工单", ask("ticket")],
    ["复制会话编号", () => copy(session)],
    ...(leads() && state !== "closed" ? ["-", ["关闭：骚扰", act({ t: "close", reason: "spam" }, "已关闭"), { danger: true }]] : []),
  ];
  return html`<header class="head">
    <div class="who">
      <h2 class="cut">${known || name || "访客"}</h2>
      <p class="small dim cut">
        ${[tier, CHANNEL[channel], STATE[state], who, group, until && state === "on_hold" && `到 ${momentOf(until)}`, why && CLOSED[why]].filter(Boolean).join(" · ")}
      </p>
    </div>
    <p class="others small" role="status">
      ${typing.length
        ? html`<span class="warn">${typing.map((other) => other.name).join("、")}正在输入…</span>`
        : looking.length
          ? html`<span class="dim">${icon("eye")} ${looking.map((other) => other.name).join("、")}正在查看</span>`
          : ""}
    </p>
    <span class="gap" />
    ${mine &&
    html`${state === "on_hold"
        ? html`<button class="btn" onClick=${act({ t: "unhold" }, "已恢复")}>${icon("hold")}恢复</button>`
        : state === "active" && html`<button class="btn flat square" aria-label="挂起" title="挂起 Alt+M" onClick=${ask("hold")}>${icon("hold")}</button>`}
      ${state === "active" &&
      html`<button class="btn flat square" aria-label="转接" title="转接 Alt+T" onClick=${ask("transfer")}>${icon("transfer")}</button>
        <button class="btn flat square" aria-label="交还机器人" title="交还机器人" onClick=${ask("release")}>${icon("bot")}</button>`}
      <button class="btn flat square" aria-label="新建工单" title="新建工单" onClick=${ask("ticket")}>${icon("ticket")}</button>
      ${state === "wrap_up"
        ? html`<button class="btn main" onClick=${act({ t: "close" }, "已结束")}>${icon("check")}收尾完成</button>`
        : html`<button class="btn main" title="结束会话 Alt+E" onClick=${ask("resolve")}>${icon("check")}结束</button>`}`}
    <${Menu} label="更多" title="更多" cls="btn flat square" button=${icon("more")} items=${more} />
    <${SideSwitch} desk=${desk} />
  </header>`;
}

function SideSwitch({ desk }) {
  const on = useRead(() => desk.aside.value);
  return html`<button
    class="btn flat square"
    aria-label="顾客资料栏"
    aria-pressed=${on}
    title="顾客资料栏 Alt+O"
    onClick=${() => (desk.aside.value = !on)}
  >
    ${icon("side")}
  </button>`;
}

/** Where a message of our own stands. */
function Sent({ item, talk }) {
  const { state, why } = item;
  if (state === "failed") {
    const back = () => (talk.write(item.text, item.kind), talk.drop(item));
    return html`<p class="mark bad" role="alert">
      没有发出：${why} <button class="link" onClick=${() => talk.again(item)}>重发</button>
      <button class="link" onClick=${back}>放回输入框</button>
    </p>`;
  }
  return html`<p class="mark ${state === "late" ? "warn" : ""}">${{ sending: "发送中…", late: "还没送到，连上后自动重发", sent: "已发送" }[state]}</p>`;
}

function Log({ desk, talk }) {
  const box = useRef();
  const [shown, show] = useState(AT_A_TIME);
  const [below, fall] = useState(false);
  const all = useRead(() => talk.entries.value);
  const outgoing = useRead(() => talk.outgoing.value);
  const typing = useRead(() => talk.typing.value);
  const seen = useRead(() => talk.seen.value);
  const packet = useRead(() => talk.packet.value);
  const loading = useRead(() => talk.loading.value);
  const fault = useRead(() => talk.fault.value);
  const more = useRead(() => talk.more.value);
  const drawn = useRef(new WeakMap());
  const last = all.at(-1);
  const end = () => box.current?.scrollTo(0, 1e9);
  useLayoutEffect(() => {
    if (!below) end();
  }, [all.length, outgoing.length, typing, loading, packet]);
  useEffect(() => {
    const size = new ResizeObserver(() => below || end());
    size.observe(box.current);
    return () => size.disconnect();
  }, [below]);
  const scrolled = ({ target }) => {
    const far = target.scrollHeight - target.scrollTop - target.clientHeight > 96;
    if (far !== below) fall(far);
  };
  const to = (seq) => {
    if (all.findIndex((entry) => entry.seq === seq) < all.length - shown) show(all.length);
    setTimeout(() => {
      const entry = box.current?.querySelector(`[data-seq="${seq}"]`);
      entry?.scrollIntoView({ block: "center" });
      entry?.classList.add("found");
      setTimeout(() => entry?.classList.remove("found"), 1600);
    });
  };
  useEffect(() => void (talk.to = to));
  const earlier = () => {
    const { scrollHeight, scrollTop } = box.current;
    fall(true);
    if (all.length > shown) show(shown + AT_A_TIME);
    else talk.older();
    setTimeout(() => box.current?.scrollTo(0, scrollTop + box.current.scrollHeight - scrollHeight), 60);
  };
  let before;
  // The same entry under the same signs is the same node: Preact does not look into it again.
  const draw = (entry) => {
    const day = dayOf(entry.at);
    const above = day !== before ? (before = day) : "";
    const own = entry.from === "agent" && entry.agent === desk.login && !["note", "whisper"].includes(entry.kind);
    const state = own && entry === lastOwn ? (seen >= entry.seq ? "已读" : "已送达") : "";
    const marks = packet?.evidence?.filter(({ seq }) => seq === entry.seq).map(({ text }) => text) ?? [];
    const signs = [above, state, ...marks].join("\n");
    const old = drawn.current.get(entry);
    if (old?.signs === signs) return old.node;
    const mark = state && html`<p class="mark">${state}</p>`;
    const node = html`<${Entry} key=${entry.note ? `n${entry.note}` : entry.seq} entry=${entry} day=${above} state=${mark} marks=${marks} own=${own} />`;
    drawn.current.set(entry, { signs, node });
    return node;
  };
  const lastOwn = all.findLast(({ from, agent, kind }) => from === "agent" && agent === desk.login && kind === "text");
  const part = all.slice(-shown);
  return html`<div class="logbox">
    <div class="log" role="log" aria-label="对话" tabindex="0" ref=${box} onScroll=${scrolled} data-last=${last?.seq}>
      ${fault && html`<div class="blank" role="alert"><b>打不开这个会话</b>${fault}<button class="btn" onClick=${() => talk.open()}>再试一次</button></div>`}
      ${loading && !fault && !all.length && html`<p class="line" aria-busy="true"><span>正在读取对话…</span></p>`}
      ${(more || all.length > shown) && html`<p class="line"><button class="link small" onClick=${earlier}>更早的消息</button></p>`}
      ${packet && html`<${Handed} packet=${packet} to=${to} fresh=${!all.some(({ from }) => from === "agent")} />`}
      ${runs(part).map((run) => (run.length > 2 ? html`<${Run} key=${`r${run[0].seq}`} run=${run} nodes=${run.map(draw)} />` : run.map(draw)))}
      ${outgoing.map(
        (item) =>
          html`<${Entry}
            key=${item.id}
            entry=${{ ...item, from: "agent", kind: item.kind === "say" ? "text" : item.kind, name: "我" }}
            own=${true}
            state=${html`<${Sent} item=${item} talk=${talk} />`}
          />`,
      )}
      ${typing && html`<p class="entry theirs small dim" aria-live="off">顾客正在输入…</p>`}
    </div>
    ${below && html`<button class="btn newest" onClick=${() => (fall(false), end())}>${icon("down")}最新消息</button>`}
  </div>`;
}

const eventful = ({ from, kind }) => from === "system" && (kind === "activity" || kind === "notice");

/** Entries in order, what the system noted one after another together. */
function runs(entries) {
  const all = [];
  for (const entry of entries) {
    const last = all.at(-1);
    if (last && eventful(entry) && eventful(last[0])) last.push(entry);
    else all.push([entry]);
  }
  return all;
}

/** Several notes of the system: the last of them, the others when asked for. */
const Run = ({ run, nodes }) => html`<details class="entry event">
  <summary>${run.at(-1).text} · 共 ${run.length} 条动态</summary>
  ${nodes}
</details>`;

function Handed({ packet, to, fresh }) {
  return html`<details class="handed" open=${fresh}>
    <summary>${icon("list")} 交接单 <span class="cut dim">${packet.reason}</span></summary>
    <${Packet} packet=${packet} show=${to} />
  </details>`;
}
