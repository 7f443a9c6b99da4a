// The track editor's view: puts toolbar, canvas, readout and findings together and draws. The pointer
// is in gestures.js, keys in keys.js, what the cells hold in cells.js.

import { busOf, hear, tell } from "../browser/bus.js";
import { offer } from "../browser/clipboard.js";
import { element, focusIn } from "../browser/dom.js";
import { clamp } from "../browser/numbers.js";
import { Pointing } from "../browser/pointing.js";
import { between, contains, count, others, toPositions, toRanges } from "../browser/ranges.js";
import { connected } from "../browser/reconnect.js";
import { splitColumns } from "../browser/splitter.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { lanesNeeded } from "./annotations.js";
import { tellCell } from "./cell_place.js";
import { CELL_TRAITS, TrackCells } from "./cells.js";
import { drawTracks, hatchPattern } from "./drawing.js";
import { Findings } from "./findings.js";
import { Flash } from "./flash.js";
import { TrackGestures } from "./gestures.js";
import { Keyboard } from "./keyboard.js";
import { TrackKeys } from "./keys.js";
import { GUTTER, RULER, TrackLayout } from "./layout.js";
import { describe, spokenCell, tipAt } from "./readout.js";
import { RulesMenu } from "./rules_menu.js";
import { StatusLine } from "./status_line.js";
import { ViewSwitch } from "./switch.js";
import { Toolbar } from "./toolbar.js";
import { Viewport } from "./viewport.js";

/**
 * @import { Range, Rendering } from "../browser/types"
 * @import { Acts, Axis, Change, Cursor, Pen, Place, TrackAnswer, TrackModel } from "./types"
 */

const REPORT_EVERY = 3;

const HELP =
  "Tracks of the prompt. Arrows move, Shift extends, letters write, underscore masks, Enter paints the selection " +
  "with the brush, slash finds a function, Insert adds a residue, Control Delete takes residues out, " +
  "Control D duplicates, Alt and arrows move residues, Control G selects what is near, Control Z undoes.";

export class TrackView {
  board = element("div", "esm-board");
  canvas = element("canvas", "esm-canvas");
  line = new StatusLine();
  /** @type {Cursor} */
  cursor = { row: 0, position: 0, anchor: 0 };
  /** Whether the kernel has sent what was not read yet. */
  unread = false;
  /** Of the canvas in CSS pixels; 0 until there is room for one. */
  width = 0;
  ratio = 1;
  /** The selection that the kernel has not acknowledged yet. */
  selecting = "";

  /** Number of the picture drawn last. @type {number | undefined} */
  drawnSeq = undefined;
  reportedSeq = 0;
  /** @type {boolean | undefined} */
  sentDark = undefined;
  /** @type {number | undefined} */
  waiting = undefined;

