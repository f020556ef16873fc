/** The shopper's way in: a token for one conversation, kept per host and per identity. Never any message text. */

/** Storage; where it is forbidden (a private window, some in-app browsers) it lasts as long as the page. */
export function storage(name) {
  try {
    return window[name];
  } catch {
    return { getItem() {}, setItem() {}, removeItem() {} };
  }
}

export class Pass {
  /**
   * @param {string} base the gateway, ending in a slash
   * @param {string | null} identity the JWT of the shop's back end
   * @param {(code: string) => void} onRefused told when the identity is not accepted; the shopper goes on anonymously
   */
  constructor(base, identity, onRefused) {
    Object.assign(this, { base, identity, onRefused });
    this.prefix = `zhanggui:${base}:`;
  }

  get key() {
    return this.prefix + nameOf(this.identity);
  }

  /** What this device knows of the conversation: `token`, `conversation`, `seen`, `rated`. Other tabs write it too. */
  get kept() {
    return JSON.parse(storage("localStorage").getItem(this.key) || null) ?? this.here ?? {};
  }

  keep(facts) {
    this.here = { ...this.kept, ...facts };
    storage("localStorage").setItem(this.key, JSON.stringify(this.here));
  }

  forget() {
    this.here = undefined;
    storage("localStorage").removeItem(this.key);
  }

  /** The token, fetched where there is none. Throws {code, final, wait}: useless to try again, or after `wait` s. */
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

/** What an identity is kept under. It proves nothing and is never sent. */
function nameOf(identity) {
  if (!identity) return "anonymous";
  try {
    return atob(identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")).match(/"sub": *"(.*?)"/)[0];
  } catch {
    return identity.slice(-32);
  }
}
