/** What was promised to a shopper: kept fresh while one talks, shown beside the conversation and, when due, over the field. */

import { html, useEffect, useState } from "../vendor/preact.js";
import { api, leads } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { toast } from "../staff/layers.js";
import { useRead } from "../staff/reactive.js";
import { Part } from "./part.js";
import { momentOf } from "./words.js";

const SOON = 30; // minutes before it is due
const HEARD = 900; // ms until the gateway has read what was just said

const open = ({ settled_at: settled, kept }) => !settled && kept == null;

/** Ask again for the promises of a talk when it is opened and after each word of ours. */
export function useOwed(talk, entries, customer) {
  const last = entries.findLast(({ from }) => from === "agent" || from === "bot")?.seq;
  const id = customer?.customer;
  useEffect(() => {
    if (customer) talk.promises.value = customer.promises ?? [];
  }, [customer]);
  useEffect(() => {
    if (!last || customer === undefined) return;
    const abort = new AbortController();
    const query = id ? `customer=${encodeURIComponent(id)}` : `session=${encodeURIComponent(talk.session)}`;
    const ask = () => api(`/api/promises?state=due&${query}`, { signal: abort.signal }).then(({ promises }) => (talk.promises.value = promises));
    const timer = setTimeout(() => ask().catch(() => {}), HEARD); // what was known stays
    return () => (clearTimeout(timer), abort.abort());
  }, [last, id, customer === undefined]);
}

/** Over the field: what is due within half an hour, or was. */
export function Due({ desk, talk }) {
  const promises = useRead(() => talk.promises.value);
  const minute = useRead(() => Math.floor(desk.clock.value / 60000));
  const due = promises.filter((each) => open(each) && each.due_at && Date.parse(each.due_at) < (minute + SOON) * 60000);
  return due.map(({ text, due_at: at }) => {
    const left = Math.round(Date.parse(at) / 60000 - minute);
    return html`<p class="due ${left < 0 ? "bad" : "warn"}">${icon("clock")}<span class="cut">答应过：${text}</span><span class="num">${left < 0 ? `已过 ${-left} 分钟` : `还剩 ${left} 分钟`}</span></p>`;
  });
}

/** The part of the right column. */
export const Promises = ({ desk, all }) =>
  all?.length > 0 &&
  html`<${Part} name="答应过的事" count=${all.length}><ul class="lines">${all.map((each) => html`<${Promised} key=${each.id} desk=${desk} promise=${each} />`)}</ul><//>`;

function Promised({ desk, promise }) {
  const [settledAs, settle] = useState();
  const { id, text, due_at: at, settled_at: settled, by, owner } = promise;
  const kept = settledAs ?? promise.kept;
  const open = !settled && kept == null;
  const may = id && (!owner || owner === desk.login || leads());
  const say = async (state) => {
    try {
      await api(`/api/promises/${encodeURIComponent(id)}`, { method: "PATCH", body: { state } });
      settle(state === "kept");
    } catch (problem) {
      toast(problem.message, { bad: true });
    }
  };
  const late = useRead(() => !!at && desk.clock.value > Date.parse(at), [at]);
  const end = open ? (late ? ["bad", "已过期"] : ["warn", "未到期"]) : kept ? ["good", "已兑现"] : ["bad", "没做到"];
  return html`<li>
    <p>${text}</p>
    <small class="dim">${by === "bot" ? "机器人" : "客服"}答应${at ? ` · ${momentOf(at)}前` : ""}</small> <small class=${end[0]}>${end[1]}</small>
    ${open && may && html` <button class="link small" onClick=${() => say("kept")}>已兑现</button> <button class="link small" onClick=${() => say("broken")}>没做到</button>`}
  </li>`;
}
