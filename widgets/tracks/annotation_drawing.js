// Drawing labelled ranges in their lanes, and the marks of limited residues in the sequence row.

import { clamp } from "../browser/numbers.js";
import { lanesOf } from "./annotations.js";
import { dot, roundRect, SANS, tint } from "./canvas.js";

/**
 * @import { Theme } from "../browser/types"
 * @import { Annotation, Pen, TrackScene } from "./types"
 * @import { Viewport } from "./viewport.js"
 */

const LEAST_WIDTH = 4;

/**
 * A range is a box with its label; a single residue is a box with a dot, so that it is found at any zoom.
 * @param {Pen} ctx @param {TrackScene} scene @param {number} row
 */
export function drawAnnotations(ctx, { viewport, cells, theme, layout }, row) {
  const { y, h } = layout.rows[row];
  const { lane, lanes } = lanesOf(cells.annotations, row);
  const each = (h - 2) / lanes;
  const ordered = [...lane.keys()];
  ctx.font = `11px ${SANS}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ordered.forEach((annotation) => {
    const x = viewport.xOf(annotation.start);
    const w = Math.max(LEAST_WIDTH, viewport.xOf(annotation.stop) - x - 1);
    const top = y + 1 + (lane.get(annotation) ?? 0) * each;
    if (x > viewport.width || x + w < -200) return;
    const color = annotation.sampled ? theme.sampled : theme.given;
    ctx.fillStyle = tint(color, annotation.sampled ? 0.18 : 0.34);
    roundRect(ctx, x + 0.5, top, w, each - 1, 4);
    ctx.fill();
    ctx.fillStyle = color;
    ctx.fillRect(x + 0.5, top + each - 3, w, annotation.sampled ? 2 : 1);
    const single = annotation.stop - annotation.start === 1;
    if (single) dot(ctx, x + w / 2, top + each / 2 - 0.5, Math.min(3, w / 2 + 0.5));
    const from = single ? x + w + 3 : Math.max(x, 0) + 5;
    const room = single ? roomAfter(annotation, ordered, lane, viewport) : x + w - 4;
    if (room - from > 18) label(ctx, annotation.name ?? annotation.label, from, top + each / 2, room, theme);
  });
}

/**
 * Where the next range of the same lane begins.
 * @param {Annotation} annotation @param {Annotation[]} ordered @param {Map<Annotation, number>} lane
 * @param {Viewport} viewport
 */
function roomAfter(annotation, ordered, lane, viewport) {
  const starts = ordered.filter((other) => lane.get(other) === lane.get(annotation) && other.start > annotation.start);
  const next = Math.min(...starts.map((other) => other.start), viewport.length);
  return viewport.xOf(next) - 2;
}

/**
 * @param {Pen} ctx @param {string} text @param {number} x @param {number} middle @param {number} end
 * @param {Theme} theme
 */
function label(ctx, text, x, middle, end, theme) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, middle - 10, end - x, 20);
  ctx.clip();
  ctx.fillStyle = theme.fg;
  ctx.fillText(text, x, middle);
  ctx.restore();
}

/**
 * A corner mark where the choice of residues is limited; the letters themselves where one or two are left.
 * @param {Pen} ctx @param {TrackScene} scene @param {number} row
 */
export function drawLimits(ctx, { viewport, cells, theme, layout }, row) {
  const { y, h } = layout.rows[row];
  const { cell } = viewport;
  const [first, stop] = viewport.visible();
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const limit of cells.limits) {
    for (let i = Math.max(first, limit.start); i < Math.min(stop, limit.stop); i++) {
      const x = viewport.xOf(i);
      const size = clamp(cell * 0.55, 2.5, 6);
      ctx.fillStyle = theme.warn;
      ctx.beginPath();
      ctx.moveTo(x + cell - size - 0.5, y);
      ctx.lineTo(x + cell - 0.5, y);
      ctx.lineTo(x + cell - 0.5, y + size);
      ctx.fill();
      const masked = cells.states[row * cells.length + i] === cells.spec.states.masked;
      if (masked && limit.letters && cell >= 7 * limit.letters.length) {
        ctx.font = `italic ${limit.letters.length > 1 ? 9 : 11}px ${SANS}`;
        ctx.fillStyle = theme.muted;
        ctx.fillText(limit.letters.toLowerCase(), x + cell / 2, y + h / 2 + 2);
      }
    }
  }
}
