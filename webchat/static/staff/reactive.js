/** Components that draw again when what they read of the signals changes, and only then. */

import { effect, useEffect, useRef, useState } from "../vendor/preact.js";

/**
 * What `read` returns now; the component draws again when it returns something else. `read` may use anything that
 * `deps` names, as with useEffect. Lists and objects are compared by identity: return what the store holds.
 */
export function useRead(read, deps = []) {
  const [, redraw] = useState(0);
  const shown = useRef();
  const reader = useRef();
  reader.current = read;
  shown.current = read();
  useEffect(
    () =>
      effect(() => {
        const now = reader.current();
        if (!Object.is(now, shown.current)) {
          shown.current = now;
          redraw((count) => count + 1);
        }
      }),
    deps,
  );
  return shown.current;
}

/** A value kept for one person in this browser; `fallback` where nothing, or nothing usable, is kept. */
export function kept(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(`zhanggui:${key}`)) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Keep a value in this browser; a browser that keeps nothing is no fault. */
export function keep(key, value) {
  try {
    localStorage.setItem(`zhanggui:${key}`, JSON.stringify(value));
  } catch {
    // full or forbidden: it lasts as long as the page
  }
}
