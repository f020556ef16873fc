/** The launcher and the panel: head, conversation, composer. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { Picture, Row } from "./entries.js";
import { words } from "./words.js";

const LONGEST = 2000; // characters, as the gateway counts them
const AT_A_TIME = 100; // entries drawn; older ones when asked for

const icon = (path) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
const CHAT = icon("M4 5h16v11H10l-5 4v-4H4zM8 9.5h8M8 12.5h5");
const CLOSE = icon("M6 6l12 12M18 6L6 18");
const SEND = icon("M12 19V5M6 11l6-6 6 6");

export function App({ chat, page }) {
  const t = words.value;
  const open = chat.open.value;
  const unread = chat.unread.value;
  const { hideMessageBubble, launcherTitle, type } = chat.settings;
  return html`${open && html`<${Panel} chat=${chat} page=${page} t=${t} />`}
  ${!page &&
  !hideMessageBubble &&
  html`<section aria-label=${t("title")}>
    <button
      class="launcher"
      aria-expanded=${open}
      aria-label=${open ? t("closeChat") : unread ? t("openUnread", unread) : t("open")}
      onClick=${() => (chat.open.value = !open)}
    >
      ${open ? CLOSE : CHAT} ${!open && type === "expanded_bubble" && (launcherTitle || t("launcher"))}
      ${!open && unread > 0 && html`<b class="badge">${unread > 99 ? "99+" : unread}</b>`}
    </button>
  </section>`}`;
}

function Panel({ chat, page, t }) {
  const close = () => (chat.open.value = false);
  const escape = ({ key, isComposing }) => key === "Escape" && !isComposing && !page && close();
  return html`<div
    class="panel"
    role=${page ? "region" : "dialog"}
    aria-label=${t("title")}
    lang=${t.locale}
    onKeyDown=${escape}
  >
    <${Head} chat=${chat} close=${!page && close} t=${t} />
    <${Banner} chat=${chat} t=${t} />
    <${Log} chat=${chat} t=${t} />
    ${chat.product.value && html`<${Product} chat=${chat} t=${t} />`}
    <${Composer} chat=${chat} t=${t} />
  </div>`;
}

function Head({ chat, close, t }) {
  const { holder, agent, position, eta_s: eta } = chat.holding.value;
  const asking = chat.asking.value;
  const [title, line] = {
    queue: [position ? t("place", position) : t("queued"), eta > 0 && t("wait", Math.ceil(eta / 60))],
    agent: [agent ? t("named", agent) : t("person"), t("serving")],
  }[holder] ?? [t("bot"), t("online")];
  return html`<div class="head">
    <span class="face ${holder}" aria-hidden="true">${(holder === "agent" && agent?.[0]) || CHAT}</span>
    <div class="who" role="status"><h2>${title}</h2> <small>${line}</small></div>
    ${holder === "queue"
      ? html`<button class="pill" onClick=${() => chat.stopWaiting()}>${t("cancelWait")}</button>`
      : holder !== "agent" &&
        html`<button class="pill" aria-disabled=${asking} onClick=${() => asking || chat.askForPerson()}>
          ${t(asking ? "asking" : "human")}
        </button>`}
    ${close && html`<button class="icon" aria-label=${t("close")} onClick=${close}>${CLOSE}</button>`}
  </div>`;
}

/** What the shopper should know about the line, and the first time about their data. */
function Banner({ chat, t }) {
  const status = chat.status.value;
  const trouble = chat.trouble.value;
  return html`<div role="status">
      ${status === "offline" && html`<p class="banner late">${t("reconnecting")}</p>`}
      ${status === "stopped" &&
      html`<p class="banner">
        ${t(chat.code.value === 4409 ? "otherTabs" : "stopped")}
        <button class="link" onClick=${() => chat.line.start()}>${t("reconnect")}</button>
      </p>`}
      ${trouble && html`<p class="banner">${t(trouble)}</p>`}
    </div>
    ${!chat.private.value &&
    html`<p class="banner calm">
      <span>${t("privacy")} <a href=${chat.settings.privacyUrl} target="_blank">${t("privacyMore")}</a></span>
      <button class="link" onClick=${() => chat.acceptPrivacy()}>${t("gotIt")}</button>
    </p>`}`;
}

