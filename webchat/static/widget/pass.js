/** The shopper's way in: a token for one conversation, kept per host and identity. Never any message text. */

const memory = {};
const page = { getItem: (key) => memory[key], setItem: (key, value) => (memory[key] = value), removeItem() {} };

/** Storage; where it is forbidden it lasts as long as the page. */
export function storage(name) {
  try {
    return window[name];
  } catch {
    return page;
  }
}

export class Pass {
  /** For a gateway (`base` ends in a slash) and an identity; refused, the shopper goes on anonymously. */
  constructor(base, identity, onRefused) {
    Object.assign(this, { base, identity, onRefused });
    this.prefix = `zhanggui:${base}:`;
  }

  get key() {
    return this.prefix + nameOf(this.identity);
  }

  /** What this device knows: `token`, `conversation`, `seen`, `rated`. Other tabs write it too. */
  get kept() {
    return JSON.parse(storage("localStorage").getItem(this.key) ?? "{}");
  }

  keep(facts) {
    storage("localStorage").setItem(this.key, JSON.stringify({ ...this.kept, ...facts }));
  }

  forget() {
    storage("localStorage").removeItem(this.key);
  }

  /** The token, fetched where there is none. Throws {code, final, wait}: give up, or try after `wait` seconds. */
  async token() {
    const { token: known, conversation: before } = this.kept;
    if (known) return known;
    const { identity } = this;
    const response = await fetch(`${this.base}api/shopper/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(identity ? { identity } : {}),
    });
    if (response.status === 401 && identity) {
      this.onRefused((await response.json()).code);
      this.identity = null;
      return this.token();
    }
    const { ok, status, headers } = response;
    if (!ok) throw { code: status, final: status < 500 && status !== 429, wait: +headers.get("retry-after") };
    const { token, conversation } = await response.json();
    this.keep(conversation === before ? { token } : { token, conversation, seen: 0, rated: 0 });
    return token;
  }
}

/** What an identity is kept under; it proves nothing. */
function nameOf(identity) {
  if (!identity) return "anonymous";
  try {
    return atob(identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")).match(/"sub": *"(.*?)"/)[0];
  } catch {
    return identity.slice(-32);
  }
}
