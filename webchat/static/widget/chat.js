/** What the shopper sees, as signals. */

import { batch, computed, signal } from "../vendor/preact.js";
import { Pass, storage } from "./pass.js";
import { Line } from "./socket.js";
import zh from "./zh-CN.js";

const LASTS = 6000; // ms that a sign of typing, or a refusal, is shown
const READ_EVERY = 1000; // ms between read marks
const TYPING_EVERY = 3000; // ms between our own signs of typing

export class Chat {
  words = signal(speak("zh-CN", zh));
  open = signal(false);
  looking = signal(!document.hidden);
  theme = signal("auto");
  product = signal(null);
  draft = signal("");
  entries = signal([]);
  outgoing = signal([]); // said here, not yet back as an entry: {id, at, from, text, frame, state, why}
  status = signal("idle"); // connecting, online, offline, stopped
  code = signal(0); // why it stopped
  holding = signal({}); // the last state frame
  asking = signal(false); // a person was asked for, nobody has answered yet
  typing = signal(""); // who
  writing = signal(""); // what of an answer is there already
  trouble = signal(""); // the code of what was just refused
  read = signal(0); // how far the other side has read
  seen = signal(0); // how far the shopper has
  rated = signal(0); // the last rating given, by the entry that asked
  private = signal(true); // the privacy line was accepted
  unread = computed(() => {
    const seen = this.open.value && this.looking.value ? Infinity : this.seen.value;
    return this.entries.value.filter(({ seq, from }) => seq > seen && from !== "shopper").length;
  });
  listeners = {};

  constructor(settings) {
    this.settings = settings;
    this.identify(settings.identity ?? null);
  }

  /** The shopper is now this identity (a JWT), or nobody in particular (null). */
  identify(identity) {
    const { base } = this.settings;
    if (identity === this.pass?.identity) return;
    if (this.pass?.identity) this.pass.forget(); // signed out: nothing stays on a shared device
    this.line?.stop();
    this.pass = new Pass(base, identity, (code) => {
      this.#clear();
      this.emit("error", { code });
    });
    this.line = new Line({ base, pass: this.pass, tell: (news) => batch(() => this.#hear(news)) });
    this.#clear();
    this.draft.value = storage("sessionStorage").getItem(this.pass.key) ?? "";
    this.private.value = !!storage("localStorage").getItem(`${this.pass.prefix}privacy`);
    this.status.value = "idle";
    // Who never wrote costs nothing: the line waits for the panel.
    if (this.pass.kept.token || this.open.value) this.line.start();
  }

  /** English is fetched when it is wanted; any other locale is Chinese. */
  async setLocale(locale) {
    const english = locale?.startsWith("en");
    this.words.value = english ? speak(locale, (await import("./en.js")).default) : speak("zh-CN", zh);
  }

  /** Forget the conversation on this device. */
  reset() {
    this.write("");
    this.pass.forget();
    this.pass.identity = undefined;
    this.identify(null);
  }

  #clear() {
    this.arrived = [];
    this.entries.value = this.outgoing.value = [];
    this.holding.value = {};
    this.asking.value = false;
    this.typing.value = this.writing.value = "";
    this.read.value = this.seen.value = 0;
    this.recall();
  }

  /** What this device remembers, other tabs included. */
  recall() {
    const { seen = 0, rated = 0 } = this.pass.kept;
    this.seen.value = Math.max(this.seen.value, seen);
    this.rated.value = rated;
  }

  /** Say `text`; `about` may name a `sku` or an `order`. */
  say(text, about) {
    const clean = (text.toWellFormed?.() ?? text).replaceAll("\0", "").trim();
    if (!clean) return;
    const frame = { t: "say", id: newId(), text: clean, ...about };
    const entry = { id: frame.id, at: new Date().toISOString(), from: "shopper", text: clean, state: "sending", frame };
    this.outgoing.value = [...this.outgoing.value, entry];
    this.line.say(frame);
  }

  retry({ id, frame }) {
    this.#mark(id, "sending");
    this.line.say(frame);
  }

  askForPerson() {
    this.asking.value = true;
    this.line.owe({ t: "human" });
  }

  stopWaiting() {
    this.asking.value = false;
    this.line.owe({ t: "cancel_wait" });
  }

  /** Answer entry `seq` with {stars, solved, text}. */
  rate(seq, rating) {
    this.line.owe({ t: "rate", ...rating });
    this.rated.value = seq;
    this.pass.keep({ rated: seq });
  }

  /** What is being written is kept for this tab; a person at the other end learns that something comes. */
  write(text) {
    this.draft.value = text;
    storage("sessionStorage").setItem(this.pass.key, text);
    if (!text || this.holding.value.holder !== "agent" || Date.now() - (this.wrote ?? 0) < TYPING_EVERY) return;
    this.wrote = Date.now();
    this.line.send({ t: "typing" });
  }

  acceptPrivacy() {
    this.private.value = true;
    storage("localStorage").setItem(`${this.pass.prefix}privacy`, "1");
  }

  /** Everything shown has been seen. */
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
    (this.listeners[name] ??= []).push(listener);
  }

  /** What goes wrong in the page's own code stops nothing here. */
  emit(name, detail) {
    this.listeners[name]?.forEach((listener) => {
      try {
        listener(detail);
      } catch (error) {
        reportError(error);
      }
    });
  }

  #mark(id, state, why) {
    this.outgoing.value = this.outgoing.value.map((entry) => (entry.id === id ? { ...entry, state, why } : entry));
  }

