// The track editor's view: canvas, pointer and keys. Cells come from the model and are painted over
// with strokes that the kernel has not acknowledged yet.

import { asF32, asU8 } from "./bytes.js";
import { busOf, hear, tell } from "./bus.js";
import { element } from "./dom.js";
import { TRACKS, brushRows, keyIntent, painted, pastedLetters, strokeCommand } from "./painting.js";
import { between, contains, count, toPositions, toRanges } from "./ranges.js";
import { describe } from "./readout.js";
import { onThemeChange, readTheme } from "./theme.js";
import { drawTracks, hatchPattern } from "./track_drawing.js";
import { GUTTER, HEIGHT, PAINTABLE, ROWS, RULER, nearestRow, zoneAt } from "./track_layout.js";
import { Toolbar } from "./track_toolbar.js";
import { Viewport, clamp } from "./viewport.js";
import { revive } from "./revive.js";

const FLASH_MS = 450;
const SELECT = { key: "select" };

class TrackView {
  constructor(model, el, signal) {
    this.model = model;
    this.signal = signal;
    this.bus = busOf(model.get("bus"));
    this.pending = [];
    this.cursor = { row: 0, position: 0, anchor: 0 };
    this.hovered = -1;
    this.stroke = null;
    this.flash = { row: 0, positions: [], since: -Infinity, step: 0 };
    this.build(el);
    this.readAll();
    this.listen();
    this.retheme();
  }

  build(el) {
    el.classList.add("esm-view", "esm-tracks");
    this.toolbar = new Toolbar(
      this.model.get("brushes"),
      () => this.canvas.focus({ preventScroll: true }),
      (name) => this.act(name),
      this.signal,
    );
    this.canvas = element("canvas", "esm-canvas");
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute(
      "aria-label",
      "Tracks of the prompt. Arrows move, Shift extends, letters write, underscore masks, Control Z undoes.",
    );
    this.readout = element("div", "esm-readout");
    this.readout.setAttribute("aria-live", "polite");
    const board = element("div", "esm-board");
    board.append(this.canvas, this.toolbar.zoom);
    el.append(this.toolbar.el, board, this.readout);
    this.el = el;
    this.ctx = this.canvas.getContext("2d");
  }

  listen() {
    const { canvas, model, signal } = this;
    const on = (target, name, run, options = {}) =>
      target.addEventListener(name, run, { signal, ...options });
    for (const name of ["looks", "letters", "areas", "results", "annotations", "axis"]) {
      model.on(`change:${name}`, () => this.stale(), { signal });
    }
    model.on("change:plot_id", () => setTimeout(() => revive(model, model.get("plot_id"), false), 2500));
    model.on("change:seq", () => this.redraw());
    model.on("change:ack", () => this.stale(), { signal });
    model.on("change:fresh", () => this.startFlash(), { signal });
    model.on("change:selection", () => this.setSelection(model.get("selection")), { signal });
    model.on("change:hovered", () => this.setHovered(model.get("hovered")), { signal });
    hear(this.bus, "hover", this, (position) => this.setHovered(position), signal);
    hear(this.bus, "select", this, (ranges) => this.setSelection(ranges), signal);
    on(canvas, "pointerdown", (event) => this.press(event));
    on(canvas, "pointermove", (event) => this.drag(event));
    on(canvas, "pointerup", (event) => this.release(event));
    on(canvas, "pointercancel", () => this.abandon());
    on(canvas, "pointerleave", () => this.stroke || this.point(-1));
    on(canvas, "wheel", (event) => this.wheel(event), { passive: false });
    on(canvas, "keydown", (event) => this.key(event));
    on(canvas, "paste", (event) => this.paste(event));
    on(canvas, "focus", () => this.redraw());
    on(canvas, "blur", () => this.redraw());
    onThemeChange(() => this.retheme(), signal);
    const resized = new ResizeObserver(() => this.resize());
    resized.observe(this.el);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  // -- state in ---------------------------------------------------------------------------------

  readAll() {
    const { model } = this;
    const axis = model.get("axis");
    if (axis !== this.axis) this.axis = axis;
    const ack = model.get("ack");
    this.pending = this.pending.filter((one) => one.id > ack);
    const cells = {
      length: axis.length,
      looks: asU8(model.get("looks")),
      letters: asU8(model.get("letters")),
      areas: asF32(model.get("areas")),
      annotations: model.get("annotations"),
    };
    this.cells = this.pending.length
      ? painted(cells, this.pending.flatMap((one) => one.commands), axis)
      : cells;
    this.results = asF32(model.get("results"));
    this.selection ??= model.get("selection");
    this.cursor.position = clamp(this.cursor.position, 0, axis.length - 1);
    this.viewport?.resize(axis.length, this.viewport.width);
  }

  stale() {
    this.unread = true;
    this.redraw();
  }

  startFlash() {
    const fresh = this.model.get("fresh");
    if (!fresh.positions) return;
    this.flash = { ...fresh, since: performance.now() };
    this.redraw();
  }

  setSelection(ranges) {
    this.selection = ranges;
    this.redraw();
  }

  setHovered(position) {
    if (position === this.hovered) return;
    this.hovered = position;
    this.redraw();
  }

  retheme() {
    this.theme = readTheme(this.el);
    this.hatch = hatchPattern(this.ctx, this.theme, this.ratio ?? 1);
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
    this.canvas.height = Math.round(HEIGHT * this.ratio);
    this.canvas.style.height = `${HEIGHT}px`;
    const cells = width - GUTTER - 8;
    if (this.viewport) this.viewport.resize(this.axis.length, cells);
    else this.viewport = new Viewport(this.axis.length, cells);
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
    if (this.unread) this.readAll();
    this.unread = false;
    const glow = 1 - (performance.now() - this.flash.since) / FLASH_MS;
    this.ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    drawTracks(this.ctx, {
      theme: this.theme,
      hatch: this.hatch,
      viewport: this.viewport,
      width: this.width,
      axis: this.axis,
      cells: this.strokeCells(),
      results: this.results,
      entropyTop: this.model.get("entropy_top"),
      selection: this.selection,
      hovered: this.hovered,
      cursor: this.cursor,
      focused: document.activeElement === this.canvas,
      stroke: this.stroke?.rows ? this.stroke : null,
      fresh: { ...this.flash, glow },
      ss8Colors: (this.ss8Colors ??= Object.fromEntries(
        this.model.get("brushes").map(({ value, color }) => [value, color]),
      )),
    });
    this.tellReadout();
    this.tellDrawn();
    if (glow > 0) this.redraw();
  }

  strokeCells() {
    const { stroke } = this;
    if (!stroke?.rows) return this.cells;
    return painted(this.cells, [strokeCommand(stroke.brush, stroke.rows, stroke.from, stroke.to)], this.axis);
  }

  // Where a row lies on the canvas (-1 is the ruler), for whoever points at cells from outside.
  rowBox(row) {
    return row < 0 ? RULER : ROWS[row];
  }

  get cellsLeft() {
    return GUTTER;
  }

  // -- pointer ----------------------------------------------------------------------------------

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left - GUTTER;
    const y = event.clientY - box.top;
    return { x, y, zone: zoneAt(y), position: this.viewport.at(x) };
  }

