/** What the shopper sees, as signals: the entries, what is on its way, who holds the conversation, what is unread. */

import { batch, computed, signal } from "../vendor/preact.js";
import { Pass } from "./pass.js";
import { Line } from "./socket.js";

const TYPING_LASTS = 6000; // ms after the last sign of it
const READ_EVERY = 1000; // ms between read marks
const TYPING_EVERY = 3000; // ms between our own signs

/**
 * @typedef {{seq: number, at: string, from: string, kind: string, text: string, id?: string, agent?: string,
 *   sources?: {kind: string, title: string}[], cards?: object[], choices?: {text: string, say: string}[]}} Entry
 * @typedef {{id: string, text: string, at: string, state: "sending" | "sent" | "overdue" | "failed", why?: string}} Outgoing
 */

export class Chat {
  /** @param {object} settings window.ShopChatSettings, with `base` filled in */
  constructor(settings) {
    this.settings = settings;
    this.listeners = new Map();
    this.ready = false;

    this.open = signal(false);
    this.looking = signal(true); // the page is in front
    this.locale = signal("zh-CN");
    this.theme = signal("auto");
    this.product = signal(null);
    this.draft = signal("");

    /** @type {import("../vendor/preact.js").Signal<Entry[]>} */
    this.entries = signal([]);
    /** @type {import("../vendor/preact.js").Signal<Outgoing[]>} said here, not yet come back as an entry */
    this.outgoing = signal([]);
    this.status = signal("idle");
    this.code = signal(undefined); // why the line rests
    this.holding = signal({ holder: "bot" });
    this.waiting = signal(false); // a person was asked for and nobody has answered yet
    this.typing = signal("");
    this.trouble = signal(""); // the code of what was just refused
    this.read = signal(0); // how far the other side has read
    this.seen = signal(0); // how far the shopper has
    this.rated = signal(0);
    this.privacy = signal(false); // the privacy line is still to be shown

    this.unread = computed(() => {
      const seen = this.seen.value;
      return this.entries.value.filter((entry) => entry.seq > seen && entry.from !== "shopper").length;
    });
    this.#begin(settings.identity ?? null);
  }

  #begin(identity) {
    const { base } = this.settings;
    const storage = store("localStorage");
    this.line?.stop();
    this.pass = new Pass(base, identity, storage, (code) => this.emit("error", { code }));
    this.line = new Line({ base, pass: this.pass, tell: (news) => batch(() => this.#hear(news)) });
    this.arrived = [];
    batch(() => {
      this.entries.value = this.outgoing.value = [];
      this.holding.value = { holder: "bot" };
      this.status.value = "idle";
      this.waiting.value = false;
      this.typing.value = "";
      this.read.value = 0;
      this.draft.value = store("sessionStorage").getItem(this.pass.key) ?? "";
      this.privacy.value = !storage.getItem(`${this.pass.prefix}privacy`);
      this.#recall();
    });
    // A shopper who never wrote costs nothing: without a conversation the line opens with the panel.
    if (this.pass.kept.token || this.open.value) this.line.start();
  }

  /** What this device remembers of the conversation; another tab may have seen further. */
  #recall() {
    const { seen = 0, rated = 0 } = this.pass.kept;
    this.seen.value = Math.max(this.seen.value, seen);
    this.rated.value = rated;
  }

  /** The shopper is now this identity (a JWT), or nobody in particular (null). */
  identify(identity) {
    if (identity === this.pass.identity) return;
    if (this.pass.identity) this.pass.forget();
    this.seen.value = 0;
    this.#begin(identity);
  }

  /** Forget the conversation on this device: the shopper signed out. */
  reset() {
    store("sessionStorage").removeItem(this.pass.key);
    this.pass.forget();
    this.seen.value = 0;
    this.product.value = null;
    this.#begin(null);
  }

  /** Say `text`; `about` may name a `sku` or an `order`. */
  say(text, about) {
    const clean = (text.toWellFormed?.() ?? text).replaceAll("\0", "").trim();
    if (!clean) return;
    const id = this.line.say(clean, about);
    this.outgoing.value = [...this.outgoing.value, { id, text: clean, at: new Date().toISOString(), state: "sending" }];
  }

  retry(id) {
    this.#mark(id, { state: "sending" });
    this.line.retry(id);
  }

  askForPerson() {
    this.waiting.value = true;
    this.line.owe({ t: "human" });
  }

  stopWaiting() {
    this.waiting.value = false;
    this.line.owe({ t: "cancel_wait" });
  }

  rate(seq, rating) {
    this.line.owe({ t: "rate", ...rating });
    this.rated.value = seq;
    this.pass.keep({ rated: seq });
  }

  /** The words being written: kept for this tab, and a person at the other end learns that something is coming. */
  write(text) {
    this.draft.value = text;
    store("sessionStorage").setItem(this.pass.key, text);
    if (!text || this.holding.value.holder !== "agent" || Date.now() - (this.wrote ?? 0) < TYPING_EVERY) return;
    this.wrote = Date.now();
    this.line.send({ t: "typing" });
  }

  acceptPrivacy() {
    this.privacy.value = false;
    store("localStorage").setItem(`${this.pass.prefix}privacy`, "1");
  }

  /** Everything shown has been seen; told to the gateway at most once a second. */
  look() {
    const last = this.entries.value.at(-1)?.seq ?? 0;
    if (last <= this.seen.value) return;
    this.seen.value = last;
    this.pass.keep({ seen: last });
    this.reading ??= setTimeout(() => {
      this.reading = undefined;
      this.line.send({ t: "read", seq: this.seen.value });
    }, READ_EVERY);
  }

  on(name, listener) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    if (name === "ready" && this.ready) listener();
  }

