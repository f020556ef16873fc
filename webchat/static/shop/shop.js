/** The demo shop: what is shown where, who is signed in, and what the widget is told of both. */

import { batch, computed, effect, html, render, signal } from "../vendor/preact.js";
import { customers, identityOf, products } from "./catalog.js";
import { pictureUrl } from "./pictures.js";
import { Bag, ProductPage, Shelves, Top } from "./views.js";

const KEPT = "shop:signed-in"; // {customer, identity}, for as long as the tab lives

const remembered = JSON.parse(sessionStorage.getItem(KEPT) || "{}");

const shop = {
  products: signal([]),
  customers: signal([]),
  customer: signal(remembered.customer ?? null),
  bag: signal([]),
  place: signal(read()),
  trouble: signal(""),
  /** Only the demo lets anyone sign in; any other shop is shown without the demo's words. */
  demo: computed(() => shop.customers.value.length > 0),
  name: computed(() => (shop.demo.value ? "拾光集" : "我的店铺")),
  bySku: computed(() => new Map(shop.products.value.map((product) => [product.sku, product]))),

  put: (product) => (shop.bag.value = [...shop.bag.value, product.sku]),
  take: (at) => (shop.bag.value = shop.bag.value.filter((_, place) => place !== at)),

  /** The widget offers to ask about this product; null: about none. */
  show(product) {
    const card = product && { sku: product.sku, title: product.name, price: product.price, image: pictureUrl(product) };
    window.ShopChat("setProduct", card && { ...card, url: `#/p/${product.sku}` });
  },

  /** Be this customer (by id), or nobody. */
  async signIn(customer) {
    try {
      const identity = customer && (await identityOf(customer));
      shop.customer.value = customer;
      sessionStorage.setItem(KEPT, JSON.stringify(customer ? { customer, identity } : {}));
      window.ShopChat("setUser", identity);
    } catch {
      shop.trouble.value = "登录没有成功，请重试。";
    }
  },
};

/** #/, #/c/部门, #/p/SKU, #/bag */
function read() {
  const [, kind, name] = location.hash.split("/").map(decodeURIComponent);
  if (kind === "p") return { kind: "product", sku: name };
  if (kind === "bag") return { kind: "bag" };
  return { kind: "shelf", department: (kind === "c" && name) || "全部" };
}

window.ShopChat ??= function () {
  (window.ShopChat.q ??= []).push(arguments);
};
window.ShopChatSettings = {
  identity: remembered.identity,
  quickReplies: ["我的快递到哪了？", "现在有什么优惠？", "不合适可以退换吗？"],
  picture: ({ sku }) => shop.bySku.peek().has(sku) && pictureUrl(shop.bySku.peek().get(sku)),
};
// An identity kept by the tab may have run out: sign in again, once the shop says who it was.
window.ShopChat("on", "error", () => shop.customer.peek() && shop.signIn(shop.customer.peek()));

const Page = { shelf: Shelves, product: ProductPage, bag: Bag };

effect(() => {
  const { kind } = shop.place.value;
  const loaded = shop.products.value.length > 0;
  render(
    html`<a class="skip" href="#main">跳到内容</a>
      <${Top} shop=${shop} />
      <main id="main" tabindex="-1" data-ready=${loaded}>
        ${shop.trouble.value && html`<p class="trouble" role="alert">${shop.trouble.value}</p>`}
        ${loaded ? html`<${Page[kind]} shop=${shop} />` : html`<h1 class="title quiet">正在摆货…</h1>`}
      </main>
      <footer>
        ${shop.demo.value && html`<p>${shop.name.value}是掌柜的演示店铺：商品、顾客和订单都是虚构的。</p>`}
        <p><a href="/chat">打开整页客服</a></p>
      </footer>`,
    document.getElementById("shop"),
  );
});

addEventListener("hashchange", () => {
  if (location.hash === "#main") return;
  shop.place.value = read();
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
});

// On a product's page the widget offers that product; elsewhere none.
effect(() => {
  const { kind, sku } = shop.place.value;
  const product = kind === "product" ? shop.bySku.value.get(sku) : null;
  if (product || kind !== "product") shop.show(product);
  document.title = product ? `${product.name} · ${shop.name.value}` : shop.name.value;
});

try {
  const [sold, people] = await Promise.all([products(), customers()]);
  batch(() => {
    shop.products.value = sold;
    shop.customers.value = people;
  });
} catch {
  shop.trouble.value = "商品没有取到，请刷新页面重试。";
}
