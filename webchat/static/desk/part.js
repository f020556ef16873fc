/** Pieces that the columns share: a part that folds, and what copies a text. */

import { html } from "../vendor/preact.js";
import { icon } from "../staff/icons.js";
import { toast } from "../staff/layers.js";

/** A folded part of the column; what was folded stays so while the page is open. */
const folded = new Set(["浏览轨迹"]);
export function Part({ name, count, children, extra }) {
  const toggle = ({ currentTarget: { open } }) => (open ? folded.delete(name) : folded.add(name));
  return html`<div class="part">
    <details open=${!folded.has(name)} onToggle=${toggle}>
      <summary><h3>${name} ${count != null && html`<span class="dim num">${count}</span>`}</h3></summary>
      ${children}
    </details>
    ${extra}
  </div>`;
}

/** Put a text on the clipboard; where there is none (plain http), through a field. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "sr" });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast(`已复制 ${text}`);
}

/** A small button that copies a text. */
export const Copy = ({ text }) => html`<button class="tiny" aria-label=${`复制 ${text}`} title="复制" onClick=${() => copy(text)}>${icon("copy")}</button>`;
