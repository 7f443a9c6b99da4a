// What the rows show: the kernel's cells with the strokes on top that it has not answered yet.

import { asF32, asU8 } from "../browser/bytes.js";
import { painted } from "./painting.js";

/** @import { Cells, Command, TrackModel } from "./types" */

export const CELL_TRAITS = /** @type {const} */ ([
  "states",
  "letters",
  "areas",
  "results",
  "achieved",
  "annotations",
  "limits",
  "beside",
  "axis",
]);

export class TrackCells {
  /** Strokes that the kernel has not answered yet. @type {{id: number, commands: Command[]}[]} */
  pending = [];

  /** @param {TrackModel} model */
  constructor(model) {
    this.model = model;
    this.shown = this.received();
    this.results = asF32(model.get("results"));
  }

  get spec() {
    return this.model.get("spec");
  }

  get axis() {
    return this.model.get("axis");
  }

  get length() {
    return this.axis.length;
  }

  // Takes what the kernel sent last and forgets the strokes that are in it.
  read() {
    const ack = this.model.get("ack");
    this.pending = this.pending.filter((stroke) => stroke.id > ack);
    const strokes = this.pending.flatMap((stroke) => stroke.commands);
    const cells = this.received();
    this.shown = strokes.length ? painted(cells, strokes, this.axis) : cells;
    this.results = asF32(this.model.get("results"));
  }

  /**
   * What the kernel says.
   * @returns {Cells}
   */
  received() {
    const { model, axis } = this;
    return {
      spec: this.spec,
      length: axis.length,
      states: asU8(model.get("states")),
      letters: asU8(model.get("letters")),
      areas: asF32(model.get("areas")),
      annotations: model.get("annotations"),
      limits: model.get("limits"),
      beside: model.get("beside") ?? {},
    };
  }

  /**
   * The cells as they would be with one more command, for a drag under way.
   * @param {Command} command
   */
  with(command) {
    return painted(this.shown, [command], this.axis);
  }

  // The number of the last stroke.
  get last() {
    return Math.max(this.model.get("ack"), this.pending.at(-1)?.id ?? 0);
  }

  /**
   * Paints at once and asks the kernel to do the same, instead of the stroke ``before`` if there is one.
   * @param {Command[]} commands @param {{ id: number, base: Cells } | null} before
   */
  commit(commands, before = null) {
    const id = this.last + 1;
    this.pending = this.pending.filter((stroke) => stroke.id !== before?.id);
    this.pending.push({ id, commands });
    this.shown = painted(before?.base ?? this.shown, commands, this.axis);
    this.model.send(before ? { type: "paint", id, commands, instead: true } : { type: "paint", id, commands });
    return id;
  }
}
