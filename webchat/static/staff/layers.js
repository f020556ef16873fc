/** What lies over a page: dialogs, menus, and short news of what was done. */

import { html, signal, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { icon } from "./icons.js";
import { useRead } from "./reactive.js";

/** A dialog while it is drawn: Escape, × and a click beside it call `close`; the focus returns to where it was. */
export function Dialog({ title, wide, close, children, foot, onSubmit }) {
  const box = useRef();
  useLayoutEffect(() => {
    const before = document.activeElement;
    const { current } = box;
    current.showModal();
    const first = ["[autofocus]", ".body input:checked", ".body :is(input, select, textarea, button)"].map((each) => current.querySelector(each));
    first.find(Boolean)?.focus();
    return () => {
      current.close(); // while it is open nothing else can have the focus
      if (before?.isConnected) before.focus();
    };
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    close();
  };
  const beside = ({ target }) => target === box.current && close();
  const submit = (event) => {
    event.preventDefault();
    onSubmit?.();
  };
  // Enter in a longer text is a new line; with Ctrl it says "done", as in chat tools.
  const key = ({ key: name, ctrlKey, metaKey, isComposing, target }) => {
    if (name === "Enter" && (ctrlKey || metaKey) && !isComposing) target.form?.requestSubmit();
  };
  const inside = html`<header>
      <h2>${title}</h2>
      <button type="button" class="btn flat square" aria-label="关闭" onClick=${close}>${icon("close")}</button>
    </header>
    <div class="body">${children}</div>
    ${foot && html`<footer>${foot}</footer>`}`;
  return html`<dialog class="dialog ${wide ? "wide" : ""}" aria-label=${title} ref=${box} onCancel=${cancel} onMouseDown=${beside} onKeyDown=${key}>
    ${onSubmit ? html`<form onSubmit=${submit}>${inside}</form>` : inside}
  </dialog>`;
}

/** The two buttons below a dialog that does something. */
export const foot = (words, busy, close, cannot) => html`<button type="button" class="btn" onClick=${close}>取消</button>
  <button class="btn main" disabled=${busy || cannot}>${words}</button>`;

/** One of several, as radio buttons that look like buttons. */
export const Choices = ({ name, legend, all, value, set }) => html`<fieldset>
  <legend class="small dim">${legend}</legend>
  <div class="chips">
    ${Object.entries(all).map(
      ([key, words]) =>
        html`<label class="choice" key=${key}><input type="radio" name=${name} value=${key} checked=${key === value} onChange=${() => set(key)} /><span>${words}</span></label>`,
    )}
  </div>
</fieldset>`;

/** A button with a menu of [label, action, {checked, disabled, danger, sub}] or "-" for a rule. */
export function Menu({ label, button, items, place = "", cls = "btn flat", title }) {
  const [open, set] = useState(false);
  const box = useRef();
  useLayoutEffect(() => {
    if (!open) return;
    box.current.querySelector(".drop button:not(:disabled)")?.focus();
    const outside = ({ target }) => box.current.contains(target) || set(false);
    document.addEventListener("mousedown", outside);
    return () => document.removeEventListener("mousedown", outside);
  }, [open]);
  const leave = () => {
    set(false);
    box.current.querySelector("button").focus();
  };
  const key = (event) => {
    const all = [...box.current.querySelectorAll(".drop button:not(:disabled)")];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") leave();
    else if (event.key === "Tab") return set(false);
    else if (to !== undefined) all.at(to % all.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const choice = (item) => {
    if (item === "-") return html`<hr />`;
    const [words, action, { checked, disabled, danger, sub } = {}] = item;
    const done = () => (leave(), action());
    return html`<button
      type="button"
      role=${checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked=${checked}
      class=${danger ? "bad" : ""}
      disabled=${disabled}
      onClick=${done}
    >
      ${words} ${sub && html`<small class="dim">${sub}</small>`}
    </button>`;
  };
  return html`<div class="menu" ref=${box} onKeyDown=${open ? key : undefined}>
    <button type="button" class=${cls} aria-haspopup="menu" aria-expanded=${open} aria-label=${label} title=${title} onClick=${() => set(!open)}>
      ${button}
    </button>
    ${open && html`<div class="drop ${place}" role="menu" aria-label=${label}>${items().map(choice)}</div>`}
  </div>`;
}

const news = signal([]);
let numbers = 0;

/** Say for a few seconds what was done or why it was not: `toast("已复制")`, `toast(problem.message, {bad: true})`. */
export function toast(text, { bad = false, action, seconds = bad ? 8 : 4 } = {}) {
  const item = { id: ++numbers, text, bad, action };
  const drop = () => (news.value = news.value.filter(({ id }) => id !== item.id));
  news.value = [...news.value.filter((old) => old.text !== text).slice(-2), item];
  setTimeout(drop, seconds * 1000);
}

/** Where toasts are shown, once a page. */
export function Toasts() {
  const all = useRead(() => news.value);
  return html`<div class="toasts" role="status">
    ${all.map(
      ({ id, text, bad, action }) =>
        html`<p key=${id} class="toast ${bad ? "bad" : ""}">
          ${text} ${action && html`<button class="link" onClick=${action[1]}>${action[0]}</button>`}
        </p>`,
    )}
  </div>`;
}
