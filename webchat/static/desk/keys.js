/** Shortcuts: one table, from which the keyboard and the help page are made. None fires while an input method composes. */

import { useEffect } from "../vendor/preact.js";

/** Whether a key belongs to an input method: 229 is what some browsers report for it. */
export const composing = (event) => event.isComposing || event.keyCode === 229;

const writing = ({ target }) => target.closest?.("input, textarea, select, [contenteditable]");
const alt = (code) => (event) => event.altKey && !event.ctrlKey && !event.metaKey && event.code === code;
const panel = (name) => (desk) => {
  const session = desk.current.value;
  const row = session && desk.row(session);
  if (row && desk.owns(row) && row.state !== "wrap_up") desk.panel.value = { name, session };
};
const mode = (kind) => (desk) => {
  const talk = desk.talk.value;
  if (!talk) return;
  talk.write(talk.draft.value, kind);
  desk.focus();
};

export const KEYS = [
  { keys: ["Alt", "J"], name: "下一个会话", hit: alt("KeyJ"), run: (desk) => desk.step(1) },
  { keys: ["Alt", "K"], name: "上一个会话", hit: alt("KeyK"), run: (desk) => desk.step(-1) },
  { keys: ["Alt", "L"], name: "回复顾客", hit: alt("KeyL"), run: mode("say") },
  { keys: ["Alt", "P"], name: "写备注", hit: alt("KeyP"), run: mode("note") },
  { keys: ["Alt", "M"], name: "挂起", hit: alt("KeyM"), run: panel("hold") },
  { keys: ["Alt", "T"], name: "转接", hit: alt("KeyT"), run: panel("transfer") },
  { keys: ["Alt", "E"], name: "结束会话", hit: alt("KeyE"), run: panel("resolve") },
  {
    keys: ["Ctrl", "Alt", "E"],
    name: "按小结结束，打开下一个",
    hit: (event) => (event.ctrlKey || event.metaKey) && event.altKey && event.code === "KeyE",
    run: (desk) => desk.resolveAndNext(),
  },
  { keys: ["Alt", "A"], name: "接受邀请", hit: alt("KeyA"), run: (desk) => desk.offers.value[0] && desk.accept(desk.offers.value[0].session) },
  { keys: ["Alt", "R"], name: "拒绝邀请", hit: alt("KeyR"), run: (desk) => desk.offers.value[0] && desk.decline(desk.offers.value[0].session) },
  { keys: ["Alt", "O"], name: "收起或展开顾客资料", hit: alt("KeyO"), run: (desk) => (desk.aside.value = !desk.aside.value) },
  {
    keys: ["Ctrl", "K"],
    name: "搜索",
    hit: (event) => (event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyK",
    run: (desk) => (desk.panel.value = { name: "search" }),
  },
  {
    keys: ["?"],
    name: "快捷键一览",
    hit: (event) => ["?", "？"].includes(event.key) && !writing(event) && !event.ctrlKey && !event.metaKey,
    run: (desk) => (desk.panel.value = { name: "help" }),
  },
];

/** Keys that the field and the list have for themselves, for the help page. */
export const FIELD_KEYS = [
  { keys: ["Enter"], name: "发送" },
  { keys: ["Shift", "Enter"], name: "换行" },
  { keys: ["Tab"], name: "放入第一条建议（输入框空着时）" },
  { keys: ["Alt", "1–3"], name: "放入第几条建议" },
  { keys: ["/"], name: "快捷回复，可用拼音首字母" },
  { keys: ["@"], name: "备注里提醒同事" },
  { keys: ["Esc"], name: "关闭弹出的内容" },
];

/** Listen for shortcuts while the desk is open; a dialog keeps the keyboard to itself. */
export function useKeys(desk) {
  useEffect(() => {
    const press = (event) => {
      if (composing(event) || event.repeat) return;
      const key = KEYS.find(({ hit }) => hit(event));
      if (!key) return;
      event.preventDefault();
      if (!desk.panel.value) key.run(desk);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
