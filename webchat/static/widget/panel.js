/** The launcher and the panel: head, conversation, composer. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { Picture, Row } from "./entries.js";
import { translator } from "./translator.js";

const LONGEST = 2000; // characters, as the gateway counts them
const AT_A_TIME = 100; // entries drawn; older ones on request

const icon = (path) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
const CHAT = "M4 5h16v11H10l-5 4v-4H4zM8 9.5h8M8 12.5h5";
const CLOSE = "M6 6l12 12M18 6L6 18";
const SEND = "M12 19V5M6 11l6-6 6 6";

export function App({ chat, page }) {
  const t = translator(chat.locale.value);
  const unread = chat.unread.value;
  const open = chat.open.value;
  const { hideMessageBubble, launcherTitle, type } = chat.settings;
  return html`${(open || page) && html`<${Panel} chat=${chat} page=${page} t=${t} />`}
  ${!page &&
  !hideMessageBubble &&
  html`<section aria-label=${t("title")}>
    <button
      class="launcher"
      aria-expanded=${open}
      aria-label=${open ? t("closeChat") : unread ? t("openUnread", unread) : t("open")}
      onClick=${() => (chat.open.value = !open)}
    >
      ${icon(open ? CLOSE : CHAT)} ${type === "expanded_bubble" && !open && (launcherTitle || t("launcher"))}
      ${!open && unread > 0 && html`<b class="badge">${unread > 99 ? "99+" : unread}</b>`}
    </button>
  </section>`}`;
}

function Panel({ chat, page, t }) {
  const escape = (event) => {
    if (event.key === "Escape" && !event.isComposing && !page) chat.open.value = false;
  };
  return html`<div
    class="panel"
    role=${page ? "region" : "dialog"}
    aria-label=${t("title")}
    lang=${chat.locale.value}
    onKeyDown=${escape}
  >
    <${Head} chat=${chat} page=${page} t=${t} />
    <${Banner} chat=${chat} t=${t} />
    <${Log} chat=${chat} t=${t} />
    <${Product} chat=${chat} t=${t} />
    <${Composer} chat=${chat} t=${t} />
  </div>`;
}

function Head({ chat, page, t }) {
  const { holder, agent, position, eta_s: eta } = chat.holding.value;
  const queued = holder === "queue";
  const person = holder === "agent";
  const title = queued
    ? position ? t("place", position) : t("queued")
    : person ? (agent ? t("personNamed", agent) : t("person")) : t("bot");
  const line = queued ? eta > 0 && t("wait", Math.ceil(eta / 60)) : t(person ? "personOnline" : "online");
  return html`<header>
    <span class="face ${holder}" aria-hidden="true">${person && agent ? [...agent][0] : icon(CHAT)}</span>
    <span class="who" role="status"><${page ? "h1" : "h2"}>${title}<//><small>${line}</small></span>
    ${queued
      ? html`<button class="pill" onClick=${() => chat.stopWaiting()}>${t("cancelWait")}</button>`
      : !person &&
        html`<button class="pill" aria-disabled=${chat.waiting.value} onClick=${() => chat.waiting.value || chat.askForPerson()}>
          ${t(chat.waiting.value ? "asking" : "human")}
        </button>`}
    ${!page && html`<button class="icon" aria-label=${t("close")} onClick=${() => (chat.open.value = false)}>${icon(CLOSE)}</button>`}
  </header>`;
}

/** What the shopper should know about the line; the privacy line the first time. */
function Banner({ chat, t }) {
  const status = chat.status.value;
  const lost = status === "offline" || (status === "connecting" && chat.met);
  return html`<div role="status">
      ${lost && html`<p class="banner late">${t("reconnecting")}</p>`}
      ${status === "stopped" &&
      html`<p class="banner">
        ${t(chat.code.value === 4409 ? "otherTabs" : "stopped")}
        <button class="link" onClick=${() => chat.line.start()}>${t("reconnect")}</button>
      </p>`}
      ${chat.trouble.value && html`<p class="banner">${t(chat.trouble.value)}</p>`}
    </div>
    ${chat.privacy.value &&
    html`<p class="banner calm">
      <span>${t("privacy")} <a href=${chat.settings.privacyUrl} target="_blank" rel="noopener">${t("privacyMore")}</a></span>
      <button class="link" onClick=${() => chat.acceptPrivacy()}>${t("gotIt")}</button>
    </p>`}`;
}

