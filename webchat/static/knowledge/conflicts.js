/** What will bite a shopper, or bites already, told before it does. */

import { html, useState } from "../vendor/preact.js";
import { icon } from "../staff/icons.js";
import { useLoad, waiting } from "./parts.js";

const KINDS = {
  contradiction: ["互相矛盾", "bad"],
  asked_after_end: ["过期了还在问", "bad"],
  hole: ["中间会空一段", "warn"],
  expiry: ["快到期", "warn"],
  unknown_product: ["商品没有了", "warn"],
};
const day = (iso) => (iso ? new Date(iso).toLocaleDateString("zh-CN") : "");

export function Conflicts() {
  const [days, ahead] = useState(14);
  const loaded = useLoad(`/api/knowledge/conflicts?days=${days}`);
  return html`<section aria-label="冲突与到期" class="column">
    <div class="row wrap">
      <p class="dim">说法互相矛盾的、快要到期的、过期了还有人问的、商品已经没有的。</p>
      <span class="gap" />
      <label class="row small"><span>提前</span>
        <select class="input" value=${days} onChange=${(event) => ahead(Number(event.target.value))}>
          ${[7, 14, 30, 60].map((each) => html`<option value=${each}>${each} 天</option>`)}
        </select>
      </label>
    </div>
    ${waiting(loaded) ??
    (loaded.data.items.length
      ? html`<ul class="findings">
          ${loaded.data.items.map(
            (one) => html`<li class="sheet">
              <div class="line"><span class="chip ${KINDS[one.kind][1]}">${KINDS[one.kind][0]}</span><b>${one.reason}</b></div>
              <div class="pair">
                ${one.articles.map(
                  (each) => html`<div>
                    <a href=${`#articles/${each.id}`}>${each.question}</a>
                    <p class="small">${each.answer}</p>
                    <p class="small dim">${[each.category, each.file, each.valid_from && `${day(each.valid_from)} 起`, each.valid_to && `到 ${day(each.valid_to)}`].filter(Boolean).join(" · ")}</p>
                  </div>`,
                )}
              </div>
              ${one.asked.length > 0 && html`<p class="small dim">买家问的：${one.asked.map((text) => `「${text}」`).join("")}</p>`}
            </li>`,
          )}
        </ul>`
      : html`<div class="blank">${icon("check")}<b>没有发现冲突，也没有快到期的</b></div>`)}
  </section>`;
}
