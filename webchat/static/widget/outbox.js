/** What the shopper has said and the gateway has not yet acknowledged: in order, each under an id of its own. */

const MOST_IN_FLIGHT = 16; // the gateway refuses more
const LONGEST_PAUSE = 30; // seconds

/** @typedef {{t: "say", id: string, text: string, sku?: string, order?: string}} Say */

export class Outbox {
  /** @type {Map<string, Say>} in the order said; a Map keeps it */
  #waiting = new Map();
  #inFlight = new Set();
  #refused = new Map(); // given up for good; kept so that a retry goes under the same id
  #pauses = 0; // in a row, with no acknowledgement between
  #timer = 0;

  /** @param {(frame: Say) => boolean} send puts a frame on the socket; false when there is none */
  constructor(send) {
    this.send = send;
  }

  /** @param {Say} frame */
  add(frame) {
    this.#waiting.set(frame.id, frame);
    this.flush();
  }

  /** Send what may be sent now, never more than the gateway takes at once, never while it asked for a pause. */
  flush() {
    if (this.#timer) return;
    for (const [id, frame] of this.#waiting) {
      if (this.#inFlight.size >= MOST_IN_FLIGHT) return;
      if (this.#inFlight.has(id)) continue;
      if (!this.send(frame)) return;
      this.#inFlight.add(id);
    }
  }

  /** A new socket: everything unacknowledged goes out again, under the same ids. */
  resend() {
    this.#resume();
    this.#inFlight.clear();
    this.flush();
  }

  /** The gateway has it. Returns false when it was not ours or was settled before. */
  settle(id) {
    this.#inFlight.delete(id);
    this.#refused.delete(id);
    if (!this.#waiting.delete(id)) return false;
    this.#pauses = 0;
    this.flush();
    return true;
  }

  /** Too busy for this one: all that waits holds on, so that the order said stays the order sent. */
  postpone(id, seconds) {
    this.#inFlight.delete(id);
    if (this.#timer) return;
    const pause = Math.min(LONGEST_PAUSE, (seconds || 1) * 1.6 ** this.#pauses++ * (0.7 + 0.6 * Math.random()));
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.flush();
    }, pause * 1000);
  }

  /** The gateway will never take this one. Returns whether it was waiting. */
  refuse(id) {
    const frame = this.#waiting.get(id);
    this.settle(id);
    if (frame) this.#refused.set(id, frame);
    return !!frame;
  }

  /** The shopper asks again, under the same id: had it arrived after all, it is still stored once. */
  retry(id) {
    const frame = this.#refused.get(id);
    this.#refused.delete(id);
    this.#inFlight.delete(id);
    this.#resume();
    if (frame) this.add(frame);
    else this.flush();
  }

  /** The id of the longest message on its way: the one an over-size close was about. */
  longest() {
    return [...this.#inFlight].sort((a, b) => this.#waiting.get(b).text.length - this.#waiting.get(a).text.length)[0];
  }

  has(id) {
    return this.#waiting.has(id);
  }

  #resume() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }
}
