/** The right column: the whole customer beside the conversation. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { api, me } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { Dialog, foot, toast } from "../staff/layers.js";
import { useRead } from "../staff/reactive.js";
import { Orders } from "./orders.js";
import { Mood } from "./packet.js";
import { Copy, Part } from "./part.js";
import { Promises, useOwed } from "./promises.js";
import { SessionTickets } from "./tickets.js";
import { CLOSED, dayOf, momentOf, STATE, whenOf } from "./words.js";

export function Aside({ desk }) {
  const session = useRead(() => desk.current.value);
  const open = useRead(() => desk.aside.value);
  const other = useRead(() => desk.shown.value);
  if (!open) return;
  if (other) return html`<${Looked} key=${other} desk=${desk} id=${other} />`;
  return html`<aside class="aside" aria-label="顾客资料" key=${session}>
    ${session ? html`<${Beside} desk=${desk} session=${session} />` : html`<div class="blank">${icon("user")}<small>选中会话后，这里是顾客的资料、订单和来往</small></div>`}
  </aside>`;
}

/** A customer found by a search, whose session is not open. */
function Looked({ desk, id }) {
  const [customer, tell] = useState();
  const [fault, say] = useState("");
  useEffect(() => void api(`/api/customers/${encodeURIComponent(id)}`).then(tell, ({ message }) => say(message)), [id]);
  return html`<aside class="aside" aria-label="顾客资料">
    <p class="banner"><span class="cut">搜索到的顾客</span><span class="gap" /><button class="link" onClick=${() => (desk.shown.value = null)}>关闭</button></p>
    ${fault ? html`<div class="blank" role="alert"><b>没能读出来</b>${fault}</div>` : customer ? html`<${Customer} desk=${desk} customer=${customer} />` : html`<${Ghost} />`}
  </aside>`;
}

const Ghost = () => html`<ul class="ghosts" aria-busy="true" aria-label="正在读取">${[1, 2, 3].map(() => html`<li />`)}</ul>`;

