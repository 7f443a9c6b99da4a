// A box that a button opens. The button again, Escape or a press elsewhere closes it.

import { originOf } from "./dom.js";
import { hideBox, showAt, showBeside } from "./top_layer.js";

export class Popover {
  /**
   * ``holder`` has both; presses and keys in it are the box's own.
   * @param {HTMLElement} holder @param {HTMLElement} opener @param {HTMLElement} box
   * @param {{signal: AbortSignal, opened?: () => void}} options
   */
  constructor(holder, opener, box, { signal, opened = () => {} }) {
    this.opener = opener;
    this.box = box;
    this.opened = opened;
    box.classList.add("esm-popover");
    box.hidden = true;
    opener.setAttribute("aria-haspopup", "true");
    opener.setAttribute("aria-expanded", "false");
    opener.addEventListener("click", () => (box.hidden ? this.open() : this.close()), { signal });
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
        if (!holder.contains(originOf(event))) this.close();
      },
      { signal },
    );
    signal.addEventListener("abort", () => this.close());
  }

  get isOpen() {
    return !this.box.hidden;
  }

  open() {
    this.opener.setAttribute("aria-expanded", "true");
    showBeside(this.box, this.opener);
    this.opened();
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
    this.opener.setAttribute("aria-expanded", "false");
    if (back) this.opener.focus();
  }
}
