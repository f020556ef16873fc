/** One session as it is read and written at this desk: its entries, drafts, suggestions, who else looks at it. */

import { signal } from "../vendor/preact.js";
import { newId } from "./line.js";

const TYPING_LASTS = 6000; // ms
const TYPING_EVERY = 3000; // ms
const storage = (() => {
  try {
    return sessionStorage;
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
})();

export class Talk {
  row = signal(null); // the last row known, also after it left the list
  entries = signal([]);
  outgoing = signal([]); // {id, kind: say|note|whisper, text, order, sku, title, state: sending|late|failed, why}
  loading = signal(true);
  fault = signal(""); // why it cannot be opened
  more = signal(false); // there are older entries
  packet = signal(null);
  summary = signal(null); // what the wrap-up is prefilled with
  suggestions = signal([]);
  customer = signal(undefined); // undefined: not told yet; null: unknown
  promises = signal([]);
  others = signal([]); // who else looks: [{login, name, typing}]
  typing = signal(false); // the shopper is
  seen = signal(0); // how far the shopper has read
  attached = signal(null); // a card that goes with the next message: {order|sku, title}
  used = null; // the suggestion in the draft: {id, text}
  seq = 0;
  arriving = []; // entries told before the first have all come: drawn at once, not one by one

  constructor(session, login, line) {
    Object.assign(this, { session, line, key: `zhanggui:draft:${login}:${session}` });
    const [mode, text] = JSON.parse(storage.getItem(this.key) ?? '["say",""]');
    this.mode = signal(mode);
    this.draft = signal(text);
  }

  /** Look at it: what is missing comes, then what is new. A lead looks on unseen. */
  open(unseen) {
    this.loading.value = !this.seq;
    this.fault.value = "";
    this.looking = true;
    this.line.send({ t: unseen ? "listen" : "open", session: this.session, ...(this.seq && { since: this.seq }) });
  }

  leave() {
    this.looking = false;
    this.others.value = [];
    this.line.send({ t: "leave", session: this.session });
  }

  older() {
    const first = this.entries.value[0]?.seq;
    if (first) this.line.send({ t: "older", session: this.session, before: first });
  }

  opened({ row, packet, summary, first }) {
    if (row) this.row.value = row;
    this.packet.value = packet ?? null;
    this.summary.value = summary ?? null;
    if (!this.seq) this.more.value = first > 1;
  }

  /** One entry, told once and in order; a hole is asked for again. Notes stand between, with numbers of their own. */
  entry(entry, unseen) {
    const { seq, prev, id, note } = entry;
    if (note) return this.#note(entry);
    if (seq <= this.seq) return;
    if (this.seq && prev > this.seq) return this.open(unseen);
    this.seq = seq;
    if (this.loading.value) this.arriving.push(entry);
    else this.entries.value = [...this.entries.value, entry];
    if (entry.from === "shopper") this.typing.value = false;
    if (id) this.#settle(id);
  }

  #note(entry) {
    const all = this.loading.value ? this.arriving : this.entries.value;
    if (this.entries.value.some(({ note }) => note === entry.note)) return;
    const at = all.findLastIndex(({ seq, note }) => seq < entry.seq || (seq === entry.seq && (note ?? 0) < entry.note)) + 1;
    if (this.loading.value) all.splice(at, 0, entry);
    else this.entries.value = all.toSpliced(at, 0, entry);
    if (entry.id) this.#settle(entry.id);
  }

  caughtUp() {
    if (this.arriving.length) this.entries.value = [...this.entries.value, ...this.arriving];
    this.arriving = [];
    this.loading.value = false;
  }

  before({ entries, more }) {
    const first = this.entries.value[0]?.seq ?? Infinity;
    const known = new Set(this.entries.value.map(({ note }) => note));
    this.entries.value = [...entries.filter(({ seq, note }) => (note ? !known.has(note) : seq < first)), ...this.entries.value];
    this.more.value = !!more;
  }

  shopperTypes() {
    this.typing.value = true;
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => (this.typing.value = false), TYPING_LASTS);
  }

  /** What the agent has in the field; kept until the tab is closed. */
  write(text, mode = this.mode.value) {
    this.draft.value = text;
    this.mode.value = mode;
    if (!text) this.used = null;
    try {
      if (text) storage.setItem(this.key, JSON.stringify([mode, text]));
      else storage.removeItem(this.key);
    } catch {
      // full: it lasts as long as the page
    }
    if (text && mode === "say" && Date.now() - (this.typed ?? 0) > TYPING_EVERY && this.line.send({ t: "typing", session: this.session })) {
      this.typed = Date.now();
    }
  }

  /** Put a suggestion or a canned reply into the field; it is sent by nobody but the agent. */
  insert(text, suggestion) {
    const before = this.draft.value.trim() ? `${this.draft.value.trimEnd()}\n` : "";
    this.write(before + text, "say");
    if (suggestion) this.used = { id: suggestion, text };
  }

  /** Send what is in the field, as a word to the shopper, a note or a whisper. */
  send(kind) {
    const text = this.draft.value.trim();
    const { title, ...card } = kind === "say" ? (this.attached.value ?? {}) : {};
    const body = text || (title && `请看：${title}`);
    if (!body) return;
    this.#judge(kind, text);
    const mentions = kind === "note" ? this.mentioned?.(text) : undefined;
    this.#dispatch({ id: newId(), kind, text: body, mentions, ...card });
    this.attached.value = null;
    this.write("", kind);
  }

  again(item) {
    this.outgoing.value = this.outgoing.value.filter(({ id }) => id !== item.id);
    this.#dispatch(item);
  }

  drop(item) {
    this.outgoing.value = this.outgoing.value.filter(({ id }) => id !== item.id);
  }

  failed(id, why) {
    this.#change(id, { state: "failed", why });
  }

  acked(id) {
    if (this.entries.value.some((entry) => entry.id === id)) this.#settle(id);
    else this.#change(id, { state: "sent" });
  }

  #dispatch({ id, kind, text, mentions, order, sku }) {
    this.outgoing.value = [...this.outgoing.value, { id, kind, text, mentions, order, sku, at: new Date().toISOString(), state: "sending" }];
    const card = { ...(order && { order }), ...(sku && { sku }), ...(mentions && { mentions }) };
    this.line.write({ t: kind, session: this.session, id, text, ...card });
    setTimeout(() => this.outgoing.value.find((item) => item.id === id)?.state === "sending" && this.#change(id, { state: "late" }), 8000);
  }

  #settle(id) {
    if (this.outgoing.value.some((item) => item.id === id)) this.outgoing.value = this.outgoing.value.filter((item) => item.id !== id);
  }

  #change(id, what) {
    this.outgoing.value = this.outgoing.value.map((item) => (item.id === id ? { ...item, ...what } : item));
  }

  /** Tell what became of the suggestions: taken as they were, taken and changed, or not taken. */
  #judge(kind, text) {
    if (kind !== "say") return;
    for (const { id } of this.suggestions.value) {
      if (String(id).startsWith("~")) continue; // of somebody else's session: nobody keeps it
      const used = this.used?.id === id;
      const outcome = used ? (text.includes(this.used.text.trim()) && text.length === this.used.text.trim().length ? "accepted" : "edited") : "ignored";
      this.line.send({ t: "suggested", session: this.session, suggestion: id, outcome, ...(used && { text }) });
    }
    this.used = null;
    this.suggestions.value = [];
  }
}
