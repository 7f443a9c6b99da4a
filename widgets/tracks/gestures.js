// The pointer over the tracks: painting, selecting, scrolling and zooming. A drag is one stroke,
// committed when the pointer goes up.

import { brushRows, strokeCommand } from "./painting.js";
import { between, contains } from "../browser/ranges.js";
import { GUTTER, PAINTABLE } from "./layout.js";
import { clamp } from "./viewport.js";

const ERASER = { key: "mask", op: "mask" };

export class TrackGestures {
  constructor(view, signal) {
    this.view = view;
    this.stroke = null;
    const { canvas } = view;
    const on = (name, run, options = {}) => canvas.addEventListener(name, run, { signal, ...options });
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.drag(event));
    on("pointerup", () => this.release());
    on("pointercancel", () => this.abandon());
    on("pointerleave", () => this.stroke || view.pointing.at(-1));
    on("contextmenu", (event) => this.offerMenu(event));
    on("wheel", (event) => this.wheel(event), { passive: false });
  }

  // The stroke that is being painted, null while selecting or resting.
  get painting() {
    return this.stroke?.rows ? this.stroke : null;
  }

  command(stroke) {
    return strokeCommand(stroke.brush, stroke.rows, stroke.from, stroke.to);
  }

  place(event) {
    const { canvas, layout, viewport } = this.view;
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left - GUTTER;
    const y = event.clientY - box.top;
    return { x, y, zone: layout.zoneAt(y), position: viewport.at(x) };
  }

  press(event) {
    if (event.button !== 0) return;
    const { view } = this;
    view.focus();
    const at = this.place(event);
    view.canvas.setPointerCapture(event.pointerId);
    if (at.zone === "overview") {
      this.stroke = { overview: true };
      this.scrollOverview(at.x);
    } else if (at.zone === "ruler" || at.zone === null || at.zone >= PAINTABLE || at.x < 0) {
      this.beginSelection(event, at.x < 0 ? null : at.position, typeof at.zone === "number" ? at.zone : undefined);
    } else {
      const brush = event.altKey ? ERASER : view.toolbar.brush;
      if (!brush.op) {
        this.beginSelection(event, at.position, at.zone);
        return;
      }
      const from = event.shiftKey ? view.cursor.anchor : at.position;
      const rows = brushRows(brush, at.zone, at.zone);
      view.cursor = { row: at.zone, position: at.position, anchor: from };
      this.stroke = { brush, from, to: at.position, firstRow: at.zone, rows };
    }
    view.redraw();
  }

  // The menu of the residues selected, or of the one under the pointer; the page's own with Shift, or where
  // nothing can be painted.
  offerMenu(event) {
    const { view } = this;
    if (event.shiftKey || !view.toolbar.menu.el.offsetParent) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.place(event);
    const inside = at.x >= 0 && at.position < view.cells.length;
    if (event.button === 2 && inside && !contains(view.selection, at.position)) view.select([between(at.position, at.position)]);
    view.toolbar.menu.popover.openAt(event.clientX, event.clientY, view.el.getBoundingClientRect());
    view.redraw();
  }

  beginSelection(event, position, row) {
    const { view } = this;
    if (row !== undefined && row < PAINTABLE) view.cursor.row = row;
    if (position === null) {
      view.select([[0, view.cells.length]]);
      return;
    }
    const from = event.shiftKey ? view.cursor.anchor : position;
    const kept = event.ctrlKey || event.metaKey ? view.selection : [];
    this.stroke = { brush: {}, from, to: position, kept };
    view.cursor = { ...view.cursor, position, anchor: from };
    view.select([...kept, between(from, position)], false);
  }

  drag(event) {
    const { view, stroke } = this;
    if (!view.viewport) return;
    const at = this.place(event);
    if (!stroke) {
      view.pointing.at(at.x >= 0 && at.zone !== "overview" ? at.position : -1);
      view.canvas.style.cursor = this.cursorFor(at);
      view.tip(at);
      return;
    }
    if (stroke.overview) {
      this.scrollOverview(at.x);
      return;
    }
    this.scrollAtEdge(at.x, event);
    stroke.to = at.position;
    view.cursor.position = at.position;
    if (stroke.brush.op) {
      const row = event.shiftKey ? view.layout.nearestRow(at.y) : stroke.firstRow;
      stroke.rows = brushRows(stroke.brush, stroke.firstRow, row);
    } else {
      view.select([...stroke.kept, between(stroke.from, at.position)], false);
    }
    view.redraw();
  }

  release() {
    const { view, stroke } = this;
    this.stroke = null;
    if (!stroke || stroke.overview) return;
    if (!stroke.brush.op) view.sendSelection();
    else if (stroke.rows.length) view.cells.commit([this.command(stroke)]);
    view.redraw();
  }

  abandon() {
    this.stroke = null;
    this.view.redraw();
  }

  cursorFor({ zone, x }) {
    const { brush } = this.view.toolbar;
    if (x < 0 || zone === "overview" || zone === null) return "default";
    if (zone === "ruler" || zone >= PAINTABLE || !brush.op) return "col-resize";
    return brushRows(brush, zone, zone).length ? "crosshair" : "not-allowed";
  }

  scrollOverview(x) {
    const { viewport } = this.view;
    viewport.scrollTo((x / viewport.width) * viewport.length * viewport.cell - viewport.width / 2);
    this.view.redraw();
  }

  // As long as a stroke is held at an edge.
  scrollAtEdge(x, event) {
    const { viewport } = this.view;
    const over = x < 12 ? x - 12 : Math.max(0, x - viewport.width + 12);
    cancelAnimationFrame(this.scrolling);
    if (!over) return;
    viewport.scrollTo(viewport.scroll + clamp(over, -40, 40) * 0.4);
    this.scrolling = requestAnimationFrame(() => this.stroke && this.drag(event));
  }

  wheel(event) {
    const { viewport } = this.view;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      viewport.zoom(Math.exp(-event.deltaY * 0.0025), this.place(event).x);
    } else {
      const move = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (!move) return;
      event.preventDefault();
      viewport.scrollTo(viewport.scroll + move);
    }
    this.view.redraw();
  }
}
