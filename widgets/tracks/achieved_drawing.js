// Drawing what a result achieved below what its prompt asked for: a thin strip under each row painted.

import { clamp } from "../browser/numbers.js";
import { MONO, SANS, tint } from "./canvas.js";
import { GUTTER } from "./layout.js";
import { LEAST_CELL } from "./viewport.js";

/** @import { Achieved, Pen, TrackScene } from "./types" */

/** Distance in Å at which a motif is drawn as missed altogether. */
const FAR = 3;

/** @param {Pen} ctx @param {TrackScene} scene @param {number} first @param {number} stop */
export function drawAchieved(ctx, scene, first, stop) {
  for (const achieved of scene.achieved) {
    if (achieved.letters) drawClasses(ctx, scene, achieved, first, stop);
    else drawValues(ctx, scene, achieved, first, stop);
  }
}

/** How well each strip agrees in all, left of it. @param {Pen} ctx @param {TrackScene} scene */
export function drawAchievedLabels(ctx, { achieved, layout, theme }) {
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.font = `10.5px ${SANS}`;
  ctx.fillStyle = theme.sampled;
  for (const { row, label } of achieved) {
    const strip = layout.rows[row].achieved;
    if (strip) ctx.fillText(label ? `got ${label}` : "got", GUTTER - 10, strip.y + strip.h / 2 + 0.5);
  }
}

/**
 * Classes in their colour; a bar below where another was asked for.
 * @param {Pen} ctx @param {TrackScene} scene @param {Achieved} one @param {number} first @param {number} stop
 */
function drawClasses(ctx, { cells, layout, theme, viewport }, { row, letters = "" }, first, stop) {
  const strip = layout.rows[row].achieved;
  if (!strip) return;
  const { spec } = cells;
  const colors = Object.fromEntries(spec.ss8.map(({ value, color }) => [value, color]));
  const legible = viewport.cell >= LEAST_CELL;
  ctx.font = `500 ${clamp(viewport.cell, 8, 11).toFixed(1)}px ${MONO}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (let i = first; i < stop; i++) {
    const letter = letters[i];
    if (letter === spec.mask || letter === undefined) continue;
    const x = viewport.xOf(i);
    ctx.fillStyle = tint(colors[letter] ?? theme.muted, 0.3);
    ctx.fillRect(x, strip.y, viewport.cell, strip.h);
    const missed = letter !== String.fromCharCode(cells.letters[cells.length + i]);
    if (missed) {
      ctx.fillStyle = theme.warn;
      ctx.fillRect(x, strip.y + strip.h - 2, viewport.cell, 2);
    }
    if (!legible) continue;
    ctx.fillStyle = missed ? theme.warn : theme.muted;
    ctx.fillText(letter, x + viewport.cell / 2, strip.y + strip.h / 2);
  }
}

/**
 * Areas as bars, distances from the coordinates given as bars that warn.
 * @param {Pen} ctx @param {TrackScene} scene @param {Achieved} one @param {number} first @param {number} stop
 */
function drawValues(ctx, { cells, layout, theme, viewport }, { row, values = [] }, first, stop) {
  const strip = layout.rows[row].achieved;
  if (!strip) return;
  const areas = cells.spec.rows[row].name === "sasa";
  const color = areas ? theme.sampled : theme.warn;
  const top = areas ? cells.spec.exposed : FAR;
  for (let i = first; i < stop; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const x = viewport.xOf(i);
    ctx.fillStyle = tint(color, 0.1);
    ctx.fillRect(x, strip.y, viewport.cell, strip.h);
    const bar = Math.max(1, Math.min(1, value / top) * strip.h);
    ctx.fillStyle = tint(color, 0.8);
    ctx.fillRect(x, strip.y + strip.h - bar, viewport.cell, bar);
  }
}
