// Drawing the rows: one function for each kind, only what is visible. States differ without colour:
// given is filled, masked is hatched, none is a dot, sampled is filled lightly with a bar below.

import { clamp } from "../browser/numbers.js";
import { drawAnnotations, drawLimits } from "./annotation_drawing.js";
import { dot, eachRun, MONO, roundRect, tint } from "./canvas.js";
import { letterAt } from "./spec.js";
import { LEAST_CELL } from "./viewport.js";

/**
 * @import { Theme } from "../browser/types"
 * @import { Pen, TrackScene } from "./types"
 * @import { Viewport } from "./viewport.js"
 */

/** @param {Pen} ctx @param {TrackScene} scene @param {number} row @param {number} first @param {number} stop */
export function drawRow(ctx, scene, row, first, stop) {
  const { viewport, cells, theme } = scene;
  const { states, rows } = cells.spec;
  const { y, h } = scene.layout.rows[row];
  const gap = gapOf(viewport);
  eachRun(cells.states, row * viewport.length, first, stop, (state, start, end) => {
    const x = viewport.xOf(start);
    const w = viewport.xOf(end) - x;
    const sampled = state === states.sampled;
    if (state === states.masked) {
      ctx.fillStyle = scene.hatch;
      roundRect(ctx, x + gap / 2, y, w - gap, h, gap ? 3 : 0);
      ctx.fill();
    } else if (state === states.none) {
      ctx.fillStyle = theme.muted;
      const every = Math.max(1, Math.ceil(7 / viewport.cell));
      for (let i = start; i < end; i += every) dot(ctx, viewport.xOf(i + every / 2), y + h / 2, 1.6);
    } else if (rows[row].annotated) {
      ctx.fillStyle = tint(sampled ? theme.sampled : theme.given, 0.1);
      ctx.fillRect(x, y, w, h);
    } else if (rows[row].alphabet) drawLetters(ctx, scene, row, start, end, sampled);
    else if (rows[row].name === "sasa") drawAreas(ctx, scene, row, start, end, sampled);
    else drawBlock(ctx, scene, row, start, end, sampled);
  });
  if (rows[row].name === "sequence") {
    drawDifferences(ctx, scene, row, first, stop);
    drawLimits(ctx, scene, row);
  }
  if (rows[row].annotated) drawAnnotations(ctx, scene, row);
}

/** @param {Viewport} viewport */
function gapOf(viewport) {
  return viewport.cell >= 6 ? 1 : 0;
}

/**
 * @param {Pen} ctx @param {TrackScene} scene @param {number} row @param {number} start @param {number} stop
 * @param {boolean} sampled
 */
