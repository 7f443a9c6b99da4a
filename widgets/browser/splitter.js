// The line between two areas of the bench: dragged, or moved by arrow keys; a double click sets it back.

import { element } from "./dom.js";
import { clamp } from "./numbers.js";

const KEY_STEP = 0.03;
const LEAST = 0.2;
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -KEY_STEP, ArrowUp: -KEY_STEP, ArrowRight: KEY_STEP, ArrowDown: KEY_STEP };

/**
 * Adds a line at the edge of an area. ``divided()`` is the element that it divides, whose style gets the
 * shares of both sides as ``variables``, with this unit.
 * @param {HTMLElement} area
 * @param {{name: string, label: string, divided(): HTMLElement | null, across(): boolean,
 *   variables: [first: string, second: string], unit?: string}} line
 * @param {AbortSignal} signal
 */
function addSplitter(area, { name, label, divided, across, variables, unit = "" }, signal) {
  const handle = element("div", `esm-splitter esm-splitter-${name}`);
  handle.tabIndex = 0;
  handle.setAttribute("role", "separator");
  handle.setAttribute("aria-label", label);
  handle.title = `${label}: drag, or arrow keys; double click sets it back`;
  let share = 0.5;
  const say = () => handle.setAttribute("aria-valuenow", String(Math.round(100 * share)));
  const take = (/** @type {number} */ wanted) => {
    share = clamp(wanted, LEAST, 1 - LEAST);
    say();
    [share, 1 - share].forEach((part, at) => divided()?.style.setProperty(variables[at], `${part}${unit}`));
  };
  const forget = () => variables.forEach((variable) => divided()?.style.removeProperty(variable));
  /** @param {PointerEvent} event */
  const shareAt = ({ clientX, clientY }) => {
    const box = divided()?.getBoundingClientRect();
    if (!box) return share;
    return across() ? (clientX - box.left) / box.width : (clientY - box.top) / box.height;
  };
  /** @param {PointerEvent} event */
  const press = (event) => {
    event.preventDefault();
    event.stopPropagation();
    handle.setPointerCapture(event.pointerId);
    const drag = new AbortController();
    const until = { signal: drag.signal };
    handle.addEventListener("pointermove", (moved) => take(shareAt(moved)), until);
    for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => drag.abort(), until);
  };
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    take(share + step);
  };
  handle.addEventListener("pointerdown", press, { signal });
  handle.addEventListener("keydown", key, { signal });
  handle.addEventListener("dblclick", forget, { signal });
  handle.setAttribute("aria-valuemin", String(100 * LEAST));
  handle.setAttribute("aria-valuemax", String(100 * (1 - LEAST)));
  say();
  area.append(handle);
}

// Between the tracks, at whose edge it is, and the side.
/** @param {HTMLElement} tracks @param {AbortSignal} signal */
export function splitColumns(tracks, signal) {
  const line = {
    name: "columns",
    label: "Between tracks and structure",
    divided: () => /** @type {HTMLElement | null} */ (tracks.closest(".esm-grid")),
    across: () => true,
    variables: /** @type {[string, string]} */ (["--left", "--right"]),
    unit: "fr",
  };
  addSplitter(tracks, line, signal);
}

// Between the structure, at whose edge it is, and what is below it or right of it.
/** @param {HTMLElement} structure @param {AbortSignal} signal */
export function splitSide(structure, signal) {
  const side = () => /** @type {HTMLElement | null} */ (structure.closest(".esm-area-side"));
  const line = {
    name: "side",
    label: "Between structure and confidence",
    divided: side,
    across: () => getComputedStyle(side() ?? structure).flexDirection === "row",
    variables: /** @type {[string, string]} */ (["--first", "--second"]),
  };
  addSplitter(structure, line, signal);
}
