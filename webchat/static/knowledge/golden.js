/** Questions whose answer must stay, and what the knowledge says to them now. */

import { html, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { Dialog, toast } from "../staff/layers.js";
import { Hits, percent, useLoad, waiting, wanted } from "./parts.js";

export function Golden() {
  const [turn, again] = useState(0);
  const loaded = useRun(turn);
  const [editing, edit] = useState(null);
  const done = (text) => (edit(null), again(turn + 1), toast(text));
  const remove = async (one) => {
    try {
      await api(`/api/knowledge/golden/${one.id}`, { method: "DELETE" });
      done("删除了这个用例");
    } catch (problem) {
      toast(problem.message, { bad: true });
    }
  };
  const items = loaded.data?.items ?? [];
  return html`<section aria-label="黄金用例" class="column">
    <div class="row wrap">
      <p class="dim">发布、修改、下架以前，先拿这些问题问一遍。回答会变的，就不发布。</p>
      <span class="gap" />
      <button class="btn" onClick=${() => again(turn + 1)}>再问一遍</button>
      <button class="btn main" onClick=${() => edit({})}>${icon("plus")}加一个</button>
    </div>
    ${waiting(loaded) ??
    (items.length
      ? html`<p role="status" class="small ${loaded.data.kept === items.length ? "good" : "bad"}">${items.length} 个用例，${loaded.data.kept} 个和要求的一样</p>
          <div class="sheet wide"><table class="table">
            <thead><tr><th scope="col">问题</th><th scope="col">要求</th><th scope="col">现在</th><th scope="col"><span class="sr">操作</span></th></tr></thead>
            <tbody>
              ${items.map(
                ({ case: one, kept, after }) => html`<tr key=${one.id}>
                  <td><b>${one.question}</b>${one.note && html`<p class="small dim">${one.note}</p>`}</td>
                  <td>${wanted(one)}</td>
                  <td>
                    <span class="chip ${kept ? "main" : "bad"}">${kept ? "一样" : "不一样"}</span>
                    <span class="small dim"> ${after.verdict === "answer" ? after.hits[0].title : "不回答"}（把握 ${percent(after.confidence)}）</span>
                    ${!kept && html`<${Hits} found=${after} most=${1} />`}
                  </td>
                  <td class="nowrap">
                    <button class="link" onClick=${() => edit(one)}>修改<span class="sr">「${one.question}」</span></button>${" "}
                    <button class="link bad" onClick=${() => remove(one)}>删除<span class="sr">「${one.question}」</span></button>
                  </td>
                </tr>`,
              )}
            </tbody>
          </table></div>`
      : html`<div class="blank">${icon("check")}<b>还没有黄金用例</b><span>把最不能答错的问题放进来，比如退货运费谁出</span></div>`)}
    ${editing && html`<${CaseForm} one=${editing} close=${() => edit(null)} done=${done} />`}
  </section>`;
}

/** The cases with what the knowledge says to them; asked again with every turn. */
function useRun(turn) {
  const [state, set] = useState({});
  const run = () => api("/api/knowledge/golden/run", { method: "POST" }).then((data) => set({ data }), (fault) => set({ fault }));
  const [asked, note] = useState(-1);
  if (asked !== turn) {
    note(turn);
    run();
  }
  return { ...state, reload: run };
}

function CaseForm({ one, close, done }) {
  const [question, ask] = useState(one.question ?? "");
  const [expects, expect] = useState(one.expects ?? "article");
  const [article, choose] = useState(one.article_id ?? "");
  const [text, say] = useState(one.text ?? "");
  const [note, remark] = useState(one.note ?? "");
  const [fault, blame] = useState("");
  const found = useLoad(question.trim() && expects === "article" ? `/api/knowledge?state=published&limit=8&q=${encodeURIComponent(question.trim().slice(0, 4))}` : null);
  const [hits, show] = useState([]);
  const look = async () => {
    if (!question.trim()) return;
    try {
      const tried = await api("/api/knowledge/try", { method: "POST", body: { question } });
      show(tried.live.hits);
      if (!article && tried.live.hits[0]) choose(tried.live.hits[0].id);
    } catch (problem) {
      blame(problem.message);
    }
  };
  const choices = new Map([...hits.map((hit) => [hit.id, hit.title]), ...(found.data?.items ?? []).map((each) => [each.id, each.question])]);
  if (article && !choices.has(article)) choices.set(article, article === one.article_id ? "原来的那条" : article);
  const save = async () => {
    const body = { question, expects, article_id: expects === "article" ? article || null : null, text: expects === "text" ? text : null, note };
    for (const name of ["category", "sku", "platform", "tier"]) if (one[name]) body[name] = one[name];
    try {
      if (one.id) await api(`/api/knowledge/golden/${one.id}`, { method: "PATCH", body: { ...body, version: one.version } });
      else await api("/api/knowledge/golden", { method: "POST", body });
      done(one.id ? "改好了" : "加上了");
    } catch (problem) {
      blame(problem.message);
    }
  };
  const kinds = [
    ["article", "用这条知识回答"],
    ["text", "回答里有这些字"],
    ["unanswered", "不回答"],
  ];
  return html`<${Dialog} title=${one.id ? "修改用例" : "加一个用例"} wide close=${close} onSubmit=${save}
    foot=${html`<button type="button" class="btn" onClick=${close}>取消</button><button class="btn main">保存</button>`}>
    <label class="field"><span>买家这样问</span><input class="input" autofocus value=${question} onInput=${(event) => ask(event.target.value)} onBlur=${look} /></label>
    <fieldset class="row wrap"><legend class="small dim">要求</legend>
      ${kinds.map(([value, name]) => html`<label class="choice"><input type="radio" name="expects" checked=${expects === value} onChange=${() => (expect(value), look())} /><span>${name}</span></label>`)}
    </fieldset>
    ${expects === "article" &&
    html`<label class="field"><span>哪条知识</span>
      <select class="input" value=${article} onFocus=${look} onChange=${(event) => choose(event.target.value)}>
        <option value="">请选择</option>
        ${[...choices].map(([id, title]) => html`<option value=${id}>${title}</option>`)}
      </select>
    </label>`}
    ${expects === "text" && html`<label class="field"><span>必须有的字</span><input class="input" value=${text} onInput=${(event) => say(event.target.value)} /></label>`}
    <label class="field"><span>备注</span><input class="input" value=${note} onInput=${(event) => remark(event.target.value)} /></label>
    <p class="bad small" role="alert">${fault}</p>
  <//>`;
}
