/** Ctrl+K: sessions in sight, customers, order numbers, the tail of a phone, and what was said. */

import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { api } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { Dialog } from "../staff/layers.js";
import { composing } from "./keys.js";
import { momentOf, ORDER, STATE } from "./words.js";

const WAIT = 180; // ms without a key until the gateway is asked

/** Sessions in sight under a name: names are sealed in the record, so only the desk knows them. */
const named = (query, desk) =>
  [...desk.rows.value.values()]
    .map((row) => ({ row, name: desk.talks.get(row.session)?.customer.value?.name || row.name || "" }))
    .filter(({ name }) => name.includes(query))
    .map(({ row, name }) => ({ kind: "会话", title: name, sub: [row.tier, STATE[row.state]].filter(Boolean).join(" · "), go: () => desk.go(row.session) }));

/** What was found as one flat list, in the order it is shown; `go` is what choosing does. */
function listed({ customers = [], orders = [], messages = [] }, desk, query) {
  const sessionOf = (customer) => [...desk.rows.value.values()].find((row) => row.customer === customer)?.session;
  const person = async (customer) => {
    const open = sessionOf(customer);
    if (open) return desk.go(open);
    const { sessions } = await api(`/api/sessions?customer=${encodeURIComponent(customer)}&limit=1`);
    if (sessions[0]) desk.open(sessions[0].session);
    desk.shown.value = customer;
  };
  return [
    ...named(query, desk),
    ...customers.map(({ customer, name, phone, tier }) => ({ kind: "顾客", title: name || customer, sub: [tier, phone, customer].filter(Boolean).join(" · "), go: () => person(customer) })),
    ...orders.map(({ order, customer, status, title, at }) => ({ kind: "订单", title: title || order, sub: [order, ORDER[status] ?? status, momentOf(at)].filter(Boolean).join(" · "), go: () => person(customer) })),
    ...messages.map(({ session, seq, text, at, from }) => ({
      kind: "对话",
      title: text,
      sub: `${{ shopper: "顾客", bot: "机器人", agent: "客服" }[from] ?? ""} · ${momentOf(at)}`,
      go: () => {
        desk.open(session);
        setTimeout(() => desk.talkOf(session).to?.(seq), 400);
      },
    })),
  ];
}

export function Search({ desk, close }) {
  const [query, ask] = useState("");
  const [found, find] = useState(null);
  const [fault, say] = useState("");
  const [at, move] = useState(0);
  const list = useRef();
  useEffect(() => {
    say("");
    if ([...query.trim()].length < 2) return find(null);
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        find(listed(await api(`/api/desk/search?q=${encodeURIComponent(query.trim())}&limit=10`, { signal: abort.signal }), desk, query.trim()));
        move(0);
      } catch (problem) {
        if (problem.name !== "AbortError") say(problem.message);
      }
    }, WAIT);
    return () => (clearTimeout(timer), abort.abort());
  }, [query]);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  const go = async (item) => {
    try {
      await item.go();
      close();
    } catch (problem) {
      say(problem.message);
    }
  };
  const key = (event) => {
    if (composing(event) || !found?.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) move((at + step + found.length) % found.length);
    else if (event.key === "Enter") go(found[at]);
    else return;
    event.preventDefault();
  };
  const hint = fault || (found ? (found.length ? "" : "没有找到") : "输入两个字以上：订单号、运单号、手机号或尾四位、顾客编号、手上会话的姓名、说过的话");
  return html`<${Dialog} title="搜索" wide close=${close}>
    <label class="seek">${icon("search")}<span class="sr">搜索</span>
      <input
        class="input" role="combobox" autofocus autocomplete="off" value=${query}
        aria-expanded=${!!found?.length} aria-controls="found" aria-activedescendant=${found?.length ? `found-${at}` : undefined}
        onInput=${({ target }) => ask(target.value)} onKeyDown=${key}
      /></label>
    <ul id="found" class="found" role="listbox" aria-label="搜索结果" ref=${list}>
      ${found?.map(
        (item, n) => html`<li id=${`found-${n}`} role="option" aria-selected=${n === at} onClick=${() => go(item)}>
          <span class="chip">${item.kind}</span><span class="cut">${item.title}</span><span class="gap" /><small class="dim num cut">${item.sub}</small>
        </li>`,
      )}
    </ul>
    ${hint && html`<p class="small ${fault ? "bad" : "dim"}" role="status">${hint}</p>`}
  <//>`;
}
