/** How many wrong answers the shop allows in each category, and what that buys. */

import { html, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { toast } from "../staff/layers.js";
import { percent, useLoad, waiting } from "./parts.js";

const ORIGINS = { golden: "黄金用例", feedback: "买家评价", rehearsal: "店铺自己的相似问" };
const sources = (labels) =>
  Object.entries(labels ?? {})
    .map(([origin, count]) => `${ORIGINS[origin]} ${count} 题`)
    .join("，");

export function Budgets() {
  const loaded = useLoad("/api/knowledge/cuts");
  const [told, tell] = useState(null);
  const data = told ?? loaded.data;
  if (!data) return waiting(loaded);
  const act = async (request) => {
    try {
      tell(await request());
      toast("已经生效");
    } catch (problem) {
      toast(problem.message, { bad: true });
      tell(null);
      loaded.reload();
    }
  };
  return html`<section aria-label="答错多少" class="column">
    <p class="dim">
      给每一类定一个上限：机器人答出来的，最多允许答错多少。定得越严，没有把握的就越多转给人。
      题目来自黄金用例和买家评价；不够时先用店铺自己写的相似问来考，考题比真买家难，其中三成故意没有答案。
    </p>
    <ul class="budgets">
      ${data.items.map((one) => html`<${Category} key=${`${one.category}:${one.set?.version ?? 0}`} one=${one} offered=${data.offered} act=${act} />`)}
    </ul>
  </section>`;
}

function Category({ one, offered, act }) {
  const name = one.category || "全店（没有单独设定的）";
  const at = one.set ? offered.findIndex((budget) => budget >= one.set.budget - 1e-9) : offered.indexOf(0.05);
  const [place, move] = useState(at < 0 ? offered.length - 1 : at);
  const offer = one.offers[place];
  const save = () =>
    act(() => api("/api/knowledge/cuts", { method: "PUT", body: { category: one.category, budget: offer.budget, version: one.set?.version ?? 0 } }));
  const forget = () => act(() => api(`/api/knowledge/cuts?category=${encodeURIComponent(one.category)}`, { method: "DELETE" }));
  const same = one.set && Math.abs(one.set.budget - offer.budget) < 1e-9;
  return html`<li class="sheet">
    <div class="line">
      <h2>${name}</h2><small class="dim num">${one.articles} 条知识</small><span class="gap" />
      ${one.set
        ? html`<span class="chip ${one.set.proven ? "main" : "warn"}">最多错 ${percent(one.set.budget)} · ${one.set.cut === null ? "还画不出线" : one.set.proven ? "已证明" : "还没证明"}</span>`
        : html`<span class="chip">没有设定，按出厂的线</span>`}
    </div>
    <label class="slider">
      <span>最多答错 <b class="num">${percent(offer.budget)}</b></span>
      <input type="range" min="0" max=${offered.length - 1} step="1" value=${place} aria-valuetext=${`最多答错 ${percent(offer.budget)}`} aria-label=${`${name}：最多答错多少`} onInput=${(event) => move(Number(event.target.value))} />
    </label>
    <dl class="figures">
      <div><dt>会回答</dt><dd class="num">${percent(offer.answer_rate)}</dd></div>
      <div><dt>考题里答错</dt><dd class="num">${offer.answered ? `${offer.wrong} / ${offer.answered}` : "–"}</dd></div>
      <div><dt>最坏可能</dt><dd class="num">${percent(offer.bound, 1)}</dd></div>
      <div><dt>现在（${one.set ? "已设定" : "出厂"}）会回答</dt><dd class="num">${percent(one.set ? one.set.answer_rate : one.unset.answer_rate)}</dd></div>
    </dl>
    <p class="small ${offer.proven ? "dim" : "warn"}">
      ${offer.answer_rate === null
        ? "题目太少，画不出这条线。加一些黄金用例，或给知识写上相似问。"
        : `${offer.proven ? "95% 把握做得到" : "题目还不够，证明不了，先按考下来的结果画线"}。依据：${sources(offer.labels)}${offer.borrowed ? "（这一类题目不够，借了全店的）" : ""}。`}
      ${!one.set && one.unset.wrong_rate !== null && ` 出厂的线在这些考题里答错 ${percent(one.unset.wrong_rate)}。`}
    </p>
    <div class="row">
      <button class="btn ${same ? "" : "main"}" disabled=${same || offer.answer_rate === null} onClick=${save}>就按这个</button>
      ${one.set && html`<button class="btn flat" onClick=${forget}>不单独设定</button>`}
    </div>
  </li>`;
}
