/** Light or dark, before the first paint: loaded as a plain script in the head. `staffTheme("auto"|"light"|"dark")` changes it. */

(() => {
  const KEY = "zhanggui:theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => {
    try {
      return localStorage.getItem(KEY) ?? "auto";
    } catch {
      return "auto"; // a browser that keeps nothing
    }
  };
  let now = wanted();
  const paint = () => (document.documentElement.dataset.theme = now === "auto" ? (dark.matches ? "dark" : "light") : now);
  window.staffTheme = (next) => {
    if (next) {
      now = next;
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // shown now, forgotten later
      }
      paint();
    }
    return now;
  };
  dark.addEventListener("change", paint);
  addEventListener("storage", ({ key }) => key === KEY && ((now = wanted()), paint()));
  paint();
})();
