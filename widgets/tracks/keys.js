// The keyboard over the tracks: the cursor, writing, the brush on a selection, and residues.

import { copyText } from "../browser/clipboard.js";
import { SEQUENCE, SS8, TRACKS, brushRows, keyIntent, pastedLetters } from "./painting.js";
import { between, contains, count, toPositions } from "../browser/ranges.js";
import { PAINTABLE } from "./layout.js";
import { clamp } from "./viewport.js";

const RESTING_BRUSH = { key: "select" };

export class TrackKeys {
  constructor(view, signal) {
    this.view = view;
    view.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    view.canvas.addEventListener("paste", (event) => this.paste(event), { signal });
  }

  key(event) {
    const { view } = this;
    const intent = keyIntent(event, view.cursor.row);
    if (!intent) return;
    event.preventDefault();
    event.stopPropagation();
    this.obey(intent);
    view.redraw();
  }

  obey(intent) {
    const { view } = this;
    if (intent.do === "copy") this.copy();
    else if (intent.do === "select-all") view.select([[0, view.cells.length]]);
    else if (intent.do === "clear") this.clear();
    else if (intent.do === "move") this.move(intent);
    else if (intent.do === "apply") this.apply();
    else if (intent.do === "search") view.toolbar.search.open(intent.text);
    else if (intent.do === "insert") view.edit("insert", { count: 1, before: intent.before });
    else if (intent.do === "delete" || intent.do === "duplicate") view.edit(intent.do);
    else if (intent.do === "shift") view.edit("move", { offset: intent.offset });
    else if (intent.do === "near") view.edit("near", { distance: 5 });
    else if (intent.do === "mask") this.write({ op: "mask" }, intent.back);
    else this.write({ op: "write", value: intent.letter });
  }

  clear() {
    this.view.toolbar.take(RESTING_BRUSH);
    this.view.select([]);
  }

  move({ rows, residues, extend }) {
    const { view } = this;
    const { cursor } = view;
    cursor.row = clamp(cursor.row + rows, 0, PAINTABLE - 1);
    cursor.position = clamp(cursor.position + residues, 0, view.cells.length - 1);
    if (!extend) cursor.anchor = cursor.position;
    view.viewport.reveal(cursor.position);
    if (residues) view.select([between(cursor.anchor, cursor.position)]);
    view.speak();
  }

  // Paints the selection, or the cell under the cursor, with the brush in hand.
  apply() {
    const { view } = this;
    const { brush } = view.toolbar;
    if (!brush.op) return;
    const tracks = brushRows(brush, view.cursor.row, view.cursor.row).map((row) => TRACKS[row]);
    if (!tracks.length) return;
    const value = brush.value === undefined ? {} : { value: brush.value };
    view.cells.commit(view.target().map(([start, stop]) => ({ op: brush.op, tracks, start, stop, ...value })));
    view.speak();
  }

  // Writes on the selection, or on the cell under the cursor and moves on.
  write(what, back = false) {
    const { view } = this;
    const { cursor } = view;
    const many = count(view.selection) > 1 && contains(view.selection, cursor.position);
    const ranges = many ? view.selection : [[cursor.position, cursor.position + 1]];
    view.cells.commit(ranges.map(([start, stop]) => ({ ...what, tracks: [TRACKS[cursor.row]], start, stop })));
    if (!many) this.move({ rows: 0, residues: back ? -1 : 1, extend: false });
    view.speak();
  }

  // Letters of the selection, of SS8 where the cursor is there, else of the sequence.
  async copy() {
    const { view } = this;
    const row = view.cursor.row === SS8 ? SS8 : SEQUENCE;
    const { letters, length } = view.cells.shown;
    const at = toPositions(view.target()).map((i) => letters[row === SS8 ? length + i : i]);
    const what = `${at.length} ${row === SS8 ? "SS8 " : ""}${at.length === 1 ? "letter" : "letters"}`;
    const copied = await copyText(String.fromCharCode(...at));
    view.say(copied ? `${what} copied` : `this page may not write to the clipboard: ${what} not copied`);
  }

  paste(event) {
    const { view } = this;
    const { cursor } = view;
    const letters = pastedLetters(event.clipboardData?.getData("text") ?? "", cursor.row);
    const value = letters.slice(0, view.cells.length - cursor.position);
    if (!value) return;
    event.preventDefault();
    const start = cursor.position;
    view.cells.commit([{ op: "write", tracks: [TRACKS[cursor.row]], start, stop: start + value.length, value }]);
    view.redraw();
  }
}