function Log({ chat, t }) {
  const box = useRef();
  const [shown, show] = useState(AT_A_TIME);
  const [below, fallBehind] = useState(false);
  const entries = chat.entries.value;
  const all = [...entries, ...chat.outgoing.value];
  const typing = chat.typing.value;
  const end = () => box.current.scrollTo(0, 1e9);
  useLayoutEffect(() => {
    if (!below || all.at(-1)?.state) end();
  }, [all.length, typing]);
  useEffect(() => {
    if (chat.looking.value) chat.look();
  });
  const scroll = ({ target }) => fallBehind(target.scrollHeight - target.scrollTop - target.clientHeight > 80);
  // A tapped button may be gone in a moment; the focus stays in the panel.
  const tap = ({ target }) => target.closest("button") && box.current.focus();
  const { welcomeTitle, welcomeLine, quickReplies } = chat.settings;
  let before;
  return html`<div class="log" role="log" aria-label=${t("log")} tabindex="0" ref=${box} onScroll=${scroll} onClick=${tap}>
      ${!all[0] &&
      html`<div class="hello">
        <b>${welcomeTitle || t("welcome")}</b>
        <p>${welcomeLine || t("welcomeLine")}</p>
        <div class="choices">
          ${quickReplies?.map((text) => html`<button onClick=${() => chat.say(text)}>${text}</button>`)}
        </div>
      </div>`}
      ${all.length > shown && html`<button class="link" onClick=${() => show(shown + AT_A_TIME)}>${t("earlier")}</button>`}
      ${all.slice(-shown).map((entry) => {
        const day = t.day(entry.at);
        const last = entry === all.at(-1);
        return html`<${Row}
          key=${entry.id ?? entry.seq}
          entry=${entry}
          chat=${chat}
          t=${t}
          last=${last}
          day=${day !== before && (before = day)}
        />`;
      })}
      ${typing && html`<div class="row dots" role="img" aria-label=${t("typing")}><i /><i /><i /></div>`}
      ${below && html`<button class="newest" aria-label=${t("newest")} onClick=${end}>↓</button>`}
    </div>`;
}

/** The product the page is about, sent only when tapped. */
function Product({ chat, t }) {
  const product = chat.product.value;
  const drop = () => (chat.product.value = null);
  const send = () => {
    chat.say(t("askAbout", product.title), { sku: product.sku });
    drop();
  };
  return html`<div class="product">
    <${Picture} of=${product} chat=${chat} />
    <span class="facts"><b>${product.title}</b> <span class="price">${product.price}</span></span>
    <button class="main" onClick=${send}>${t("sendProduct")}</button>
    <button class="icon" aria-label=${t("dropProduct")} onClick=${drop}>${CLOSE}</button>
  </div>`;
}

function Composer({ chat, t }) {
  const field = useRef();
  const text = chat.draft.value;
  const over = [...text].length - LONGEST;
  const cannot = over > 0 || !text.trim();
  useLayoutEffect(() => {
    const { style } = field.current;
    style.height = 0;
    style.height = `${field.current.scrollHeight + 2}px`;
  }, [text]);
  const send = (event) => {
    event.preventDefault();
    if (cannot) return;
    chat.say(text);
    chat.write("");
    field.current.focus();
  };
  // An Enter that ends a composition chooses a word; 229 is what some browsers report for it.
  const key = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event);
  };
  return html`<form class="composer" onSubmit=${send}>
    ${over > 0 && html`<p class="bad" role="alert">${t("tooLong", LONGEST, over)}</p>`}
    <textarea
      ref=${field}
      aria-label=${t("write")}
      placeholder=${t("write")}
      enterkeyhint="send"
      value=${text}
      onInput=${({ target }) => chat.write(target.value)}
      onKeyDown=${key}
    />
    <button class="main" aria-label=${t("send")} disabled=${cannot}>${SEND}</button>
  </form>`;
}