  emit(name, detail) {
    for (const listener of this.listeners.get(name) ?? []) listener(detail);
  }

  #mark(id, change) {
    this.outgoing.value = this.outgoing.value.map((said) => (said.id === id ? { ...said, ...change } : said));
  }

  /** @param {import("./socket.js").News} news */
  #hear(news) {
    switch (news.t) {
      case "status":
        this.status.value = news.status;
        this.code.value = news.code;
        return;
      case "welcome":
      case "state":
        this.holding.value = { ...news, agent: news.agent ?? (news.holder === "agent" ? this.holding.value.agent : "") };
        if (news.t === "state" && !this.line.owed.has("human")) this.waiting.value = false;
        return;
      case "entry":
        return this.#arrive(news);
      case "sent":
        return this.#mark(news.id, { state: "sent" });
      case "overdue":
        return this.#mark(news.id, { state: "overdue" });
      case "failed":
        return this.#mark(news.id, { state: "failed", why: news.code });
      case "refused":
        this.trouble.value = news.code;
        clearTimeout(this.calm);
        this.calm = setTimeout(() => (this.trouble.value = ""), TYPING_LASTS);
        return;
      case "typing":
        this.typing.value = news.from;
        clearTimeout(this.pause);
        this.pause = setTimeout(() => (this.typing.value = ""), TYPING_LASTS);
        return;
      case "read":
        this.read.value = Math.max(this.read.value, news.seq);
        return;
      case "reset":
        this.arrived = [];
        this.entries.value = [];
        this.seen.value = 0;
    }
  }

  /** Entries of one moment (a whole history, after a reload) are drawn once. */
  #arrive(entry) {
    if (!this.arrived.length) queueMicrotask(() => batch(() => this.#draw()));
    this.arrived.push(entry);
  }

  #draw() {
    const news = this.arrived;
    this.arrived = [];
    const recalled = new Set(news.map((entry) => entry.recalls));
    const said = new Set(news.map((entry) => entry.id));
    this.entries.value = [...this.entries.value, ...news].filter((entry) => !recalled.has(entry.seq));
    this.outgoing.value = this.outgoing.value.filter((waiting) => !said.has(waiting.id));
    if (news.some((entry) => entry.from === this.typing.value)) this.typing.value = "";
    const { agent } = this.holding.value;
    for (const entry of news) {
      if (entry.from === "agent") entry.agent ??= agent;
      if (entry.from !== "shopper" && entry.seq > this.seen.value) this.emit("message", entry);
    }
  }
}

/** Storage that may be forbidden (a private window, a WeChat page): then it lasts as long as the page. */
function store(name) {
  try {
    return window[name];
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
}
