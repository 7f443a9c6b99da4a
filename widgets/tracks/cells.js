// What the rows show: the kernel's cells with the strokes on top that it has not answered yet.

import { asF32, asU8 } from "../browser/bytes.js";
import { painted } from "./painting.js";

export const CELL_TRAITS = ["looks", "letters", "areas", "results", "annotations", "limits", "beside", "axis"];

export class TrackCells {
  constructor(model) {
    this.model = model;
    this.pending = [];
    this.read();
  }

  get axis() {
    return this.model.get("axis");
  }

  get length() {
    return this.axis.length;
  }

  // Takes what the kernel sent last and forgets the strokes that are in it.
  read() {
    const { model, axis } = this;
    const ack = model.get("ack");
    this.pending = this.pending.filter((one) => one.id > ack);
    const cells = {
      length: axis.length,
      looks: asU8(model.get("looks")),
      letters: asU8(model.get("letters")),
      areas: asF32(model.get("areas")),
      annotations: model.get("annotations"),
      limits: model.get("limits"),
      beside: model.get("beside") ?? {},
    };
    const strokes = this.pending.flatMap((one) => one.commands);
    this.shown = strokes.length ? painted(cells, strokes, axis) : cells;
    this.results = asF32(model.get("results"));
  }

  // The cells as they would be with one more command, for a drag under way.
  with(command) {
    return painted(this.shown, [command], this.axis);
  }

  // Paints at once and asks the kernel to do the same.
  commit(commands) {
    const id = Math.max(this.model.get("ack"), this.pending.at(-1)?.id ?? 0) + 1;
    this.pending.push({ id, commands });
    this.shown = painted(this.shown, commands, this.axis);
    this.model.send({ type: "paint", id, commands });
  }
}
