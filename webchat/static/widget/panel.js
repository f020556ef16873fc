/** The launcher and the panel: head, conversation, composer; then what a conversation is made of. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";

const LONGEST = 2000; // characters, as the gateway counts them
const RATE_WITHIN = 864e5; // ms
const AT_A_TIME = 100; // entries drawn; older ones when asked for

/** Ordinary links and the shop's own; anything else (javascript:) is none. */
const safe = (url) => (/^(https?:|[/#?.])/i.test(url) ? url : undefined);

const icon = (path) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
const CHAT = icon("M4 5h16v11H10l-5 4v-4H4zM8 9.5h8M8 12.5h5");
const CLOSE = icon("M6 6l12 12M18 6L6 18");
const SEND = icon("M12 19V5M6 11l6-6 6 6");

export function App({ chat, page }) {
  const t = chat.words.value;
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
    html`<p class="banner">
      <span>
        ${t("privacy")}
        ${chat.settings.privacyUrl && html`<a href=${chat.settings.privacyUrl} target="_blank">${t("privacyMore")}</a>`}
      </span>
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
  const writing = chat.writing.value;
  const end = () => box.current.scrollTo(0, 1e9);
  useLayoutEffect(() => {
    if (!below || all.at(-1)?.state) end();
  }, [all.length, typing, writing]);
  useEffect(() => {
    if (chat.looking.value) chat.look();
  });
  const scroll = ({ target }) => fallBehind(target.scrollHeight - target.scrollTop - target.clientHeight > 80);
  // A tapped button may be gone in a moment; the focus stays in the panel.
  const tap = ({ target }) => target.closest("button") && box.current.focus();
  const { welcomeTitle, welcomeLine, quickReplies } = chat.settings;
  // The last question may be answered by a tap, until the shopper says something.
  const open = all.findLast(({ choices, from }) => choices?.[0] || from === "shopper");
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
        const above = day !== before && (before = day);
        const key = entry.id ?? entry.seq;
        return html`<${Row} key=${key} entry=${entry} chat=${chat} t=${t} open=${entry === open} day=${above} />`;
      })}
      ${/* Read aloud once, when it is whole. */ ""}
      ${writing && html`<div class="row bot" aria-hidden="true"><div class="say">${writing}</div></div>`}
      ${typing && !writing && html`<div class="row dots" role="img" aria-label=${t("typing")}><i /><i /><i /></div>`}
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
  // An Enter that ends a composition (229 in some browsers) chooses a word.
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

/** The picture of a card, or the first sign of its title. */
function Picture({ of, chat }) {
  const url = of.image || chat.settings.picture?.(of);
  return safe(url) || /^data:image/.test(url)
    ? html`<img class="pic" src=${url} alt="" />`
    : html`<span class="pic" aria-hidden="true">${of.title?.[0]}</span>`;
}

function Card({ card, chat, t }) {
  const { title, price, status, order, items, at, note, url } = card;
  return html`<a class="card" href=${safe(url)}>
    <${Picture} of=${card} chat=${chat} />
    <span class="facts">
      <b>${title}</b>
      ${order && html`<small>${t("number", order)}</small>`}
      <small>${[items && t("items", items), at && t.day(at), note].filter(Boolean).join(" · ")}</small>
      <span class="line"><span class="price">${price}</span> <small class="status">${status}</small></span>
    </span>
  </a>`;
}

const Option = ({ name, value, label, sign }) => html`<label>
  <input type="radio" name=${name} value=${value} aria-label=${label} />
  <span aria-hidden="true">${sign ?? label}</span>
</label>`;

function Rating({ entry, chat, t }) {
  const [given, give] = useState({});
  if (chat.rated.value >= entry.seq) return html`<p class="notice">${t("thanks")}</p>`;
  if (Date.now() - Date.parse(entry.at) > RATE_WITHIN) return;
  const submit = (event) => {
    event.preventDefault();
    chat.rate(entry.seq, given);
  };
  const change = ({ target: { name, value } }) => give({ ...given, [name]: name === "stars" ? +value : value });
  return html`<form class="csat" onSubmit=${submit} onChange=${change}>
    <b>${entry.text || t("csat")}</b>
    <fieldset class="stars">
      <legend class="sr">${t("stars")}</legend>
      ${[1, 2, 3, 4, 5].map(
        (n) => html`<${Option} name="stars" value=${n} label=${t("star", n)} sign=${n <= given.stars ? "★" : "☆"} />`,
      )}
    </fieldset>
    <fieldset>
      <legend>${t("solved")}</legend>
      ${["yes", "partly", "no"].map((way) => html`<${Option} name="solved" value=${way} label=${t(way)} />`)}
    </fieldset>
    <input name="text" aria-label=${t("comment")} placeholder=${t("comment")} maxlength="500" />
    <button class="main" disabled=${!given.stars && !given.solved}>${t("submit")}</button>
  </form>`;
}

/** Where a message of the shopper's own stands. */
function State({ entry, chat, t }) {
  const { state, why, seq } = entry;
  if (state === "failed" || state === "overdue") {
    return html`<span class="bad">${t("failed")}${why && ` · ${t(why)}`}</span>
      <button class="link" onClick=${() => chat.retry(entry)}>${t("retry")}</button>`;
  }
  return t(state ?? (chat.read.value >= seq ? "read" : "sent"));
}

/** One entry. The choices of an `open` one may be tapped; `day` stands above the first of a day. */
function Row({ entry, chat, t, open, day }) {
  const { from, kind, text, cards, sources, choices, at } = entry;
  const above = day && html`<p class="notice">${day}</p>`;
  if (kind === "csat") return [above, html`<${Rating} entry=${entry} chat=${chat} t=${t} />`];
  if (from === "system") return [above, html`<p class="notice">${text}</p>`];
  const who = { bot: t("ai"), agent: entry.agent || t("person") }[from];
  return [
    above,
    html`<div class="row ${from}">
      ${!who && html`<span class="sr">${t("you")}</span>`} ${text && html`<div class="say">${text}</div>`}
      ${cards?.map((card) => html`<${Card} card=${card} chat=${chat} t=${t} />`)}
      ${sources?.[0] &&
      html`<details class="sources">
        <summary>${t("sources")} ${sources.length}</summary>
        <ul>
          ${sources.map(({ kind, id, title }) => html`<li><small>${t(kind)}</small> ${title || id}</li>`)}
        </ul>
      </details>`}
      <small class="meta">${who ?? html`<${State} entry=${entry} chat=${chat} t=${t} />`} <time>${t.time(at)}</time></small>
      ${open &&
      choices?.[0] &&
      html`<div class="choices">
        ${choices.map(
          ({ text, say, order, sku }) => html`<button onClick=${() => chat.say(say || text, { order, sku })}>${text}</button>`,
        )}
      </div>`}
    </div>`,
  ];
}
