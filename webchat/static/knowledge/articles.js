/** The list of articles, and beside it the one that is open. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { toast } from "../staff/layers.js";
import { Editor } from "./editor.js";
import { Refusal, State, time, useLoad, waiting } from "./parts.js";

const FILTERS = [
  ["", "全部"],
  ["draft", "草稿"],
  ["published", "已发布"],
  ["expired", "已过期"],
  ["upcoming", "还没生效"],
  ["retired", "已下架"],
];

export function Articles({ open, overview, changed }) {
  const [q, search] = useState("");
  const [asked, ask] = useState("");
  const [state, filter] = useState("");
  const [category, choose] = useState(null);
  const [more, add] = useState([]);
  useEffect(() => {
    const later = setTimeout(() => ask(q.trim()), 250);
    return () => clearTimeout(later);
  }, [q]);
  const query = new URLSearchParams({ limit: 50, ...(asked && { q: asked }), ...(state && { state }), ...(category !== null && { category }) });
  const page = useLoad(`/api/knowledge?${query}`);
  useEffect(() => add([]), [page.data]);
  const last = more.at(-1) ?? page.data;
  const items = [page.data, ...more].flatMap((one) => one?.items ?? []);
  const further = async () => {
    try {
      const next = await api(`/api/knowledge?${query}&cursor=${encodeURIComponent(last.next)}`);
      add((pages) => [...pages, next]);
    } catch (problem) {
      toast(problem.message, { bad: true });
    }
  };
  const saved = () => (page.reload(), changed());
  const file = useRef();
  const [refused, refuse] = useState(null);
  const bring = async (chosen, reason) => {
    const why = reason ? `&override=true&reason=${encodeURIComponent(reason)}` : "";
    refuse(null);
    try {
      const headers = { "content-type": "application/octet-stream" };
      const answer = await fetch(`/api/knowledge/import?file=${encodeURIComponent(chosen.name)}${why}`, { method: "POST", headers, body: chosen });
      const said = await answer.json();
      if (said.code === "golden_cases_failed") return refuse({ problem: { body: said }, chosen });
      if (!answer.ok) return toast(said.detail, { bad: true });
      toast(`读了 ${said.rows} 条，变了 ${said.changed} 条${said.rejected ? `，${said.rejected} 条没有收下：${said.reasons[0]}` : ""}`, { seconds: 8 });
      saved();
    } catch {
      toast("连不上网关，请检查网络", { bad: true });
    }
  };
  const picked = () => {
    const [chosen] = file.current.files;
    if (chosen) bring(chosen);
    file.current.value = "";
  };
  const filtered = asked || state || category !== null;
  return html`<div class="split">
    <section aria-label="知识列表">
      <div class="row">
        <label class="search">
          ${icon("search")}<span class="sr">搜索</span>
          <input class="input" type="search" placeholder="搜索问题、答案、商品编码" value=${q} onInput=${(event) => search(event.target.value)} />
        </label>
        <a class="btn main" href="#articles/new">${icon("plus")}写一条</a>
      </div>
      <div class="row wrap">
        <label><span class="sr">状态</span>
          <select class="input" value=${state} onChange=${(event) => filter(event.target.value)}>
            ${FILTERS.map(([value, name]) => html`<option value=${value}>${name}${overview?.states?.[value] ? ` ${overview.states[value]}` : ""}</option>`)}
          </select>
        </label>
        <label><span class="sr">分类</span>
          <select class="input" value=${category ?? "*"} onChange=${(event) => choose(event.target.value === "*" ? null : event.target.value)}>
            <option value="*">所有分类</option>
            ${Object.entries(overview?.categories ?? {}).map(([name, count]) => html`<option value=${name}>${name || "没有分类"} ${count}</option>`)}
          </select>
        </label>
        <span class="gap" />
        <button class="btn low" onClick=${() => file.current.click()}>导入</button>
        <input type="file" ref=${file} hidden accept=".csv,.xlsx,.jsonl,.md,.docx,.pdf,.html,.txt" onChange=${picked} />
        <a class="btn low" href="/api/knowledge/export?format=xlsx" download>导出</a>
      </div>
      ${waiting(page) ??
      html`<p class="dim small" role="status">${page.data.total} 条</p>
        ${items.length
          ? html`<ul class="list">
              ${items.map(
                (one) => html`<li key=${one.id}>
                  <a href=${`#articles/${one.id}`} aria-current=${one.id === open ? "true" : undefined}>
                    <span class="line"><b class="cut">${one.question}</b><${State} state=${one.state} live=${one.live} /></span>
                    <span class="small dim two">${one.answer}</span>
                    <span class="small dim line"><span class="cut">${[one.category, one.source.file].filter(Boolean).join(" · ")}</span>${time(one.at)}</span>
                  </a>
                </li>`,
              )}
            </ul>`
          : html`<div class="blank">
              ${filtered ? html`<b>没有这样的知识</b>` : html`<b>还没有知识</b><span>写一条，或者导入：<code>zhanggui import knowledge 常见问题.csv</code></span>`}
            </div>`}
        ${last?.next && html`<button class="btn" onClick=${further}>再看一些</button>`}`}
    </section>
    <section aria-label="正在看的知识" class="sheet">
      ${open
        ? html`<${Editor} key=${open} id=${open} categories=${Object.keys(overview?.categories ?? {})} changed=${saved} />`
        : html`<div class="blank">${icon("note")}<b>选一条知识来看</b><span>可以改、试问、比较旧版</span></div>`}
    </section>
    ${refused && html`<${Refusal} problem=${refused.problem} close=${() => refuse(null)} overrule=${(reason) => bring(refused.chosen, reason)} />`}
  </div>`;
}
