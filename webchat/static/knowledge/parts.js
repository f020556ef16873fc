/** What the views share: loading, times, texts compared, what a search found, a decision that golden cases refuse. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { Dialog } from "../staff/layers.js";
import { icon } from "../staff/icons.js";

/** What a path gives: {data, fault, reload}; the old data stays while new is on its way. */
export function useLoad(path) {
  const [state, set] = useState({});
  const [turn, again] = useState(0);
  useEffect(() => {
    if (!path) return set({});
    const abort = new AbortController();
    api(path, { signal: abort.signal }).then(
      (data) => set({ data }),
      (fault) => fault.name === "AbortError" || set({ fault }),
    );
    return () => abort.abort();
  }, [path, turn]);
  const reload = () => again((count) => count + 1);
  return { ...state, reload };
}

/** What stands where data is missing; null once it is there. */
export function waiting({ data, fault, reload }) {
  if (fault)
    return html`<div class="blank" role="alert">${icon("warn")}<b>${fault.message}</b><button class="btn" onClick=${reload}>再试一次</button></div>`;
  return data ? null : html`<div class="blank" aria-busy="true"><p>正在读取…</p></div>`;
}

export const percent = (share, digits = 0) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)}%`);

const when = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
export const time = (iso) => (iso ? html`<time datetime=${iso} title=${new Date(iso).toLocaleString("zh-CN")}>${when.format(new Date(iso))}</time>` : "");

export const STATES = { draft: "草稿", published: "已发布", retired: "已下架", dropped: "已删除的草稿" };
export const ORIGINS = { import: "导入", page: "网页", gap: "知识缺口", restore: "恢复旧版" };
const FIELDS = {
  question: "问题",
  answer: "答案",
  similar: "相似问",
  category: "分类",
  sku: "商品",
  valid_from: "生效",
  valid_to: "失效",
  tier: "会员",
  platform: "平台",
};

export const State = ({ state, live }) =>
  html`<span class="chip ${{ draft: "warn", published: "main", retired: "", dropped: "" }[state]}">
    ${STATES[state]}${state === "draft" && live ? "（旧版在用）" : ""}
  </span>`;

/** The fields that changed, what went struck through and what came marked. */
export function Changes({ changed }) {
  if (!changed.length) return html`<p class="dim small">内容没有变</p>`;
  const piece = ([what, text]) =>
    what === "=" ? text : what === "-" ? html`<del><span class="sr">删去：</span>${text}</del>` : html`<ins><span class="sr">加上：</span>${text}</ins>`;
  return html`<dl class="changes">
    ${changed.map(({ field, parts }) => html`<div><dt>${FIELDS[field]}</dt><dd>${parts.map(piece)}</dd></div>`)}
  </dl>`;
}

/** Whether a search is sure enough, and of what. */
export function Verdict({ found }) {
  const sure = found.verdict === "answer";
  return html`<p class="verdict">
    <span class="chip ${sure ? "main" : "warn"}">${sure ? "会回答" : "没有把握"}</span>
    <span class="dim small num">把握 ${percent(found.confidence)}${found.cut !== undefined && found.cut !== null && `，够 ${percent(found.cut)} 才回答`}</span>
  </p>`;
}

/** The hits of a search with their scores; `mine` is the article being edited. */
export function Hits({ found, mine, most = 3 }) {
  if (!found.hits.length) return html`<p class="dim small">一条也没有找到</p>`;
  return html`<ol class="hits">
    ${found.hits.slice(0, most).map(
      (hit) => html`<li class=${hit.id === mine ? "mine" : ""}>
        <div class="line"><b class="cut">${hit.title}</b><span class="num dim small">${percent(hit.score)}</span></div>
        <div class="meter" aria-hidden="true"><i style=${{ width: percent(hit.score) }} /></div>
        <p class="small dim two">${hit.text}</p>
      </li>`,
    )}
  </ol>`;
}

const WANTED = { article: "应当用这条知识回答", text: "回答里应当有", unanswered: "应当不回答" };
export const wanted = (one) => (one.expects === "text" ? `${WANTED.text}「${one.text}」` : WANTED[one.expects]);

/** What golden cases said to a change that was refused, and the way past them. */
export function Refusal({ problem, close, overrule }) {
  const [reason, say] = useState("");
  const said = (found) => {
    if (!found) return html`<p class="dim small">没有问过</p>`;
    const first = found.hits[0];
    return html`<p class="small">
      <span class="chip ${found.verdict === "answer" ? "main" : "warn"}">${found.verdict === "answer" ? "回答" : "不回答"}</span>
      ${first && html` ${first.title}：${first.text}`}
    </p>`;
  };
  return html`<${Dialog}
    title="没有发布：有黄金用例的回答会变"
    wide
    close=${close}
    onSubmit=${() => reason.trim() && overrule(reason)}
    foot=${html`<button type="button" class="btn" onClick=${close}>回去修改</button>
      <button class="btn danger" disabled=${!reason.trim()}>仍然发布</button>`}
  >
    <ul class="failing">
      ${problem.body.failing.map(
        (one) => html`<li>
          <b>${one.case.question}</b><small class="dim">${wanted(one.case)}</small>
          <div class="pair"><div><h3>现在</h3>${said(one.before)}</div><div><h3>发布以后</h3>${said(one.after)}</div></div>
        </li>`,
      )}
    </ul>
    <label class="field"><span>要仍然发布，请写明原因（会记下来）</span>
      <textarea class="input" rows="2" value=${reason} onInput=${(event) => say(event.target.value)} />
    </label>
  <//>`;
}
