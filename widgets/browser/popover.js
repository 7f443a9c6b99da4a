// A box that a button opens. The button again, Escape or a press elsewhere closes it.

const MARGIN = 8;

export class Popover {
  /**
   * ``holder`` has both and is what the box is placed in.
   * @param {HTMLElement} holder @param {HTMLElement} opener @param {HTMLElement} box
   * @param {{signal: AbortSignal, opened?: () => void}} options
   */
  constructor(holder, opener, box, { signal, opened = () => {} }) {
    this.holder = holder;
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
      ({ target }) => {
        if (!(target instanceof Node && holder.contains(target))) this.close();
      },
      { signal },
    );
  }

  open() {
    const { box } = this;
    box.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    moveInside(box);
    this.opened();
  }

  /**
   * With a corner at this place on the page, inside what ``room`` leaves.
   * @param {number} x @param {number} y @param {DOMRect} room
   */
  openAt(x, y, room) {
    this.open();
    const { box } = this;
    const from = this.holder.getBoundingClientRect();
    const left = Math.max(room.left, Math.min(x, room.right - box.offsetWidth));
    const top = Math.max(room.top, Math.min(y, room.bottom - box.offsetHeight));
    Object.assign(box.style, { left: `${left - from.left}px`, top: `${top - from.top}px`, right: "auto" });
  }

  close(back = false) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.box.removeAttribute("style");
    this.opener.setAttribute("aria-expanded", "false");
    if (back) this.opener.focus();
  }
}

// Moves a box that was just shown so far that its view does not cut it off.
/** @param {HTMLElement} box */
export function moveInside(box) {
  const view = box.closest(".esm-view");
  if (!view) return;
  const room = view.getBoundingClientRect();
  const { left, width } = box.getBoundingClientRect();
  const inside = Math.max(room.left + MARGIN, Math.min(left, room.right - MARGIN - width));
  if (inside !== left) Object.assign(box.style, { left: `${box.offsetLeft + inside - left}px`, right: "auto" });
}
