/** Pictures of products, drawn: a shape for the kind of thing, its own colour where the product names one. */

import { html, render } from "../vendor/preact.js";
import { shelf, shortName } from "./catalog.js";

// Shade words of make-up, cloth and casings, most telling first.
const COLOURS = [
  [/豆沙|藕粉|玫瑰/, "#b9746f"],
  [/桃/, "#d9917c"],
  [/枫|砖/, "#9c4331"],
  [/柿|橘|珊瑚/, "#d0643b"],
  [/梅|莓|酒/, "#7c2f47"],
  [/裸|奶茶|驼|杏/, "#c69a7b"],
  [/正红|朱|红/, "#b02a30"],
  [/粉/, "#d99aa5"],
  [/暖棕|棕|咖|栗/, "#8a5a3c"],
  [/灰蓝|雾蓝|蓝/, "#6d8aa6"],
  [/绿|豆青/, "#7d9a7c"],
  [/黑/, "#3a3b3d"],
  [/灰/, "#9a9da1"],
  [/紫/, "#8a74a8"],
  [/黄|蜜/, "#d8b45a"],
  [/白|象牙|自然/, "#e4d3bf"],
];
const CALM = ["#8fa79b", "#c3a68c", "#9aa9bd", "#c79a94", "#a9a07c", "#93b0b4", "#b7a2b8"];

// The ground behind it, by department.
const GROUNDS = { 美妆护肤: "#f4e6e1", 母婴: "#e6eef0", 家居小电: "#eceae2", 服饰: "#efe9ef" };

/** Which shape a shelf or a name asks for, first hit wins. */
const KINDS = [
  [/口红|唇/, lipstick],
  [/眼影|腮红|盘/, palette],
  [/眉|眼线|睫/, pencil],
  [/刷|化妆工具/, brush],
  [/气垫|粉饼/, compact],
  [/精华|油/, dropper],
  [/面霜|霜|护理|内胆|滤网/, jar],
  [/面膜|湿巾|棉巾|纸尿裤|拉拉裤/, pack],
  [/奶粉|辅食|米粉/, tin],
  [/奶瓶|喂养/, bottle],
  [/推车|出行/, pram],
  [/照明|灯/, lamp],
  [/贴身|袜/, cloth],
  [/女装|服/, shirt],
  [/厨房/, pot],
  [/家居小电/, device],
  [/套装|组合/, set],
  [/水|露|洗护/, flask],
  [/美妆/, tube],
];

const shade = (hex, by) =>
  `#${[1, 3, 5]
    .map((at) => Math.max(0, Math.min(255, Math.round(parseInt(hex.slice(at, at + 2), 16) * by))))
    .map((part) => part.toString(16).padStart(2, "0"))
    .join("")}`;

function colourOf({ sku, name, brand, attributes = {} }) {
  // 口红 and 腮红 name a thing, not its colour.
  const named = [attributes["色号"], attributes["颜色"], shortName({ name, brand })].join(" ").replace(/[口腮]红/g, "");
  const found = COLOURS.find(([words]) => words.test(named));
  const sum = [...sku].reduce((total, sign) => total + sign.charCodeAt(0), 0);
  return found?.[1] ?? CALM[sum % CALM.length];
}

