// The line below the tracks: what the residue under the pointer holds, or for a while a sentence in its place.

import { element, write } from "../browser/dom.js";

const MESSAGE_MS = 4000;

export class StatusLine {
  el = element("div", "esm-readout");
  spoken = element("div", "esm-spoken");
  messageUntil = 0;

  constructor() {
    this.spoken.setAttribute("aria-live", "polite");
  }

  /** @param {string} text */
  show(text) {
    if (performance.now() < this.messageUntil) return;
    write(this.el, text);
    this.el.title = text;
  }

  /**
   * Shows a sentence for a while, then calls ``over``.
   * @param {string} text @param {() => void} over
   */
  say(text, over) {
    this.el.textContent = text;
    this.speak(text);
    this.messageUntil = performance.now() + MESSAGE_MS;
    setTimeout(over, MESSAGE_MS + 20);
  }

  /**
   * For screen readers alone.
   * @param {string} text
   */
  speak(text) {
    this.spoken.textContent = text;
  }
}
