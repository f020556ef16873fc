/** The agents' desk: three columns over one socket. This is where a page becomes a desk. */

import { html, signal, useEffect, useState } from "../vendor/preact.js";
import { start } from "../staff/frame.js";
import { icon } from "../staff/icons.js";
import { Menu } from "../staff/layers.js";
import { useRead } from "../staff/reactive.js";
import { Aside } from "./aside.js";
import { Dialogs } from "./dialogs.js";
import { useKeys } from "./keys.js";
import { List } from "./list.js";
import { toggle, wanted, watch } from "./notify.js";
import { Offers } from "./offers.js";
import { Pane } from "./pane.js";
import { Desk } from "./store.js";
import { Tickets } from "./tickets.js";
import { STATUS, STATUS_NOTE } from "./words.js";

const open = signal(null); // the desk of who is signed in, for the tools in the bar

function Work({ who }) {
  const [desk] = useState(() => new Desk(who.login));
  const [hash, follow] = useState(location.hash);
  const aside = useRead(() => desk.aside.value);
  useKeys(desk);
  useEffect(() => {
    open.value = desk;
    desk.start();
    const wanted = /^#session=(.+)/.exec(location.hash);
    if (wanted) desk.open(decodeURIComponent(wanted[1]));
    const stop = watch(desk);
    const back = () => (desk.line.hurry(), desk.see());
    const moved = () => follow(location.hash);
    addEventListener("focus", back);
    addEventListener("online", back);
    addEventListener("hashchange", moved);
    return () => {
      stop();
      desk.stop();
      open.value = null;
      removeEventListener("focus", back);
      removeEventListener("online", back);
      removeEventListener("hashchange", moved);
    };
  }, []);
  return html`<div class="work">
    <${Trouble} desk=${desk} />
    ${hash === "#tickets"
      ? html`<${Tickets} desk=${desk} />`
      : html`<div class="columns ${aside ? "" : "narrow"}"><h1 class="sr">工作台</h1><${List} desk=${desk} /><${Pane} desk=${desk} /><${Aside} desk=${desk} /></div>`}
    <${Offers} desk=${desk} />
    <${Dialogs} desk=${desk} />
  </div>`;
}

/** What an agent must know about the line and their own status. */
function Trouble({ desk }) {
  const status = useRead(() => desk.status.value);
  const why = useRead(() => desk.why.value);
  const own = useRead(() => desk.mine.value?.status);
  return html`<div role="status">
    ${status === "offline" && html`<p class="banner bad">${icon("warn")}连接断了，正在重连。写好的话会留着，连上后自动送出。<button class="link" onClick=${() => desk.line.hurry()}>现在就试</button></p>`}
    ${status === "stopped" && html`<p class="banner bad">${icon("warn")}${why}<button class="link" onClick=${() => location.reload()}>刷新</button></p>`}
    ${status === "online" && ["away", "offline"].includes(own) && html`<p class="banner">${own === "away" ? "你现在是「离开」，不会派来新会话。" : "你现在是「离线」，不会派来新会话。"}<button class="link" onClick=${() => desk.setStatus("online")}>恢复在线</button></p>`}
  </div>`;
}

function Tools() {
  const desk = useRead(() => open.value);
  return desk && html`<${Instruments} key=${desk.login} desk=${desk} />`;
}

function Instruments({ desk }) {
  const own = useRead(() => desk.mine.value);
  const on = useRead(() => wanted.value);
  const held = useRead(() => desk.order.value.mine.length);
  const status = own?.status ?? "offline";
  const choices = () => ["online", "busy", "away", "offline"].map((each) => [html`<i class="status ${each}" aria-hidden="true" />${STATUS[each]}`, () => desk.setStatus(each), { checked: each === status, sub: STATUS_NOTE[each] }]);
  return html`<button class="btn seekbutton" onClick=${() => (desk.panel.value = { name: "search" })}>${icon("search")}<span>搜索顾客、订单、对话</span><kbd>Ctrl K</kbd></button>
    <button class="btn flat square" aria-label="声音和桌面通知" aria-pressed=${on} title=${on ? "声音和桌面通知：开" : "声音和桌面通知：关"} onClick=${toggle}>${icon(on ? "bell" : "bellOff")}</button>
    <button class="btn flat square" aria-label="快捷键一览" title="快捷键 ?" onClick=${() => (desk.panel.value = { name: "help" })}><b aria-hidden="true">?</b></button>
    ${own && html`<${Menu} label=${`我的状态：${STATUS[status]}`} cls="btn" button=${html`<i class="status ${status}" aria-hidden="true" />${STATUS[status]}<small class="dim num">${held}${own.max_chats ? `/${own.max_chats}` : ""}</small>${icon("down")}`} items=${choices} />`}`;
}

start({ page: "desk", view: Work, tools: Tools });
