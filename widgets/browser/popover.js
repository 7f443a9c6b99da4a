// A box that a button opens, or several of which each opens it on something of its own. Escape or a press
// elsewhere closes it, and so does the button.

import { originOf } from "./dom.js";
import { hideBox, showAt, showBeside } from "./top_layer.js";

export class Popover {
  /**
   * Presses and keys in ``holder`` are the box's own. Without an ``opener``, ``openBeside`` names one; presses on
   * ``openers``, a selector, close nothing.
   * @param {HTMLElement} holder @param {HTMLElement | null} opener @param {HTMLElement} box
   * @param {{signal: AbortSignal, opened?: () => void, openers?: string}} options
   */
  constructor(holder, opener, box, { signal, opened = () => {}, openers = "" }) {
    this.opener = opener;
    this.box = box;
    this.opened = opened;
    box.classList.add("esm-popover");
    box.hidden = true;
    opener?.setAttribute("aria-haspopup", "true");
    opener?.setAttribute("aria-expanded", "false");
    opener?.addEventListener("click", () => (box.hidden ? this.open() : this.close()), { signal });
    holder.addEventListener(
      "keydown",
      (event) => {
        if (box.hidden) return;
        event.stopPropagation();
        if (event.key === "Escape") this.close(true);
      },
      { signal },
    );
    document.addEventListener(
      "pointerdown",
      (event) => {
        const target = originOf(event);
        const opens = openers && target instanceof Element && target.closest(openers);
        if (!opens && !holder.contains(target)) this.close();
      },
      { signal },
    );
    signal.addEventListener("abort", () => this.close());
  }

  get isOpen() {
    return !this.box.hidden;
  }

  open() {
    if (!this.opener) return;
    this.opener.setAttribute("aria-expanded", "true");
    showBeside(this.box, this.opener);
    this.opened();
  }

  /**
   * Beside another opener than before, or one that was made anew.
   * @param {HTMLElement} opener
   */
  openBeside(opener) {
    this.opener = opener;
    this.open();
  }

  /**
   * With a corner at this place of the window.
   * @param {number} x @param {number} y
   */
  openAt(x, y) {
    this.open();
    showAt(this.box, x, y);
  }

  close(back = false) {
    if (this.box.hidden) return;
    hideBox(this.box);
    this.opener?.setAttribute("aria-expanded", "false");
    if (back && this.opener?.isConnected) this.opener.focus({ preventScroll: true });
  }
}
