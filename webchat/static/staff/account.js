/** Who is signed in, and requests in their name. Faults come as `Problem`, whose message is Chinese and can be shown. */

import { signal } from "../vendor/preact.js";
import { keep, kept } from "./reactive.js";

/** undefined: not known yet; null: nobody; otherwise {login, name, role, groups, can}. The cookie is the key; no token is kept. */
export const me = signal(undefined);

export const ROLES = { agent: "客服", senior: "金牌客服", lead: "主管", admin: "管理员" };

/** Whether the person signed in leads: a lead or an administrator. */
export const leads = () => ["lead", "admin"].includes(me.value?.role);

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? (status ? `网关出错了（${status}），请稍后再试` : "连不上网关，请检查网络"));
    this.status = status;
    this.code = body?.code ?? "";
    this.body = body;
  }
}

/** A JSON request: `await api("/api/tickets", {method: "POST", body: {…}})`. Signed out on the way, the page asks to sign in. */
export async function api(path, { method = "GET", body, signal: abort } = {}) {
  const headers = { accept: "application/json", ...(body && { "content-type": "application/json" }) };
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal: abort, body: body && JSON.stringify(body) });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Problem(0);
  }
  const said = await answer.json().catch((fault) => {
    if (fault.name === "AbortError") throw fault;
    return null; // nothing, or no JSON
  });
  if (answer.status === 401 && me.value) me.value = null;
  if (!answer.ok) throw new Problem(answer.status, said);
  return said;
}

/** Ask who is signed in, when the page opens; where nobody was, nothing is asked. */
export async function recall() {
  try {
    me.value = kept("signed", false) ? await api("/api/staff/me") : null;
  } catch {
    me.value = null;
  }
}

/** Sign in; a refusal is thrown. */
export async function signIn(login, password) {
  await api("/api/staff/login", { method: "POST", body: { login, password } });
  me.value = await api("/api/staff/me");
  keep("signed", true); // no secret: the cookie is
}

/** Sign out, here and at the gateway. */
export async function signOut() {
  await api("/api/staff/logout", { method: "POST" }).catch(() => null);
  keep("signed", false);
  me.value = null;
}
