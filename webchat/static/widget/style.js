/** The look, as one constructed stylesheet: nothing of the page reaches in, nothing of ours leaks out. */

const LIGHT = "--bg:#fff;--soft:#f3f5f4;--ink:#1d2523;--dim:#5b6663;--rule:#dfe5e3;--accent:#0f6b5c;--on:#fff;--price:#b3341f;--warn:#fdf3dc;--shade:#12302a26";
const DARK = "--bg:#171c1b;--soft:#232a28;--ink:#e9efed;--dim:#a3afac;--rule:#34403d;--accent:#5cc9b3;--on:#06231d;--price:#ff9d8a;--warn:#3a3118;--shade:#0009";

const CSS = `
:host{all:initial!important;color-scheme:light!important;position:fixed!important;z-index:2147483000!important;
right:max(20px,env(safe-area-inset-right))!important;bottom:max(20px,env(safe-area-inset-bottom))!important;
font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif!important;${LIGHT}}
:host([data-side=left]){right:auto!important;left:max(20px,env(safe-area-inset-left))!important}
:host([page]){position:static!important;display:block!important}
:host([data-theme=dark]){color-scheme:dark!important;${DARK}}
@media(prefers-color-scheme:dark){:host([data-theme=auto]){color-scheme:dark!important;${DARK}}}
*{box-sizing:border-box;margin:0;min-width:0}
button,input,textarea{font:inherit;color:inherit;background:none;border:0;padding:0}
button,summary{cursor:pointer}
button:disabled,[aria-disabled=true]{opacity:.5;cursor:default}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
h1,h2{font-size:15px;line-height:1.4}
small{font-size:12px}
svg{width:24px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;display:block}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.launcher{display:flex;align-items:center;gap:8px;min-width:56px;height:56px;padding:0 16px;border-radius:28px;background:var(--accent);color:var(--on);box-shadow:0 6px 20px var(--shade)}
.badge{position:absolute;top:-4px;right:-4px;min-width:22px;padding:0 6px;border:2px solid var(--bg);border-radius:12px;background:#c22f1c;color:#fff;font-size:12px;line-height:18px}
.panel{position:fixed;right:inherit;bottom:88px;width:384px;height:min(640px,100dvh - 108px);display:flex;flex-direction:column;overflow:hidden;border:1px solid var(--rule);border-radius:16px;background:var(--bg);color:var(--ink);box-shadow:0 12px 48px var(--shade)}
:host([data-side=left]) .panel{left:20px}
:host(:not([data-side=left])) .panel{right:20px}
:host([page]) .panel{position:static;width:100%;height:100dvh;border:0;border-radius:0;box-shadow:none}
header{display:flex;align-items:center;gap:10px;padding:12px 12px 12px 16px;border-bottom:1px solid var(--rule)}
.face{display:grid;place-items:center;flex:none;width:38px;height:38px;border-radius:50%;background:var(--soft);color:var(--accent);font-weight:600}
.face.agent{background:var(--accent);color:var(--on)}
.who{flex:1}.who small{display:block;color:var(--dim)}
.pill{flex:none;min-height:34px;padding:0 12px;border:1px solid var(--rule);border-radius:17px;font-size:13px;color:var(--accent)}
.icon{flex:none;display:grid;place-items:center;width:36px;height:36px;border-radius:50%;color:var(--dim)}
.icon svg{width:20px}
.pill:hover,.icon:hover,.choices button:hover{background:var(--soft)}
.banner{display:flex;gap:8px;justify-content:space-between;padding:8px 16px;background:var(--warn);font-size:13px}
.calm{background:var(--soft);color:var(--dim)}
.late{animation:late .8s steps(1)}
@keyframes late{from{visibility:hidden;position:absolute}}
.link,a{color:var(--accent);text-decoration:underline;text-underline-offset:3px}
.link{min-height:24px;flex:none}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:14px}
.log:focus-visible{outline-offset:-2px}
.hello{margin:auto 0}.hello b{font-size:18px}.hello p{color:var(--dim)}
.notice{align-self:center;text-align:center;font-size:12px;color:var(--dim)}
.row{display:flex;flex-direction:column;align-items:flex-start;gap:6px;max-width:86%;align-self:flex-start}
.row.shopper{align-self:flex-end;align-items:flex-end}
.say{padding:9px 13px;border-radius:4px 14px 14px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.shopper .say{border-radius:14px 4px 14px 14px;background:var(--accent);color:var(--on)}
.meta{color:var(--dim);display:flex;gap:6px;align-items:center}
.bad{color:var(--price)}
.card,.product{display:flex;gap:10px;align-items:center}
.card{width:100%;min-width:260px;padding:10px;border:1px solid var(--rule);border-radius:12px;color:inherit;text-decoration:none}
a.card:hover{border-color:var(--accent)}
.pic{flex:none;display:grid;place-items:center;width:64px;height:64px;border-radius:8px;object-fit:cover;background:var(--soft);color:var(--accent);font-size:22px}
.facts{flex:1;display:flex;flex-direction:column;line-height:1.45}
.facts b{font-weight:500;font-size:14px;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.facts small{color:var(--dim)}
.line{display:flex;justify-content:space-between;align-items:baseline}
.price{color:var(--price);font-weight:600;font-variant-numeric:tabular-nums}
.facts .status{color:var(--accent)}
.sources{font-size:13px;color:var(--dim)}
.sources summary{min-height:24px}
.sources ul{margin:4px 0 0;padding:0 0 0 10px;border-left:2px solid var(--rule);list-style:none}
.sources small{padding:0 5px;border:1px solid var(--rule);border-radius:4px}
.choices{display:flex;flex-wrap:wrap;gap:8px;margin-top:4px}
.choices button{min-height:36px;padding:4px 14px;border:1px solid var(--accent);border-radius:18px;color:var(--accent);text-align:start}
.dots{flex-direction:row;padding:14px;border-radius:4px 14px 14px;background:var(--soft)}
.dots i{width:7px;height:7px;border-radius:50%;background:var(--dim);animation:dot 1.2s infinite}
.dots i+i{animation-delay:.2s}.dots i+i+i{animation-delay:.4s}
@keyframes dot{30%{opacity:.25}}
.newest{position:absolute;right:20px;bottom:80px;width:40px;height:40px;border-radius:50%;border:1px solid var(--rule);background:var(--bg);color:var(--accent)}
.product{padding:10px 8px 10px 16px;border-top:1px solid var(--rule)}
.product .pic{width:44px;height:44px}
.product b{-webkit-line-clamp:1}
.main{flex:none;min-height:36px;padding:0 14px;border-radius:18px;background:var(--accent);color:var(--on);font-size:14px}
.csat{display:flex;flex-direction:column;gap:10px;padding:14px;border:1px solid var(--rule);border-radius:12px}
.csat fieldset{display:flex;flex-wrap:wrap;gap:8px;border:0;padding:0}
.csat legend{font-size:13px;color:var(--dim)}
.csat label{cursor:pointer;position:relative}
.csat label input{position:absolute;inset:0;opacity:0;cursor:pointer}
.csat label span{display:grid;place-items:center;min-width:40px;min-height:36px}
.stars span{font-size:26px;color:var(--dim)}.stars .lit span{color:#d98a00}
.solved span{padding:0 14px;border:1px solid var(--rule);border-radius:18px;font-size:14px}
input:checked+span{border-color:var(--accent);color:var(--accent)}
input:focus-visible+span{outline:2px solid var(--accent)}
.csat>input{padding:8px 12px;border:1px solid var(--rule);border-radius:8px;font-size:16px}
.composer{display:flex;flex-wrap:wrap;gap:8px;align-items:flex-end;padding:10px 12px max(10px,env(safe-area-inset-bottom));border-top:1px solid var(--rule)}
.composer p{width:100%;font-size:13px}
textarea{flex:1;min-height:44px;padding:9px 14px;border:1px solid var(--rule);border-radius:22px;resize:none;font-size:16px;line-height:24px}
textarea::placeholder{color:var(--dim);opacity:1}
.round{display:grid;place-items:center;width:44px;height:44px;padding:0;border-radius:50%}
@media(max-width:479.98px){:host([open]) .launcher{display:none}
.panel,:host .panel{inset:0!important;width:auto;height:var(--seen,100dvh);border:0;border-radius:0}
header{padding-top:max(12px,env(safe-area-inset-top))}.pill,.main,.choices button{min-height:44px;border-radius:22px}.icon{width:44px;height:44px}}
@media(prefers-reduced-motion:reduce){*{animation-duration:0s!important}}
@media(forced-colors:active){.say,.launcher,.main{border:1px solid}}
`;

export const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
