// Where a cell of the tracks lies on the page, for whoever draws beside it.

import { tell } from "../browser/bus.js";
import { residueName } from "./readout.js";

/**
 * @import { TrackView } from "./editor.js"
 * @import { CellPlace } from "../browser/types"
 */

/**
 * Tells which cell is pointed at, or was called for by key; null for none.
 * @param {TrackView} view @param {{row: number, position: number} | null} cell
 */
export function tellCell(view, cell, called = false) {
  tell(view.bus, "cell", cell && placeOf(view, cell, called), view);
}

/**
 * @param {TrackView} view @param {{row: number, position: number}} cell @param {boolean} called
 * @returns {CellPlace}
 */
function placeOf(view, { row, position }, called) {
  const box = view.canvas.getBoundingClientRect();
  const { y, h } = view.rowBox(row);
  const left = box.left + view.cellsLeft + view.viewport.xOf(position);
  return { row, position, label: residueName(position, view.axis), left, bottom: box.top + y + h, called };
}
