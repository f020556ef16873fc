/**
 * The line between a shopper and the gateway: one conversation over sockets that come and go.
 *
 * It knows nothing of the page. It resumes from the last entry it told of, tells every entry once and in order, and
 * sends each message under one id until it is acknowledged.
 */

import { Outbox } from "./outbox.js";

const LONGEST_BACKOFF = 30; // seconds, with full jitter from 0.5
const PATIENCE = 10; // seconds for an answer, be it to a connection or to a ping
const OVERDUE = 20; // seconds without acknowledgement after which the shopper is offered a retry
const AT_ONCE = [4008, 4401]; // too slow a reader; token expired
const FOR_GOOD = [1008, 4403, 4409]; // our bug; not yours; too many tabs

/**
 * @typedef {{t: string, [key: string]: any}} News what happened, as the gateway's frame, or one of our own:
 *   `status` {status, code}, `sent` {id, seq}, `overdue` {id}, `failed` {id, code, message}, `refused` {code, message}
 */

export class Line {
  /** @param {{base: string, pass: import("./pass.js").Pass, tell: (news: News) => void}} parts */
  constructor({ base, pass, tell }) {
    this.address = `${base.replace(/^http/, "ws")}ws/shopper`;
    this.pass = pass;
    this.tell = tell;
    this.outbox = new Outbox((frame) => this.send(frame));
    this.since = 0; // the last entry told
    this.log = undefined; // the log's epoch: another one means that our numbers mean nothing any more
    this.heartbeat = 25; // seconds of silence before we ask
    this.tries = 0;
    this.attempt = 0; // the number of the socket in use; what older ones still say is not heard
    this.started = this.online = this.renewed = false;
    /** @type {Map<string, object>} frames without an id that must reach the gateway: the last of each kind */
    this.owed = new Map();
  }

  /** Connect, and stay connected. */
  start() {
    if (this.started) return;
    this.started = true;
    this.#open();
  }

  /** Hang up; nothing more is told. */
  stop() {
    this.started = false;
    this.#drop();
    clearTimeout(this.timer);
  }

  /** The network is back, or the shopper is: do not wait for the next try. */
  hurry() {
    if (!this.started) return;
    if (this.online) this.#ask();
    else if (!this.socket) this.#open();
  }

  /** Say something. Returns the id it goes under. */
  say(text, about = {}) {
    const id = newId();
    this.#promise(id);
    this.outbox.add({ t: "say", id, text, ...about });
    this.start();
    return id;
  }

  /** Try a message again that failed or takes too long. */
  retry(id) {
    this.#promise(id);
    this.outbox.retry(id);
    if (!this.online) this.hurry();
  }

  /** Send a frame that may be lost: typing, read. Returns whether it left. */
  send(frame) {
    if (!this.online) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Send a frame that must arrive though it has no id (human, cancel_wait, rate): now, or as soon as there is a line. */
  owe(frame) {
    if (frame.t === "cancel_wait") this.owed.delete("human");
    // Asking for a person stays owed until a state answers it.
    if (!this.send(frame) || frame.t === "human") this.owed.set(frame.t, frame);
    this.start();
  }

  #promise(id) {
    setTimeout(() => this.outbox.has(id) && this.tell({ t: "overdue", id }), OVERDUE * 1000);
  }

