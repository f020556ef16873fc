/** What the field offers while one types: canned replies after `/`, colleagues after `@`. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { STATUS } from "./words.js";

/** The variables of a canned reply, as far as they are known here; the others stay to be filled by hand. */
export function filled(text, desk, talk) {
  const { name, orders = [] } = talk.customer.value ?? {};
  const order = talk.packet.value?.orders?.[0]?.order ?? orders[0]?.order;
  const parcel = orders.find((each) => each.order === order)?.parcels?.[0];
  const known = {
    客户姓名: name,
    顾客姓名: name,
    订单号: order,
    快递单号: parcel?.tracking_no,
    快递公司: parcel?.carrier,
    客服姓名: desk.mine.value?.name,
  };
  return text.replace(/\{\{\s*([^}]+?)\s*\}\}/g, (whole, key) => known[key] ?? whole);
}

/** What to offer for the text before the cursor, and the keys that choose among it. */
export function usePicks(desk, talk, mode, text, field) {
  const [found, find] = useState(null);
  const [at, move] = useState(0);
  const [shut, close] = useState("");
  const before = text.slice(0, field.current?.selectionStart ?? text.length);
  const slash = mode === "say" && /^\/(\S*)$/.exec(text);
  const mention = mode === "note" && /@([^\s@]*)$/.exec(before);
  const asked = slash ? `/${slash[1]}` : mention ? `@${mention[1]}` : "";
  useEffect(() => {
    if (!slash) return find(null);
    const abort = new AbortController();
    api(`/api/desk/canned?q=${encodeURIComponent(slash[1])}`, { signal: abort.signal }).then(
      ({ canned }) => {
        find({ items: canned });
        move(0);
      },
      (fault) => fault.name === "AbortError" || find({ items: [], fault: fault.message }),
    );
    return () => abort.abort();
  }, [slash && slash[1]]);
  useEffect(() => move(0), [asked]);
  if (!asked || asked === shut) return { items: null, key: () => false, close: () => {} };
  const take = (item) => {
    const head = slash ? filled(item.text, desk, talk) : `${before.slice(0, -mention[0].length)}@${item.title} `;
    // The cursor is set at once: what is offered next depends on where it stands.
    field.current.value = head + text.slice(before.length);
    field.current.setSelectionRange(head.length, head.length);
    field.current.focus();
    talk.write(field.current.value, mode);
  };
  const colleagues = () =>
    [...desk.agents.value.values()]
      .filter(({ login, name }) => login !== desk.login && (name.includes(mention[1]) || login.startsWith(mention[1])))
      .map(({ login, name, status }) => ({ id: login, title: name, text: STATUS[status] ?? "" }));
  const items = slash ? (found?.items ?? []) : colleagues();
  const key = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close(asked);
    else if (!items.length) return false;
    else if (step) move((at + step + items.length) % items.length);
    else if (event.key === "Enter" || event.key === "Tab") take(items[Math.min(at, items.length - 1)]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const note = found?.fault ?? (slash && !found ? "正在找…" : items.length ? "" : slash ? "没有这样的快捷回复" : "没有这位同事");
  return { items, at, key, take, note, name: slash ? "快捷回复" : "同事", close: () => close(asked) };
}

/** The list over the field. */
export function Picker({ picks: { items, at, take, note, name } }) {
  useEffect(() => document.getElementById(`pick-${at}`)?.scrollIntoView({ block: "nearest" }));
  return html`<div class="picks">
    <ul id="picks" role="listbox" aria-label=${name}>
      ${items.map(
        ({ id, title, text, group, scope }, n) =>
          html`<li key=${id} id=${`pick-${n}`} role="option" aria-selected=${n === at} onMouseDown=${(event) => (event.preventDefault(), take(items[n]))}>
            <b>${title}</b> ${group && html`<span class="chip">${scope === "mine" ? "个人" : group}</span>`}
            <span class="cut dim">${text}</span>
          </li>`,
      )}
    </ul>
    ${note && html`<p class="small dim">${note}</p>`}
  </div>`;
}
