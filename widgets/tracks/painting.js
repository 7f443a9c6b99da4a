// Brushes and what they do to the cells on screen before the kernel has answered.
// A command is {op, tracks, start, stop, value}, the same that Python's PaintCommand takes.

import { cutOut } from "./annotations.js";

export const TRACKS = ["sequence", "structure", "ss8", "sasa", "function", "residue"];
export const SEQUENCE = 0;
export const SS8 = 2;
export const SASA = 3;
export const FUNCTION = 4;
export const MASKED = 0;
export const GIVEN = 1;
export const NONE = 2;
export const SAMPLED = 3;
export const MASK_LETTER = 95;
export const RESIDUES = "ACDEFGHIKLMNPQRSTVWYXBUZO";
// In the order of the kernel's alphabets.
export const AMINO_ACIDS = "ARNDCQEGHILKMFPSTWYV";
export const SS8_CLASSES = "GHITEBSC";

// Rows that a brush paints when the pointer went from one row to another.
export function brushRows(brush, from, to) {
  if (brush.row !== undefined) return [brush.row];
  const [start, stop] = from <= to ? [from, to] : [to, from];
  const rows = [];
  for (let row = start; row <= stop; row++) {
    if (brush.op !== "none" || row >= FUNCTION) rows.push(row);
  }
  return rows;
}

export function strokeCommand(brush, rows, from, to) {
  const command = {
    op: brush.op,
    tracks: rows.map((row) => TRACKS[row]),
    start: Math.min(from, to),
    stop: Math.max(from, to) + 1,
  };
  if (brush.value !== undefined) command.value = brush.value;
  return command;
}

// Cells after these commands, as a copy: what the person sees until the prompt comes back.
export function painted(cells, commands, template) {
  const next = {
    ...cells,
    looks: cells.looks.slice(),
    letters: cells.letters.slice(),
    areas: cells.areas.slice(),
  };
  for (const command of commands) {
    if (command.op === "allow" || command.op === "forbid") limitChoice(next, command);
    else for (const track of command.tracks) paintRow(next, TRACKS.indexOf(track), command, template);
  }
  return next;
}

// To allow sets the choice anew; to forbid takes away from what there was.
function limitChoice(cells, { op, start, stop, value }) {
  const limits = cutOut(cells.limits, start, stop);
  for (let i = start; i < stop; i++) {
    const before = cells.limits.find((one) => one.start <= i && i < one.stop);
    const choice = op === "allow" ? value : without(choiceOf(before?.said ?? ""), value);
    const limit = limitOn(choice, i);
    const last = limits.at(-1);
    if (limit && last?.stop === i && last.said === limit.said) limits[limits.length - 1] = { ...last, stop: i + 1 };
    else if (limit) limits.push(limit);
  }
  cells.limits = limits;
}

function without(letters, others) {
  return [...letters].filter((letter) => !others.includes(letter)).join("");
}

// The amino acids that a limit leaves, from its words: "only AV" or "not C".
function choiceOf(said) {
  const [, word, letters] = /^(only|not) ([A-Z]+)/.exec(said) ?? [null, "not", ""];
  return word === "only" ? letters : without(AMINO_ACIDS, letters);
}

function limitOn(choice, i) {
  const barred = without(AMINO_ACIDS, choice);
  const may = without(AMINO_ACIDS, barred);
  if (!barred) return null;
  const said = may.length <= barred.length ? `only ${may}` : `not ${barred}`;
  return { start: i, stop: i + 1, said, letters: may.length <= 2 ? may : "" };
}

function annotate(cells, row, { op, start, stop, value }) {
  const covered = (one) => one.row === row && one.start < stop && one.stop > start;
  if (op === "annotate") {
    cells.annotations = [...cells.annotations, { row, label: value, start, stop, sampled: false }];
  } else if (op === "mask" || op === "none") {
    cells.annotations = cells.annotations.flatMap((one) => (covered(one) ? cutOut([one], start, stop) : [one]));
  }
}

function paintRow(cells, row, command, template) {
  const length = cells.length;
  if (row >= FUNCTION) annotate(cells, row, command);
  for (let i = command.start; i < command.stop; i++) {
    const cell = row * length + i;
    const letterAt = row === SEQUENCE ? i : row === SS8 ? length + i : -1;
    if (command.op === "mask") {
      cells.looks[cell] = MASKED;
      if (letterAt >= 0) cells.letters[letterAt] = MASK_LETTER;
    } else if (command.op === "none") {
      cells.looks[cell] = NONE;
    } else if (command.op === "annotate") {
      cells.looks[cell] = GIVEN;
    } else if (command.op === "restore") {
      const text = row === SEQUENCE ? template.sequence : row === SS8 ? template.ss8 : null;
      const known = text ? text[i] !== "_" : row !== 1 || template.structure[i] === "1";
      cells.looks[cell] = known ? GIVEN : MASKED;
      if (letterAt >= 0) cells.letters[letterAt] = text.charCodeAt(i);
    } else {
      const value = command.value;
      cells.looks[cell] = value === "_" ? MASKED : GIVEN;
      if (letterAt >= 0) {
        const k = value.length === 1 ? 0 : i - command.start;
        cells.letters[letterAt] = value.charCodeAt(k);
        if (value[k] === "_") cells.looks[cell] = MASKED;
      } else if (row === SASA) {
        cells.areas[i] = Number(value);
      }
    }
  }
}

// What a key means over the tracks, or null when it is not ours.
export function keyIntent(event, row) {
  const { key, shiftKey: extend } = event;
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey) {
    const low = key.toLowerCase();
    if (low === "a") return { do: "select-all" };
    if (low === "c") return { do: "copy" };
    if (low === "d") return { do: "duplicate" };
    if (low === "g") return { do: "near" };
    if (key === "Delete" || key === "Backspace") return { do: "delete" };
    return null;
  }
  if (event.altKey) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    return step ? { do: "shift", offset: extend ? 10 * step : step } : null;
  }
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  if (moves[key]) return { do: "move", rows: moves[key][0], residues: moves[key][1], extend };
  if (key === "PageUp" || key === "PageDown") {
    return { do: "move", rows: 0, residues: key === "PageUp" ? -10 : 10, extend };
  }
  if (key === "Home") return { do: "move", rows: 0, residues: -Infinity, extend };
  if (key === "End") return { do: "move", rows: 0, residues: Infinity, extend };
  if (key === "_" || key === "Delete" || key === "Backspace") {
    return { do: "mask", back: key === "Backspace" };
  }
  if (key === "Escape") return { do: "clear" };
  if (key === "Enter" || key === " ") return { do: "apply" };
  if (key === "Insert") return { do: "insert", before: extend };
  if (key === "/") return { do: "search", text: "" };
  if (key.length === 1) {
    if (row >= FUNCTION && /\w/.test(key)) return { do: "search", text: key };
    const letter = key.toUpperCase();
    const alphabet = row === SEQUENCE ? RESIDUES : row === SS8 ? SS8_CLASSES : "";
    if (alphabet.includes(letter) && letter !== " ") return { do: "write", letter };
  }
  return null;
}

// Letters of pasted text that a row can take; white space and FASTA headers are dropped.
export function pastedLetters(text, row) {
  const alphabet = row === SEQUENCE ? RESIDUES : row === SS8 ? SS8_CLASSES : "";
  const body = text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith(">"))
    .join("")
    .toUpperCase();
  return [...body].filter((letter) => alphabet.includes(letter) || letter === "_").join("");
}
