// Pointing at a residue from any view: shown at once in the page, told to the kernel a little later.

import { hear, tell } from "./bus.js";

/** @import { Hover, Model, PointingTraits } from "./types" */

const SEND_AFTER_MS = 80;

export class Pointing {
  /**
   * ``show(position)`` draws what is pointed at, -1 for none; called only when that changes.
   * @param {EventTarget} bus @param {Model<PointingTraits, Hover, any>} model
   * @param {(position: number) => void} show @param {AbortSignal} [signal]
   */
  constructor(bus, model, show, signal) {
    this.bus = bus;
    this.model = model;
    this.show = show;
    this.position = -1;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    hear(bus, "hover", this, (position) => this.take(position), signal);
    model.on("change:hovered", () => this.take(model.get("hovered")), { signal });
  }

  /** @param {number} position */
  take(position) {
    if (position === this.position) return false;
    this.position = position;
    this.show(position);
    return true;
  }

  /** @param {number} position */
  at(position) {
    if (!this.take(position)) return;
    tell(this.bus, "hover", position, this);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.model.send({ type: "hover", position }), SEND_AFTER_MS);
  }
}
