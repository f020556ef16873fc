/** One article: its fields, a question tried on it, its versions, and what may become of it. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { toast } from "../staff/layers.js";
import { Refusal, State, useLoad, waiting } from "./parts.js";
import { Trial } from "./trial.js";
import { Versions } from "./versions.js";

const EMPTY = { question: "", answer: "", similar: [], category: "", sku: [], tier: [], platform: [], valid_from: "", valid_to: "" };
const lines = (list) => list.join("\n");
const words = (list) => list.join("；");

/** The fields as the form holds them: lists as text. */
const opened = (article) => ({
  question: article.question,
  answer: article.answer,
  similar: lines(article.similar),
  category: article.category,
  sku: words(article.sku),
  tier: words(article.tier),
  platform: words(article.platform),
  valid_from: article.valid_from,
  valid_to: article.valid_to,
});

/** What was written and not saved, by article, with the version it was written on: looking elsewhere loses nothing. */
const unsaved = new Map();
addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());

export function Editor({ id, categories, changed }) {
  const isNew = id === "new";
  const loaded = useLoad(isNew ? null : `/api/knowledge/${encodeURIComponent(id)}`);
  const article = isNew ? EMPTY : loaded.data;
  const [fields, set] = useState(isNew ? (unsaved.get(id)?.fields ?? opened(EMPTY)) : null);
  const [reason, say] = useState("");
  const [refused, refuse] = useState(null);
  const [busy, work] = useState(false);
  const first = useRef();
  useEffect(() => {
    if (!loaded.data) return;
    const left = unsaved.get(id);
    set(left?.fields ?? opened(loaded.data));
    say("");
    if (left && left.version !== loaded.data.version) {
      left.version = loaded.data.version;
      toast("这条知识刚被别人改过。您没有存的修改还在表单里，请核对后再存", { bad: true });
    }
  }, [loaded.data]);
  useEffect(() => isNew && first.current?.focus(), []);
  if (!isNew && waiting(loaded)) return waiting(loaded);
  if (!fields || !article) return null;

  const kept = opened(article);
  const edited = Object.keys(fields).filter((name) => fields[name] !== kept[name]);
  const edit = Object.fromEntries(edited.map((name) => [name, fields[name]]));
  const write = (now) => {
    set(now);
    if (Object.keys(now).some((name) => now[name] !== kept[name])) unsaved.set(id, { fields: now, version: article.version });
    else unsaved.delete(id);
  };
  const put = (name) => (event) => write({ ...fields, [name]: event.target.value });
  const field = (name, label, more = {}) => html`<label class="field ${more.cls ?? ""}">
    <span>${label}</span>
    ${more.rows
      ? html`<textarea class="input" rows=${more.rows} value=${fields[name]} onInput=${put(name)} placeholder=${more.hint} />`
      : html`<input class="input" ref=${name === "question" ? first : undefined} value=${fields[name]} onInput=${put(name)} placeholder=${more.hint} list=${more.list} />`}
  </label>`;

  const doing = async (act) => {
    work(true);
    try {
      await act();
    } catch (problem) {
      if (problem.code === "moved_on") toast(problem.message, { bad: true, action: ["刷新", loaded.reload] });
      else toast(problem.message, { bad: true });
    }
    work(false);
  };
  const save = async () => {
    const saved = isNew
      ? await api("/api/knowledge", { method: "POST", body: { ...fields, reason } })
      : await api(`/api/knowledge/${id}`, { method: "PATCH", body: { ...edit, version: article.version, reason } });
    unsaved.delete(id);
    return saved;
  };
  const shown = (saved) => {
    changed();
    if (isNew) location.hash = `#articles/${saved.id}`;
    else loaded.reload();
  };
  const keep = () =>
    doing(async () => {
      shown(await save());
      toast("存成了草稿，买家还看不到");
    });
  /** Something golden cases may refuse: `path` with `body`, once more with a reason when it is overruled. */
  const decide = async (path, body, done) => {
    try {
      await api(path, { method: "POST", body });
      refuse(null);
      toast(done);
      changed();
      loaded.reload();
    } catch (problem) {
      if (problem.code !== "golden_cases_failed") throw problem;
      refuse({ problem, again: (why) => doing(() => decide(path, { ...body, override: true, reason: why }, done)) });
    }
  };
  const publish = () =>
    doing(async () => {
      const draft = isNew || edited.length ? await save() : article;
      if (isNew) history.replaceState(null, "", `#articles/${draft.id}`);
      const path = `/api/knowledge/drafts/${draft.draft}/publish`;
      try {
        await decide(path, { reason }, "已经发布，买家现在就能问到");
      } finally {
        changed();
        if (isNew) dispatchEvent(new HashChangeEvent("hashchange"));
        else loaded.reload();
      }
    });
  const retire = () => doing(() => decide(`/api/knowledge/${id}/retire`, { version: article.version, reason }, "已经下架"));
  const drop = () =>
    doing(async () => {
      await api(`/api/knowledge/drafts/${article.draft}`, { method: "DELETE" });
      toast("草稿删除了");
      changed();
      if (article.live || article.version > 1) loaded.reload();
      else location.hash = "#articles";
    });
  const isDraft = article.state === "draft";
  return html`<form class="editor" aria-busy=${busy} onSubmit=${(event) => (event.preventDefault(), keep())}>
      <header class="line">
        <h2 class="cut">${isNew ? "写一条知识" : article.question}</h2>
        ${!isNew && html`<${State} state=${article.state} live=${article.live} />`}
      </header>
      ${field("question", article.kind === "passage" ? "标题" : "问题")} ${field("answer", "答案", { rows: 5 })}
      ${article.kind !== "passage" && field("similar", "相似问，一行一句", { rows: 3 })}
      <div class="grid">
        ${field("category", "分类", { list: "categories" })} ${field("sku", "只对这些商品", { hint: "不限" })}
        ${field("valid_from", "生效", { hint: "一直有效，或 2026-11-01" })} ${field("valid_to", "失效（含当天）", { hint: "一直有效，或 2026-11-30" })}
        ${field("tier", "只对这些会员", { hint: "不限" })} ${field("platform", "只在这些平台", { hint: "不限" })}
      </div>
      <datalist id="categories">${categories.filter(Boolean).map((name) => html`<option value=${name} />`)}</datalist>
      <label class="field"><span>为什么改（记在版本里）</span><input class="input" value=${reason} onInput=${(event) => say(event.target.value)} /></label>
      <div class="row wrap">
        <button type="button" class="btn main" disabled=${busy || (!isNew && !edited.length && !isDraft)} onClick=${publish}>发布</button>
        <button class="btn" disabled=${busy || (!isNew && !edited.length)}>存草稿</button>
        ${edited.length > 0 && !isNew && html`<button type="button" class="btn flat" onClick=${() => write(kept)}>放弃修改</button>`}
        <span class="gap" />
        ${isDraft && html`<button type="button" class="btn flat danger" disabled=${busy} onClick=${drop}>删除草稿</button>`}
        ${article.live && !isDraft && html`<button type="button" class="btn flat danger" disabled=${busy} onClick=${retire}>下架</button>`}
      </div>
    </form>
    <${Trial} id=${isNew ? null : id} edit=${isNew ? fields : isDraft ? { ...edit } : edit} changed=${isNew || isDraft || edited.length > 0} />
    ${!isNew && html`<${Versions} key=${article.version + article.state} article=${article} restored=${() => (changed(), loaded.reload())} />`}
    ${refused && html`<${Refusal} problem=${refused.problem} close=${() => refuse(null)} overrule=${refused.again} />`}`;
}
