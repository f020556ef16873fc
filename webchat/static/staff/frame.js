/** The frame of every staff page: sign in, the bar with the pages a role may open, the theme, sign out. */

import { html, render, useEffect, useRef, useState } from "../vendor/preact.js";
import { leads, me, recall, ROLES, signIn, signOut } from "./account.js";
import { icon } from "./icons.js";
import { Menu, Toasts } from "./layers.js";
import { useRead } from "./reactive.js";

const PAGES = [
  { id: "desk", name: "工作台", path: "/desk" },
  { id: "knowledge", name: "知识", path: "/knowledge", lead: true },
  { id: "tickets", name: "工单", path: "/desk#tickets" },
];

/** Draw a staff page into #app: `start({page: "knowledge", view: Knowledge, leadsOnly: true})`. */
export function start({ page, view, tools, leadsOnly = false }) {
  recall();
  render(html`<${House} page=${page} view=${view} tools=${tools} leadsOnly=${leadsOnly} />`, document.getElementById("app"));
}

function House({ page, view: View, tools: Tools, leadsOnly }) {
  const who = useRead(() => me.value);
  if (who === undefined) return html`<main class="blank" aria-busy="true"><p>正在打开…</p></main>`;
  if (who === null) return html`<${Door} /><${Toasts} />`;
  const refused = leadsOnly && !leads();
  return html`<div class="house">
    <${Bar} page=${page} who=${who} tools=${Tools} />
    <main>
      ${refused
        ? html`<div class="blank">${icon("lock")}<b>这一页由主管和管理员使用</b><a href="/desk">回到工作台</a></div>`
        : html`<${View} key=${who.login} who=${who} />`}
    </main>
    <${Toasts} />
  </div>`;
}

/** The bar; the tickets are a view of the desk, told by the hash. */
function Bar({ page, who, tools: Tools }) {
  const [hash, follow] = useState(location.hash);
  useEffect(() => {
    const changed = () => follow(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const current = page === "desk" && hash === "#tickets" ? "tickets" : page;
  const [theme, paint] = useState(window.staffTheme());
  const themes = [
    ["跟随系统", "auto"],
    ["浅色", "light"],
    ["深色", "dark"],
  ].map(([name, value]) => [name, () => paint(window.staffTheme(value)), { checked: theme === value }]);
  const pages = PAGES.filter(({ lead }) => !lead || leads());
  return html`<header class="bar">
    <a class="brand" href="/desk"><i aria-hidden="true">掌</i>掌柜</a>
    <nav aria-label="页面">
      <ul>
        ${pages.map(
          ({ id, name, path }) => html`<li><a href=${path} aria-current=${id === current ? "page" : undefined}>${name}</a></li>`,
        )}
      </ul>
    </nav>
    <span class="gap" />
    <div class="tools">
      ${Tools && html`<${Tools} who=${who} />`}
      <${Menu}
        label=${`账号：${who.name}`}
        cls="btn flat"
        button=${html`<span class="face" aria-hidden="true">${who.name[0]}</span><span>${who.name}</span>
          <small class="dim">${ROLES[who.role] ?? who.role}</small>`}
        items=${() => [...themes, "-", ["退出登录", signOut]]}
      />
    </div>
  </header>`;
}

function Door() {
  const [fault, say] = useState("");
  const [busy, work] = useState(false);
  const form = useRef();
  useEffect(() => form.current.elements.login.focus(), []);
  const enter = async (event) => {
    event.preventDefault();
    const { login, password } = form.current.elements;
    if (!login.value.trim() || !password.value) {
      say("请输入登录名和密码");
      return (login.value.trim() ? password : login).focus();
    }
    work(true);
    try {
      await signIn(login.value.trim(), password.value);
    } catch (problem) {
      say([401, 403].includes(problem.status) ? "登录名或密码不对" : problem.message);
      work(false);
      password.select();
    }
  };
  return html`<main class="door">
    <form ref=${form} onSubmit=${enter} novalidate>
      <h1><i aria-hidden="true">掌</i>客服登录</h1>
      <label class="field"><span>登录名</span><input class="input" name="login" autocomplete="username" /></label>
      <label class="field"><span>密码</span><input class="input" name="password" type="password" autocomplete="current-password" /></label>
      <p class="bad small" role="alert">${fault}</p>
      <button class="btn main" disabled=${busy}>${busy ? "正在登录…" : "登录"}</button>
      <small class="dim">账号由管理员开通：<code>zhanggui user add 登录名 --role agent</code></small>
    </form>
  </main>`;
}
