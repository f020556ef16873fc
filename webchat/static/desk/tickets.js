/** Tickets: those of a session beside it, a new one, and all of them on a page of their own. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { Choices, Dialog, foot, toast } from "../staff/layers.js";
import { useRead } from "../staff/reactive.js";
import { Part } from "./part.js";
import { momentOf, PRIORITY, TICKET, TICKET_STATE } from "./words.js";

const OPEN = ["new", "assigned", "working", "waiting"];
const NEXT = { new: "working", assigned: "working", working: "resolved", waiting: "working" };
const late = ({ due_at: due, state }, now) => due && OPEN.includes(state) && Date.parse(due) < now;
const listed = (answer) => answer.tickets ?? answer.items ?? answer;

/** The tickets under a query, read again when the desk says that they changed. */
function useTickets(desk, query) {
  const [state, tell] = useState({});
  const changed = useRead(() => desk.tickets.value);
  const [again, retry] = useState(0);
  useEffect(() => {
    if (!query) return tell({ tickets: [] });
    const abort = new AbortController();
    api(`/api/tickets?${query}`, { signal: abort.signal }).then(
      (answer) => tell({ tickets: listed(answer) }),
      (fault) => fault.name === "AbortError" || tell({ fault: fault.message }),
    );
    return () => abort.abort();
  }, [query, changed, again]);
  return { ...state, retry: () => retry(again + 1) };
}

async function move(desk, ticket, state) {
  try {
    await api(`/api/tickets/${encodeURIComponent(ticket.id)}`, { method: "PATCH", body: { state } });
    desk.tickets.value += 1;
  } catch (problem) {
    toast(problem.message, { bad: true });
  }
}

const Mark = ({ ticket, now }) =>
  html`<span class="chip ${ticket.priority === 0 ? "bad" : ticket.priority === 1 ? "warn" : ""}">${PRIORITY[ticket.priority] ?? ticket.priority}</span>
    ${late(ticket, now) && html`<span class="chip bad">已超时</span>`}`;

/** Beside a conversation: the tickets that came of it, and a button for a new one. */
export function SessionTickets({ desk, session, customer }) {
  const { tickets, fault, retry } = useTickets(desk, customer ? `customer=${encodeURIComponent(customer)}` : `session=${encodeURIComponent(session)}`);
  const add = html`<button class="tiny" aria-label="新建工单" title="新建工单" onClick=${() => (desk.panel.value = { name: "ticket", session })}>${icon("plus")}</button>`;
  return html`<${Part} name="工单" count=${tickets?.length} extra=${add}>
    ${fault && html`<p class="small bad none">${fault} <button class="link" onClick=${retry}>再试</button></p>`}
    ${tickets?.length === 0 && html`<p class="small dim none">没有工单</p>`}
    <ul class="lines">
      ${tickets?.map(
        (ticket) =>
          html`<li key=${ticket.id}>
            <p class="pair"><b>${TICKET[ticket.type] ?? ticket.type}</b><${Mark} ticket=${ticket} now=${desk.now()} /><span class="gap" /><small class="dim">${TICKET_STATE[ticket.state] ?? ticket.state}</small></p>
            <p class="small">${ticket.summary}</p>
            <small class="dim num">${[ticket.group, ticket.assignee && desk.nameOf(ticket.assignee), ticket.due_at && `${momentOf(ticket.due_at)}前`].filter(Boolean).join(" · ")}</small>
          </li>`,
      )}
    </ul>
  <//>`;
}

