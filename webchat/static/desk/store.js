/** The desk's state: sessions, offers, colleagues, and which session is looked at. Frames come in, signals change. */

import { batch, computed, signal } from "../vendor/preact.js";
import { api, leads } from "../staff/account.js";
import { toast } from "../staff/layers.js";
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
    this.line = new Line((frame) => batch(() => this.#hear(frame)));
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
    this.#put({ ...row, read: Math.max(seq, row.last?.seq ?? 0) });
  }

  /** Ask the gateway for something about a session; a refusal is shown and returned as null. */
  async act(frame, done) {
    try {
      const answer = await this.line.ask(frame);
      if (answer.row) this.#put(answer.row);
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
    this.#withdraw(session);
    if (took) this.go(session);
  }

  decline(session) {
    this.act({ t: "decline", session });
    this.#withdraw(session);
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

  #put(row) {
    const { session, t, ref, asked, ...rest } = row; // a row is whole: what it leaves out is nothing now
    const whole = { session, ...rest, unread: this.#unread(row) };
    if (row.state === "closed") {
      this.#drop(session);
      this.ended.value = new Map(this.ended.value).set(session, whole);
    } else this.rows.value = new Map(this.rows.value).set(session, whole);
    const talk = this.talks.get(session);
    if (talk) talk.row.value = this.rowOf(session);
  }

  /** How many of the shopper's messages are new: counted as they come, at least one where the last is. */
  #unread({ session, last, read }) {
    const before = this.rowOf(session);
    if (last?.from !== "shopper" || last.seq <= (read ?? 0)) return 0;
    return before?.last && before.last.seq !== last.seq ? before.unread + 1 : before?.unread || 1;
  }

  #drop(session) {
    if (!this.rows.value.has(session)) return;
    const rest = new Map(this.rows.value);
    rest.delete(session);
    this.rows.value = rest;
  }

  #withdraw(session) {
    this.offers.value = this.offers.value.filter((offer) => offer.session !== session);
  }

  #hear(frame) {
    const { t, session } = frame;
    const talk = session && this.talks.get(session);
    const heard = {
      status: () => {
        this.status.value = frame.status;
        this.why.value = frame.why ?? "";
      },
      welcome: () => {
        this.skew = Date.parse(frame.now) - Date.now() || 0;
        this.mine.value = frame.me;
        this.groups.value = frame.groups ?? [];
        this.agents.value = new Map(frame.agents.map((agent) => [agent.login, agent]));
        this.offers.value = [];
        if (this.current.value) this.talkOf(this.current.value).open(this.unseen(this.current.value));
      },
      presence: () => {
        this.agents.value = new Map([...this.agents.value, ...frame.agents.map((agent) => [agent.login, agent])]);
        const own = frame.agents.find(({ login }) => login === this.login);
        if (own) this.mine.value = { ...this.mine.value, ...own };
      },
      sessions: () => {
        const open = frame.sessions.filter(({ state }) => state !== "closed");
        this.rows.value = new Map(open.map((row) => [row.session, { ...row, unread: this.#unread(row) }]));
        for (const { session: id, last } of frame.sessions) this.heard.set(id, last?.seq);
        this.ready.value = true;
      },
      state: () => session && this.#put(frame),
      gone: () => {
        if (talk) talk.row.value = { ...this.row(session), state: frame.state, owner: frame.owner };
        this.#drop(session);
        this.#withdraw(session);
      },
      offer: () => {
        if (frame.row) this.#put(frame.row);
        this.#withdraw(session);
        this.offers.value = [...this.offers.value, frame];
      },
      offer_gone: () => {
        const was = this.offers.value.some((offer) => offer.session === session);
        this.#withdraw(session);
        const words = { expired: "邀请过时了，会话已派给别人", taken: `已由${frame.by?.name ?? "别人"}接入`, cancelled: "顾客不再等人工了" };
        if (was && words[frame.why]) toast(words[frame.why]);
      },
      opened: () => talk?.opened(frame),
      caught_up: () => talk?.caughtUp(),
      entry: () => {
        const { asked, ...entry } = frame;
        talk?.entry(entry, this.unseen(session));
      },
      entries: () => talk?.before(frame),
      customer: () => talk && (talk.customer.value = frame.customer ?? null),
      summary: () => talk && (talk.summary.value = frame),
      suggestions: () => talk && (talk.suggestions.value = frame.items),
      viewing: () =>
        talk && (talk.others.value = frame.viewers.map((agent) => ({ ...agent, typing: !!frame.typing?.includes(agent.login) }))),
      typing: () => frame.from === "shopper" && talk?.shopperTypes(),
      read: () => talk && (talk.seen.value = Math.max(talk.seen.value, frame.seq)),
      ack: () => this.#written(frame.id)?.acked(frame.id),
      error: () => this.#refused(frame, talk),
    };
    heard[t]?.();
    this.told(frame);
    if (session && session === this.current.value && ["entry", "state", "caught_up"].includes(t)) this.see();
  }

  #written = (id) => [...this.talks.values()].find(({ outgoing }) => outgoing.value.some((item) => item.id === id));

  #refused(frame, talk) {
    const { id, re, code, message, asked, owner } = frame;
    if (id) {
      const why = code === "not_owner" && owner ? `现在由${owner.name}接待，这条没有发出` : message;
      this.#written(id)?.failed(id, why);
    } else if (["open", "listen"].includes(re) && talk) {
      talk.loading.value = false;
      talk.fault.value = message;
    } else if (!asked && code !== "bad_frame") toast(message, { bad: true });
  }
}