function lipstick(c) {
  return html`<rect x="86" y="118" width="28" height="46" rx="3" fill="#2f3433" /><rect x="84" y="104" width="32" height="18" rx="2" fill="#c9a869" />
    <path d="M89 104V72q0-8 9-14l13-9v55z" fill=${c} /><path d="M98 58l13-9v55h-5V60z" fill=${shade(c, 0.86)} />`;
}
function palette(c) {
  return html`<rect x="46" y="66" width="108" height="72" rx="10" fill="#3b3735" /><rect x="52" y="72" width="96" height="60" rx="6" fill="#54504d" />
    ${[0, 1, 2, 3].map(
      (n) => html`<rect x=${57 + (n % 2) * 45} y=${77 + (n > 1 ? 27 : 0)} width="41" height="23" rx="4" fill=${shade(c, [1.25, 1, 0.82, 0.65][n])} />`,
    )}`;
}
function pencil(c) {
  return html`<g transform="rotate(38 100 100)"><rect x="93" y="52" width="14" height="84" rx="3" fill="#383c3b" /><rect x="93" y="118" width="14" height="10" fill="#c9a869" />
    <path d="M93 136h14l-5 18q-2 5-4 0z" fill=${c} /></g>`;
}
function brush(c) {
  return html`<g transform="rotate(-24 100 100)"><rect x="95" y="92" width="10" height="70" rx="5" fill="#5a4638" /><rect x="92" y="78" width="16" height="18" fill="#c9a869" />
      <path d="M90 78q-6-26 10-40 16 14 10 40z" fill=${c} /></g>
    <g transform="rotate(20 100 100)"><rect x="96" y="96" width="8" height="64" rx="4" fill="#6d5646" /><rect x="94" y="84" width="12" height="14" fill="#c9a869" />
      <path d="M93 84q-3-18 7-28 10 10 7 28z" fill=${shade(c, 0.8)} /></g>`;
}
function compact(c) {
  return html`<circle cx="100" cy="78" r="38" fill="#dfe6e4" stroke="#b9a27a" stroke-width="4" /><circle cx="100" cy="126" r="38" fill="#b9a27a" />
    <circle cx="100" cy="126" r="31" fill=${c} /><path d="M78 66q12-18 34-16" stroke="#fff" stroke-width="5" fill="none" stroke-linecap="round" />`;
}
function dropper(c) {
  return html`<rect x="92" y="42" width="16" height="22" rx="7" fill="#4a4f4d" /><rect x="86" y="62" width="28" height="16" rx="3" fill="#c9b28a" />
    <rect x="72" y="78" width="56" height="82" rx="12" fill=${c} /><rect x="80" y="104" width="40" height="34" rx="3" fill="#fff" opacity=".85" />
    <path d="M86 114h28M86 122h18" stroke=${shade(c, 0.7)} stroke-width="3" />`;
}
function jar(c) {
  return html`<rect x="62" y="72" width="76" height="22" rx="6" fill=${shade(c, 0.72)} /><rect x="56" y="92" width="88" height="58" rx="14" fill=${c} />
    <rect x="72" y="108" width="56" height="26" rx="3" fill="#fff" opacity=".85" /><path d="M80 118h40M80 126h24" stroke=${shade(c, 0.7)} stroke-width="3" />`;
}
function pack(c) {
  return html`<rect x="56" y="58" width="88" height="98" rx="12" fill=${c} /><path d="M56 82h88" stroke="#fff" stroke-width="3" opacity=".7" />
    <rect x="74" y="98" width="52" height="36" rx="18" fill="#fff" opacity=".9" /><circle cx="100" cy="116" r="9" fill=${shade(c, 0.8)} />`;
}
function tin(c) {
  return html`<rect x="62" y="54" width="76" height="16" rx="6" fill="#d8c8a0" /><rect x="60" y="66" width="80" height="92" rx="8" fill=${c} />
    <rect x="60" y="88" width="80" height="42" fill="#fff" opacity=".9" /><path d="M78 102h44M78 114h28" stroke=${shade(c, 0.7)} stroke-width="5" stroke-linecap="round" />`;
}
function bottle(c) {
  return html`<path d="M92 40q8-10 16 0l2 14H90z" fill="#e8c9a8" /><rect x="78" y="54" width="44" height="16" rx="5" fill=${shade(c, 0.75)} />
    <rect x="74" y="70" width="52" height="88" rx="16" fill="#fff" stroke=${c} stroke-width="4" /><path d="M76 112h48v30q0 14-14 14H90q-14 0-14-14z" fill=${c} opacity=".55" />
    <path d="M108 84h10M108 96h10M108 108h10" stroke=${shade(c, 0.7)} stroke-width="3" />`;
}
function pram(c) {
  return html`<path d="M56 96a44 44 0 0 1 44-44v44z" fill=${shade(c, 0.8)} /><path d="M56 96h92a46 30 0 0 1-92 0z" fill=${c} /><path d="M146 96l14-22" stroke="#4a4f4d" stroke-width="6" stroke-linecap="round" />
    <circle cx="80" cy="146" r="11" fill="none" stroke="#4a4f4d" stroke-width="5" /><circle cx="124" cy="146" r="11" fill="none" stroke="#4a4f4d" stroke-width="5" />`;
}
function lamp(c) {
  return html`<path d="M74 52h52l14 44H60z" fill=${c} /><path d="M66 96h68l8 22H58z" fill="#ffe9b0" opacity=".7" /><rect x="96" y="96" width="8" height="52" fill="#4a4f4d" /><rect x="74" y="146" width="52" height="10" rx="5" fill="#4a4f4d" />`;
}
function shirt(c) {
  return html`<path d="M76 52l-28 18 10 24 14-6v66h56V88l14 6 10-24-28-18q-24 18-48 0z" fill=${c} /><path d="M76 52q24 34 48 0" fill="none" stroke=${shade(c, 0.78)} stroke-width="4" /><path d="M100 74v80" stroke=${shade(c, 0.84)} stroke-width="2" />`;
}
function cloth(c) {
  return html`${[0, 1, 2].map(
    (n) => html`<rect x=${54 + n * 3} y=${124 - n * 24} width=${92 - n * 6} height="30" rx="10" fill=${shade(c, [0.85, 1, 1.12][n])} />
      <path d="M${64 + n * 3} ${139 - n * 24}h${72 - n * 6}" stroke="#fff" stroke-width="2" opacity=".5" />`,
  )}`;
}
function pot(c) {
  return html`<rect x="62" y="92" width="76" height="64" rx="16" fill=${c} /><path d="M58 92q42-26 84 0z" fill=${shade(c, 0.8)} /><circle cx="100" cy="74" r="7" fill="#4a4f4d" />
    <rect x="46" y="106" width="18" height="10" rx="5" fill="#4a4f4d" /><rect x="136" y="106" width="18" height="10" rx="5" fill="#4a4f4d" /><rect x="84" y="124" width="32" height="14" rx="7" fill="#fff" opacity=".85" />`;
}
function flask(c) {
  return html`<rect x="84" y="44" width="32" height="26" rx="5" fill=${shade(c, 0.7)} /><path d="M84 70h32q16 6 16 24v52q0 12-12 12H80q-12 0-12-12V94q0-18 16-24z" fill=${c} />
    <rect x="80" y="104" width="40" height="36" rx="3" fill="#fff" opacity=".85" /><path d="M88 116h24M88 126h14" stroke=${shade(c, 0.7)} stroke-width="3" />`;
}
function device(c) {
  return html`<rect x="66" y="50" width="68" height="106" rx="18" fill=${c} /><circle cx="100" cy="88" r="22" fill="#fff" opacity=".9" /><circle cx="100" cy="88" r="12" fill=${shade(c, 0.75)} />
    <rect x="84" y="124" width="32" height="8" rx="4" fill="#fff" opacity=".85" /><rect x="76" y="154" width="48" height="8" rx="4" fill="#4a4f4d" />`;
}
function set(c) {
  return html`<rect x="50" y="84" width="100" height="70" rx="6" fill=${c} /><rect x="44" y="70" width="112" height="22" rx="5" fill=${shade(c, 0.85)} /><rect x="93" y="70" width="14" height="84" fill="#f7efe2" />
    <path d="M100 70q-30-6-20-22 16-4 20 22 4-26 20-22 10 16-20 22z" fill="#f7efe2" />`;
}
function tube(c) {
  return html`<path d="M78 48h44l-5 86H83z" fill=${c} /><rect x="84" y="134" width="32" height="22" rx="4" fill=${shade(c, 0.7)} /><rect x="86" y="72" width="28" height="40" rx="3" fill="#fff" opacity=".85" />
    <path d="M92 84h16M92 94h10" stroke=${shade(c, 0.7)} stroke-width="3" />`;
}

/** The picture of a product as inline SVG. It says nothing the name does not: hidden from screen readers. */
export function Picture({ product }) {
  const [department] = shelf(product);
  const [, draw] = KINDS.find(([words]) => words.test(`${product.category} ${product.name}`)) ?? [null, set];
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" aria-hidden="true" class="picture">
    <rect width="200" height="200" fill=${GROUNDS[department] ?? "#ecebe6"} /><ellipse cx="100" cy="164" rx="58" ry="7" fill="#000" opacity=".07" />
    ${draw(colourOf(product))}
  </svg>`;
}

/** The same as a data: URL, for places that want an address. */
export function pictureUrl(product) {
  const box = document.createElement("div");
  render(html`<${Picture} product=${product} />`, box);
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(box.firstChild))}`;
}
