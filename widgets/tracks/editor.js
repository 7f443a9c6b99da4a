// The track editor's view: puts toolbar, canvas, readout and findings together and draws. The pointer
// is in track_gestures.js, keys in track_keys.js, what the cells hold in track_cells.js.

import { lanesOf } from "./annotations.js";
import { busOf, hear, tell } from "../browser/bus.js";
import { copyText, textBox } from "../browser/clipboard.js";
import { element, write } from "../browser/dom.js";
import { Findings } from "./findings.js";
import { FUNCTION } from "./painting.js";
import { Pointing } from "../browser/pointing.js";
import { contains, count, others, toPositions, toRanges } from "../browser/ranges.js";
import { describe, limitAt, residueName, spokenCell } from "./readout.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { CELL_TRAITS, TrackCells } from "./cells.js";
import { drawTracks, hatchPattern } from "./drawing.js";
import { TrackGestures } from "./gestures.js";
import { TrackKeys } from "./keys.js";
import { GUTTER, PAINTABLE, RULER, TrackLayout } from "./layout.js";
import { Toolbar } from "./toolbar.js";
import { Viewport, clamp } from "./viewport.js";
import { revive } from "../browser/reconnect.js";

const FLASH_MS = 800;
const DRAWN_TOLD_EVERY = 3;
const SAID_MS = 4000;
const HELP =
  "Tracks of the prompt. Arrows move, Shift extends, letters write, underscore masks, Enter paints the selection " +
  "with the brush, slash finds a function, Insert adds a residue, Control Delete takes residues out, " +
  "Control D duplicates, Alt and arrows move residues, Control G selects what is near, Control Z undoes.";

class TrackView {
  constructor(model, el, signal) {
    this.model = model;
    this.signal = signal;
    this.bus = busOf(model.get("bus"));
    this.cursor = { row: 0, position: 0, anchor: 0 };
    this.selection = model.get("selection");
    this.flash = { row: 0, positions: [] };
    this.layout = new TrackLayout();
    this.cells = new TrackCells(model);
    this.build(el);
    this.pointing = new Pointing(this.bus, model, () => this.redraw(), signal);
    this.gestures = new TrackGestures(this, signal);
    this.keys = new TrackKeys(this, signal);
    this.listen();
    this.fitRows();
    this.findings.show(model.get("findings"));
    this.retheme();
  }

