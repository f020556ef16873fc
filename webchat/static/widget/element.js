/** The custom element: the panel in a shadow root of its own, and where the focus goes. */

import { effect, html, render } from "../vendor/preact.js";
import { App } from "./panel.js";
import { sheet } from "./style.js";

/** Define `<zhanggui-chat>` over a chat. With the attribute `page` it fills its place and has no launcher. */
export function define(chat) {
  customElements.define(
    "zhanggui-chat",
    class extends HTMLElement {
      connectedCallback() {
        const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet];
        const page = this.hasAttribute("page");
        render(html`<${App} chat=${chat} page=${page} />`, root);
        if (page) chat.open.value = true;
        this.setAttribute("side", chat.settings.position === "left" ? "left" : "right");
        const look = effect(() => this.setAttribute("theme", chat.theme.value));
        const open = effect(() => this.#opened(chat.open.value, page));
        this.stop = () => [look, open].forEach((end) => end());
        // A phone's keyboard shrinks the visual viewport only: the composer has to stay above it.
        visualViewport?.addEventListener("resize", this);
      }

      disconnectedCallback() {
        this.stop();
        visualViewport?.removeEventListener("resize", this);
      }

      handleEvent() {
        this.style.setProperty("--seen", `${visualViewport.height}px`);
      }

      /** Into the panel on opening, back to where it came from on closing. */
      #opened(open, page) {
        this.toggleAttribute("open", open);
        if (page || open === !!this.was) return;
        // Drawn in the next moment. On a touch screen the field would pull up the keyboard over the conversation.
        if (open) {
          this.was = document.activeElement;
          const place = matchMedia("(pointer:coarse)").matches ? ".log" : "textarea";
          setTimeout(() => this.shadowRoot.querySelector(place)?.focus());
        } else {
          const back = this.was === this || this.was === document.body ? null : this.was;
          this.was = undefined;
          setTimeout(() => (back ?? this.shadowRoot.querySelector(".launcher"))?.focus());
        }
      }
    },
  );
}
