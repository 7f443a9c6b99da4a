// A box drawn over the 3D view with the mouse: while it is armed, or with Shift held, a drag draws the
// box and leaves the camera alone. Page coordinates, as 3Dmol projects them.

import { element } from "../browser/dom.js";
import { STILL } from "./picking.js";

// Places of the points ({x, y}) inside a box {left, top, right, bottom}.
export function pointsWithin(spots, { left, top, right, bottom }) {
  const found = [];
  spots.forEach(({ x, y }, i) => {
    if (x >= left && x <= right && y >= top && y <= bottom) found.push(i);
  });
  return found;
}

export function boxOf(from, to) {
  return {
    left: Math.min(from.x, to.x), top: Math.min(from.y, to.y),
    right: Math.max(from.x, to.x), bottom: Math.max(from.y, to.y),
  };
}

// ``chosen(box, event)`` is called when a box was drawn; a press without a drag stays a click.
export class RubberBand {
  constructor(stage, chosen, signal) {
    Object.assign(this, { stage, chosen, armed: false, from: null });
    this.frame = element("div", "esm-band");
    this.frame.hidden = true;
    stage.append(this.frame);
    const options = { signal, capture: true };
    const on = (name, act) => stage.addEventListener(name, act, options);
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.pull(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", () => this.drop());
    on("mousedown", (event) => this.from && event.stopPropagation());
    on("mousemove", (event) => this.from && event.stopPropagation());
  }

  press(event) {
    if (event.button !== 0 || !(this.armed || event.shiftKey)) return;
    this.from = { x: event.pageX, y: event.pageY };
    this.stage.setPointerCapture(event.pointerId);
  }

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