  build(el) {
    el.classList.add("esm-view", "esm-tracks");
    this.toolbar = new Toolbar(this.model.get("brushes"), {
      changed: () => this.focus(),
      leave: () => this.focus(),
      act: (name) => this.act(name),
      ask: (id, text) => this.send("search", { id, text }),
      edit: (type, more) => this.edit(type, more),
      mark: (what) => this.mark(what),
      length: () => this.cells.length,
    }, this.signal);
    this.canvas = element("canvas", "esm-canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", HELP);
    this.readout = element("div", "esm-readout");
    this.spoken = element("div", "esm-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.findings = new Findings((ranges, row) => this.goTo(ranges, row), this.signal);
    this.board = element("div", "esm-board");
    this.board.append(this.canvas, this.toolbar.zoom);
    el.append(this.toolbar.el, this.board, this.readout, this.spoken, this.findings.el);
    this.el = el;
    this.ctx = this.canvas.getContext("2d");
  }

  listen() {
    const { canvas, model, signal } = this;
    for (const name of [...CELL_TRAITS, "ack"]) model.on(`change:${name}`, () => this.stale(), { signal });
    model.on("change:plot_id", () => setTimeout(() => revive(model, model.get("plot_id"), false), 2500));
    model.on("change:seq", () => this.redraw());
    model.on("change:fresh", () => this.startFlash(), { signal });
    model.on("change:findings", () => this.findings.show(model.get("findings")), { signal });
    for (const name of ["selection", "select_ack"]) model.on(`change:${name}`, () => this.hearSelection(), { signal });
    model.on("msg:custom", (message) => this.hearMessage(message), { signal });
    hear(this.bus, "select", this, (ranges) => this.setSelection(ranges), signal);
    canvas.addEventListener("focus", () => this.redraw(), { signal });
    canvas.addEventListener("blur", () => this.redraw(), { signal });
    onThemeChange(() => this.retheme(), signal);
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

  setAxis(axis) {
    this.axis = axis;
    this.cursor.position = clamp(this.selection[0]?.[0] ?? this.cursor.position, 0, axis.length - 1);
    this.cursor.anchor = this.cursor.position;
    this.viewport?.resize(axis.length, this.viewport.width);
    this.viewport?.reveal(this.cursor.position);
  }

  fitRows() {
    this.axis ??= this.cells.axis;
    const { annotations } = this.cells.shown;
    const lanes = [FUNCTION, FUNCTION + 1].map((row) => lanesOf(annotations, row).lanes);
    if (lanes.join() === this.layout.lanes.join()) return;
    this.layout = new TrackLayout(lanes);
    if (this.viewport) this.resize();
  }

  hearMessage(message) {
    if (message.type === "found") this.toolbar.search.answer(message);
    if (message.type === "code") this.offerCode(message.text);
  }

  startFlash() {
    const fresh = this.model.get("fresh");
    if (!fresh.positions) return;
    this.flash = fresh;
    this.redraw();
    clearTimeout(this.fading);
    this.fading = setTimeout(() => {
      this.flash = { ...fresh, positions: [] };
      this.redraw();
    }, FLASH_MS);
  }

  // What the kernel says is old news while it has not yet heard of what was selected here since.
  hearSelection() {
    if (this.selecting && this.selecting !== this.model.get("select_ack")) return;
    this.selecting = null;
    this.setSelection(this.model.get("selection"));
  }

  // What was selected elsewhere comes into view.
  setSelection(ranges) {
    const changed = String(ranges) !== String(this.selection);
    this.selection = ranges;
    if (changed && ranges.length && this.viewport && !this.viewport.sees(ranges)) this.viewport.revealAll(ranges);
    if (ranges.length && !contains(ranges, this.cursor.position)) {
      this.cursor.position = this.cursor.anchor = ranges[0][0];
    }
    this.redraw();
  }

  // -- looks ------------------------------------------------------------------------------------

  retheme() {
    this.theme = readTheme(this.el);
    this.hatch = hatchPattern(this.ctx, this.theme, this.ratio ?? 1);
    if (this.theme.dark !== this.sentDark) {
      this.sentDark = this.theme.dark;
      this.send("theme", { dark: this.theme.dark });
    }
    this.redraw();
  }

  resize() {
    const width = Math.floor(this.canvas.clientWidth);
    if (width < 40) return;
    const { height } = this.layout;
    this.ratio = globalThis.devicePixelRatio || 1;
    this.width = width;
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    this.canvas.style.height = `${height}px`;
    const room = width - GUTTER - 8;
    if (this.viewport) this.viewport.resize(this.axis.length, room);
    else this.viewport = new Viewport(this.axis.length, room);
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
    if (!this.viewport) return;
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
      entropyTop: this.model.get("entropy_top"),
      selection: this.selection,
      hovered: this.pointing.position,
      cursor: this.cursor,
      focused: document.activeElement === this.canvas,
      stroke,
      fresh: this.flash,
      ss8Colors: (this.ss8Colors ??= Object.fromEntries(
        this.model.get("brushes").map(({ value, color }) => [value, color]),
      )),
    });
    this.tellReadout();
    this.tellDrawn();
  }

  // Where a row lies on the canvas (-1 is the ruler), for whoever points at cells from outside.
  rowBox(row) {
    return row < 0 ? RULER : this.layout.rows[row];
  }

  get cellsLeft() {
    return GUTTER;
  }

  // -- words ------------------------------------------------------------------------------------

  tellReadout() {
    if (performance.now() < this.sayingUntil) return;
    const { position } = this.pointing;
    const at = position >= 0 && position < this.cells.length ? position : this.cursor.position;
    const text = describe(at, this.axis, this.cells.shown, this.cells.results);
    const chosen = count(this.selection);
    write(this.readout, chosen > 1 ? `${text}  ·  ${chosen} residues selected` : text);
  }

