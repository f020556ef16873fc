/** News of one's own sessions when one looks elsewhere: the title counts, a sound, a desktop notification. */

import { effect, signal } from "../vendor/preact.js";
import { keep, kept } from "../staff/reactive.js";

/** Whether sound and notifications are wanted. */
export const wanted = signal(kept("notify", true));

const TITLE = document.title;
let sound;

/** Two soft tones, made here: no file to fetch. A browser allows them after the first click on the page. */
function ring(urgent) {
  try {
    sound ??= new AudioContext();
    if (sound.state === "suspended") sound.resume();
    [0, 0.16].forEach((after, at) => {
      const [tone, volume] = [sound.createOscillator(), sound.createGain()];
      tone.frequency.value = (urgent ? 660 : 520) * (at ? 1.25 : 1);
      volume.gain.setValueAtTime(0.08, sound.currentTime + after);
      volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + after + 0.3);
      tone.connect(volume).connect(sound.destination);
      tone.start(sound.currentTime + after);
      tone.stop(sound.currentTime + after + 0.32);
    });
  } catch {
    // no sound device
  }
}

/** An offer rings always, anything else only for who looks elsewhere. */
function show(desk, title, body, session, urgent) {
  if (urgent || !desk.looking()) ring(urgent);
  if (desk.looking() || !("Notification" in window) || Notification.permission !== "granted") return;
  const note = new Notification(title, { body, tag: session, icon: "/webchat/staff/icon.svg" });
  note.onclick = () => {
    window.focus();
    if (session) desk.go(session);
    note.close();
  };
}

/** Switch them on or off; switching on asks the browser's permission. */
export async function toggle() {
  wanted.value = !wanted.value;
  keep("notify", wanted.value);
  if (wanted.value && "Notification" in window && Notification.permission === "default") await Notification.requestPermission();
}

/** Watch a desk; returns how to stop. Only what is one's own is told. */
export function watch(desk) {
  desk.told = ({ t, session, from, by, text, row, last }) => {
    if (!wanted.value) return;
    if (t === "offer") show(desk, `新会话：${row?.name ?? "顾客"}`, row?.last?.text ?? "请尽快应答", session, true);
    else if (t === "mention") show(desk, `${by.name}提到了你`, text, session);
    else if (t === "state" && last?.from === "shopper" && desk.owns(desk.rowOf(session)) && desk.heard.get(session) !== last.seq) {
      desk.heard.set(session, last.seq);
      show(desk, desk.rowOf(session).name ?? "顾客", last.text, session);
    }
  };
  const stop = effect(() => {
    const count = desk.unread.value + desk.offers.value.length;
    document.title = count ? `(${count}) ${TITLE}` : TITLE;
  });
  return () => {
    stop();
    document.title = TITLE;
  };
}