  press(event) {
    if (event.button !== 0) return;
    this.canvas.focus({ preventScroll: true });
    const at = this.place(event);
    this.canvas.setPointerCapture(event.pointerId);
    if (at.zone === "overview") {
      this.stroke = { overview: true };
      this.scrollOverview(at.x);
    } else if (at.zone === "ruler" || at.zone === null || at.zone >= PAINTABLE || at.x < 0) {
      this.beginSelection(event, at.x < 0 ? null : at.position, typeof at.zone === "number" ? at.zone : undefined);
    } else {
      const brush = event.altKey ? { key: "mask", op: "mask" } : this.toolbar.brush;
      if (!brush.op) {
        this.beginSelection(event, at.position, at.zone);
        return;
      }
      const from = event.shiftKey ? this.cursor.anchor : at.position;
      const rows = brushRows(brush, at.zone, at.zone);
      this.cursor = { row: at.zone, position: at.position, anchor: from };
      this.stroke = { brush, from, to: at.position, firstRow: at.zone, rows };
    }
    this.redraw();
  }

  beginSelection(event, position, row) {
    if (row !== undefined && row < PAINTABLE) this.cursor.row = row;
    if (position === null) {
      this.select([[0, this.axis.length]]);
      return;
    }
    const from = event.shiftKey ? this.cursor.anchor : position;
    const kept = event.ctrlKey || event.metaKey ? this.selection : [];
    this.stroke = { brush: SELECT, from, to: position, kept };
    this.cursor = { ...this.cursor, position, anchor: from };
    this.select([...kept, between(from, position)], false);
  }

  drag(event) {
    if (!this.viewport) return;
    const at = this.place(event);
    if (!this.stroke) {
      this.point(at.x >= 0 && at.zone !== "overview" ? at.position : -1);
      this.canvas.style.cursor = this.cursorFor(at);
      return;
    }
    if (this.stroke.overview) {
      this.scrollOverview(at.x);
      return;
    }
    this.scrollAtEdge(at.x);
    this.stroke.to = at.position;
    this.cursor.position = at.position;
    if (this.stroke.brush.op) {
      const row = event.shiftKey ? nearestRow(at.y) : this.stroke.firstRow;
      this.stroke.rows = brushRows(this.stroke.brush, this.stroke.firstRow, row);
    } else {
      this.select([...this.stroke.kept, between(this.stroke.from, at.position)], false);
    }
    this.redraw();
  }

  release() {
    const { stroke } = this;
    this.stroke = null;
    if (!stroke || stroke.overview) return;
    if (!stroke.brush.op) this.sendSelection();
    else if (stroke.rows.length) this.commit([strokeCommand(stroke.brush, stroke.rows, stroke.from, stroke.to)]);
    this.redraw();
  }

  abandon() {
    this.stroke = null;
    this.redraw();
  }