  /** Show a value for a while. */
  #briefly(shown, value) {
    shown.value = value;
    clearTimeout(shown.timer);
    shown.timer = setTimeout(() => (shown.value = ""), LASTS);
  }

  #hear(news) {
    const { t, id, code } = news;
    if (t === "status") [this.status.value, this.code.value] = [news.status, code];
    else if (t === "entry") this.#arrive(news);
    else if (t === "sent" || t === "overdue" || t === "failed") this.#mark(id, t, code);
    else if (t === "refused") this.#briefly(this.trouble, code);
    else if (t === "typing") this.#briefly(this.typing, news.from);
    else if (t === "partial") this.#briefly(this.writing, news.text);
    else if (t === "read") this.read.value = Math.max(this.read.value, news.seq);
    else if (t === "welcome" || t === "state") {
      this.holding.value = news;
      if (t === "state") this.asking.value = this.line.owed.has("human");
    } else if (t === "reset") {
      this.pass.keep({ seen: 0, rated: 0 });
      const { value } = this.outgoing;
      this.#clear();
      this.outgoing.value = value;
    }
  }

  /** Entries of one moment (a whole history, after a reload) are drawn once. */
  #arrive(entry) {
    this.arrived.push(entry);
    if (this.arrived.length === 1) queueMicrotask(() => batch(() => this.#show(this.arrived.splice(0))));
  }

  #show(news) {
    const gone = new Set(news.map(({ recalls }) => recalls));
    const said = new Set(news.map(({ id }) => id));
    this.entries.value = [...this.entries.value, ...news].filter(({ seq }) => !gone.has(seq));
    this.outgoing.value = this.outgoing.value.filter(({ id }) => !said.has(id));
    for (const entry of news) {
      if (entry.from === this.typing.value) this.typing.value = "";
      if (entry.from !== "shopper") this.writing.value = "";
      if (entry.from === "agent") entry.agent ??= this.holding.value.agent;
      if (entry.from !== "shopper" && entry.seq > this.seen.value) this.emit("message", entry);
    }
  }
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** `t(key, …values)`, with `t.time(at)` and `t.day(at)`; a code without words is shown as it is. */
function speak(locale, table) {
  const form = (options) => {
    const { format } = new Intl.DateTimeFormat(locale, options);
    return (at) => (isNaN(Date.parse(at)) ? at : format(new Date(at)));
  };
  return Object.assign((key, ...values) => `${table[key] ?? key}`.replace(/\{(\d)}/g, (_, n) => values[n]), {
    locale,
    time: form({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: form({ month: "long", day: "numeric", weekday: "short" }),
  });
}
