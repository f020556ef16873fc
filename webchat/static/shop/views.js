/** The shop's pages: shelves, one product, the bag. */

import { html } from "../vendor/preact.js";
import { availability, canBuy, shelf, shortName, wording } from "./catalog.js";
import { Picture } from "./pictures.js";

const ask = (shop, product) => {
  shop.show(product);
  window.ShopChat("open");
};

const total = (items) => items.reduce((sum, { price }) => sum + Number(price.replace("¥", "")), 0);

export function Top({ shop }) {
  const departments = byBreadth(shop.products.value).map(([name]) => name);
  const here = shop.place.value;
  const link = (name, to) =>
    html`<li><a href=${to} aria-current=${here.department === name && here.kind === "shelf" ? "page" : undefined}>${name}</a></li>`;
  return html`<header class="top">
    <a class="brand" href="#/">${shop.name.value} ${shop.demo.value && html`<small>掌柜演示店铺</small>`}</a>
    <nav aria-label="分类">
      <ul>
        ${link("全部", "#/")} ${departments.map((name) => link(name, `#/c/${encodeURIComponent(name)}`))}
      </ul>
    </nav>
    <div class="tools">
      ${shop.demo.value && html`<${SignIn} shop=${shop} />`}
      <a class="bag" href="#/bag">购物袋 <b>${shop.bag.value.length}</b></a>
    </div>
  </header>`;
}

function SignIn({ shop }) {
  const label = ({ name, level, orders }) => [name, level, `${orders} 单`].filter(Boolean).join(" · ");
  return html`<label class="signin">
    <span>以…登录</span>
    <select
      value=${shop.customer.value ?? ""}
      onChange=${({ target }) => shop.signIn(target.value || null)}
    >
      <option value="">匿名访客</option>
      ${shop.customers.value.map((one) => html`<option value=${one.id}>${label(one)}</option>`)}
    </select>
  </label>`;
}

function Tile({ product }) {
  return html`<li class="tile">
    <a href="#/p/${encodeURIComponent(product.sku)}">
      <${Picture} product=${product} />
      <span class="brandname">${product.brand}</span>
      <span class="name">${shortName(product)}</span>
      <span class="line">
        <span class="price">${product.price}</span>
        <span class=${canBuy(product) ? "left" : "left none"}>${availability(product)}</span>
      </span>
    </a>
  </li>`;
}

const ON_FRONT = 10; // products of a department on the front page

export function Shelves({ shop }) {
  const { department } = shop.place.value;
  const sold = shop.products.value.filter((product) => product.status !== "off_shelf");
  if (department !== "全部") {
    const chosen = sold.filter((product) => shelf(product)[0] === department);
    return html`<h1 class="title">${department}</h1>
      ${groups(chosen, (product) => shelf(product).at(-1)).map(
        ([name, items]) => html`<${Shelf} key=${name} name=${name} items=${items} />`,
      )}`;
  }
  const departments = byBreadth(sold);
  return html`<section class="hero" aria-labelledby="hero">
      <div>
        <h1 id="hero">${shop.demo.value ? "把日子过细一点" : "想买什么，问问看"}</h1>
        <p>
          ${shop.demo.value && "口红、奶粉、一盏灯。"}拿不定主意时问问客服，它记得您买过什么，也说得清为什么。
        </p>
        <button class="main" onClick=${() => ask(shop, null)}>问问客服</button>
      </div>
      <div class="collage">${departments.slice(0, 3).map(([, items]) => html`<${Picture} product=${items.at(-1)} />`)}</div>
    </section>
    ${departments.map(
      ([name, items]) => html`<${Shelf} key=${name} name=${name} items=${mixed(items).slice(0, ON_FRONT)} more=${items.length} />`,
    )}`;
}

function Shelf({ name, items, more = 0 }) {
  return html`<section class="shelf" aria-label=${name}>
    <h2>${name} ${more > items.length && html`<a href="#/c/${encodeURIComponent(name)}">全部 ${more} 件</a>`}</h2>
    <ul class="grid">
      ${items.map((product) => html`<${Tile} key=${product.sku} product=${product} />`)}
    </ul>
  </section>`;
}

/** The departments, the widest first. */
const byBreadth = (items) =>
  groups(items, (product) => shelf(product)[0]).sort(([, one], [, other]) => other.length - one.length);

/** One of each kind, then the second of each kind, and so on: a front page shows the breadth. */
function mixed(items) {
  const rows = groups(items, (product) => product.category).flatMap(([, kind]) => kind.map((product, row) => ({ product, row })));
  return rows.sort((one, other) => one.row - other.row).map(({ product }) => product);
}

/** [[name, products], …] in the order the names first appear. */
function groups(items, nameOf) {
  const found = new Map();
  for (const item of items) found.set(nameOf(item), [...(found.get(nameOf(item)) ?? []), item]);
  return [...found];
}

export function ProductPage({ shop }) {
  const product = shop.bySku.value.get(shop.place.value.sku);
  if (!product) return html`<h1 class="title">没有找到这件商品</h1><p><a href="#/">回到首页</a></p>`;
  const partners = product.goes_with.map((sku) => shop.bySku.value.get(sku)).filter(Boolean);
  const [department, kind] = shelf(product);
  const facts = Object.entries(product.attributes ?? {}).filter(([, value]) => wording(value));
  return html`<nav class="crumbs" aria-label="所在位置">
      <a href="#/">首页</a> / <a href="#/c/${encodeURIComponent(department)}">${department}</a>${kind && ` / ${kind}`}
    </nav>
    <article class="product">
      <${Picture} product=${product} />
      <div class="about">
        <p class="brandname">${product.brand}</p>
        <h1>${shortName(product)}</h1>
        <p class="buy"><span class="price">${product.price}</span> <span class="left">${availability(product)}</span></p>
        <p class="text">${product.description}</p>
        <p class="actions">
          <button class="main" disabled=${!canBuy(product)} onClick=${() => shop.put(product)}>加入购物袋</button>
          <button class="second" onClick=${() => ask(shop, product)}>问问客服</button>
        </p>
        <dl>
          ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${wording(value)}</dd></div>`)}
          <div><dt>货号</dt><dd>${product.sku}</dd></div>
        </dl>
      </div>
    </article>
    ${partners.length > 0 &&
    html`<${Shelf} name="搭配推荐" items=${partners} />`}`;
}

export function Bag({ shop }) {
  const items = shop.bag.value.map((sku) => shop.bySku.value.get(sku)).filter(Boolean);
  return html`<h1 class="title">购物袋</h1>
    ${items.length === 0 && html`<p>还是空的。<a href="#/">去逛逛</a></p>`}
    <ul class="lines">
      ${items.map(
        (product, at) => html`<li>
          <${Picture} product=${product} />
          <a class="name" href="#/p/${encodeURIComponent(product.sku)}">${product.name}</a>
          <span class="price">${product.price}</span>
          <button class="plain" aria-label="移除 ${product.name}" onClick=${() => shop.take(at)}>移除</button>
        </li>`,
      )}
    </ul>
    ${items.length > 0 && html`<p class="sum">合计 <span class="price">¥${total(items).toFixed(2)}</span></p>`}
    <p class="quiet">这里是演示店铺，不会真的下单。</p>`;
}