  cursorFor({ zone, x }) {
    if (x < 0 || zone === "overview" || zone === null) return "default";
    if (zone === "ruler" || zone >= PAINTABLE || !this.toolbar.brush.op) return "col-resize";
    return brushRows(this.toolbar.brush, zone, zone).length ? "crosshair" : "not-allowed";
  }

  scrollOverview(x) {
    const { viewport } = this;
    viewport.scrollTo((x / viewport.width) * viewport.length * viewport.cell - viewport.width / 2);
    this.redraw();
  }

  scrollAtEdge(x) {
    const over = x < 12 ? x - 12 : Math.max(0, x - this.viewport.width + 12);
    if (over) this.viewport.scrollTo(this.viewport.scroll + clamp(over, -40, 40) * 0.4);
  }

  wheel(event) {
    const { viewport } = this;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      viewport.zoom(Math.exp(-event.deltaY * 0.0025), this.place(event).x);
    } else {
      const move = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (!move) return;
      event.preventDefault();
      viewport.scrollTo(viewport.scroll + move);
    }
    this.redraw();
  }

  act(name) {
    const { viewport } = this;
    if (name === "fit") viewport.fitAll();
    else viewport.zoom(name === "zoom-in" ? 1.4 : 1 / 1.4, viewport.width / 2);
    this.redraw();
  }

  // -- keys -------------------------------------------------------------------------------------

  key(event) {
    const intent = keyIntent(event, this.cursor.row);
    if (!intent) return;
    event.preventDefault();
    event.stopPropagation();
    const { cursor, axis } = this;
    if (intent.do === "undo" || intent.do === "redo") this.model.send({ type: intent.do });
    else if (intent.do === "select-all") this.select([[0, axis.length]]);
    else if (intent.do === "clear") {
      this.toolbar.take(SELECT);
      this.select([]);
    } else if (intent.do === "move") {
      cursor.row = clamp(cursor.row + intent.rows, 0, PAINTABLE - 1);
      cursor.position = clamp(cursor.position + intent.residues, 0, axis.length - 1);
      if (!intent.extend) cursor.anchor = cursor.position;
      this.viewport.reveal(cursor.position);
      if (intent.residues) this.select([between(cursor.anchor, cursor.position)]);
    } else {
      this.write(intent.do === "mask" ? { op: "mask" } : { op: "write", value: intent.letter }, intent.back);
    }
    this.redraw();
  }

  // Writes on the selection, or on the cell under the cursor and moves on.
  write(what, back = false) {
    const { cursor } = this;
    const many = count(this.selection) > 1 && contains(this.selection, cursor.position);
    const ranges = many ? this.selection : [[cursor.position, cursor.position + 1]];
    this.commit(ranges.map(([start, stop]) => ({ ...what, tracks: [TRACKS[cursor.row]], start, stop })));
    if (many) return;
    cursor.position = clamp(cursor.position + (back ? -1 : 1), 0, this.axis.length - 1);
    cursor.anchor = cursor.position;
    this.viewport.reveal(cursor.position);
    this.select([between(cursor.position, cursor.position)]);
  }

  paste(event) {
    const { cursor, axis } = this;
    const letters = pastedLetters(event.clipboardData?.getData("text") ?? "", cursor.row);
    const value = letters.slice(0, axis.length - cursor.position);
    if (!value) return;
    event.preventDefault();
    const start = cursor.position;
    this.commit([{ op: "write", tracks: [TRACKS[cursor.row]], start, stop: start + value.length, value }]);
  }

  // -- intent out -------------------------------------------------------------------------------

  commit(commands) {
    const id = Math.max(this.model.get("ack"), this.pending.at(-1)?.id ?? 0) + 1;
    this.pending.push({ id, commands });
    this.cells = painted(this.cells, commands, this.axis);
    this.model.send({ type: "paint", id, commands });
  }

  select(ranges, send = true) {
    this.selection = toRanges(toPositions(ranges));
    tell(this.bus, "select", this.selection, this);
    if (send) this.sendSelection();
    this.redraw();
  }

  sendSelection() {
    this.model.send({ type: "select", ranges: this.selection });
  }

  point(position) {
    if (position === this.hovered) return;
    this.setHovered(position);
    tell(this.bus, "hover", position, this);
    clearTimeout(this.pointing);
    this.pointing = setTimeout(() => this.model.send({ type: "hover", position }), 80);
  }

  // The runner sends the next picture when this one is on screen, so that it never runs ahead.
  tellDrawn() {
    const seq = this.model.get("seq");
    if (seq === this.drawnSeq) return;
    this.drawnSeq = seq;
    setTimeout(() => this.model.send({ type: "drawn", seq }));
  }

  tellReadout() {
    const at = this.hovered >= 0 ? this.hovered : this.cursor.position;
    const text = describe(at, this.axis, this.cells, this.results);
    const chosen = count(this.selection);
    const full = chosen > 1 ? `${text}  ·  ${chosen} residues selected` : text;
    if (this.readout.textContent !== full) this.readout.textContent = full;
  }
}

export default {
  render({ model, el, signal }) {
    revive(model);
    el.trackView = new TrackView(model, el, signal);
  },
};
