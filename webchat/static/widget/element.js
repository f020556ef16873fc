/** The custom element: the panel in a shadow root of its own, and where the focus goes. */

import { effect, html, render } from "../vendor/preact.js";
import { App } from "./panel.js";
import { sheet } from "./style.js";

/** Define `<zhanggui-chat>` over a chat. With the attribute `page` it fills its place and has no launcher. */
export function define(chat) {
  class Element extends HTMLElement {
    connectedCallback() {
      const root = (this.root ??= this.attachShadow({ mode: "open" }));
      const page = this.hasAttribute("page");
      root.adoptedStyleSheets = [sheet];
      if (page) chat.open.value = true;
      this.dataset.side = chat.settings.position;
      this.stops = [
        // Every signal read while drawing draws again when it changes.
        effect(() => render(html`<${App} chat=${chat} page=${page} />`, root)),
        effect(() => void (this.dataset.theme = chat.theme.value)),
        effect(() => this.moveFocus(chat.open.value, page)),
      ];
      // A phone's keyboard shrinks the visual viewport only; the composer stays above it.
      window.visualViewport?.addEventListener("resize", () => this.style.setProperty("--seen", `${visualViewport.height * visualViewport.scale}px`));
    }

    disconnectedCallback() {
      this.stops.forEach((stop) => stop());
    }

    /** Into the panel when it opens, back to where it came from when it closes. */
    moveFocus(open, page) {
      this.toggleAttribute("open", open);
      if (page || open === !!this.from) return;
      // A focused field pulls up a touch screen's keyboard.
      const inside = open && (matchMedia("(pointer:coarse)").matches ? ".log" : "textarea");
      const back = [this, document.body].includes(this.from) ? undefined : this.from;
      this.from = open && document.activeElement;
      const target = (!inside && back) || this.root.querySelector(inside || ".launcher");
      setTimeout(() => target?.focus());
    }
  }
  customElements.define("zhanggui-chat", Element);
}
