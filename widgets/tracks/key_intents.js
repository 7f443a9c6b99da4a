// What keys and pasted text mean over the tracks.

import { TRACK_KEYS } from "../files/shortcuts.js";
import { rowOf } from "./spec.js";

/** @import { KeyIntent, Spec } from "./types" */

/** @typedef {Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">} Key */

/** @type {Record<string, [rows: number, residues: number]>} */
const MOVES = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  PageUp: [0, -10],
  PageDown: [0, 10],
  Home: [0, -Infinity],
  End: [0, Infinity],
};
/** @type {Record<string, typeof TRACK_KEYS[keyof typeof TRACK_KEYS]>} */
const WITH_CTRL = TRACK_KEYS;
/** @type {Record<string, number>} */
const SHIFTS = { ArrowLeft: -1, ArrowRight: 1 };

/**
 * What a key means over the tracks, or null when it is not ours.
 * @param {Spec} spec @param {Key} event @param {number} row @returns {KeyIntent | null}
 */
export function keyIntent(spec, event, row) {
  const { key, shiftKey } = event;
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const act = WITH_CTRL[key.toLowerCase()];
    return act ? { do: act } : null;
  }
  // Where Alt writes another letter, the key still says which it is.
  if (event.altKey) {
    if (event.code === "KeyW") return { do: "what-if" };
    const step = SHIFTS[key];
    return step ? { do: "shift", offset: shiftKey ? 10 * step : step } : null;
  }
  const move = MOVES[key];
  if (move) return { do: "move", rows: move[0], residues: move[1], extend: shiftKey };
  if (key === spec.mask || key === "Delete" || key === "Backspace") return { do: "mask", back: key === "Backspace" };
  if (key === "Escape") return { do: "clear" };
  if (key === "Enter" || key === " ") return { do: "apply" };
  if (key === "Insert") return { do: "insert", before: shiftKey };
  if (key === "/") return { do: "search", text: "" };
  if (key === "?") return null;
  if (isFreeW(spec, key, row)) return { do: "what-if" };
  return key.length === 1 ? written(spec, key, row) : null;
}

// W asks too where it writes nothing.
/** @param {Spec} spec @param {string} key @param {number} row */
function isFreeW(spec, key, row) {
  const { annotated, alphabet } = spec.rows[row];
  return key.toLowerCase() === "w" && !annotated && !alphabet.includes("W");
}

/** @param {Spec} spec @param {string} key @param {number} row @returns {KeyIntent | null} */
function written(spec, key, row) {
  const { annotated, alphabet } = spec.rows[row];
  if (annotated && /\w/.test(key)) return { do: "search", text: key };
  const letter = key.toUpperCase();
  return alphabet.includes(letter) ? { do: "write", letter } : null;
}

/**
 * Letters of pasted text that a row can take; white space and FASTA headers are dropped.
 * @param {Spec} spec @param {string} text @param {number} row
 */
export function pastedLetters(spec, text, row) {
  const { alphabet } = spec.rows[row];
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith(">"));
  const letters = [...lines.join("").toUpperCase()];
  return letters.filter((letter) => alphabet.includes(letter) || letter === spec.mask).join("");
}

/**
 * The row whose letters are copied: SS8 where the cursor is there, else the sequence.
 * @param {Spec} spec @param {number} row
 */
export function copiedRow(spec, row) {
  return spec.rows[row].alphabet ? row : rowOf(spec, "sequence");
}
