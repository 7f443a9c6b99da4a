// The ruler: the file's numbers; of several chains each is named with the first of its numbers in sight.

import { contains } from "../browser/ranges.js";
import { SANS } from "./canvas.js";
import { RULER } from "./layout.js";
import { labelStep } from "./viewport.js";

/**
 * @import { Theme } from "../browser/types"
 * @import { Chain, Pen, TrackScene } from "./types"
 */

/**
 * @param {Pen} ctx @param {Pick<TrackScene, "theme" | "viewport" | "axis" | "selection" | "layout">} scene
 * @param {number} first @param {number} stop
 */
export function drawRuler(ctx, scene, first, stop) {
  ctx.font = `11px ${SANS}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  let taken = 0;
  for (const chain of scene.axis.chains) {
    taken = drawChain(ctx, scene, chain, first, stop, taken);
    if (chain.start > 0 && chain.start >= first && chain.start <= stop) {
      ctx.fillStyle = scene.theme.fg;
      ctx.fillRect(scene.viewport.xOf(chain.start) - 1, RULER.y + 2, 2, scene.layout.height - RULER.y - 4);
    }
  }
}

/**
 * Where the last label of the chain ends.
 * @param {Pen} ctx @param {Pick<TrackScene, "theme" | "viewport" | "axis" | "selection" | "layout">} scene
 * @param {Chain} chain @param {number} first @param {number} stop @param {number} taken
 */
function drawChain(ctx, { theme, viewport, axis, selection, layout }, chain, first, stop, taken) {
  const { numbers } = axis;
  const step = labelStep(viewport.cell);
  const tick = viewport.cell >= 5 ? 1 : step / (step % 5 ? 2 : 5);
  const base = RULER.y + RULER.h;
  const begins = chain.start > 0 ? viewport.xOf(chain.start) + 2 : 0;
  let name = axis.chains.length > 1 ? `${chain.name}:` : "";
  for (let i = Math.max(first, chain.start); i < Math.min(stop, chain.stop); i++) {
    const number = parseInt(numbers[i], 10);
    const x = viewport.xOf(i) + viewport.cell / 2;
    const begin = i === chain.start;
    if (!begin && number > parseInt(numbers[i - 1], 10) + 1) drawGap(ctx, viewport.xOf(i), theme, layout.height);
    const labelled = number % step === 0 || (begin && number % step < step - 1 && number > 0);
    if (number % Math.max(1, tick) !== 0 && !labelled) continue;
    ctx.fillStyle = theme.line;
    ctx.fillRect(Math.round(x) - 0.5, base - (labelled ? 6 : 3), 1, labelled ? 6 : 3);
    if (!labelled || numbers[i] !== String(number)) continue;
    if (begin && nearLabel(numbers, i, step, viewport.cell)) continue;
    ctx.fillStyle = contains(selection, i) ? theme.select : theme.muted;
    const text = name + numbers[i];
    const half = ctx.measureText(text).width / 2 + 1;
    const at = Math.min(Math.max(x, half, begins + half), viewport.width - half);
    if (at - half < taken) continue;
    ctx.fillText(text, at, base - 9);
    name = "";
    taken = at + half + 4;
  }
  return taken;
}

/**
 * Between two residues of which the file has none.
 * @param {Pen} ctx @param {number} x @param {Theme} theme @param {number} height
 */
function drawGap(ctx, x, theme, height) {
  ctx.strokeStyle = theme.fg;
  ctx.lineWidth = 1;
  ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(x, RULER.y + RULER.h - 6);
  ctx.lineTo(x, height - 4);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** @param {string[]} numbers @param {number} i @param {number} step @param {number} cell */
function nearLabel(numbers, i, step, cell) {
  for (let k = 1; k * cell < 26 && i + k < numbers.length; k++) {
    if (parseInt(numbers[i + k], 10) % step === 0) return true;
  }
  return false;
}
