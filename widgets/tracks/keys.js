// The keyboard over the tracks: the cursor, writing, the brush on a selection, and residues.

import { copyText } from "../browser/clipboard.js";
import { clamp } from "../browser/numbers.js";
import { between, contains, count, toPositions, toRanges } from "../browser/ranges.js";
import { tellCell } from "./cell_place.js";
import { copiedRow, keyIntent, pastedLetters } from "./key_intents.js";
import { brushRows } from "./painting.js";
import { letterAt } from "./spec.js";

/**
 * @import { TrackView } from "./editor.js"
 * @import { Range } from "../browser/types"
 * @import { Cells, Command, KeyIntent } from "./types"
 */

/** @typedef {{ at: string, id: number, letters: string, base: Cells } | null} Typed */

const RESTING_BRUSH = { key: "select", label: "Select" };

export class TrackKeys {
  /** What was typed last over a selection, and where. @type {Typed} */
  typed = null;

  /** @param {TrackView} view @param {AbortSignal} signal */
  constructor(view, signal) {
    this.view = view;
    view.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    view.canvas.addEventListener("paste", (event) => this.paste(event), { signal });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { view } = this;
    const intent = keyIntent(view.spec, event, view.cursor.row);
    if (!intent) return;
    event.preventDefault();
    event.stopPropagation();
    this.obey(intent);
    view.redraw();
  }

  /** @param {KeyIntent} intent */
  obey(intent) {
    const { view } = this;
    if (intent.do === "copy") this.copy();
    else if (intent.do === "select-all") view.select([[0, view.cells.length]]);
    else if (intent.do === "clear") this.clear();
    else if (intent.do === "move") this.move(intent);
    else if (intent.do === "apply") this.apply();
    else if (intent.do === "search") view.toolbar.search.open(intent.text);
    else if (intent.do === "insert") view.edit({ type: "insert", count: 1, before: intent.before });
    else if (intent.do === "delete" || intent.do === "duplicate") view.edit({ type: intent.do });
    else if (intent.do === "shift") view.edit({ type: "move", offset: intent.offset });
    else if (intent.do === "what-if") tellCell(view, view.cursor, true);
    else if (intent.do === "near") view.edit({ type: "near", distance: view.spec.near });
    else if (intent.do === "mask") this.write({ op: "mask" }, intent.back);
    else this.write({ op: "write", value: intent.letter });
  }

  clear() {
    this.view.toolbar.take(RESTING_BRUSH);
    this.view.select([]);
  }

  /** @param {{rows: number, residues: number, extend: boolean}} by */
  move({ rows, residues, extend }) {
    const { view } = this;
    const { cursor } = view;
    cursor.row = clamp(cursor.row + rows, 0, view.layout.paintable - 1);
    cursor.position = clamp(cursor.position + residues, 0, view.cells.length - 1);
    if (!extend) cursor.anchor = cursor.position;
    view.viewport.reveal(cursor.position);
    if (residues) view.select([between(cursor.anchor, cursor.position)]);
    view.speak();
  }

  // Paints the selection, or the cell under the cursor, with the brush in hand.
  apply() {
    const { view } = this;
    const { op, value } = view.toolbar.brush;
    if (!op) return;
    const rows = brushRows(view.spec, view.toolbar.brush, view.cursor.row, view.cursor.row);
    const tracks = rows.map((row) => view.spec.rows[row].name);
    if (!tracks.length) return;
    const holds = value === undefined ? {} : { value };
    view.cells.commit(view.target().map(([start, stop]) => ({ op, tracks, start, stop, ...holds })));
    view.speak();
  }

  // Writes on the selection, or on the cell under the cursor and moves on.
  /** @param {{op: "mask"} | {op: "write", value: string}} what */
  write(what, back = false) {
    const { view } = this;
    const { cursor } = view;
    const many = count(view.selection) > 1 && contains(view.selection, cursor.position);
    const ranges = many ? view.selection : [between(cursor.position, cursor.position)];
    if (many && what.op === "write") {
      this.typeOver(what.value, ranges);
      return;
    }
    const tracks = [view.spec.rows[cursor.row].name];
    view.cells.commit(ranges.map(([start, stop]) => ({ ...what, tracks, start, stop })));
    if (!many) this.move({ rows: 0, residues: back ? -1 : 1, extend: false });
    view.speak();
  }

  /**
   * One letter fills the selection; more of them, typed on, are its first letters instead, in one undo step.
   * @param {string} letter @param {Range[]} ranges
   */
  typeOver(letter, ranges) {
    const { view } = this;
    const { row } = view.cursor;
    const on = String([view.cells.last, row, ranges]) === this.typed?.at ? this.typed : null;
    const letters = (on?.letters ?? "") + letter;
    const places = toPositions(ranges);
    if (letters.length > places.length) {
      view.say(`the selection has ${places.length} residues; all are written`);
      return;
    }
    const tracks = [view.spec.rows[row].name];
    /** @param {Range} range @param {string} value @returns {Command} */
    const write = ([start, stop], value) => ({ op: "write", tracks, start, stop, value });
    const base = on?.base ?? view.cells.shown;
    const first = toRanges(places.slice(0, letters.length));
    const text = (/** @type {Range} */ [start, stop]) =>
      letters.slice(places.indexOf(start), places.indexOf(stop - 1) + 1);
    const commands = on ? first.map((range) => write(range, text(range))) : ranges.map((range) => write(range, letter));
    const id = view.cells.commit(commands, on);
    this.typed = { at: String([id, row, ranges]), id, letters, base };
    view.speak();
  }

  // Letters of the selection, of SS8 where the cursor is there, else of the sequence.
  async copy() {
    const { view } = this;
    const { spec } = view;
    const row = copiedRow(spec, view.cursor.row);
    const { letters, length } = view.cells.shown;
    const at = toPositions(view.target()).map((i) => letters[letterAt(spec, row, length, i)]);
    const kind = spec.rows[row].name === "sequence" ? "" : `${spec.rows[row].label} `;
    const what = `${at.length} ${kind}${at.length === 1 ? "letter" : "letters"}`;
    const copied = await copyText(String.fromCharCode(...at));
    view.say(copied ? `${what} copied` : `this page may not write to the clipboard: ${what} not copied`);
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const { view } = this;
    const { cursor } = view;
    const letters = pastedLetters(view.spec, event.clipboardData?.getData("text") ?? "", cursor.row);
    const value = letters.slice(0, view.cells.length - cursor.position);
    if (!value) return;
    event.preventDefault();
    const start = cursor.position;
    const tracks = [view.spec.rows[cursor.row].name];
    view.cells.commit([{ op: "write", tracks, start, stop: start + value.length, value }]);
    view.redraw();
  }
}
