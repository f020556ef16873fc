/** Where an agent writes: to the shopper, to colleagues, or not at all while somebody else has the session. */

import { html, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { leads } from "../staff/account.js";
import { icon } from "../staff/icons.js";
import { toast } from "../staff/layers.js";
import { useRead } from "../staff/reactive.js";
import { Picker, usePicks } from "./picks.js";
import { composing } from "./keys.js";
import { Due } from "./promises.js";
import { STATE, SUGGESTION } from "./words.js";

const LONGEST = 2000; // characters, as the gateway counts them
const MODES = { say: "回复", note: "备注", whisper: "耳语" };
const HINTS = {
  say: "回复顾客。/ 快捷回复，Enter 发送，Shift+Enter 换行",
  note: "写给同事看的备注，顾客看不到。用 @ 提醒同事",
  whisper: "只有接待的客服看得到",
};

export function Composer({ desk, talk }) {
  const row = useRead(() => (desk.rowOf(talk.session), desk.row(talk.session)));
  const mode = useRead(() => talk.mode.value);
  const mine = desk.owns(row);
  const talking = mine && row.state !== "wrap_up";
  const modes = [talking && "say", "note", leads() && row?.owner && !mine && "whisper"].filter(Boolean);
  const now = modes.includes(mode) ? mode : modes[0];
  // Whoever gets the session, or comes back to it with nothing written, writes to the shopper.
  useLayoutEffect(() => {
    if (talking && !talk.draft.value) talk.mode.value = "say";
  }, [talking]);
  return html`<div class="composer ${now} ${talking ? "" : "locked"}">
    ${!talking && html`<${Lock} desk=${desk} row=${row} session=${talk.session} />`}
    ${talking && html`<${Due} desk=${desk} talk=${talk} />`}
    ${now === "say" && html`<${Suggestions} talk=${talk} />`}
    <div class="modes" role="group" aria-label="写给谁">
      ${modes.map((each) => html`<button key=${each} aria-pressed=${each === now} onClick=${() => (talk.write(talk.draft.value, each), desk.focus())}>${MODES[each]}</button>`)}
    </div>
    <${Field} desk=${desk} talk=${talk} mode=${now} />
  </div>`;
}

/** Why one may not write to the shopper, and the way to. */
function Lock({ desk, row, session }) {
  const [busy, work] = useState(false);
  const offered = useRead(() => desk.offers.value.some((offer) => offer.session === session));
  if (!row) return;
  const { state, owner } = row;
  const mine = owner?.login === desk.login;
  const words =
    state === "closed"
      ? "会话已结束，顾客再来时会接着这里"
      : state === "wrap_up" && mine
        ? "会话已结束，正在收尾；顾客再说话会回到会话中"
        : owner
          ? `${owner.name}正在接待，这里只能看和写备注`
          : { bot: "机器人正在接待，接管后由你回复", queued: "顾客在排队等人工", offered: "已派单，等客服应答", message_left: "顾客留了言" }[state];
  const can = state !== "closed" && state !== "wrap_up" && (!owner || leads());
  const take = async () => {
    work(true);
    await (offered ? desk.accept(session) : desk.takeover(session, !!owner));
    work(false);
  };
  return html`<div class="lock">
    ${icon("lock")}<span>${words ?? STATE[state]}</span><span class="gap" />
    ${can && html`<button class="btn main low" disabled=${busy} onClick=${take}>${icon("hand")}${offered ? "接受" : owner ? `从${owner.name}接管` : "接管"}</button>`}
  </div>`;
}

function Suggestions({ talk }) {
  const items = useRead(() => talk.suggestions.value);
  const empty = useRead(() => !talk.draft.value);
  if (!items?.length) return;
  // A rival was named: what to say about it stands first.
  const all = [...items].sort((a, b) => (b.kind === "talk_track") - (a.kind === "talk_track"));
  talk.offered = all;
  return html`<ul class="suggestions" aria-label="建议，点选后放进输入框，不会自动发出">
    ${all.map(
      ({ id, text, kind, title, sources }, at) =>
        html`<li key=${id} class=${kind}>
          <button onClick=${() => talk.insert(text, id)} title=${`放进输入框 ${at ? `Alt+${at + 1}` : "Tab"}`}>
            <span class="chip ${kind === "talk_track" ? "warn" : "main"}">${SUGGESTION[kind] ?? "建议"}${title ? ` · ${title}` : ""}</span>
            <span class="text">${text} ${sources?.length > 0 && html`<small class="dim">依据：${sources.map((source) => source.title || source.id).join("、")}</small>`}</span>
            <kbd>${at ? `Alt ${at + 1}` : empty ? "Tab" : "Alt 1"}</kbd>
          </button>
        </li>`,
    )}
  </ul>`;
}

function Field({ desk, talk, mode }) {
  const field = useRef();
  const text = useRead(() => talk.draft.value);
  const attached = useRead(() => talk.attached.value);
  const offline = useRead(() => desk.status.value !== "online");
  const picks = usePicks(desk, talk, mode, text, field);
  const over = [...text].length - LONGEST;
  const cannot = over > 0 || (!text.trim() && !(attached && mode === "say"));
  useLayoutEffect(() => {
    const { style } = field.current;
    style.height = "0";
    style.height = `${Math.min(200, Math.max(mode === "say" ? 64 : 44, field.current.scrollHeight + 2))}px`;
  }, [text, mode]);
  const send = () => {
    if (cannot) return;
    const open = mode === "say" && /\{\{[^}]*\}\}/.exec(text);
    if (open) {
      field.current.setSelectionRange(open.index, open.index + open[0].length);
      return toast(`还有没填的内容：${open[0]}`, { bad: true });
    }
    talk.send(mode);
    field.current.focus();
  };
  const key = (event) => {
    if (composing(event)) return;
    if (picks.key(event)) return;
    const offered = mode === "say" && talk.suggestions.value.length ? talk.offered : [];
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Tab" && !event.shiftKey && !text && offered.length) {
      event.preventDefault();
      talk.insert(offered[0].text, offered[0].id);
    } else if (event.altKey && /^Digit[1-3]$/.test(event.code) && offered[+event.code.at(-1) - 1]) {
      event.preventDefault();
      const { text: words, id } = offered[+event.code.at(-1) - 1];
      talk.insert(words, id);
    }
  };
  return html`<div class="field-box">
    ${picks.items && html`<${Picker} picks=${picks} />`}
    ${attached &&
    mode === "say" &&
    html`<p class="attached">
      ${icon("box")}<span class="cut">附上：${attached.title}</span>
      <button class="btn flat square low" aria-label="不附了" onClick=${() => (talk.attached.value = null)}>${icon("close")}</button>
    </p>`}
    <textarea
      ref=${field}
      class="input"
      aria-label=${MODES[mode]}
      aria-autocomplete="list"
      aria-controls=${picks.items ? "picks" : undefined}
      aria-activedescendant=${picks.items?.length ? `pick-${picks.at}` : undefined}
      placeholder=${HINTS[mode]}
      value=${text}
      onInput=${({ target }) => talk.write(target.value, mode)}
      onKeyDown=${key}
      onBlur=${picks.close}
    />
    <div class="under">
      ${over > 0 && html`<span class="bad small" role="alert">最多 ${LONGEST} 字，已超出 ${over} 字</span>`}
      ${offline && html`<span class="warn small">现在离线，发送后会在连上时送出</span>`}
      <span class="gap" />
      ${mode === "say" && text.trim() && !text.startsWith("/") && html`<button class="btn flat low" onClick=${() => (desk.panel.value = { name: "canned", text: text.trim() })}>存为快捷回复</button>`}
      ${mode === "say" && html`<button class="btn flat low" onMouseDown=${(event) => event.preventDefault()} onClick=${() => (talk.write("/", "say"), field.current.focus())}>${icon("bolt")}快捷回复</button>`}
      <button class="btn ${mode === "say" ? "main" : ""} low" disabled=${cannot} onClick=${send}>${{ say: "发送", note: "记下", whisper: "耳语" }[mode]}</button>
    </div>
  </div>`;
}
