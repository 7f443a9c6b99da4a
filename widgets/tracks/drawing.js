// Drawing the track editor: labels, overview and rows, and over them what is selected and pointed at.

import { drawAchieved, drawAchievedLabels } from "./achieved_drawing.js";
import { eachRun, roundRect, SANS, tint } from "./canvas.js";
import { GUTTER, OVERVIEW, RULER } from "./layout.js";
import { drawConfidence, drawEntropy, drawRow } from "./row_drawing.js";
import { drawRuler } from "./ruler.js";
import { rowOf } from "./spec.js";

/**
 * @import { Theme } from "../browser/types"
 * @import { Pen, TrackScene } from "./types"
 */

/** @param {Pen} ctx @param {TrackScene} scene */
export function drawTracks(ctx, scene) {
  const { theme, viewport, width, layout } = scene;
  const { height } = layout;
  ctx.clearRect(0, 0, width, height);
  ctx.fillStyle = theme.bg;
  ctx.fillRect(0, 0, width, height);
  drawLabels(ctx, scene);
  drawAchievedLabels(ctx, scene);
  drawOverview(ctx, scene);
  ctx.save();
  ctx.beginPath();
  ctx.rect(GUTTER, RULER.y, viewport.width, height - RULER.y);
  ctx.clip();
  ctx.translate(GUTTER, 0);
  const [first, stop] = viewport.visible();
  drawSelectionBand(ctx, scene);
  for (let row = 0; row < layout.paintable; row++) drawRow(ctx, scene, row, first, stop);
  drawAchieved(ctx, scene, first, stop);
  drawConfidence(ctx, scene, first, stop);
  drawEntropy(ctx, scene, first, stop);
  drawRuler(ctx, scene, first, stop);
  drawProposed(ctx, scene);
  drawMarks(ctx, scene);
  ctx.restore();
}

/** @param {Pen} ctx @param {TrackScene} scene */
function drawLabels(ctx, { theme, cursor, focused, layout }) {
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  layout.rows.forEach((row, index) => {
    const current = focused && cursor.row === index;
    ctx.font = `${current ? 600 : 400} 12px ${SANS}`;
    ctx.fillStyle = current ? theme.accent : theme.muted;
    ctx.fillText(row.label, GUTTER - 10, row.y + row.h / 2 + 0.5);
  });
}

/** @param {Pen} ctx @param {TrackScene} scene */
function drawOverview(ctx, scene) {
  const { theme, viewport, cells, selection, axis } = scene;
  const scale = viewport.width / viewport.length;
  ctx.fillStyle = theme.line;
  ctx.fillRect(GUTTER, OVERVIEW.y, viewport.width, OVERVIEW.h);
  drawStates(ctx, scene, rowOf(cells.spec, "sequence"), OVERVIEW.y + 1, theme.given);
  drawStates(ctx, scene, rowOf(cells.spec, "structure"), OVERVIEW.y + 6, theme.structure);
  ctx.fillStyle = theme.select;
  for (const [start, stop] of selection) {
    ctx.fillRect(GUTTER + start * scale, OVERVIEW.y, Math.max(1, (stop - start) * scale), 1.5);
  }
  ctx.fillStyle = theme.fg;
  for (const { start } of axis.chains.slice(1)) ctx.fillRect(GUTTER + start * scale - 0.5, OVERVIEW.y, 1, OVERVIEW.h);
  const [from, to] = [viewport.scroll / viewport.cell, (viewport.scroll + viewport.width) / viewport.cell];
  if (to - from < viewport.length - 0.5) {
    ctx.strokeStyle = theme.fg;
    ctx.lineWidth = 1.5;
    roundRect(ctx, GUTTER + from * scale + 0.75, OVERVIEW.y - 2, (to - from) * scale - 1.5, OVERVIEW.h + 4, 3);
    ctx.stroke();
  }
}

/**
 * One line of the overview.
 * @param {Pen} ctx @param {TrackScene} scene @param {number} row @param {number} y @param {string} given
 */
function drawStates(ctx, { theme, viewport, cells }, row, y, given) {
  const { states } = cells.spec;
  const scale = viewport.width / viewport.length;
  ctx.globalAlpha = 0.55;
  eachRun(cells.states, row * viewport.length, 0, viewport.length, (state, start, stop) => {
    if (state === states.masked) return;
    ctx.fillStyle = state === states.sampled ? theme.sampled : given;
    ctx.fillRect(GUTTER + start * scale, y, (stop - start) * scale, 3);
  });
  ctx.globalAlpha = 1;
}

