// Drawing the track editor: one function per kind of row, only what is visible.
// States differ without colour: given is filled, masked is hatched, none is a dot, sampled is filled
// lightly with a bar below.

import { contains } from "../browser/ranges.js";
import { FUNCTION, MASKED, NONE, SAMPLED, SEQUENCE } from "./painting.js";
import { drawAnnotations, drawLimits } from "./annotation_drawing.js";
import { GUTTER, OVERVIEW, PAINTABLE, RULER } from "./layout.js";
import { SANS, dot, roundRect, tint } from "./canvas.js";
import { LEAST_CELL, labelStep } from "./viewport.js";

const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const PLDDT = [[0.9, "#0053d6"], [0.7, "#65cbf3"], [0.5, "#ffdb13"], [0, "#ff7d45"]];
export const EXPOSED = 160;
// As the design laid over in 3D.
const OTHER = "#cc79a7";

export function drawTracks(ctx, scene) {
  const { theme, viewport, width, layout } = scene;
  const { height } = layout;
  ctx.clearRect(0, 0, width, height);
  ctx.fillStyle = theme.bg;
  ctx.fillRect(0, 0, width, height);
  drawLabels(ctx, scene);
  drawOverview(ctx, scene);
  ctx.save();
  ctx.beginPath();
  ctx.rect(GUTTER, RULER.y, viewport.width, height - RULER.y);
  ctx.clip();
  ctx.translate(GUTTER, 0);
  const [first, stop] = viewport.visible();
  drawSelectionBand(ctx, scene);
  for (let row = 0; row < PAINTABLE; row++) drawRow(ctx, scene, row, first, stop);
  drawConfidence(ctx, scene, first, stop);
  drawEntropy(ctx, scene, first, stop);
  drawRuler(ctx, scene, first, stop);
  drawMarks(ctx, scene);
  ctx.restore();
}

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

