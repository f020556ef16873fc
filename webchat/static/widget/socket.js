/**
 * One conversation over sockets that come and go; it knows nothing of the page. Every entry is told once and in order,
 * every message is sent under one id until it is acknowledged. It tells the gateway's frames and its own: `status`
 * {status, code}, `sent` {id}, `overdue` {id}, `failed` {id, code}, `refused` {code}.
 */

const PATIENCE = 10; // seconds for an answer, be it to a connection or to a ping
const OVERDUE = 20; // seconds without acknowledgement until the shopper is offered a retry
const LONGEST = 30; // seconds of backoff or pause
const IN_FLIGHT = 16; // messages; the gateway takes no more unacknowledged
const FOR_GOOD = [1000, 1008, 4403, 4409]; // done; our bug; not yours; too many tabs

export class Line {
  since = 0; // the last entry told
  heartbeat = 25; // seconds of silence before we ask
  tries = 0;
  attempt = 0; // the socket in use; what an older one still says is not heard
  owed = new Map(); // frames without an id that must arrive, the last of each kind
  outbox = new Map(); // messages not yet acknowledged, by id, in the order said
  inFlight = new Set();
  pauses = 0; // in a row, without an acknowledgement between

  /** @param {{base: string, pass: Pass, tell: (news: object) => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Connect and stay connected. */
  start() {
    if (this.started) return;
    this.started = true;
    this.#open();
  }

  /** Hang up; nothing more is told. */
  stop() {
    this.started = false;
    this.#drop();
    clearTimeout(this.paused);
    this.outbox.clear();
  }

  /** The network or the shopper is back: do not wait for the next try. */
  hurry() {
    if (this.online) this.#ask();
    else if (this.backing) this.#open();
  }

  /** Send a message, or send it again at once: under its id it is stored once. */
  say(frame) {
    const { id } = frame;
    if (this.outbox.has(id) || !this.online) this.hurry();
    this.outbox.set(id, frame);
    this.inFlight.delete(id);
    setTimeout(() => this.outbox.has(id) && this.tell({ t: "overdue", id }), OVERDUE * 1000);
    this.start();
    this.#flush();
  }

  /** Send a frame that may be lost: typing, read. Returns whether it left. */
  send(frame) {
    if (this.online) this.socket.send(JSON.stringify(frame));
    return this.online;
  }

  /** Send a frame that must arrive, now or on the next socket: human, cancel_wait, rate. */
  owe(frame) {
    if (frame.t === "cancel_wait") this.owed.delete("human");
    // The wish for a person stays open until a state answers it.
    if (!this.send(frame) || frame.t === "human") this.owed.set(frame.t, frame);
    this.start();
  }