/** @param {Pen} ctx @param {TrackScene} scene */
function drawSelectionBand(ctx, { viewport, selection, theme, layout }) {
  ctx.fillStyle = tint(theme.select, 0.12);
  for (const [start, stop] of selection) {
    const x = viewport.xOf(start);
    ctx.fillRect(x, RULER.y + 2, viewport.xOf(stop) - x, layout.height - RULER.y - 6);
  }
}

/** @param {Pen} ctx @param {TrackScene} scene */
function drawMarks(ctx, scene) {
  const { viewport, theme, selection, hovered, cursor, focused, stroke, fresh, layout } = scene;
  const bottom = layout.height - 4;
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.select;
  for (const [start, stop] of selection) {
    const x = viewport.xOf(start);
    ctx.strokeRect(x + 0.5, RULER.y + RULER.h, viewport.xOf(stop) - x - 1, bottom - RULER.y - RULER.h);
    ctx.fillStyle = theme.select;
    ctx.fillRect(x, RULER.y + RULER.h - 2, viewport.xOf(stop) - x, 3);
  }
  if (hovered >= 0) {
    ctx.fillStyle = tint(theme.fg, 0.1);
    ctx.fillRect(viewport.xOf(hovered), RULER.y, viewport.cell, bottom - RULER.y);
  }
  if (fresh.positions.length) {
    const { y, h } = layout.rows[fresh.row];
    ctx.strokeStyle = ctx.fillStyle = theme.sampled;
    ctx.lineWidth = 2;
    for (const i of fresh.positions) ctx.strokeRect(viewport.xOf(i), y - 1, viewport.cell, h + 2);
    ctx.globalAlpha = 0.35;
    for (const i of fresh.positions) ctx.fillRect(viewport.xOf(i), y - 1, viewport.cell, h + 2);
    ctx.globalAlpha = 1;
  }
  if (stroke) {
    ctx.strokeStyle = theme.fg;
    ctx.lineWidth = 2;
    const x = viewport.xOf(Math.min(stroke.from, stroke.to));
    const w = (Math.abs(stroke.to - stroke.from) + 1) * viewport.cell;
    for (const row of stroke.rows) ctx.strokeRect(x, layout.rows[row].y - 1, w, layout.rows[row].h + 2);
  }
  if (focused && cursor.row < layout.paintable) {
    ctx.strokeStyle = theme.accent;
    ctx.lineWidth = 2;
    const { y, h } = layout.rows[cursor.row];
    roundRect(ctx, viewport.xOf(cursor.position) - 1, y - 2, viewport.cell + 2, h + 4, 3);
    ctx.stroke();
  }
}

/** @param {Pen} ctx @param {Theme} theme @param {number} ratio */
export function hatchPattern(ctx, theme, ratio) {
  const size = 6 * ratio;
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext("2d");
  if (!pen) return theme.panel;
  pen.fillStyle = theme.panel;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = theme.hatch;
  pen.lineWidth = 1.1 * ratio;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - ratio, size + ratio);
    pen.lineTo(shift + size + ratio, -ratio);
  }
  pen.stroke();
  const pattern = ctx.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern ?? theme.panel;
}

// What an agent would change: hatched over what is there, tinted and framed, unlike what is masked.
/** @param {Pen} ctx @param {TrackScene} scene */
function drawProposed(ctx, { proposed, layout, viewport, hatch, theme }) {
  for (const [number, ...positions] of proposed ?? []) {
    const row = layout.rows[number];
    for (const position of positions) {
      const x = viewport.xOf(position);
      ctx.fillStyle = hatch;
      ctx.fillRect(x, row.y, viewport.cell, row.h);
      ctx.fillStyle = tint(theme.accent, 0.22);
      ctx.fillRect(x, row.y, viewport.cell, row.h);
      ctx.fillStyle = theme.accent;
      ctx.fillRect(x, row.y, viewport.cell, 2);
      ctx.fillRect(x, row.y + row.h - 2, viewport.cell, 2);
    }
  }
}
