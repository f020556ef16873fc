/** The desk's state: sessions, offers, colleagues, which session is looked at, and what an agent can do about them. */

import { batch, computed, signal } from "../vendor/preact.js";
import { api, leads } from "../staff/account.js";
import { toast } from "../staff/layers.js";
import { hear } from "./hearing.js";
import { Line } from "./line.js";
import { sorted, tabsOf } from "./order.js";
import { Talk } from "./talk.js";

const KEPT = 120; // talks that stay in memory

export class Desk {
  status = signal("connecting"); // connecting, online, offline, stopped
  why = signal("");
  ready = signal(false); // the list has come
  mine = signal(null); // welcome.me, its status among it
  agents = signal(new Map());
  groups = signal([]);
  rows = signal(new Map());
  ended = signal(new Map()); // closed sessions, as far as asked for
  endedMore = signal(undefined); // the cursor of the next ones; undefined: never asked
  offers = signal([]);
  tab = signal("mine");
  current = signal(null); // the session looked at
  clock = signal(Date.now()); // the gateway's time, each second
  panel = signal(null); // the dialog that is open: {name, …}
  aside = signal(true);
  talks = new Map();
  skew = 0;
  told = () => {}; // notifications listen here
  heard = new Map(); // session → the last message told of
  shown = signal(null); // a customer looked at without a session of theirs
  tickets = signal(0); // rises when tickets may have changed

  order = computed(() => sorted([...this.rows.value.values(), ...this.ended.value.values()], this.login));
  talk = computed(() => (this.current.value ? this.talkOf(this.current.value) : null));
  unread = computed(() => this.order.value.mine.reduce((sum, id) => sum + this.unreadOf(this.rowOf(id)), 0));

  constructor(login) {
    this.login = login;
    this.line = new Line((frame) => batch(() => hear(this, frame)));
  }

  start() {
    this.line.start();
    this.ticking = setInterval(() => (this.clock.value = this.now()), 1000);
  }

  stop() {
    this.line.stop();
    clearInterval(this.ticking);
  }

  now = () => Date.now() + this.skew;
  rowOf = (session) => this.rows.value.get(session) ?? this.ended.value.get(session);
  nameOf = (login) => this.agents.value.get(login)?.name ?? login;
  /** The row as it is, or as it was when it left our sight. */
  row = (session) => this.rowOf(session) ?? this.talks.get(session)?.row.value ?? null;
  owns = (row) => row?.owner?.login === this.login && ["active", "on_hold", "wrap_up"].includes(row.state);
  unreadOf = (row) => (!row || (row.session === this.current.value && this.looking()) ? 0 : (row.unread ?? 0));
  /** Into the field, once it is drawn. */
  focus = () => requestAnimationFrame(() => setTimeout(() => document.querySelector(".composer textarea")?.focus()));
  looking = () => !document.hidden && document.hasFocus();

  talkOf(session) {
    let talk = this.talks.get(session);
    if (!talk) {
      this.talks.set(session, (talk = new Talk(session, this.login, this.line)));
      talk.mentioned = (text) => [...this.agents.value.values()].filter(({ name }) => text.includes(`@${name}`)).map(({ login }) => login);
      for (const old of this.talks.keys()) {
        if (this.talks.size <= KEPT) break;
        if (old !== this.current.value && !this.talks.get(old).draft.value) this.talks.delete(old);
      }
    }
    return talk;
  }

  /** Look at a session; the one before is no longer looked at. */
  open(session) {
    const before = this.current.value;
    if (before === session) return;
    batch(() => {
      if (before) this.talkOf(before).leave();
      this.current.value = session;
      if (!session) return;
      const talk = this.talkOf(session);
      talk.row.value = this.rowOf(session) ?? talk.row.value;
      talk.open(this.unseen(session));
    });
    history.replaceState(null, "", session ? `#session=${encodeURIComponent(session)}` : location.pathname);
    this.see();
  }

  /** A lead looks on at what others serve without being announced. */
  unseen(session) {
    const row = this.row(session);
    return leads() && !!row?.owner && row.owner.login !== this.login;
  }