  async #open() {
    this.#drop();
    const attempt = this.attempt;
    const current = () => attempt === this.attempt;
    this.tell({ t: "status", status: "connecting" });
    try {
      const token = await this.pass.token();
      if (!current()) return;
      const socket = new WebSocket(`${this.base.replace("http", "ws")}ws/shopper?token=${token}`, "zhanggui.v1");
      this.socket = socket;
      socket.onopen = () => socket.send(JSON.stringify({ t: "hello", since: this.since, log: this.log }));
      socket.onmessage = ({ data }) => current() && this.#hear(JSON.parse(data));
      socket.onclose = ({ code }) => current() && this.#closed(code);
      this.#expect(PATIENCE, () => this.#later());
    } catch ({ final, code, wait }) {
      if (!current()) return;
      if (final) this.#rest(code);
      else this.#later(wait);
    }
  }

  #drop() {
    this.attempt += 1;
    this.online = this.backing = false;
    clearTimeout(this.timer);
    const { socket } = this;
    // Closed before it is open, it would be an error on the console.
    if (socket?.readyState === 0) socket.onopen = () => socket.close();
    else socket?.close();
    this.socket = undefined;
  }

  /** Reconnect with full jitter, or when the gateway asked us to. */
  #later(wait) {
    this.#drop();
    this.backing = true;
    this.tell({ t: "status", status: "offline" });
    const most = Math.min(LONGEST, 0.5 * 2 ** this.tries++);
    this.#expect(wait ? wait * (1 + Math.random() / 2) : Math.random() * most, () => this.#open());
  }

  #rest(code) {
    this.#drop();
    this.started = false;
    this.tell({ t: "status", status: code === 1000 ? "idle" : "stopped", code });
  }

  #closed(code) {
    const { online, bye } = this;
    this.online = false;
    this.bye = undefined;
    if (FOR_GOOD.includes(code) || (code === 4401 && this.renewed)) return this.#rest(code);
    if (code === 1009) for (const id of this.inFlight) this.#refused({ id, code: "too_long" });
    if (code === 4401) {
      this.renewed = true;
      this.pass.keep({ token: undefined });
    } else if (code !== 4008 || !online) return this.#later(bye); // at once only where that is no loop
    this.#open();
  }

  /** The one timer: for the next try, an answer, a sign of life. */
  #expect(seconds, otherwise) {
    clearTimeout(this.timer);
    this.timer = setTimeout(otherwise, seconds * 1000);
  }

  #ask() {
    this.send({ t: "ping" });
    this.#expect(Math.min(PATIENCE, this.heartbeat), () => this.#later());
  }

  #hear(frame) {
    this.#expect(this.heartbeat, () => this.#ask());
    const { t, seq, id } = frame;
    if (t === "welcome") this.#welcome(frame);
    else if (t === "ack") this.#settled(id) && this.tell({ t: "sent", id });
    else if (t === "error") this.#refused(frame);
    else if (t === "bye") this.bye = frame.retry_after;
    else if (t === "state") this.#state(frame);
    else if (t === "entry") {
      if (seq <= this.since) return;
      if (frame.prev > this.since) return this.#open(); // a hole: ask again from where we are
      this.since = seq;
      this.#settled(id);
      this.tell(frame);
    } else if (t === "reset") {
      // Our history is not the gateway's: a new socket asks for all of it.
      this.since = 0;
      this.log = frame.log;
      this.tell(frame);
      this.#open();
    } else if (t === "typing" || t === "partial" || t === "read") this.tell(frame);
  }

  #welcome(frame) {
    this.online = true;
    this.tries = 0;
    this.renewed = this.placed = false;
    this.log = frame.log ?? this.log;
    this.heartbeat = frame.hb || this.heartbeat;
    this.tell({ t: "status", status: "online" });
    this.tell(frame);
    for (const [kind, owed] of this.owed) if (kind !== "human" && this.send(owed)) this.owed.delete(kind);
    this.inFlight.clear();
    this.#flush();
  }

  /** The first state of a socket is how things stand: an open wish is repeated. The next answers it. */
  #state(frame) {
    const human = this.owed.get("human");
    if (human && !this.placed && frame.holder !== "queue" && frame.holder !== "agent") this.send(human);
    else this.owed.delete("human");
    this.placed = true;
    this.tell(frame);
  }

  #flush() {
    if (this.paused) return;
    for (const [id, frame] of this.outbox) {
      if (this.inFlight.size >= IN_FLIGHT) return;
      if (!this.inFlight.has(id) && this.send(frame)) this.inFlight.add(id);
    }
  }

  #settled(id) {
    this.inFlight.delete(id);
    const ours = this.outbox.delete(id);
    if (ours) this.pauses = 0;
    this.#flush();
    return ours;
  }

  #refused({ id, code, retry_after: wait = 1 }) {
    if (!id) this.tell({ t: "refused", code });
    else if (code === "busy" || code === "rate_limited") {
      // All that waits holds on, so that the order said stays the order sent.
      this.inFlight.delete(id);
      const seconds = Math.min(LONGEST, wait * 1.6 ** this.pauses * (0.7 + 0.6 * Math.random()));
      if (!this.paused) this.pauses += 1;
      this.paused ||= setTimeout(() => {
        this.paused = 0;
        this.#flush();
      }, seconds * 1000);
    } else if (this.#settled(id)) this.tell({ t: "failed", id, code });
  }
}
