/** The words and the times of a locale. English is fetched when it is wanted. */

import { signal } from "../vendor/preact.js";
import zh from "./zh-CN.js";

/** `t(key, …values)`, with `t.time(at)` and `t.day(at)`; a code we have no words for is shown as it is. */
export const words = signal(speak("zh-CN", zh));

/** Chinese where a locale is not ours. */
export async function setLocale(locale) {
  const english = locale?.startsWith("en");
  words.value = speak(english ? locale : "zh-CN", english ? (await import("./en.js")).default : zh);
}

function speak(locale, table) {
  const form = (options) => {
    const { format } = new Intl.DateTimeFormat(locale, options);
    return (at) => format(new Date(at));
  };
  return Object.assign((key, ...values) => (table[key] ?? key).replace(/\{(\d)\}/g, (_, n) => values[n]), {
    locale,
    time: form({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: form({ month: "long", day: "numeric", weekday: "short" }),
  });
}
