/** A customer's orders: what was bought, where the parcel is, the number in one click, the card into the conversation. */

import { html, useState } from "../vendor/preact.js";
import { icon } from "../staff/icons.js";
import { Copy } from "./part.js";
import { momentOf, ORDER, whenOf } from "./words.js";

const FEW = 3;
const LATE = ["refunding", "refunded"];

export function Orders({ orders, talk }) {
  const [all, show] = useState(false);
  if (!orders?.length) return html`<p class="small dim none">没有订单</p>`;
  return html`<ul class="orders">
      ${(all ? orders : orders.slice(0, FEW)).map((order) => html`<${Order} key=${order.order} of=${order} talk=${talk} />`)}
    </ul>
    ${!all && orders.length > FEW && html`<button class="btn flat low wide" onClick=${() => show(true)}>全部 ${orders.length} 单</button>`}`;
}

function Order({ of: { order, platform, at, status, paid, city, items = [], parcels = [] }, talk }) {
  const title = items[0]?.title ?? order;
  const send = () => (talk.attached.value = { order, title: `订单 ${order}（${title}）` });
  return html`<li class="order">
    <p class="pair"><span class="num number">${order}</span><${Copy} text=${order} /><span class="gap" /><span class="chip ${LATE.includes(status) ? "warn" : "main"}">${ORDER[status] ?? status}</span></p>
    ${items.map(
      ({ sku, title: name, quantity, paid: price, status: own }) =>
        html`<p class="pair item"><span class="cut" title=${name}>${name}</span> <span class="dim num">×${quantity}</span>${own && own !== status ? html`<small class="warn">${ORDER[own] ?? own}</small>` : ""}<span class="gap" /><span class="num">${price && `¥${price}`}</span>
          ${talk && sku && html`<button class="tiny" aria-label=${`发商品卡片：${name}`} title="发商品卡片" onClick=${() => (talk.attached.value = { sku, title: name })}>${icon("send")}</button>`}</p>`,
    )}
    <p class="small dim num">${[momentOf(at), platform, city, paid && `实付 ¥${paid}`].filter(Boolean).join(" · ")}</p>
    ${parcels.map(
      ({ tracking_no: number, carrier, status: where, text, at: seen }) =>
        html`<p class="parcel small">${icon("truck")}<span><span class="num">${carrier} ${number}</span> <${Copy} text=${number} /><br />${text || where || "还没有物流信息"} <span class="dim num">${whenOf(seen)}</span></span></p>`,
    )}
    ${talk && html`<button class="link small" onClick=${send}>发订单卡片</button>`}
  </li>`;
}
