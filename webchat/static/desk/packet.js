/** What comes with a session that is handed over: why, by which rule, on which words, and what was tried before. */

import { html } from "../vendor/preact.js";
import { Sources } from "./entry.js";
import { EMOTION, LEVEL, ORDER } from "./words.js";

/** The mood through a session as a line: up is pleased, down is upset. */
export function Mood({ points }) {
  if (!points || points.length < 2) return;
  const step = 220 / (points.length - 1);
  const y = ({ polarity }) => 18 - (polarity ?? 0) * 14;
  const path = points.map((point, at) => `${at ? "L" : "M"}${(4 + at * step).toFixed(1)} ${y(point).toFixed(1)}`).join("");
  const low = points.reduce((a, b) => ((b.polarity ?? 0) < (a.polarity ?? 0) ? b : a));
  const feel = ({ name }) => EMOTION[name] ?? "平静";
  if (points.every((point) => feel(point) === feel(low))) return html`<p class="small dim">情绪：一直${feel(low)}</p>`;
  const words = `情绪：从${feel(points[0])}到${feel(points.at(-1))}，最低是${feel(low)}`;
  return html`<figure class="mood">
    <svg viewBox="0 0 228 36" role="img" aria-label=${words}>
      <path class="zero" d="M4 18H224" />
      <path class="curve" d=${path} />
      ${points.map((point, at) => html`<circle cx=${4 + at * step} cy=${y(point)} r="2.5" class=${(point.polarity ?? 0) < -0.2 ? "low" : ""} />`)}
    </svg>
    <small class="dim">${words}</small>
  </figure>`;
}

/** A packet, in full. What it does not say is not shown. */
export function Packet({ packet, show }) {
  const { reason, rule, version, level, evidence, summary, emotion, tags, orders, tried } = packet;
  return html`<div class="packet">
    <p class="why">
      <b>${reason || "请求人工"}</b> ${LEVEL[level] && html`<span class="chip warn">${LEVEL[level]}</span>`}
      ${rule && html`<small class="dim">规则 ${rule} · 第 ${version ?? 1} 版</small>`}
    </p>
    ${evidence?.length > 0 &&
    html`<ul class="evidence" aria-label="依据">
      ${evidence.map(({ seq, text }) => html`<li><q><mark>${text}</mark></q> ${show && seq && html`<button class="link small" onClick=${() => show(seq)}>看原话</button>`}</li>`)}
    </ul>`}
    ${summary && html`<p>${summary}</p>`}
    <${Mood} points=${emotion} />
    ${tags?.length > 0 && html`<p class="chips">${tags.map((tag) => html`<span class="chip">${tag.label ?? tag.tag ?? tag}</span>`)}</p>`}
    ${orders?.length > 0 &&
    html`<h3>涉及订单</h3>
      <ul>
        ${orders.map(
          ({ order, title, status }) =>
            html`<li class="pair"><span class="cut">${title || order}</span> <small class="dim num">${order}</small> <span class="chip">${ORDER[status] ?? status}</span></li>`,
        )}
      </ul>`}
    ${tried?.length > 0 &&
    html`<h3>机器人答过</h3>
      <ul class="tried">
        ${tried.map(
          ({ question, answer, sources }) =>
            html`<li>
              <p class="dim">问：${question}</p>
              <p>${answer ? `答：${answer}` : html`<span class="warn">没有答上来</span>`}</p>
              <${Sources} sources=${sources} />
            </li>`,
        )}
      </ul>`}
  </div>`;
}
