/** The shopper's way in: a token for one conversation, kept per host and per identity. Never any message text. */

/** Why there is no token; `final` when asking again is useless, else try after `retryAfter` seconds. */
export class NoEntry extends Error {
  constructor(code, final = false, retryAfter = 0) {
    super(code);
    this.code = code;
    this.final = final;
    this.retryAfter = retryAfter;
  }
}

export class Pass {
  /**
   * @param {string} base the gateway, ending in a slash
   * @param {string | null} identity the JWT of the shop's back end, null for an anonymous shopper
   * @param {Storage} storage
   * @param {(code: string) => void} onRefused told when an identity was not accepted; the shopper goes on anonymously
   */
  constructor(base, identity, storage, onRefused) {
    this.base = base;
    this.identity = identity;
    this.storage = storage;
    this.onRefused = onRefused;
    this.prefix = `zhanggui:${new URL(base).host}:`;
    this.kept = this.#read();
  }

  get key() {
    return this.prefix + nameOf(this.identity);
  }

  /** Remember facts about this conversation: `token`, `conversation`, `seen`, `rated`. */
  keep(facts) {
    // Another tab may have seen further: what it wrote stays.
    this.kept = { ...this.#read(), ...facts };
    try {
      this.storage.setItem(this.key, JSON.stringify(this.kept));
    } catch {
      // Storage is full or forbidden: this page still works, the next one starts anew.
    }
  }

  /** Forget everything about this identity, and about whoever else was signed in on this device. */
  forget() {
    this.kept = {};
    for (const key of Object.keys(this.storage)) {
      if (key === this.key || key.startsWith(`${this.prefix}=`)) this.storage.removeItem(key);
    }
  }

  /** The token, fetched on first need. Throws NoEntry. */
  async token() {
    if (this.kept.token) return this.kept.token;
    const response = await fetch(`${this.base}api/shopper/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(this.identity ? { identity: this.identity } : {}),
    }).catch(() => {
      throw new NoEntry("offline");
    });
    if (response.status === 401 && this.identity) {
      this.onRefused((await response.json().catch(() => ({}))).code);
      this.identity = null;
      this.kept = this.#read();
      return this.token();
    }
    const busy = response.status === 429 || response.status >= 500;
    if (!response.ok) throw new NoEntry(`http_${response.status}`, !busy, +response.headers.get("retry-after") || 0);
    const { token, conversation } = await response.json();
    // The same identity always leads to the same conversation; another one starts with nothing seen.
    const same = this.kept.conversation === conversation;
    this.keep(same ? { token } : { token, conversation, seen: 0, rated: 0 });
    return token;
  }

  #read() {
    try {
      return JSON.parse(this.storage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }
}

/** A name to keep an identity under. It proves nothing and is never sent. */
function nameOf(identity) {
  if (!identity) return "anonymous";
  try {
    return `=${JSON.parse(atob(identity.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).sub}`;
  } catch {
    return `=${identity.slice(-32)}`;
  }
}