function Log({ chat, t }) {
  const box = useRef();
  const [shown, show] = useState(AT_A_TIME);
  const [below, fallBehind] = useState(false);
  const entries = chat.entries.value;
  const outgoing = chat.outgoing.value;
  const typing = chat.typing.value;
  const end = () => box.current.scrollTo(0, box.current.scrollHeight);
  useLayoutEffect(() => {
    if (!below || outgoing.length) end();
  }, [entries.length, outgoing.length, typing]);
  useEffect(() => {
    if (chat.looking.value) chat.look();
  });
  const scroll = ({ target }) => fallBehind(target.scrollHeight - target.scrollTop - target.clientHeight > 80);
  const { welcomeTitle, welcomeLine, quickReplies } = chat.settings;
  const fresh = !entries.length && !outgoing.length;
  let day = "";
  return html`<div class="log" role="log" aria-label=${t("log")} tabindex="0" ref=${box} onScroll=${scroll}>
      ${fresh &&
      html`<div class="hello">
        <b>${welcomeTitle || t("welcome")}</b>
        <p>${welcomeLine || t("welcomeLine")}</p>
        <div class="choices">
          ${quickReplies?.map((text) => html`<button onClick=${() => chat.say(text)}>${text}</button>`)}
        </div>
      </div>`}
      ${entries.length > shown && html`<button class="link notice" onClick=${() => show(shown + AT_A_TIME)}>${t("earlier")}</button>`}
      ${[...entries.slice(-shown), ...outgoing.map((said) => ({ from: "shopper", ...said }))].map((entry, at, all) => {
        const before = day;
        day = t.day(entry.at);
        return html`${day !== before && html`<p class="notice day">${day}</p>`}
          <${Row} key=${entry.id ?? entry.seq} entry=${entry} chat=${chat} t=${t} last=${at === all.length - 1} />`;
      })}
      ${typing && html`<div class="row dots" role="img" aria-label=${t("typing")}><i /><i /><i /></div>`}
    </div>
    ${below && html`<button class="newest" aria-label=${t("newest")} onClick=${end}>↓</button>`}`;
}

/** The product the page is about, sent only when tapped. */
function Product({ chat, t }) {
  const product = chat.product.value;
  if (!product) return;
  const drop = () => (chat.product.value = null);
  const send = () => {
    chat.say(t("askAbout", product.title), { sku: product.sku });
    drop();
  };
  return html`<div class="product">
    <${Picture} of=${product} chat=${chat} />
    <span class="facts"><b>${product.title}</b><span class="price">${product.price}</span></span>
    <button class="main" onClick=${send}>${t("sendProduct")}</button>
    <button class="icon" aria-label=${t("dropProduct")} onClick=${drop}>${icon(CLOSE)}</button>
  </div>`;
}

function Composer({ chat, t }) {
  const field = useRef();
  const text = chat.draft.value;
  const over = [...text].length - LONGEST;
  useLayoutEffect(() => {
    const { style, scrollHeight } = Object.assign(field.current, {});
    style.height = "auto";
    style.height = `${Math.min(field.current.scrollHeight, 120)}px`;
  }, [text]);
  const send = () => {
    if (over > 0 || !text.trim()) return;
    chat.say(text);
    chat.write("");
  };
  const key = (event) => {
    // An Enter that ends a composition chooses a word (229 is what Safari reports for it).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  return html`<form
    class="composer"
    onSubmit=${(event) => {
      event.preventDefault();
      send();
    }}
  >
    ${over > 0 && html`<p class="bad" role="alert">${t("tooLong", LONGEST, over)}</p>`}
    <textarea
      ref=${field}
      rows="1"
      aria-label=${t("write")}
      placeholder=${t("write")}
      enterkeyhint="send"
      value=${text}
      onInput=${(event) => chat.write(event.target.value)}
      onKeyDown=${key}
    />
    <button class="main round" aria-label=${t("send")} disabled=${over > 0 || !text.trim()}>${icon(SEND)}</button>
  </form>`;
}
