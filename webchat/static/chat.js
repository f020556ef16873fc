/**
 * The hosted page's settings, from its address: `/chat?locale=en&theme=dark#identity=JWT`.
 *
 * The identity stands behind the #, which browsers send to no server and which is taken off the address at once.
 */

const query = new URLSearchParams(location.search);
const identity = new URLSearchParams(location.hash.slice(1)).get("identity");
if (identity) history.replaceState(null, "", location.pathname + location.search);

window.ShopChatSettings = {
  locale: query.get("locale") ?? undefined,
  darkMode: query.get("theme") ?? "auto",
  ...(identity && { identity }),
};
if (query.get("locale")?.startsWith("en")) {
  document.documentElement.lang = "en";
  document.title = document.querySelector("h1").textContent = "Customer service";
}