  async #open() {
    this.#drop();
    clearTimeout(this.timer);
    const attempt = this.attempt;
    const current = () => attempt === this.attempt;
    this.tell({ t: "status", status: "connecting" });
    let token;
    try {
      token = await this.pass.token();
    } catch (problem) {
      if (!current()) return;
      if (problem.final) this.#rest(problem.code);
      else this.#openLater(problem.retryAfter);
      return;
    }
    if (!current()) return;
    const socket = new WebSocket(`${this.address}?token=${encodeURIComponent(token)}`, "zhanggui.v1");
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ t: "hello", since: this.since, log: this.log }));
    socket.onmessage = ({ data }) => current() && this.#hear(data);
    socket.onclose = ({ code }) => current() && this.#closed(code);
    this.#within(PATIENCE);
  }

  #drop() {
    this.attempt += 1;
    this.online = false;
    clearTimeout(this.pulse);
    this.socket?.close();
    this.socket = undefined;
  }

  #openLater(seconds) {
    this.#drop();
    const wait = seconds
      ? seconds * (1 + Math.random() / 2)
      : Math.random() * Math.min(LONGEST_BACKOFF, 0.5 * 2 ** this.tries++);
    this.tell({ t: "status", status: "offline" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#open(), wait * 1000);
  }

  #rest(code) {
    this.#drop();
    this.started = false;
    this.tell({ t: "status", status: code === 1000 ? "idle" : "stopped", code });
  }

  #closed(code) {
    const welcomed = this.online;
    if (code === 1000 || FOR_GOOD.includes(code)) return this.#rest(code);
    if (code === 4401) {
      if (this.renewed) return this.#rest(code);
      this.renewed = true;
      this.pass.keep({ token: undefined });
    }
    if (code === 1009) this.#refuse({ id: this.outbox.longest(), code: "too_long" });
    // At once only where that cannot become a loop.
    if (AT_ONCE.includes(code) && (welcomed || code === 4401)) return this.#open();
    this.#openLater(this.pause);
    this.pause = 0;
  }

  /** Expect a frame within `seconds`; browsers do not show protocol pings, so silence is all there is to go by. */
  #within(seconds, otherwise = () => this.#openLater()) {
    clearTimeout(this.pulse);
    this.pulse = setTimeout(otherwise, seconds * 1000);
  }

  #ask() {
    this.send({ t: "ping" });
    this.#within(Math.min(PATIENCE, this.heartbeat));
  }

  #hear(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    this.#within(this.heartbeat, () => this.#ask());
    switch (frame.t) {
      case "welcome":
        return this.#welcome(frame);
      case "entry":
        return this.#entry(frame);
      case "ack":
        if (this.outbox.settle(frame.id)) this.tell({ t: "sent", id: frame.id, seq: frame.seq });
        return;
      case "error":
        return this.#refuse(frame);
      case "reset":
        // Our history is not the gateway's. A new socket asks for all of it: the old one may still speak of the old.
        this.since = 0;
        this.log = frame.log ?? undefined;
        this.tell(frame);
        return this.#open();
      case "bye":
        this.pause = frame.retry_after;
        return;
      case "state":
        this.#state(frame);
        this.tell(frame);
        return;
      case "typing":
      case "read":
        return this.tell(frame);
    }
  }

  #welcome(frame) {
    this.online = true;
    this.tries = 0;
    this.renewed = this.placed = false;
    this.log = frame.log ?? this.log;
    this.heartbeat = frame.hb || this.heartbeat;
    this.tell({ t: "status", status: "online" });
    this.tell(frame);
    this.outbox.resend();
    for (const [kind, owed] of this.owed) {
      if (kind !== "human" && this.send(owed)) this.owed.delete(kind);
    }
  }

  /** The first state of a socket is where things stand: a wish for a person still open is repeated. A later one answers. */
  #state({ holder }) {
    const human = this.owed.get("human");
    if (human && !this.placed && holder !== "queue" && holder !== "agent") this.send(human);
    else this.owed.delete("human");
    this.placed = true;
  }

  #entry(frame) {
    if (frame.seq <= this.since) return;
    if (frame.prev > this.since) return this.#open(); // a hole: ask again from where we are
    this.since = frame.seq;
    if (frame.id) this.outbox.settle(frame.id);
    this.tell(frame);
  }

  #refuse({ id, code, message, retry_after: seconds }) {
    if (id && (code === "busy" || code === "rate_limited")) this.outbox.postpone(id, seconds);
    else if (!id) this.tell({ t: "refused", code, message });
    else if (this.outbox.refuse(id)) this.tell({ t: "failed", id, code, message });
  }
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