  // Shows a sentence in place of the readout for a while.
  say(text) {
    this.readout.textContent = this.spoken.textContent = text;
    this.sayingUntil = performance.now() + SAID_MS;
    setTimeout(() => this.redraw(), SAID_MS + 20);
  }

  speak() {
    const { row, position } = this.cursor;
    const chosen = count(this.selection);
    const cell = spokenCell(position, row, this.axis, this.cells.shown);
    this.spoken.textContent = chosen > 1 ? `${cell}; ${chosen} residues selected` : cell;
  }

  // What the pointer is over, where the picture alone does not say it.
  tip({ zone, position, x }) {
    const { shown } = this.cells;
    let text = "";
    if (x >= 0 && zone === 0) {
      const limit = limitAt(shown.limits, position);
      text = limit ? `${residueName(position, this.axis)} ${limit}` : "";
    } else if (x >= 0 && zone >= FUNCTION && zone < PAINTABLE) {
      const over = shown.annotations.filter((a) => a.row === zone && a.start <= position && position < a.stop);
      text = over
        .map((a) => `${a.label}${a.name && a.name !== a.label ? ` ${a.name}` : ""}  ${residueName(a.start, this.axis)}–${this.axis.numbers[a.stop - 1]}`)
        .join("\n");
    }
    if (this.canvas.title !== text) this.canvas.title = text;
  }

  // -- intent out -------------------------------------------------------------------------------

  send(type, more = {}) {
    this.model.send({ type, ...more });
  }

  focus() {
    this.canvas.focus({ preventScroll: true });
  }

  // The residues that a key or button means: the selection, else the one under the cursor.
  target() {
    return this.selection.length ? this.selection : [[this.cursor.position, this.cursor.position + 1]];
  }

  edit(type, more = {}) {
    const where = type === "resize" ? {} : { ranges: this.target() };
    this.send(type, { ...where, ...more });
  }

  // Masks the residues meant, or keeps only these, or selects the others.
  mark(what) {
    const ranges = what === "mask" ? this.target() : others(this.target(), this.cells.length);
    if (what === "invert") this.select(ranges);
    else if (ranges.length) this.cells.commit(ranges.map(([start, stop]) => ({ op: "mask", tracks: ["sequence", "structure"], start, stop })));
    this.toolbar.menu.popover.close();
    this.focus();
    this.redraw();
  }

  select(ranges, send = true) {
    this.selection = toRanges(toPositions(ranges));
    tell(this.bus, "select", this.selection, this);
    if (send) this.sendSelection();
    this.redraw();
  }

  sendSelection() {
    this.selecting = Math.random().toString(36).slice(2);
    this.send("select", { ranges: this.selection, id: this.selecting });
  }

  goTo(ranges, row) {
    if (row >= 0 && row < PAINTABLE) this.cursor.row = row;
    this.cursor.position = this.cursor.anchor = ranges[0][0];
    this.viewport?.revealAll(ranges);
    this.select(ranges);
    this.focus();
  }

  act(name) {
    const { viewport } = this;
    if (name === "code") this.send("code");
    else if (name === "fit") viewport.fitAll();
    else viewport.zoom(name === "zoom-in" ? 1.4 : 1 / 1.4, viewport.width / 2);
    this.redraw();
  }

  async offerCode(text) {
    if (await copyText(text)) {
      this.say(`${text.trim().split("\n").length} lines of code copied: paste them into a cell`);
      return;
    }
    this.board.querySelector(".esm-code")?.remove();
    this.board.append(textBox("Copy as code", text, this.signal));
  }

  // The runner never runs far ahead of what is on screen. It hears of every few pictures only: a message
  // to a kernel has JupyterLab draw its signs of a busy one, twice.
  tellDrawn() {
    const seq = this.model.get("seq");
    this.drawnSeq = seq;
    if (Math.abs(seq - (this.toldSeq ?? 0)) < DRAWN_TOLD_EVERY) return;
    this.toldSeq = seq;
    setTimeout(() => this.send("drawn", { seq }));
  }
}

export default {
  render({ model, el, signal }) {
    revive(model);
    el.trackView = new TrackView(model, el, signal);
  },
};
