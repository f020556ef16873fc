/** What shoppers asked and nobody but a person could answer, by what they asked for. */

import { html, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { toast } from "../staff/layers.js";
import { icon } from "../staff/icons.js";
import { time, useLoad, waiting } from "./parts.js";

const STATES = [
  ["open", "待处理"],
  ["drafted", "有草稿"],
  ["published", "已补上"],
  ["ignored", "不处理"],
];
const WHY = { unsure: "机器人说不知道", handed_over: "只有人工回答", unanswered: "没有人回答", rated_badly: "买家说没解决" };

const WHO = { shopper: "买家", bot: "机器人", agent: "客服" };

export function Gaps({ open, changed }) {
  const [state, filter] = useState("open");
  const loaded = useLoad(`/api/knowledge/gaps?state=${state}`);
  const refresh = async () => {
    try {
      const { gaps } = await api("/api/knowledge/gaps/refresh", { method: "POST" });
      toast(`重新看过了聊天记录，有 ${gaps} 个缺口`);
      loaded.reload();
      changed();
    } catch (problem) {
      toast(problem.message, { bad: true });
    }
  };
  return html`<div class="split">
    <section aria-label="知识缺口">
      <div class="row wrap">
        <fieldset class="row"><legend class="sr">状态</legend>
          ${STATES.map(
            ([value, name]) => html`<label class="choice"><input type="radio" name="state" checked=${state === value} onChange=${() => filter(value)} /><span>${name}</span></label>`,
          )}
        </fieldset>
        <span class="gap" /><button class="btn low" onClick=${refresh}>重新看聊天记录</button>
      </div>
      ${waiting(loaded) ??
      (loaded.data.items.length
        ? html`<ul class="list">
            ${loaded.data.items.map(
              (gap) => html`<li key=${gap.id}>
                <a href=${`#gaps/${gap.id}`} aria-current=${gap.id === open ? "true" : undefined}>
                  <span class="line"><b class="cut">${gap.title}</b><span class="chip num">${gap.sessions} 段会话</span></span>
                  <span class="small dim two">${gap.draft?.text || "还没有人答过，需要写答案"}</span>
                  <span class="small dim line"><span>补上以后会答上 ${gap.would_answer} 段，换了说法也答上 ${gap.would_answer_unseen} 段</span>${time(gap.last_at)}</span>
                </a>
              </li>`,
            )}
          </ul>`
        : html`<div class="blank">${icon("check")}<b>${state === "open" ? "没有待处理的缺口" : "没有"}</b>
            <span>聊天记录可以导入：<code>zhanggui import chats 聊天记录.jsonl</code></span></div>`)}
    </section>
    <section aria-label="正在看的缺口" class="sheet">
      ${open
        ? html`<${Gap} key=${open} id=${open} changed=${() => (loaded.reload(), changed())} />`
        : html`<div class="blank">${icon("search")}<b>选一个缺口来看</b><span>谁问过、人工怎么答的、补上有多大用</span></div>`}
    </section>
  </div>`;
}

function Gap({ id, changed }) {
  const loaded = useLoad(`/api/knowledge/gaps/${encodeURIComponent(id)}`);
  const [reason, say] = useState("");
  if (waiting(loaded)) return waiting(loaded);
  const gap = loaded.data;
  const act = async (deed, done) => {
    try {
      done(await api(`/api/knowledge/gaps/${id}/${deed}`, { method: "POST", body: { version: gap.version, reason } }));
      changed();
      loaded.reload();
    } catch (problem) {
      toast(problem.message, { bad: true });
      loaded.reload();
    }
  };
  const draft = () => act("draft", (made) => (location.hash = `#articles/${made.id}`));
  return html`<div class="editor">
    <header class="line"><h2 class="cut">${gap.title}</h2></header>
    <dl class="figures">
      <div><dt>问过</dt><dd class="num">${gap.questions} 次</dd></div>
      <div><dt>会话</dt><dd class="num">${gap.sessions} 段</dd></div>
      <div><dt>补上会答上</dt><dd class="num">${gap.would_answer} 段</dd></div>
      <div><dt>换了说法也答上</dt><dd class="num">${gap.would_answer_unseen} 段</dd></div>
    </dl>
    <p class="small dim">把这些问题再问一遍、草稿放上架，数出来的。「换了说法」是把原话从草稿里去掉再问。</p>
    <h3>草稿里的答案</h3>
    ${gap.draft?.text
      ? html`<blockquote>${gap.draft.text}</blockquote><p class="small dim">来自客服说过、管用了的回答，一个字没有编。发布前请看一遍。</p>`
      : html`<p class="dim">没有可用的人工回答，答案要您来写。</p>`}
    <div class="row wrap">
      ${gap.state === "drafted" || gap.state === "published"
        ? html`<a class="btn main" href=${`#articles/${gap.article_id}`}>${gap.state === "drafted" ? "打开草稿" : "打开知识"}</a>`
        : html`<button class="btn main" onClick=${draft}>做成草稿</button>`}
      ${gap.state === "open" &&
      html`<label class="field inline"><span class="sr">为什么不处理</span><input class="input" placeholder="为什么不处理（可不填）" value=${reason} onInput=${(event) => say(event.target.value)} /></label>
        <button class="btn" onClick=${() => act("ignore", () => toast("不再提示这个缺口"))}>不处理</button>`}
      ${gap.state === "ignored" && html`<button class="btn" onClick=${() => act("reopen", () => toast("又放回待处理"))}>放回待处理</button>`}
    </div>
    ${gap.decided_for && html`<p class="small dim">${gap.decided_by}：${gap.decided_for}</p>`}
    <h3>谁问过</h3>
    ${gap.asked.length
      ? html`<ul class="asked">
          ${gap.asked.map(
            (one) => html`<li>
              ${one.before.length > 0 && html`<p class="small dim two">${one.before.map((said) => `${WHO[said.from]}：${said.text}`).join("　")}</p>`}
              <div class="line"><b>${one.text}</b><span class="gap" /><span class="chip">${WHY[one.why]}</span></div>
              ${one.answer && html`<p class="small"><span class="dim">${one.answered_by || "客服"}：</span>${one.answer} ${one.worked && html`<span class="good">管用</span>`}</p>`}
              <p class="small dim">会话 <code>${one.session}</code> 第 ${one.seq} 条 · ${time(one.at)}</p>
            </li>`,
          )}
        </ul>`
      : html`<p class="dim small">这些问题现在都答得上了。</p>`}
  </div>`;
}
