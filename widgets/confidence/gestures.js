// What the mouse does in a plotly figure of residues. The line that plotly's own widget has to the kernel
// keeps only the last of events that follow each other fast: pointing right after a drag lost the drag.

import { toRanges } from "../browser/ranges.js";

/**
 * @import { PlotlyElement, PlotlyEvent, PlotlyPoint } from "../browser/plotly_types"
 * @import { Range } from "../browser/types"
 */

/** Traces over residues, and the one of residue pairs. */
const CURVES = [0, 1];
const MATRIX = 2;

/**
 * Tells what is pointed at (-1: nothing) and which residues are dragged over or clicked.
 * @param {PlotlyElement} figure
 * @param {(position: number) => void} hover @param {(ranges: Range[]) => void} select
 */
export function listenTo(figure, hover, select) {
  figure.on("plotly_hover", (event) => {
    const point = event?.points[0];
    if (point && CURVES.includes(point.curveNumber)) hover(point.pointNumber);
  });
  figure.on("plotly_unhover", () => hover(-1));
  figure.on("plotly_selected", (event) => {
    if (event?.range) select(draggedOver(event.range, figure.data?.[0].x?.length ?? 0));
  });
  figure.on("plotly_click", (event) => {
    const clicked = event ? clickedAt(event.points[0]) : [];
    if (clicked.length) select(clicked);
  });
}

/**
 * Residues between two places of an axis where each takes half a unit to either side.
 * @param {NonNullable<NonNullable<PlotlyEvent>["range"]>} range @param {number} length @returns {Range[]}
 */
export function draggedOver(range, length) {
  const [low, high] = (range.x ?? range.x2 ?? []).toSorted((a, b) => a - b);
  const first = Math.max(0, Math.ceil(low - 0.5));
  const stop = Math.min(Math.floor(high + 0.5) + 1, length);
  return first < stop ? [[first, stop]] : [];
}

/** @param {PlotlyPoint} point @returns {Range[]} */
function clickedAt(point) {
  if (CURVES.includes(point.curveNumber)) return toRanges([point.pointNumber]);
  return point.curveNumber === MATRIX ? toRanges([Math.round(point.x), Math.round(point.y)]) : [];
}