function drawLetters(ctx, { viewport, cells, theme, layout }, row, start, stop, sampled) {
  const { y, h } = layout.rows[row];
  const { cell, length } = viewport;
  const gap = gapOf(viewport);
  const legible = cell >= LEAST_CELL;
  const ss8 = cells.spec.rows[row].name === "ss8";
  const colors = Object.fromEntries(cells.spec.ss8.map(({ value, color }) => [value, color]));
  ctx.font = `${ss8 ? 500 : 600} ${clamp(cell * 1.02, 9, 14).toFixed(1)}px ${MONO}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (let i = start; i < stop; i++) {
    const letter = String.fromCharCode(cells.letters[letterAt(cells.spec, row, length, i)]);
    const own = ss8 ? (colors[letter] ?? theme.muted) : theme.given;
    const color = sampled ? theme.sampled : own;
    const x = viewport.xOf(i);
    ctx.fillStyle = tint(sampled && ss8 ? own : color, sampled ? 0.14 : 0.26);
    ctx.fillRect(x + gap / 2, y, cell - gap, h);
    ctx.fillStyle = color;
    const bar = sampled ? 2 : ss8 ? 3 : 0;
    if (bar) ctx.fillRect(x + gap / 2, y + h - bar, cell - gap, bar);
    if (legible) {
      ctx.fillStyle = theme.fg;
      ctx.fillText(letter, x + cell / 2, y + h / 2 + 0.5);
    }
  }
}

/**
 * A bar over the letters that are others in the design laid over.
 * @param {Pen} ctx @param {TrackScene} scene @param {number} row @param {number} first @param {number} stop
 */
function drawDifferences(ctx, { viewport, cells, theme, layout }, row, first, stop) {
  const { letters } = cells.beside;
  if (!letters) return;
  const gap = gapOf(viewport);
  ctx.fillStyle = theme.compared;
  for (let i = first; i < stop; i++) {
    const [own, other] = [String.fromCharCode(cells.letters[i]), letters[i]];
    if (own === other || own === cells.spec.mask || other === " ") continue;
    ctx.fillRect(viewport.xOf(i) + gap / 2, layout.rows[row].y, viewport.cell - gap, 3);
  }
}

/**
 * @param {Pen} ctx @param {TrackScene} scene @param {number} row @param {number} start @param {number} stop
 * @param {boolean} sampled
 */
function drawBlock(ctx, { viewport, theme, layout }, row, start, stop, sampled) {
  const { y, h } = layout.rows[row];
  const gap = gapOf(viewport);
  ctx.fillStyle = tint(sampled ? theme.sampled : theme.structure, sampled ? 0.3 : 0.72);
  for (let i = start; i < stop; i++) {
    ctx.fillRect(viewport.xOf(i) + gap / 2, y + 3, viewport.cell - gap, h - 6);
  }
  if (sampled) {
    ctx.fillStyle = theme.sampled;
    const x = viewport.xOf(start);
    ctx.fillRect(x + gap / 2, y + h - 4, viewport.xOf(stop) - x - gap, 2);
  }
}

/**
 * @param {Pen} ctx @param {TrackScene} scene @param {number} row @param {number} start @param {number} stop
 * @param {boolean} sampled
 */
function drawAreas(ctx, { viewport, cells, theme, layout }, row, start, stop, sampled) {
  const { y, h } = layout.rows[row];
  const gap = gapOf(viewport);
  const color = sampled ? theme.sampled : theme.exposed;
  for (let i = start; i < stop; i++) {
    const x = viewport.xOf(i) + gap / 2;
    const share = Math.min(1, cells.areas[i] / cells.spec.exposed);
    ctx.fillStyle = tint(color, 0.12);
    ctx.fillRect(x, y, viewport.cell - gap, h);
    ctx.fillStyle = tint(color, 0.8);
    const bar = Math.max(1.5, share * (h - 2));
    ctx.fillRect(x, y + h - bar, viewport.cell - gap, bar);
  }
}

/** @param {Pen} ctx @param {TrackScene} scene @param {number} first @param {number} stop */
export function drawConfidence(ctx, { viewport, cells, results, theme, layout }, first, stop) {
  const { bands, rows } = cells.spec;
  const { y, h } = layout.rows[rows.length];
  drawBaseline(ctx, theme, viewport, y + h);
  const gap = gapOf(viewport);
  for (let i = first; i < stop; i++) {
    const value = results[i];
    if (!Number.isFinite(value)) continue;
    ctx.fillStyle = (bands.find(([edge]) => value >= edge) ?? bands[bands.length - 1])[1];
    const bar = Math.max(2, value * h);
    ctx.fillRect(viewport.xOf(i) + gap / 2, y + h - bar, viewport.cell - gap, bar);
  }
}

/** @param {Pen} ctx @param {TrackScene} scene @param {number} first @param {number} stop */
export function drawEntropy(ctx, { viewport, cells, results, entropyTop, theme, layout }, first, stop) {
  const { y, h } = layout.rows[cells.spec.rows.length + 1];
  drawBaseline(ctx, theme, viewport, y + h);
  const gap = gapOf(viewport);
  ctx.fillStyle = tint(theme.muted, 0.75);
  for (let i = first; i < stop; i++) {
    const value = results[viewport.length + i];
    if (!Number.isFinite(value)) continue;
    const bar = Math.max(1.5, Math.min(1, value / entropyTop) * h);
    ctx.fillRect(viewport.xOf(i) + gap / 2, y + h - bar, viewport.cell - gap, bar);
  }
}

/** @param {Pen} ctx @param {Theme} theme @param {Viewport} viewport @param {number} y */
function drawBaseline(ctx, theme, viewport, y) {
  ctx.fillStyle = theme.line;
  ctx.fillRect(0, y, Math.min(viewport.width, viewport.xOf(viewport.length)), 1);
}
