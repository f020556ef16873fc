/** The look, as one constructed stylesheet. */

const LIGHT = "--bg:#fff;--soft:#f3f5f4;--ink:#1d2523;--dim:#5b6663;--rule:#dfe5e3;--main:#0f6b5c;--on:#fff;--price:#b3341f;--shade:#12302a33";
const DARK = "--bg:#171c1b;--soft:#232a28;--ink:#e9efed;--dim:#a3afac;--rule:#34403d;--main:#5cc9b3;--on:#06231d;--price:#ff9d8a;--shade:#0009";

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{all:initial!important;color-scheme:light!important;position:fixed!important;z-index:2147483000!important;
inset:auto 20px max(20px,env(safe-area-inset-bottom)) auto!important;
font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif!important;${LIGHT}}
:host([data-side=left]){right:auto!important;left:20px!important}
:host([page]){position:static!important;display:block!important}
:host([data-theme=dark]){color-scheme:dark!important;${DARK}}
@media(prefers-color-scheme:dark){:host([data-theme=auto]){color-scheme:dark!important;${DARK}}}
*{box-sizing:border-box;margin:0;min-width:0}
button,input,textarea{font:inherit;color:inherit;background:none;border:0;padding:0}
button,summary,label{cursor:pointer}
:disabled,[aria-disabled=true]{opacity:.5;cursor:default}
:focus-visible{outline:2px solid var(--main);outline-offset:2px}
.log:focus-visible,textarea:focus-visible{outline-offset:-2px}
h2{font-size:15px;line-height:1.4}
small{font-size:12px;color:var(--dim)}
svg{width:24px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;display:block}
.sr,label input{position:absolute;opacity:0;width:1px;height:1px;overflow:hidden}
.launcher{display:flex;align-items:center;gap:8px;min-width:56px;height:56px;padding:0 16px;border-radius:28px;background:var(--main);color:var(--on);box-shadow:0 6px 20px var(--shade)}
.badge{position:absolute;top:-4px;right:-4px;padding:0 6px;border:2px solid var(--bg);border-radius:12px;background:#c22f1c;color:#fff;font-size:12px;line-height:18px}
.panel{position:absolute;right:0;bottom:68px;width:384px;height:min(640px,100dvh - 108px);display:flex;flex-direction:column;overflow:hidden;border:1px solid var(--rule);border-radius:16px;background:var(--bg);color:var(--ink);box-shadow:0 12px 48px var(--shade)}
:host([data-side=left]) .panel{right:auto;left:0}
:host([page]) .panel{position:static;width:100%;height:var(--seen,100dvh);border:0;border-radius:0;box-shadow:none}
.head,.card,.product,.composer{display:flex;align-items:center;gap:10px;padding:12px}
.head{border-bottom:1px solid var(--rule);padding-left:16px}
.face,.icon,.pic,label span,.composer .main{display:grid;place-items:center;flex:none}
.face{width:38px;height:38px;border-radius:50%;background:var(--soft);color:var(--main);font-weight:600}
.face.agent,.main,.shopper .say{background:var(--main);color:var(--on)}
.who,.facts,textarea,.log{flex:1}
.who small{display:block}
.pill,.main,.choices button,label span{flex:none;min-height:36px;padding:4px 14px;border:1px solid var(--rule);border-radius:22px;font-size:14px}
.pill,.choices button,.link,a,.status,input:checked+span{color:var(--main)}
.main,.choices button,input:checked+span{border-color:var(--main)}
.icon{width:36px;height:36px;border-radius:50%;color:var(--dim)}
.icon svg{width:20px}
.pill:hover,.icon:hover,.choices button:hover{background:var(--soft)}
.banner{display:flex;gap:8px;justify-content:space-between;padding:8px 16px;background:var(--soft);font-size:13px}
.late{animation:late .8s steps(1)}
@keyframes late{0%{visibility:hidden}}
.link,a{text-decoration:underline;text-underline-offset:3px}
.link{min-height:24px;flex:none}
.log{overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:14px}
.hello{margin:auto 0}.hello b{font-size:18px}.hello p{margin:4px 0 14px;color:var(--dim)}
.notice{text-align:center;font-size:12px;color:var(--dim)}
.row{display:flex;flex-direction:column;align-items:flex-start;gap:6px;max-width:86%;align-self:flex-start}
.row.shopper{align-self:flex-end;align-items:flex-end}
.say,.dots{padding:9px 13px;border-radius:4px 14px 14px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.shopper .say{border-radius:14px 4px 14px 14px}
.bad,.price{color:var(--price)}
.card{width:300px;max-width:100%;border:1px solid var(--rule);border-radius:12px;color:inherit;text-decoration:none}
a.card:hover{border-color:var(--main)}
.pic{width:64px;height:64px;border-radius:8px;object-fit:cover;background:var(--soft);color:var(--main);font-size:22px}
.facts{display:flex;flex-direction:column;line-height:1.45}
.facts b{font-weight:500;font-size:14px;overflow-wrap:anywhere}
.line{display:flex;justify-content:space-between;align-items:baseline}
.price{font-weight:600}
.sources{font-size:13px;color:var(--dim)}
ul{margin:2px 0;padding-left:10px;border-left:2px solid var(--rule);list-style:none}
li small{padding:0 5px;border:1px solid var(--rule);border-radius:4px}
.choices,fieldset{display:flex;flex-wrap:wrap;gap:8px;border:0;padding:0}
.dots{display:block;padding:4px 14px}
.dots i{display:inline-block;width:7px;height:7px;margin:2px;border-radius:50%;background:var(--dim);animation:dot 1.2s infinite}
.dots i+i{animation-delay:.2s}.dots i+i+i{animation-delay:.4s}
@keyframes dot{30%{opacity:.25}}
.newest{position:sticky;bottom:0;align-self:flex-end;flex:none;width:40px;height:40px;margin-top:-54px;border-radius:50%;border:1px solid var(--rule);background:var(--bg);color:var(--main)}
.product,.composer{border-top:1px solid var(--rule)}
.product .pic{width:44px;height:44px}
.product b{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.csat{display:flex;flex-direction:column;gap:10px;padding:14px;border:1px solid var(--rule);border-radius:12px}
legend{font-size:13px;color:var(--dim);padding:0 0 6px}
.stars span{padding:0 6px;border:0;font-size:28px;color:#b87400}
:focus-visible+span{outline:2px solid var(--main)}
.csat>input,textarea{padding:9px 14px;border:1px solid var(--rule);border-radius:22px;font-size:16px}
.composer{flex-wrap:wrap;padding-bottom:max(12px,env(safe-area-inset-bottom))}
.composer p{width:100%;font-size:13px}
textarea{height:44px;max-height:130px;resize:none;line-height:24px}
::placeholder{color:var(--dim);opacity:1}
.composer .main{width:44px;height:44px;padding:0}
@media(max-width:479.98px){:host([open]) .launcher{display:none}
:host .panel{position:fixed;inset:0 0 auto!important;width:auto;height:var(--seen,100dvh);border:0;border-radius:0}
.head{padding-top:max(12px,env(safe-area-inset-top))}.pill,.main,.choices button,label span{min-height:44px}.icon{width:44px;height:44px}}
@media(prefers-reduced-motion:reduce){*{animation-duration:0s!important}}
@media(forced-colors:active){.say,.launcher,.main{border:1px solid}}
`);
