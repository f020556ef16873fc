/** One entry of a conversation as an agent sees it: who, what, with which sources, cards, marks. */

import { html } from "../vendor/preact.js";
import { icon } from "../staff/icons.js";
import { SOURCE, timeOf } from "./words.js";

/** Ordinary links and the shop's own; anything else (javascript:) is none. */
const safe = (url) => (/^(https?:|[/#?.])/i.test(url) ? url : undefined);

/** The sources of an answer, folded. */
export const Sources = ({ sources }) =>
  sources?.length > 0 &&
  html`<details class="sources">
    <summary>来源 ${sources.length}</summary>
    <ul>
      ${sources.map((source) => {
        const { kind, id, title = id } = typeof source === "string" ? { title: source } : source;
        return html`<li>${kind && html`<span class="chip">${SOURCE[kind] ?? kind}</span> `}${title || id}</li>`;
      })}
    </ul>
  </details>`;

const Card = ({ card: { title, price, status, order, sku, note, url, image } }) => html`<a class="card" href=${safe(url)} target="_blank" rel="noreferrer">
  ${safe(image) && html`<img src=${image} alt="" />`}
  <span class="facts">
    <b class="cut">${title}</b>
    <small class="dim num cut">${[order && `订单 ${order}`, sku, note].filter(Boolean).join(" · ")}</small>
    <span>${price && html`<span class="price num">${price}</span>`} ${status && html`<span class="chip">${status}</span>`}</span>
  </span>
</a>`;

/** Text with the words marked that a rule fired on; @colleagues stand out. */
function Words({ text, marks }) {
  const wanted = (marks ?? []).filter((mark) => mark && text.includes(mark));
  if (!wanted.length) return text;
  const cut = new RegExp(`(${wanted.map((mark) => mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`);
  return text.split(cut).map((part) => (wanted.includes(part) ? html`<mark>${part}</mark>` : part));
}

const WHO = { bot: "机器人", agent: "客服", system: "" };

/** An entry; `state` is where one of our own stands. */
export function Entry({ entry, marks, day, state, own }) {
  const { from, kind, text, cards, sources, choices, at, name, seq } = entry;
  const above = day && html`<p class="line" role="separator"><span>${day}</span></p>`;
  if (kind === "note" || kind === "whisper") {
    return html`${above}
      <div class="entry note" data-seq=${seq}>
        <p class="by">${icon(kind === "note" ? "note" : "whisper")} ${name || "同事"} · ${kind === "note" ? "备注，顾客看不到" : "耳语，只有客服看得到"} <time>${timeOf(at)}</time></p>
        <div class="words"><${Words} text=${text} marks=${[...text.matchAll(/@[\p{Script=Han}\w]+/gu)].map(([mark]) => mark)} /></div>
        ${state}
      </div>`;
  }
  if (from === "system" || kind === "activity" || kind === "notice" || kind === "csat") {
    return html`${above}
      <p class="entry event" data-seq=${seq}><span>${kind === "csat" ? "已邀请顾客评价" : text}</span> <time>${timeOf(at)}</time></p>`;
  }
  const side = from === "shopper" ? "theirs" : from === "bot" ? "ours bot" : `ours ${own ? "own" : ""}`;
  return html`${above}
    <div class="entry ${side}" data-seq=${seq}>
      <p class="by">
        ${from === "shopper" ? html`<span class="sr">顾客</span>` : html`<span>${from === "agent" ? name || WHO.agent : WHO.bot}</span>`}
        <time>${timeOf(at)}</time>
      </p>
      ${text && html`<div class="words"><${Words} text=${text} marks=${marks} /></div>`}
      ${cards?.map((card) => html`<${Card} card=${card} />`)}
      ${choices?.length > 0 && html`<p class="chips" aria-label="给顾客的选项">${choices.map(({ text: choice }) => html`<span class="chip">${choice}</span>`)}</p>`}
      <${Sources} sources=${sources} />
      ${state}
    </div>`;
}