  /** @param {TrackModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    this.signal = signal;
    this.spec = model.get("spec");
    this.bus = busOf(model.get("bus"));
    this.selection = model.get("selection");
    this.cells = new TrackCells(model);
    this.axis = this.cells.axis;
    this.layout = new TrackLayout(this.spec);
    this.viewport = new Viewport(this.axis.length, 1);
    this.ctx = /** @type {Pen} */ (this.canvas.getContext("2d"));
    this.theme = readTheme(el);
    this.hatch = hatchPattern(this.ctx, this.theme, 1);
    this.findings = new Findings((ranges, row) => this.goTo(ranges, row), signal);
    this.toolbar = new Toolbar(this.spec, this.acts(), signal);
    this.rules = new RulesMenu(model, () => this.selection, signal);
    this.switch = new ViewSwitch(model, () => this.focus(), signal);
    this.build();
    this.pointing = new Pointing(this.bus, model, () => this.redraw(), signal);
    this.flash = new Flash(model, () => this.redraw(), signal);
    this.gestures = new TrackGestures(this, signal);
    this.keys = new TrackKeys(this, signal);
    if (model.get("on_view").live) new Keyboard(this, signal);
    this.listen();
    this.fitRows();
    this.findings.show(model.get("findings"));
    this.retheme();
  }

  /** @returns {Acts} */
  acts() {
    return {
      changed: () => this.focus(),
      leave: () => this.focus(),
      act: (name) => this.act(name),
      ask: (id, text) => this.model.send({ type: "search", id, text }),
      edit: (change) => this.edit(change),
      mark: (what) => this.mark(what),
      length: () => this.cells.length,
    };
  }

  build() {
    this.el.classList.add("esm-view", "esm-tracks");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", HELP);
    this.board.append(this.canvas, this.toolbar.zoom);
    const foot = element("div", "esm-foot");
    foot.append(this.line.el, this.findings.el);
    this.el.append(this.toolbar.el, this.board, foot, this.line.spoken);
    this.switch.attach(this.el, [this.toolbar.hand, this.rules.el, this.toolbar.menu.el, this.toolbar.code]);
    splitColumns(this.el, this.signal);
  }

  listen() {
    const { canvas, model, signal } = this;
    for (const name of CELL_TRAITS) model.on(`change:${name}`, () => this.stale(), { signal });
    model.on("change:ack", () => this.stale(), { signal });
    model.on("change:seq", () => this.redraw(), { signal });
    model.on("change:proposed", () => this.redraw(), { signal });
    model.on("change:findings", () => this.findings.show(model.get("findings")), { signal });
    model.on("change:selection", () => this.hearSelection(), { signal });
    model.on("change:select_ack", () => this.hearSelection(), { signal });
    model.on("msg:custom", (message) => this.hearMessage(message), { signal });
    hear(this.bus, "select", this, (ranges) => this.setSelection(ranges), signal);
    canvas.addEventListener("focus", () => this.redraw(), { signal });
    canvas.addEventListener("blur", () => this.redraw(), { signal });
    onThemeChange(() => this.retheme(), signal);
    window.addEventListener("resize", () => this.fitRows(), { signal });
    const resized = new ResizeObserver(() => this.resize());
    resized.observe(this.el);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  // -- state in ---------------------------------------------------------------------------------

  stale() {
    this.unread = true;
    this.redraw();
  }

  readAll() {
    const { axis } = this.cells;
    this.cells.read();
    if (axis !== this.axis) this.setAxis(axis);
    this.fitRows();
  }

  /** @param {Axis} axis */
  setAxis(axis) {
    if (this.axis.opening !== axis.opening) this.viewport.forget();
    this.axis = axis;
    this.toolbar.menu.showLength(axis.length);
    this.cursor.position = clamp(this.selection[0]?.[0] ?? this.cursor.position, 0, axis.length - 1);
    this.cursor.anchor = this.cursor.position;
    this.viewport.resize(axis.length, this.viewport.width);
    this.viewport.reveal(this.cursor.position);
  }

  fitRows() {
    const lanes = lanesNeeded(this.spec, this.cells.shown.annotations);
    const striped = this.model.get("achieved").map(({ row }) => row);
    const layout = new TrackLayout(this.spec, lanes, striped);
    if (layout.key === this.layout.key) return;
    this.layout = layout;
    if (this.width) this.resize();
  }

  /** @param {TrackAnswer} message */
  hearMessage(message) {
    if (message.type === "found") this.toolbar.search.answer(message);
    if (message.type === "code") this.offerCode(message.text);
  }

  // What the kernel says is old news while it has not yet heard of what was selected here since.
  hearSelection() {
    if (this.selecting && this.selecting !== this.model.get("select_ack")) return;
    this.selecting = "";
    this.setSelection(this.model.get("selection"));
  }

  /**
   * What was selected elsewhere comes into view.
   * @param {Range[]} ranges
   */
  setSelection(ranges) {
    const changed = String(ranges) !== String(this.selection);
    this.selection = ranges;
    if (changed && ranges.length && this.width && !this.viewport.sees(ranges)) this.viewport.revealAll(ranges);
    if (ranges.length && !contains(ranges, this.cursor.position)) {
      this.cursor.position = this.cursor.anchor = ranges[0][0];
    }
    this.redraw();
  }

  // -- appearance ---------------------------------------------------------------------------------

  retheme() {
    this.theme = readTheme(this.el);
    this.hatch = hatchPattern(this.ctx, this.theme, this.ratio);
    if (this.theme.dark !== this.sentDark) {
      this.sentDark = this.theme.dark;
      this.model.send({ type: "theme", dark: this.theme.dark });
    }
    this.redraw();
  }

  resize() {
    const width = Math.floor(this.canvas.clientWidth);
    if (width < 40) return;
    this.ratio = globalThis.devicePixelRatio || 1;
    this.width = width;
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(this.layout.height * this.ratio);
    this.canvas.style.height = `${this.layout.height}px`;
    this.viewport.resize(this.axis.length, width - GUTTER - 8);
    this.retheme();
    this.draw();
  }

  redraw() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  draw() {
    if (!this.width) return;
    if (this.unread) {
      this.unread = false;
      this.readAll();
    }
    const stroke = this.gestures.painting;
    this.ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    drawTracks(this.ctx, {
      theme: this.theme,
      hatch: this.hatch,
      layout: this.layout,
      viewport: this.viewport,
      width: this.width,
      axis: this.axis,
      cells: stroke?.rows.length ? this.cells.with(this.gestures.command(stroke)) : this.cells.shown,
      results: this.cells.results,
      achieved: this.model.get("achieved"),
      proposed: this.model.get("proposed"),
      entropyTop: this.model.get("entropy_top"),
      selection: this.selection,
      hovered: this.pointing.position,
      cursor: this.cursor,
      focused: focusIn(this.canvas) === this.canvas,
      stroke,
      fresh: this.flash.now,
    });
    this.showReadout();
    this.reportDrawn();
  }

  /**
   * Where a row lies on the canvas (-1 is the ruler), for whoever points at cells from outside.
   * @param {number} row
   */
  rowBox(row) {
    return row < 0 ? RULER : this.layout.rows[row];
  }

  get cellsLeft() {
    return GUTTER;
  }

  // -- words ------------------------------------------------------------------------------------

  showReadout() {
    const { position } = this.pointing;
    const at = position >= 0 && position < this.cells.length ? position : this.cursor.position;
    const text = describe(at, this.axis, this.cells.shown, this.cells.results, this.model.get("achieved"));
    const chosen = count(this.selection);
    this.line.show(chosen > 1 ? `${text}  ·  ${chosen} residues selected` : text);
  }

  /**
   * Shows a sentence in place of the readout for a while.
   * @param {string} text
   */
  say(text) {
    this.line.say(text, () => this.redraw());
  }

  speak() {
    const { row, position } = this.cursor;
    const chosen = count(this.selection);
    const cell = spokenCell(position, row, this.axis, this.cells.shown);
    this.line.speak(chosen > 1 ? `${cell}; ${chosen} residues selected` : cell);
  }

  /**
   * What the pointer is over, where the picture alone does not say it.
   * @param {Place} place
   */
  tip({ zone, position, x }) {
    const inside = typeof zone === "number" && x >= 0;
    const text = inside ? tipAt(position, zone, this.axis, this.cells.shown) : "";
    if (this.canvas.title !== text) this.canvas.title = text;
    tellCell(this, inside && position < this.cells.length ? { row: zone, position } : null);
  }

  // -- intent out -------------------------------------------------------------------------------

  focus() {
    this.canvas.focus({ preventScroll: true });
  }

  /**
   * The residues that a key or button means: the selection, else the one under the cursor.
   * @returns {Range[]}
   */
  target() {
    return this.selection.length ? this.selection : [between(this.cursor.position, this.cursor.position)];
  }

  /** @param {Change} change */
  edit(change) {
    if (change.type === "resize") this.model.send(change);
    else this.model.send({ ...change, ranges: this.target() });
  }

  /**
   * Masks the residues meant, or keeps only these, or selects the others.
   * @param {"mask" | "keep" | "invert"} what
   */
  mark(what) {
    const ranges = what === "mask" ? this.target() : others(this.target(), this.cells.length);
    const tracks = this.spec.masked_together;
    if (what === "invert") this.select(ranges);
    else if (ranges.length) this.cells.commit(ranges.map(([start, stop]) => ({ op: "mask", tracks, start, stop })));
    this.toolbar.menu.popover.close();
    this.focus();
    this.redraw();
  }

  /** @param {Range[]} ranges */
  select(ranges, send = true) {
    this.selection = toRanges(toPositions(ranges));
    tell(this.bus, "select", this.selection, this);
    if (send) this.sendSelection();
    this.redraw();
  }

  sendSelection() {
    this.selecting = Math.random().toString(36).slice(2);
    this.model.send({ type: "select", ranges: this.selection, id: this.selecting });
  }

  /** @param {Range[]} ranges @param {number} row */
  goTo(ranges, row) {
    if (row >= 0 && row < this.layout.paintable) this.cursor.row = row;
    this.cursor.position = this.cursor.anchor = ranges[0][0];
    this.viewport.revealAll(ranges);
    this.select(ranges);
    this.focus();
  }

  /** @param {string} name */
  act(name) {
    const { viewport } = this;
    if (name === "code") this.model.send({ type: "code" });
    else if (name === "fit") viewport.fitAll();
    else viewport.zoom(name === "zoom-in" ? 1.4 : 1 / 1.4, viewport.width / 2);
    this.redraw();
  }

  /** @param {string} text */
  async offerCode(text) {
    if (await offer(this.board, "Copy as code", text, this.signal))
      this.say(`${text.trim().split("\n").length} lines of code copied: paste them into a cell`);
  }

  // The runner never runs far ahead of what is on screen. It hears of every few pictures only: a message
  // to a kernel has JupyterLab draw its signs of a busy one, twice.
  reportDrawn() {
    const seq = this.model.get("seq");
    this.drawnSeq = seq;
    if (Math.abs(seq - this.reportedSeq) < REPORT_EVERY) return;
    this.reportedSeq = seq;
    setTimeout(() => this.model.send({ type: "drawn", seq }));
  }
}

export default {
  /** @param {Rendering<TrackModel>} place */
  render({ model, el, signal }) {
    Object.assign(el, { trackView: new TrackView(connected(model), el, signal) });
  },
};