function Beside({ desk, session }) {
  const talk = desk.talkOf(session);
  const customer = useRead(() => talk.customer.value);
  const loading = useRead(() => talk.loading.value);
  const entries = useRead(() => talk.entries.value);
  const packet = useRead(() => talk.packet.value);
  useOwed(talk, entries, customer);
  const owed = useRead(() => talk.promises.value);
  const notes = entries.filter(({ kind }) => kind === "note");
  return html`${customer
      ? html`<${Customer} desk=${desk} customer=${customer} talk=${talk} />`
      : customer === undefined && loading
        ? html`<${Ghost} />`
        : html`<div class="part"><h3>访客</h3><p class="small dim">没有登录，不知道是哪位顾客，也看不到订单。</p></div>
            <${Promises} desk=${desk} all=${owed} />`}
    ${packet?.emotion?.length > 1 && html`<${Part} name="情绪"><${Mood} points=${packet.emotion} /><//>`}
    <${SessionTickets} desk=${desk} session=${session} customer=${customer?.customer} />
    ${notes.length > 0 &&
    html`<${Part} name="备注" count=${notes.length}>
      <ul class="lines">${notes.slice(-5).map(({ seq, text, name, at }) => html`<li key=${seq}><p>${text}</p><small class="dim">${name} · ${momentOf(at)}</small></li>`)}</ul>
    <//>`}`;
}

function Customer({ desk, customer, talk }) {
  const owed = useRead(() => talk?.promises.value);
  const { name, phone, tier, points, city, gender, registered_at: since, orders, orders_total: total, after_sales: after, sessions, track, promises, tags, value, churn } = customer;
  const facts = [city, { male: "男", female: "女" }[gender] ?? gender, points != null && `${points} 积分`, since && `${dayOf(since)}注册`].filter(Boolean);
  return html`<div class="part person">
      <h3><span class="cut">${name || customer.customer}</span> ${tier && html`<span class="chip main">${tier}</span>`}</h3>
      <p class="small dim">${facts.join(" · ")}</p>
      <dl>
        <div><dt>编号</dt><dd class="num">${customer.customer} <${Copy} text=${customer.customer} /></dd></div>
        ${phone && html`<div><dt>手机</dt><dd class="num"><${Phone} customer=${customer.customer} masked=${phone} /></dd></div>`}
        ${value?.orders > 0 &&
        html`<div><dt>累计</dt><dd class="num">${value.orders} 单 · ¥${value.paid}</dd></div>
          ${value.r_days != null && html`<div><dt>上次下单</dt><dd class="num">${value.r_days} 天前</dd></div>`}`}
        ${churn && html`<div><dt>流失风险</dt><dd>${churn.label ?? churn}</dd></div>`}
      </dl>
      ${tags?.length > 0 && html`<p class="chips" aria-label="标签">${tags.map((tag) => html`<span class="chip" title=${tag.reason ?? tag.evidence_text ?? ""}>${tag.label ?? tag.tag ?? tag.name}</span>`)}</p>`}
    </div>
    <${Promises} desk=${desk} all=${talk ? owed : promises} />
    <${Part} name="订单" count=${total ?? orders?.length}><${Orders} orders=${orders} talk=${talk} /><//>
    ${after?.length > 0 && html`<${Part} name="售后" count=${after.length}><ul class="lines">${after.map(({ order, title, status }) => html`<li><p class="cut">${title}</p><small class="dim num">${order}</small> <span class="chip warn">${{ refunding: "退款中", refunded: "已退款" }[status] ?? status}</span></li>`)}</ul><//>`}
    ${sessions?.length > 0 &&
    html`<${Part} name="以往会话" count=${sessions.length}>
      <ul class="lines">
        ${sessions.map(({ session, state, opened_at: at, close_reason: why, entries }) => {
          const here = talk?.session === session;
          return html`<li key=${session}>
            <button class="plain" disabled=${here} onClick=${() => desk.open(session)}>
              <span>${momentOf(at)}</span> <small class="dim">${here ? "正在看" : (CLOSED[why] ?? STATE[state] ?? state)}${entries != null ? ` · ${entries} 条` : ""}</small>
            </button>
          </li>`;
        })}
      </ul>
    <//>`}
    ${track?.length > 0 && html`<${Part} name="浏览轨迹" count=${track.length}><ul class="lines">${track.map((step) => html`<${Step} step=${step} talk=${talk} />`)}</ul><//>`}`;
}

function Step({ step: { at, event, title, properties = {} }, talk }) {
  const sku = properties.sku ?? properties.product_id;
  const what = properties.name || sku;
  return html`<li class="pair">
    <small class="dim num">${whenOf(at)}</small><span class="cut">${title || event}</span><span class="gap" />
    ${talk && sku && html`<button class="link small" onClick=${() => (talk.attached.value = { sku, title: what })}>发商品</button>`}
  </li>`;
}

/** The phone, masked until somebody who may says why they need it; that is written down. */
function Phone({ customer, masked }) {
  const [shown, show] = useState("");
  const [asking, ask] = useState(false);
  if (shown) return html`${shown} <${Copy} text=${shown} />`;
  const may = me.value?.can?.includes("reveal") ?? true;
  return html`${masked}
    ${may
      ? html`<button class="link small" onClick=${() => ask(true)}>显示</button>`
      : html`<small class="dim" title="金牌客服和主管可以查看完整号码">${icon("lock")}</small>`}
    ${asking && html`<${Reveal} customer=${customer} close=${() => ask(false)} show=${show} />`}`;
}

const REASONS = ["联系配送", "核对身份", "回电给顾客"];

function Reveal({ customer, close, show }) {
  const [reason, say] = useState("");
  const [busy, work] = useState(false);
  const submit = async () => {
    work(true);
    try {
      const { value } = await api(`/api/customers/${encodeURIComponent(customer)}/reveal`, { method: "POST", body: { field: "phone", reason: reason.trim() } });
      show(value);
      close();
    } catch (problem) {
      toast(problem.message, { bad: true });
      work(false);
    }
  };
  return html`<${Dialog} title="查看完整手机号" close=${close} onSubmit=${submit} foot=${foot("查看", busy, close, [...reason.trim()].length < 2)}>
    <p class="dim">谁在什么时候为什么看过，会记下来。</p>
    <div class="chips">${REASONS.map((each) => html`<button type="button" class="btn" aria-pressed=${each === reason} onClick=${() => say(each)}>${each}</button>`)}</div>
    <label class="field"><span>原因（必填）</span><input class="input" maxlength="100" autofocus value=${reason} onInput=${({ target }) => say(target.value)} /></label>
  <//>`;
}