function drawOverview(ctx, scene) {
  const { theme, viewport, cells, selection, axis } = scene;
  const scale = viewport.width / viewport.length;
  ctx.fillStyle = theme.line;
  ctx.fillRect(GUTTER, OVERVIEW.y, viewport.width, OVERVIEW.h);
  eachRun(cells.looks, 0, 0, viewport.length, (look, start, stop) => {
    if (look === MASKED) return;
    ctx.fillStyle = look === SAMPLED ? theme.sampled : theme.given;
    ctx.globalAlpha = 0.55;
    ctx.fillRect(GUTTER + start * scale, OVERVIEW.y + 1, (stop - start) * scale, 3);
  });
  eachRun(cells.looks, viewport.length, 0, viewport.length, (look, start, stop) => {
    if (look === MASKED) return;
    ctx.fillStyle = look === SAMPLED ? theme.sampled : theme.structure;
    ctx.globalAlpha = 0.55;
    ctx.fillRect(GUTTER + start * scale, OVERVIEW.y + 6, (stop - start) * scale, 3);
  });
  ctx.globalAlpha = 1;
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

// The file's numbers; of several chains each is named with the first of its numbers in sight.
export function drawRuler(ctx, { theme, viewport, axis, selection, layout }, first, stop) {
  const step = labelStep(viewport.cell);
  const tick = viewport.cell >= 5 ? 1 : step / (step % 5 ? 2 : 5);
  const base = RULER.y + RULER.h;
  ctx.font = `11px ${SANS}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  let taken = 0;
  for (const chain of axis.chains) {
    let name = axis.chains.length > 1 ? `${chain.name}:` : "";
    for (let i = Math.max(first, chain.start); i < Math.min(stop, chain.stop); i++) {
      const number = parseInt(axis.numbers[i], 10);
      const x = viewport.xOf(i) + viewport.cell / 2;
      if (i > chain.start && number > parseInt(axis.numbers[i - 1], 10) + 1) drawGap(ctx, viewport.xOf(i), theme, layout);
      const labelled = number % step === 0 || (i === chain.start && number % step < step - 1 && number > 0);
      const inserted = axis.numbers[i] !== String(number);
      if (number % Math.max(1, tick) !== 0 && !labelled) continue;
      ctx.fillStyle = theme.line;
      ctx.fillRect(Math.round(x) - 0.5, base - (labelled ? 6 : 3), 1, labelled ? 6 : 3);
      if (!labelled || inserted) continue;
      if (i === chain.start && nearLabel(axis.numbers, i, step, viewport.cell)) continue;
      ctx.fillStyle = contains(selection, i) ? theme.select : theme.muted;
      const text = name + axis.numbers[i];
      const half = ctx.measureText(text).width / 2 + 1;
      const begins = chain.start > 0 ? viewport.xOf(chain.start) + 2 : 0;
      const at = Math.min(Math.max(x, half, begins + half), viewport.width - half);
      if (at - half < taken) continue;
      ctx.fillText(text, at, base - 9);
      [name, taken] = ["", at + half + 4];
    }
    if (chain.start > 0 && chain.start >= first && chain.start <= stop) {
      const x = viewport.xOf(chain.start);
      ctx.fillStyle = theme.fg;
      ctx.fillRect(x - 1, RULER.y + 2, 2, layout.height - RULER.y - 4);
    }
  }
}

// Between two residues of which the file has none.
function drawGap(ctx, x, theme, layout) {
  ctx.strokeStyle = theme.fg;
  ctx.lineWidth = 1;
  ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(x, RULER.y + RULER.h - 6);
  ctx.lineTo(x, layout.height - 4);
  ctx.stroke();
  ctx.setLineDash([]);
}

function nearLabel(numbers, i, step, cell) {
  for (let k = 1; k * cell < 26 && i + k < numbers.length; k++) {
    if (parseInt(numbers[i + k], 10) % step === 0) return true;
  }
  return false;
}

function drawRow(ctx, scene, row, first, stop) {
  const { viewport, cells, theme } = scene;
  const { y, h } = scene.layout.rows[row];
  const gap = viewport.cell >= 6 ? 1 : 0;
  eachRun(cells.looks, row * viewport.length, first, stop, (look, start, end) => {
    const x = viewport.xOf(start);
    const w = viewport.xOf(end) - x;
    if (look === MASKED) {
      ctx.fillStyle = scene.hatch;
      roundRect(ctx, x + gap / 2, y, w - gap, h, gap ? 3 : 0);
      ctx.fill();
    } else if (look === NONE) {
      ctx.fillStyle = theme.muted;
      const every = Math.max(1, Math.ceil(7 / viewport.cell));
      for (let i = start; i < end; i += every) dot(ctx, viewport.xOf(i + every / 2), y + h / 2, 1.6);
    } else if (row === 0) {
      drawLetters(ctx, scene, row, start, end, look, () => theme.given);
    } else if (row === 1) {
      drawBlock(ctx, scene, row, start, end, look);
    } else if (row === 2) {
      const colors = scene.ss8Colors;
      drawLetters(ctx, scene, row, start, end, look, (letter) => colors[letter] ?? theme.muted);
    } else if (row === 3) {
      drawAreas(ctx, scene, start, end, look);
    } else {
      ctx.fillStyle = tint(look === SAMPLED ? theme.sampled : theme.given, 0.1);
      ctx.fillRect(x, y, w, h);
    }
  });
  if (row === SEQUENCE) drawDifferences(ctx, scene, first, stop);
  if (row === SEQUENCE) drawLimits(ctx, scene);
  if (row >= FUNCTION) drawAnnotations(ctx, scene, row);
}

function drawLetters(ctx, { viewport, cells, theme, layout }, row, start, stop, look, colorOf) {
  const { y, h } = layout.rows[row];
  const { cell, length } = viewport;
  const gap = cell >= 6 ? 1 : 0;
  const legible = cell >= LEAST_CELL;
  ctx.font = `${row === 0 ? 600 : 500} ${Math.min(14, Math.max(9, cell * 1.02)).toFixed(1)}px ${MONO}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (let i = start; i < stop; i++) {
    const letter = String.fromCharCode(cells.letters[(row === 0 ? 0 : length) + i]);
    const x = viewport.xOf(i);
    const color = look === SAMPLED ? theme.sampled : colorOf(letter);
    ctx.fillStyle = tint(look === SAMPLED && row === 2 ? colorOf(letter) : color, look === SAMPLED ? 0.14 : 0.26);
    ctx.fillRect(x + gap / 2, y, cell - gap, h);
    ctx.fillStyle = color;
    const bar = look === SAMPLED ? 2 : row === 2 ? 3 : 0;
    if (bar) ctx.fillRect(x + gap / 2, y + h - bar, cell - gap, bar);
    if (legible) {
      ctx.fillStyle = theme.fg;
      ctx.fillText(letter, x + cell / 2, y + h / 2 + 0.5);
    }
  }
}

// A bar over the letters that are others in the design laid over.
function drawDifferences(ctx, { viewport, cells, layout }, first, stop) {
  const { letters } = cells.beside;
  if (!letters) return;
  const gap = viewport.cell >= 6 ? 1 : 0;
  ctx.fillStyle = OTHER;
  for (let i = first; i < stop; i++) {
    const [own, other] = [String.fromCharCode(cells.letters[i]), letters[i]];
    if (own === other || own === "_" || other === " ") continue;
    ctx.fillRect(viewport.xOf(i) + gap / 2, layout.rows[SEQUENCE].y, viewport.cell - gap, 3);
  }
}

function drawBlock(ctx, { viewport, theme, layout }, row, start, stop, look) {
  const { y, h } = layout.rows[row];
  const gap = viewport.cell >= 6 ? 1 : 0;
  const sampled = look === SAMPLED;
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

function drawAreas(ctx, { viewport, cells, theme, layout }, start, stop, look) {
  const { y, h } = layout.rows[3];
  const gap = viewport.cell >= 6 ? 1 : 0;
  const color = look === SAMPLED ? theme.sampled : theme.exposed;
  for (let i = start; i < stop; i++) {
    const x = viewport.xOf(i) + gap / 2;
    const share = Math.min(1, cells.areas[i] / EXPOSED);
    ctx.fillStyle = tint(color, 0.12);
    ctx.fillRect(x, y, viewport.cell - gap, h);
    ctx.fillStyle = tint(color, 0.8);
    const bar = Math.max(1.5, share * (h - 2));
    ctx.fillRect(x, y + h - bar, viewport.cell - gap, bar);
  }
}

function drawConfidence(ctx, { viewport, results, theme, layout }, first, stop) {
  const { y, h } = layout.rows[6];
  drawBaseline(ctx, theme, viewport, y, h);
  const gap = viewport.cell >= 6 ? 1 : 0;
  for (let i = first; i < stop; i++) {
    const value = results[i];
    if (!Number.isFinite(value)) continue;
    ctx.fillStyle = PLDDT.find(([edge]) => value >= edge)?.[1] ?? PLDDT.at(-1)[1];
    const bar = Math.max(2, value * h);
    ctx.fillRect(viewport.xOf(i) + gap / 2, y + h - bar, viewport.cell - gap, bar);
  }
}

function drawEntropy(ctx, { viewport, results, entropyTop, theme, layout }, first, stop) {
  const { y, h } = layout.rows[7];
  drawBaseline(ctx, theme, viewport, y, h);
  const gap = viewport.cell >= 6 ? 1 : 0;
  ctx.fillStyle = tint(theme.muted, 0.75);
  for (let i = first; i < stop; i++) {
    const value = results[viewport.length + i];
    if (!Number.isFinite(value)) continue;
    const bar = Math.max(1.5, Math.min(1, value / entropyTop) * h);
    ctx.fillRect(viewport.xOf(i) + gap / 2, y + h - bar, viewport.cell - gap, bar);
  }
}

function drawBaseline(ctx, theme, viewport, y, h) {
  ctx.fillStyle = theme.line;
  ctx.fillRect(0, y + h, Math.min(viewport.width, viewport.xOf(viewport.length)), 1);
}

function drawSelectionBand(ctx, { viewport, selection, theme, layout }) {
  ctx.fillStyle = tint(theme.select, 0.12);
  for (const [start, stop] of selection) {
    const x = viewport.xOf(start);
    ctx.fillRect(x, RULER.y + 2, viewport.xOf(stop) - x, layout.height - RULER.y - 6);
  }
}

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
  if (focused && cursor.row < PAINTABLE) {
    ctx.strokeStyle = theme.accent;
    ctx.lineWidth = 2;
    const { y, h } = layout.rows[cursor.row];
    roundRect(ctx, viewport.xOf(cursor.position) - 1, y - 2, viewport.cell + 2, h + 4, 3);
    ctx.stroke();
  }
}

// Calls ``each(value, start, stop)`` for every run of equal values.
export function eachRun(values, offset, first, stop, each) {
  let start = first;
  for (let i = first + 1; i <= stop; i++) {
    if (i < stop && values[offset + i] === values[offset + start]) continue;
    if (start < stop) each(values[offset + start], start, i);
    start = i;
  }
}

export function hatchPattern(ctx, theme, ratio) {
  const size = 6 * ratio;
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext("2d");
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
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}
