// Brushes and what they do to the cells on screen before the kernel has answered. What Python's
// PaintCommand does to a prompt, these do to cells: tests/contract/painting.json holds both to it.

import { cutOut, joined } from "./annotations.js";
import { letterAt, rowOf } from "./spec.js";

/** @import { Axis, Brush, Cells, Command, Limit, PaintBrush, Spec } from "./types" */

/**
 * Rows that a brush paints when the pointer went from one row to another.
 * @param {Spec} spec @param {Brush} brush @param {number} from @param {number} to
 */
export function brushRows(spec, brush, from, to) {
  if (brush.row !== undefined) return [brush.row];
  const [start, stop] = from <= to ? [from, to] : [to, from];
  const rows = [];
  for (let row = start; row <= stop; row++) {
    if (brush.op !== "none" || spec.rows[row].annotated) rows.push(row);
  }
  return rows;
}

/**
 * @param {Spec} spec @param {PaintBrush} brush @param {number[]} rows @param {number} from @param {number} to
 * @returns {Command}
 */
export function strokeCommand(spec, brush, rows, from, to) {
  const value = brush.value === undefined ? {} : { value: brush.value };
  const tracks = rows.map((row) => spec.rows[row].name);
  return { op: brush.op, tracks, start: Math.min(from, to), stop: Math.max(from, to) + 1, ...value };
}

/**
 * Cells after these commands, as a copy: what the person sees until the prompt comes back.
 * @param {Cells} cells @param {Command[]} commands @param {Axis} axis
 */
export function painted(cells, commands, axis) {
  const next = {
    ...cells,
    states: cells.states.slice(),
    letters: cells.letters.slice(),
    areas: cells.areas.slice(),
  };
  for (const command of commands) {
    if (command.op === "allow" || command.op === "forbid") limitChoice(next, command);
    else for (const track of command.tracks) paintRow(next, rowOf(cells.spec, track), command, axis);
  }
  return next;
}

/**
 * To allow sets the choice anew; to forbid takes away from what there was.
 * @param {Cells} cells @param {Command} command
 */
function limitChoice(cells, { op, start, stop, value }) {
  const { standard } = cells.spec;
  const letters = String(value ?? "");
  const limits = cutOut(cells.limits, start, stop);
  for (let i = start; i < stop; i++) {
    const before = cells.limits.find((limit) => limit.start <= i && i < limit.stop);
    const choice = op === "allow" ? letters : without(choiceOf(standard, before?.label ?? ""), letters);
    const limit = limitOn(standard, choice, i);
    if (limit) limits.push(limit);
  }
  cells.limits = touching(limits);
}

/** @param {string} letters @param {string} others */
function without(letters, others) {
  return [...letters].filter((letter) => !others.includes(letter)).join("");
}

/**
 * The amino acids that a limit leaves, from its words: "only AV" or "not C".
 * @param {string} standard @param {string} label
 */
function choiceOf(standard, label) {
  const [, word, letters] = /^(only|not) ([A-Z]+)/.exec(label) ?? ["", "not", ""];
  return word === "only" ? letters : without(standard, letters);
}

/**
 * The limit on one residue, or null where any amino acid may stand.
 * @param {string} standard @param {string} choice @param {number} i @returns {Limit | null}
 */
function limitOn(standard, choice, i) {
  const barred = without(standard, choice);
  const may = without(standard, barred);
  if (!barred) return null;
  const label = may.length <= barred.length ? `only ${may}` : `not ${barred}`;
  return { start: i, stop: i + 1, label, letters: may.length <= 2 ? may : "" };
}

/**
 * Limits in order, those that touch and say the same made one.
 * @param {Limit[]} limits
 */
function touching(limits) {
  /** @type {Limit[]} */
  const whole = [];
  for (const limit of [...limits].sort((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (last && last.stop === limit.start && last.label === limit.label) last.stop = limit.stop;
    else whole.push({ ...limit });
  }
  return whole;
}

/** @param {Cells} cells @param {number} row @param {Command} command @param {Axis} axis */
function paintRow(cells, row, command, axis) {
  if (cells.spec.rows[row].annotated) paintRanges(cells, row, command, axis);
  else for (let i = command.start; i < command.stop; i++) paintCell(cells, row, i, command, axis);
}

/** @param {Cells} cells @param {number} row @param {Command} command @param {Axis} axis */
function paintRanges(cells, row, { op, start, stop, value }, axis) {
  const { states } = cells.spec;
  const at = row * cells.length;
  const rest = cells.annotations.filter((annotation) => annotation.row !== row);
  let mine = cells.annotations.filter((annotation) => annotation.row === row);
  cells.states.fill(
    op === "annotate" ? states.given : op === "none" ? states.none : states.masked,
    at + start,
    at + stop,
  );
  if (op === "annotate") {
    const label = String(value ?? "");
    mine = mine.filter(
      (annotation) => annotation.label !== label || annotation.start !== start || annotation.stop !== stop,
    );
    mine.push({ row, label, start, stop, sampled: false });
  } else {
    mine = cutOut(mine, start, stop);
  }
  if (op === "restore") {
    const original = axis.annotations.filter((annotation) => annotation.row === row);
    const inside = cutOut(cutOut(original, 0, start), stop, cells.length);
    mine = joined([...mine, ...inside]);
    for (const annotation of inside) cells.states.fill(states.given, at + annotation.start, at + annotation.stop);
  }
  cells.annotations = [...rest, ...mine];
}

/** @param {Cells} cells @param {number} row @param {number} i @param {Command} command @param {Axis} axis */
function paintCell(cells, row, i, command, axis) {
  const { spec, length } = cells;
  const held = heldAfter(spec.rows[row].name, i, command, axis, spec.mask);
  cells.states[row * length + i] = held === null ? spec.states.masked : spec.states.given;
  const letter = letterAt(spec, row, length, i);
  if (letter >= 0) cells.letters[letter] = String(held ?? spec.mask).charCodeAt(0);
  if (spec.rows[row].name === "sasa") cells.areas[i] = held === null ? NaN : Number(held);
}

/**
 * What a cell holds after a command, null where the model is to decide.
 * @param {string} track @param {number} i @param {Command} command @param {Axis} axis @param {string} mask
 */
function heldAfter(track, i, { op, value, start }, axis, mask) {
  if (op === "mask") return null;
  if (op === "restore") return templateHolds(track, i, axis, mask);
  if (track === "sasa") return value === mask || value === undefined ? null : Number(value);
  const text = String(value ?? mask);
  const letter = text.length === 1 ? text : text[i - start];
  return letter === mask ? null : letter;
}

/** @param {string} track @param {number} i @param {Axis} axis @param {string} mask */
function templateHolds(track, i, axis, mask) {
  if (track === "structure") return axis.structure[i] === "1" ? true : null;
  if (track === "sasa") return axis.sasa[i];
  const letter = track === "sequence" ? axis.sequence[i] : axis.ss8[i];
  return letter === mask ? null : letter;
}