  /** The next or the previous session of the tab. */
  step(by) {
    const all = this.order.value[this.tab.value];
    const at = all.indexOf(this.current.value);
    if (all.length) this.open(all[at < 0 ? 0 : (at + by + all.length) % all.length]);
  }

  /** What is on the screen is read. */
  see() {
    const session = this.current.value;
    const row = session && this.rowOf(session);
    if (!row || !this.looking() || !row.unread) return;
    const { seq } = this.talkOf(session);
    if (seq) this.line.send({ t: "read", session, seq });
    this.put({ ...row, read: Math.max(seq, row.last?.seq ?? 0) });
  }

  /** Ask the gateway for something about a session; a refusal is shown and returned as null. */
  async act(frame, done) {
    try {
      const answer = await this.line.ask(frame);
      if (answer.row) this.put(answer.row);
      if (done) toast(done);
      return answer;
    } catch (refusal) {
      const taken = refusal.owner && refusal.owner.login !== this.login;
      toast(taken && ["accept", "takeover"].includes(frame.t) ? `已由${refusal.owner.name}接入` : refusal.message, { bad: true });
      return null;
    }
  }

  async accept(session) {
    const took = await this.act({ t: "accept", session });
    this.withdraw(session);
    if (took) this.go(session);
  }

  decline(session) {
    this.act({ t: "decline", session });
    this.withdraw(session);
  }

  /** Take a session; from a colleague who serves it only by `force`, as a lead. */
  async takeover(session, force) {
    if (await this.act({ t: "takeover", session, ...(force && { force }) })) this.go(session);
  }

  /** Look at a session of one's own under its tab. */
  go(session) {
    this.tab.value = tabsOf(this.row(session) ?? {}, this.login)[0] ?? this.tab.value;
    this.open(session);
    this.focus();
  }

  /** Close a session with the summary that was confirmed. */
  async resolve(session, summary, solved) {
    return !!(await this.act({ t: "resolve", session, summary, solved }, "会话已结束"));
  }

  /** Close with the prefilled summary as it stands and go on; where there is none, ask for one. */
  async resolveAndNext() {
    const session = this.current.value;
    if (!session || !this.owns(this.row(session))) return;
    const { category, note, solved } = this.talkOf(session).summary.value ?? {};
    if (!category) return void (this.panel.value = { name: "resolve", session, next: true });
    if (await this.resolve(session, { category, note: note ?? "" }, solved ?? "yes")) this.step(1);
  }

  setStatus(status) {
    return this.act({ t: "status", status }).then((done) => done && (this.mine.value = { ...this.mine.value, status }));
  }

  /** Fetch closed sessions, the newest first; again for older ones. */
  async fetchEnded() {
    const cursor = this.endedMore.value;
    const { sessions, next } = await api(`/api/sessions?state=closed&limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    this.ended.value = new Map([...this.ended.value, ...sessions.map((row) => [row.session, row])]);
    this.endedMore.value = next ?? null;
  }

  /** A row as it is now; one that is closed moves to the closed ones. */
  put(row) {
    const { session, t, ref, asked, ...rest } = row; // a row is whole: what it leaves out is nothing now
    const whole = { session, ...rest, unread: this.countNew(row) };
    if (row.state === "closed") {
      this.drop(session);
      this.ended.value = new Map(this.ended.value).set(session, whole);
    } else this.rows.value = new Map(this.rows.value).set(session, whole);
    const talk = this.talks.get(session);
    if (talk) talk.row.value = this.rowOf(session);
  }

  /** How many of the shopper's messages are new: counted as they come, at least one where the last is. */
  countNew({ session, last, read }) {
    const before = this.rowOf(session);
    if (last?.from !== "shopper" || last.seq <= (read ?? 0)) return 0;
    return before?.last && before.last.seq !== last.seq ? before.unread + 1 : before?.unread || 1;
  }

  /** A row that is no longer in sight. */
  drop(session) {
    if (!this.rows.value.has(session)) return;
    const rest = new Map(this.rows.value);
    rest.delete(session);
    this.rows.value = rest;
  }

  /** An offer that no longer stands. */
  withdraw(session) {
    this.offers.value = this.offers.value.filter((offer) => offer.session !== session);
  }
}
