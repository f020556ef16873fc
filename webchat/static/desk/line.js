/**
 * The desk's socket, over connections that come and go. What the gateway says is told in order; what an agent asks is
 * answered by a promise; what an agent writes is sent under its id until it is acknowledged.
 */

import { api } from "../staff/account.js";

const PATIENCE = 10; // seconds for an answer
const LONGEST = 15; // seconds between two tries
const STOPS = { 4409: "工作台开得太多了，请关掉别的窗口", 1008: "连接被网关拒绝，请刷新页面" };

/** A refusal by the gateway, or by the line itself while it is down. */
export class Refusal extends Error {
  constructor({ message, ...rest }) {
    super(message);
    Object.assign(this, rest);
  }
}

/** An id that no other message has. */
export const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");

export class Line {
  tries = 0;
  attempt = 0; // the connection in use; an older one is not heard
  heartbeat = 25;
  asked = new Map(); // ref → {resolve, reject, timer}
  outbox = new Map(); // id → frame: written, not yet acknowledged, in order
  numbers = 0;

  /** @param {(frame: object) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  start() {
    this.started = true;
    this.#open();
  }

  stop() {
    this.started = false;
    this.#drop();
  }

  /** The network is back or the agent is: do not wait. */
  hurry() {
    if (this.online) this.#ping();
    else if (this.started && this.backing) this.#open();
  }

  /** Send what may be lost: typing, read, leaving. */
  send(frame) {
    if (this.online) this.socket.send(JSON.stringify(frame));
    return !!this.online;
  }

  /** Ask for something; resolves with the answer, rejects with a Refusal. */
  ask(frame) {
    if (!this.online) return Promise.reject(new Refusal({ code: "offline", message: "现在没有连上网关，连上后再试" }));
    const ref = `r${++this.numbers}`;
    return new Promise((resolve, reject) => {
      const refuse = (code, message) => reject(new Refusal({ code, message }));
      const timer = setTimeout(() => this.asked.delete(ref) && refuse("silent", "网关没有回应，请再试一次"), PATIENCE * 1000);
      this.asked.set(ref, { resolve, reject, timer });
      this.send({ ...frame, ref });
    });
  }

  /** Write something under its `id`; it is sent now or as soon as there is a line, again after every reconnection. */
  write(frame) {
    this.outbox.set(frame.id, frame);
    this.send(frame);
  }

  async #open() {
    this.#drop();
    const attempt = this.attempt;
    const current = () => this.started && attempt === this.attempt;
    this.tell({ t: "status", status: this.tries ? "offline" : "connecting" });
    let ticket;
    try {
      ({ token: ticket } = await api("/api/staff/me"));
    } catch ({ status }) {
      return current() && status !== 401 && this.#later();
    }
    if (!current()) return;
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws/desk?token=${encodeURIComponent(ticket)}`, "zhanggui.v1");
    this.socket = socket;
    socket.onmessage = ({ data }) => current() && this.#hear(JSON.parse(data));
    socket.onclose = ({ code }) => current() && this.#closed(code);
    this.#expect(PATIENCE, () => this.#later());
  }

  #drop() {
    this.attempt += 1;
    this.online = this.backing = false;
    clearTimeout(this.timer);
    const { socket } = this;
    if (socket?.readyState === 0) socket.onopen = () => socket.close();
    else socket?.close();
    this.socket = undefined;
    for (const { reject, timer } of this.asked.values()) {
      clearTimeout(timer);
      reject(new Refusal({ code: "offline", message: "连接断了，不确定是否办成，连上后请看一眼" }));
    }
    this.asked.clear();
  }

  #later() {
    this.#drop();
    this.backing = true;
    this.tell({ t: "status", status: "offline" });
    const most = Math.min(LONGEST, 0.4 * 2 ** this.tries++);
    this.#expect(most * (0.5 + Math.random() / 2), () => this.#open());
  }

  #closed(code) {
    if (!STOPS[code]) return this.#later(); // a dead ticket too: the next try asks for a new one, or to sign in
    this.stop();
    this.tell({ t: "status", status: "stopped", why: STOPS[code] });
  }

  #expect(seconds, otherwise) {
    clearTimeout(this.timer);
    this.timer = setTimeout(otherwise, seconds * 1000);
  }

  #ping() {
    this.send({ t: "ping" });
    this.#expect(PATIENCE, () => this.#later());
  }

  #hear(frame) {
    this.#expect(this.heartbeat, () => this.#ping());
    const { t, ref, id } = frame;
    if (t === "welcome") {
      this.online = true;
      this.tries = 0;
      this.heartbeat = frame.hb || this.heartbeat;
      this.tell({ t: "status", status: "online" });
      this.tell(frame);
      for (const written of this.outbox.values()) this.send(written);
      return;
    }
    if (id && (t === "ack" || t === "error")) {
      const busy = t === "error" && ["busy", "rate_limited"].includes(frame.code);
      if (busy) setTimeout(() => this.outbox.has(id) && this.send(this.outbox.get(id)), (frame.retry_after || 1) * 1000);
      else if (this.outbox.delete(id)) this.tell(frame);
      return;
    }
    const asked = ref && this.asked.get(ref);
    if (t !== "pong") this.tell({ ...frame, asked: !!asked });
    if (!asked) return;
    this.asked.delete(ref);
    clearTimeout(asked.timer);
    if (t === "error") asked.reject(new Refusal(frame));
    else asked.resolve(frame);
  }
}
