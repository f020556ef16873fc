/** What an article said before, compared with what came after, and brought back. */

import { html, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { toast } from "../staff/layers.js";
import { Changes, ORIGINS, State, time, useLoad, waiting } from "./parts.js";

export function Versions({ article, restored }) {
  const loaded = useLoad(`/api/knowledge/${article.id}/versions`);
  const [open, show] = useState(null);
  const items = loaded.data?.items ?? [];
  const restore = async (number) => {
    try {
      await api(`/api/knowledge/${article.id}/restore`, { method: "POST", body: { version: article.version, number } });
      toast(`第 ${number} 版成了草稿，发布以后生效`);
      restored();
    } catch (problem) {
      toast(problem.message, { bad: true });
    }
  };
  return html`<section class="versions" aria-label="版本">
    <h3>版本</h3>
    ${waiting(loaded) ??
    html`<ol>
      ${items.map(
        (one) => html`<li key=${one.number}>
          <div class="line">
            <span class="num">第 ${one.number} 版</span><${State} state=${one.state} />
            <span class="small dim cut">${one.by} · ${ORIGINS[one.origin]}${one.reason ? ` · ${one.reason}` : ""}</span>
            <span class="gap" /><span class="small dim">${time(one.at)}</span>
            <button class="link small" aria-expanded=${open === one.number} onClick=${() => show(open === one.number ? null : one.number)}>
              看<span class="sr">第 ${one.number} 版</span>改了什么
            </button>
            ${one.number !== article.version && html`<button class="link small" onClick=${() => restore(one.number)}>恢复<span class="sr">第 ${one.number} 版</span></button>`}
          </div>
          ${one.decided_by && html`<p class="small dim">${{ published: "发布", dropped: "删除" }[one.state] ?? "决定"}：${one.decided_by} ${time(one.decided_at)} ${one.decided_for}</p>`}
          ${one.overruled && html`<p class="small warn">越过了 ${one.overruled.length} 个黄金用例：${one.overruled.map(({ question }) => question).join("、")}</p>`}
          ${open === one.number && (one.number === items.at(-1).number ? html`<p class="small dim">第一版：${one.question} → ${one.answer}</p>` : html`<${Changes} changed=${one.changed} />`)}
        </li>`,
      )}
    </ol>`}
  </section>`;
}
