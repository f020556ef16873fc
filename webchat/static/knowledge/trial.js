/** A question tried: what shoppers would be told now, and what with the edit. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { Hits, Verdict } from "./parts.js";

export function Trial({ id, edit, changed }) {
  const [question, ask] = useState("");
  const [found, show] = useState(null);
  const [fault, say] = useState("");
  const said = JSON.stringify(edit);
  useEffect(() => {
    if (!question.trim()) return show(null);
    const abort = new AbortController();
    const later = setTimeout(async () => {
      const filled = Boolean(id) || (edit.question?.trim() && edit.answer?.trim());
      const body = { question, ...(changed && filled && { id, edit }) };
      try {
        show(await api("/api/knowledge/try", { method: "POST", body, signal: abort.signal }));
        say("");
      } catch (problem) {
        if (problem.name !== "AbortError") say(problem.message);
      }
    }, 250);
    return () => (clearTimeout(later), abort.abort());
  }, [question, said, changed]);
  return html`<section class="trial" aria-label="买家会听到什么">
    <label class="field"><span>试问一句</span>
      <input class="input" value=${question} placeholder="像买家那样问" onInput=${(event) => ask(event.target.value)} />
    </label>
    <p class="bad small" role="alert">${fault}</p>
    ${found &&
    html`<div class="pair" role="status">
      <div><h3>现在</h3><${Verdict} found=${found.live} /><${Hits} found=${found.live} mine=${id} /></div>
      ${found.draft && html`<div><h3>改了以后</h3><${Verdict} found=${found.draft} /><${Hits} found=${found.draft} mine=${found.draft_id} /></div>`}
    </div>`}
  </section>`;
}
