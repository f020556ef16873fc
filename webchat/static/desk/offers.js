/** Sessions offered to this agent: the packet, the seconds left, accept or decline. The focus stays where it is. */

import { html } from "../vendor/preact.js";
import { useRead } from "../staff/reactive.js";
import { Packet } from "./packet.js";
import { LEVEL } from "./words.js";

export function Offers({ desk }) {
  const offers = useRead(() => desk.offers.value);
  return html`<div class="offers" aria-live="assertive" aria-relevant="additions">
    ${offers.map((offer) => html`<${Offer} key=${offer.session} desk=${desk} offer=${offer} first=${offer === offers[0]} />`)}
  </div>`;
}

function Offer({ desk, offer: { session, expires_at: expires, warm, packet, row }, first }) {
  return html`<section class="offer" aria-label="新会话邀请">
    <header>
      <h2 class="cut">${warm ? "升级给你" : "新会话"} · ${row?.name || "访客"}</h2>
      ${row?.tier && html`<span class="chip">${row.tier}</span>`} ${LEVEL[row?.level] && html`<span class="chip warn">${LEVEL[row.level]}</span>`}
      <span class="gap" />
      <${Left} desk=${desk} expires=${expires} />
    </header>
    <div class="body" tabindex="0" role="group" aria-label="交接单">
      ${row?.last?.from === "shopper" && html`<p class="lastword">“${row.last.text}”</p>`} ${packet && html`<${Packet} packet=${packet} />`}
      ${warm && html`<p class="small dim">${row?.owner?.name ?? "同事"}会一直接待到你接受为止。</p>`}
    </div>
    <footer>
      <button class="btn" onClick=${() => desk.decline(session)}>拒绝 ${first && html`<kbd>Alt R</kbd>`}</button>
      <button class="btn main" onClick=${() => desk.accept(session)}>接受 ${first && html`<kbd>Alt A</kbd>`}</button>
    </footer>
  </section>`;
}

/** The seconds left. When they are over the gateway says so; until it does, the offer stands at 0. */
function Left({ desk, expires }) {
  const left = useRead(() => Math.max(0, Math.ceil((Date.parse(expires) - desk.clock.value) / 1000)), [expires]);
  return html`<span class="left num ${left <= 5 ? "bad" : ""}" role="timer" aria-live="off" aria-label=${`还剩 ${left} 秒`}>${left}<small> 秒</small></span>`;
}
