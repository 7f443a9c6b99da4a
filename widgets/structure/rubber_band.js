// A box drawn over the 3D view with the mouse: while it is armed, or with Shift held, a drag draws the
// box and leaves the camera alone. Page coordinates, as 3Dmol projects them.

import { element } from "../browser/dom.js";
import { STILL } from "./picking.js";

/** @import { Box, Spot } from "./types" */

// Places of the points inside a box.
/** @param {Spot[]} spots @param {Box} box */
export function pointsWithin(spots, { left, top, right, bottom }) {
  /** @type {number[]} */
  const inside = [];
  spots.forEach(({ x, y }, i) => {
    if (x >= left && x <= right && y >= top && y <= bottom) inside.push(i);
  });
  return inside;
}

/** @param {Spot} from @param {Spot} to @returns {Box} */
export function boxOf(from, to) {
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    right: Math.max(from.x, to.x),
    bottom: Math.max(from.y, to.y),
  };
}

// ``chosen(box, event)`` is called when a box was drawn; a press without a drag stays a click.
export class RubberBand {
  frame = element("div", "esm-band");
  /** Whether a drag draws a box without Shift too. */
  armed = false;
  /** @type {Spot | null} */
  from = null;

  /**
   * @param {HTMLElement} stage @param {(box: Box, event: PointerEvent) => void} chosen
   * @param {AbortSignal} signal
   */
  constructor(stage, chosen, signal) {
    this.stage = stage;
    this.chosen = chosen;
    this.frame.hidden = true;
    stage.append(this.frame);
    const options = { signal, capture: true };
    stage.addEventListener("pointerdown", (event) => this.press(event), options);
    stage.addEventListener("pointermove", (event) => this.pull(event), options);
    stage.addEventListener("pointerup", (event) => this.release(event), options);
    stage.addEventListener("pointercancel", () => this.drop(), options);
    for (const name of /** @type {const} */ (["mousedown", "mousemove"])) {
      stage.addEventListener(
        name,
        (event) => {
          if (this.from) event.stopPropagation();
        },
        options,
      );
    }
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || !(this.armed || event.shiftKey)) return;
    this.from = { x: event.pageX, y: event.pageY };
    this.stage.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  pull(event) {
    if (!this.from) return;
    const box = boxOf(this.from, { x: event.pageX, y: event.pageY });
    const place = this.stage.getBoundingClientRect();
    this.frame.hidden = false;
    Object.assign(this.frame.style, {
      left: `${box.left - place.left - globalThis.scrollX}px`,
      top: `${box.top - place.top - globalThis.scrollY}px`,
      width: `${box.right - box.left}px`,
      height: `${box.bottom - box.top}px`,
    });
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { from } = this;
    this.drop();
    if (!from) return;
    const to = { x: event.pageX, y: event.pageY };
    if (Math.hypot(to.x - from.x, to.y - from.y) > STILL) this.chosen(boxOf(from, to), event);
  }

  drop() {
    this.from = null;
    this.frame.hidden = true;
  }
}
