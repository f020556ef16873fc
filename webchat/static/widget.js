/**
 * The shopper's widget: `<script type="module" src="https://HOST/webchat/widget.js">` is all a shop adds.
 * Settings: `window.ShopChatSettings`. Commands: `window.ShopChat(name, …)`, before this is loaded through a queue
 * `window.ShopChat ??= function () { (ShopChat.q ??= []).push(arguments) }`.
 */

import { effect } from "./vendor/preact.js";
import { Chat } from "./widget/chat.js";
import { define } from "./widget/element.js";

if (!customElements.get("zhanggui-chat")) start();

function start() {
  const settings = { base: new URL("..", import.meta.url).href, ...window.ShopChatSettings };
  const chat = new Chat(settings);
  const theme = (wanted) => (chat.theme.value = ["light", "dark"].includes(wanted) ? wanted : "auto");
  const open = () => (chat.open.value = true);

  const commands = {
    open,
    close: () => (chat.open.value = false),
    toggle: () => (chat.open.value = !chat.open.value),
    /** The JWT of the shop's back end, bare or as {identity}; null signs out. */
    setUser: (user) => chat.identify(user?.identity ?? user ?? null),
    identity: (jwt) => chat.identify(jwt ?? null),
    setLocale: (locale) => chat.setLocale(locale),
    setColorScheme: theme,
    /** {sku, title, price, image, url}, or null. */
    setProduct: (product) => (chat.product.value = product ?? null),
    reset: () => chat.reset(),
    getUnread: () => chat.unread.value,
    /** Events: ready, open, close, unread (count), message (entry), error ({code}). */
    on: (name, listener) => (name === "ready" ? listener() : chat.on(name, listener)),
  };
  const early = window.ShopChat?.q ?? [];
  window.ShopChat = Object.assign((name, ...values) => commands[name]?.(...values), commands);

  chat.setLocale(settings.useBrowserLanguage ? navigator.language : settings.locale);
  theme(settings.darkMode);

  let was = false;
  effect(() => {
    const now = chat.open.value;
    if (now) chat.line.start();
    if (was !== now) chat.emit(now ? "open" : "close");
    was = now;
  });
  effect(() => chat.emit("unread", chat.unread.value));
  document.addEventListener("visibilitychange", () => {
    chat.looking.value = !document.hidden;
    if (!document.hidden) chat.line.hurry();
  });
  addEventListener("online", () => chat.line.hurry());
  addEventListener("storage", ({ key }) => key === chat.pass.key && chat.recall());

  define(chat);
  if (!document.querySelector("zhanggui-chat")) document.body.append(document.createElement("zhanggui-chat"));
  for (const [name, ...values] of early) commands[name]?.(...values);
}
