/** What stands in the conversation: text, cards, sources, quick replies, the rating. */

import { html, useState } from "../vendor/preact.js";

const RATE_WITHIN = 864e5; // ms

/** Ordinary links and the shop's own; anything else (javascript:) is none. */
const safe = (url) => (/^(https?:|[/#?.])/i.test(url) ? url : undefined);

/** The picture of a card, or the first sign of its title. */
export function Picture({ of, chat }) {
  const url = of.image || chat.settings.picture?.(of);
  return safe(url) || /^data:image/.test(url)
    ? html`<img class="pic" src=${url} alt="" />`
    : html`<span class="pic" aria-hidden="true">${of.title?.[0]}</span>`;
}

function Card({ card, chat, t }) {
  const { title, price, status, order, items, at, note, url } = card;
  return html`<a class="card" href=${safe(url)}>
    <${Picture} of=${card} chat=${chat} />
    <span class="facts">
      <b>${title}</b>
      ${order && html`<small>${t("number", order)}</small>`}
      <small>${[items && t("items", items), at && t.day(at), note].filter(Boolean).join(" · ")}</small>
      <span class="line"><span class="price">${price}</span> <small class="status">${status}</small></span>
    </span>
  </a>`;
}

const Option = ({ name, value, label, sign }) => html`<label>
  <input type="radio" name=${name} value=${value} aria-label=${label} />
  <span aria-hidden="true">${sign ?? label}</span>
</label>`;

function Rating({ entry, chat, t }) {
  const [given, give] = useState({});
  if (chat.rated.value >= entry.seq) return html`<p class="notice">${t("thanks")}</p>`;
  if (Date.now() - Date.parse(entry.at) > RATE_WITHIN) return;
  const submit = (event) => {
    event.preventDefault();
    chat.rate(entry.seq, given);
  };
  const change = ({ target: { name, value } }) => give({ ...given, [name]: name === "stars" ? +value : value });
  return html`<form class="csat" onSubmit=${submit} onChange=${change}>
    <b>${entry.text || t("csat")}</b>
    <fieldset class="stars">
      <legend class="sr">${t("stars")}</legend>
      ${[1, 2, 3, 4, 5].map(
        (n) => html`<${Option} name="stars" value=${n} label=${t("star", n)} sign=${n <= given.stars ? "★" : "☆"} />`,
      )}
    </fieldset>
    <fieldset>
      <legend>${t("solved")}</legend>
      ${["yes", "partly", "no"].map((way) => html`<${Option} name="solved" value=${way} label=${t(way)} />`)}
    </fieldset>
    <input name="text" aria-label=${t("comment")} placeholder=${t("comment")} maxlength="500" />
    <button class="main" disabled=${!given.stars && !given.solved}>${t("submit")}</button>
  </form>`;
}

/** Where a message of the shopper's own stands. */
function State({ entry, chat, t }) {
  const { state, why, seq } = entry;
  if (state === "failed" || state === "overdue") {
    return html`<span class="bad">${t("failed")}${why && ` · ${t(why)}`}</span>
      <button class="link" onClick=${() => chat.retry(entry)}>${t("retry")}</button>`;
  }
  return t(state ?? (chat.read.value >= seq ? "read" : "sent"));
}

/** One entry. The `last` one may still be answered by a tap; `day` stands above the first of a day. */
export function Row({ entry, chat, t, last, day }) {
  const { from, kind, text, cards, sources, choices, at } = entry;
  const above = day && html`<p class="notice">${day}</p>`;
  if (kind === "csat") return [above, html`<${Rating} entry=${entry} chat=${chat} t=${t} />`];
  if (from === "system") return [above, html`<p class="notice">${text}</p>`];
  const who = { bot: t("ai"), agent: entry.agent || t("person") }[from];
  return [
    above,
    html`<div class="row ${from}">
      ${!who && html`<span class="sr">${t("you")}</span>`} ${text && html`<div class="say">${text}</div>`}
      ${cards?.map((card) => html`<${Card} card=${card} chat=${chat} t=${t} />`)}
      ${sources?.[0] &&
      html`<details class="sources">
        <summary>${t("sources")} ${sources.length}</summary>
        <ul>
          ${sources.map(({ kind, id, title }) => html`<li><small>${t(kind)}</small> ${title || id}</li>`)}
        </ul>
      </details>`}
      <small class="meta">${who ?? html`<${State} entry=${entry} chat=${chat} t=${t} />`} <time>${t.time(at)}</time></small>
      ${last &&
      choices?.[0] &&
      html`<div class="choices">
        ${choices.map(
          ({ text, say, order, sku }) => html`<button onClick=${() => chat.say(say || text, { order, sku })}>${text}</button>`,
        )}
      </div>`}
    </div>`,
  ];
}