/** A new ticket about a session; its kind decides where it goes, by the shop's rules. */
export function NewTicket({ desk, session, close }) {
  const talk = session && desk.talkOf(session);
  const row = session && desk.row(session);
  const customer = talk?.customer.value;
  const orders = [...new Set([...(talk?.packet.value?.orders ?? []), ...(customer?.orders ?? [])].map(({ order }) => order))];
  const [{ type, priority, order, summary }, set] = useState({ type: "", priority: "rule", order: orders[0] ?? "", summary: talk?.packet.value?.summary ?? "" });
  const [busy, work] = useState(false);
  const change = (what) => set((before) => ({ ...before, ...what }));
  const submit = async () => {
    work(true);
    try {
      const body = { type, ...(priority !== "rule" && { priority: +priority }), summary: summary.trim(), ...(session && { session }), ...(order && { order }), ...(row?.customer && { customer: row.customer }) };
      const made = await api("/api/tickets", { method: "POST", body });
      desk.tickets.value += 1;
      toast(made?.group ? `工单已建，派给${made.group}` : "工单已建");
      close();
    } catch (problem) {
      toast(problem.message, { bad: true });
      work(false);
    }
  };
  return html`<${Dialog} title="新建工单" wide close=${close} onSubmit=${submit} foot=${foot("建工单", busy, close, !type || !summary.trim())}>
    <${Choices} name="type" legend="类型" all=${TICKET} value=${type} set=${(value) => change({ type: value })} />
    <${Choices} name="priority" legend="优先级" all=${{ rule: "按规则", ...PRIORITY }} value=${priority} set=${(value) => change({ priority: value })} />
    ${orders.length > 0 &&
    html`<label class="field"><span>订单</span>
      <select class="input" value=${order} onChange=${({ target }) => change({ order: target.value })}>
        <option value="">不涉及订单</option>
        ${orders.map((each) => html`<option value=${each}>${each}</option>`)}
      </select></label>`}
    <label class="field"><span>要做什么（必填）</span>
      <textarea class="input" rows="4" maxlength="1000" autofocus value=${summary} onInput=${({ target }) => change({ summary: target.value })} /></label>
  <//>`;
}

const VIEWS = { open: "未完成", mine: "我的", resolved: "已解决", closed: "已关闭" };

/** Every ticket one may see, the most urgent first. */
export function Tickets({ desk }) {
  const [view, look] = useState("open");
  const query = { open: "limit=100", mine: `assignee=${encodeURIComponent(desk.login)}&limit=100`, resolved: "state=resolved&limit=100", closed: "state=closed&limit=100" }[view];
  const { tickets, fault, retry } = useTickets(desk, query);
  const now = useRead(() => Math.floor(desk.clock.value / 30000)) * 30000;
  const all = tickets?.filter(({ state }) => !["open", "mine"].includes(view) || OPEN.includes(state));
  const visit = ({ session }) => {
    location.hash = "";
    desk.open(session);
  };
  return html`<div class="page"><div class="inner tickets">
    <header class="pair"><h1>工单</h1><span class="gap" />
      <div class="chips" role="group" aria-label="看哪些">${Object.entries(VIEWS).map(([id, words]) => html`<button class="btn low" aria-pressed=${id === view} onClick=${() => look(id)}>${words}</button>`)}</div>
      <button class="btn main low" onClick=${() => (desk.panel.value = { name: "ticket" })}>${icon("plus")}新建</button></header>
    ${fault && html`<div class="blank" role="alert"><b>没能读出来</b>${fault}<button class="btn" onClick=${retry}>再试一次</button></div>`}
    ${!all && !fault && html`<p class="blank" aria-busy="true">正在读取…</p>`}
    ${all?.length === 0 && html`<div class="blank">${icon("ticket")}<b>没有${VIEWS[view]}的工单</b><small>在会话里点「新建工单」，或由规则自动建立</small></div>`}
    ${all?.length > 0 &&
    html`<table class="table">
      <thead><tr><th>类型</th><th>优先级</th><th>要做什么</th><th>订单</th><th>处理</th><th>期限</th><th>状态</th><th><span class="sr">操作</span></th></tr></thead>
      <tbody>
        ${all.map(
          (ticket) =>
            html`<tr key=${ticket.id}>
              <td>${TICKET[ticket.type] ?? ticket.type}</td><td><${Mark} ticket=${ticket} now=${now} /></td><td class="what">${ticket.summary}</td><td class="num">${ticket.order}</td>
              <td>${[ticket.group, ticket.assignee && desk.nameOf(ticket.assignee)].filter(Boolean).join(" · ") || html`<span class="dim">未分派</span>`}</td>
              <td class="num ${late(ticket, now) ? "bad" : ""}">${momentOf(ticket.due_at)}</td><td>${TICKET_STATE[ticket.state] ?? ticket.state}</td>
              <td class="do">${NEXT[ticket.state] && html`<button class="link" onClick=${() => move(desk, ticket, NEXT[ticket.state])}>${{ working: "开始处理", resolved: "已解决" }[NEXT[ticket.state]]}</button>`}
                ${ticket.session && html`<button class="link" onClick=${() => visit(ticket)}>看会话</button>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>`}
  </div></div>`;
}
