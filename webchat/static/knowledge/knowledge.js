/** The knowledge page: five views of what the shop says, each under its own address after the #. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { start } from "../staff/frame.js";
import { Articles } from "./articles.js";
import { Budgets } from "./budgets.js";
import { Conflicts } from "./conflicts.js";
import { Gaps } from "./gaps.js";
import { Golden } from "./golden.js";
import { useLoad } from "./parts.js";

const VIEWS = [
  { id: "articles", name: "知识", view: Articles },
  { id: "gaps", name: "知识缺口", view: Gaps },
  { id: "golden", name: "黄金用例", view: Golden },
  { id: "conflicts", name: "冲突与到期", view: Conflicts },
  { id: "budgets", name: "答错多少", view: Budgets },
];

/** The view and what is open in it, as the address says: #gaps/4f2a. */
function useAddress() {
  const read = () => location.hash.slice(1).split("/").map(decodeURIComponent);
  const [address, follow] = useState(read);
  useEffect(() => {
    const changed = () => follow(read());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return address;
}

function Knowledge() {
  const [view, open] = useAddress();
  const shown = VIEWS.find(({ id }) => id === view) ?? VIEWS[0];
  const overview = useLoad("/api/knowledge/overview");
  const counts = { gaps: overview.data?.gaps, articles: null };
  return html`<div class="page knowledge">
    <div class="inner">
      <div class="head">
        <h1>知识</h1>
        <nav aria-label="知识的各个方面">
          <ul class="views">
            ${VIEWS.map(
              ({ id, name }) => html`<li>
                <a href=${`#${id}`} aria-current=${id === shown.id ? "page" : undefined}>
                  ${name} ${counts[id] > 0 && html`<span class="chip num">${counts[id]}</span>`}
                </a>
              </li>`,
            )}
          </ul>
        </nav>
      </div>
      <${shown.view} key=${shown.id} open=${open} overview=${overview.data} changed=${overview.reload} />
    </div>
  </div>`;
}

start({ page: "knowledge", view: Knowledge, leadsOnly: true });
