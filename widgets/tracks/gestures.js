// The pointer over the tracks: painting, selecting, scrolling and zooming. A drag is one stroke,
// committed when the pointer goes up.

import { clamp } from "../browser/numbers.js";
import { between, contains } from "../browser/ranges.js";
import { history } from "../files/shortcuts.js";
import { tellCell } from "./cell_place.js";
import { GUTTER } from "./layout.js";
import { brushRows, strokeCommand } from "./painting.js";

/**
 * @import { TrackView } from "./editor.js"
 * @import { PaintBrush, PaintStroke, Place, Stroke } from "./types"
 */

/** @type {PaintBrush} */
const ERASER = { key: "mask", op: "mask" };

export class TrackGestures {
  /** The drag under way. @type {Stroke | null} */
  stroke = null;
  scrolling = 0;

  /** @param {TrackView} view @param {AbortSignal} signal */
  constructor(view, signal) {
    this.view = view;
    const { canvas } = view;
    canvas.addEventListener("pointerdown", (event) => this.press(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.drag(event), { signal });
    canvas.addEventListener("pointerup", () => this.release(), { signal });
    canvas.addEventListener("pointercancel", () => this.abandon(), { signal });
    canvas.addEventListener("pointerleave", () => this.leave(), { signal });
    canvas.addEventListener("keydown", (event) => this.takeBack(event), { signal, capture: true });
    canvas.addEventListener("contextmenu", (event) => this.offerMenu(event), { signal });
    canvas.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
  }

  // The stroke that is being painted, null while selecting or resting.
  get painting() {
    return this.stroke?.kind === "paint" ? this.stroke : null;
  }

  leave() {
    if (!this.stroke) this.view.pointing.at(-1);
    tellCell(this.view, null);
  }

  /** @param {PaintStroke} stroke */
  command(stroke) {
    return strokeCommand(this.view.spec, stroke.brush, stroke.rows, stroke.from, stroke.to);
  }

  /** @param {MouseEvent} event @returns {Place} */
  place(event) {
    const { canvas, layout, viewport } = this.view;
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left - GUTTER;
    const y = event.clientY - box.top;
    return { x, y, zone: layout.zoneAt(y), position: viewport.at(x) };
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0) return;
    const { view } = this;
    view.focus();
    const at = this.place(event);
    view.canvas.setPointerCapture(event.pointerId);
    const brush = event.altKey ? ERASER : view.toolbar.brush;
    if (at.zone === "overview") {
      this.stroke = { kind: "scroll" };
      this.scrollOverview(at.x);
    } else if (typeof at.zone !== "number" || at.zone >= view.layout.paintable || at.x < 0 || !brush.op) {
      const row = typeof at.zone === "number" ? at.zone : undefined;
      this.beginSelection(event, at.x < 0 ? null : at.position, row);
    } else {
      const from = event.shiftKey ? view.cursor.anchor : at.position;
      const rows = brushRows(view.spec, brush, at.zone, at.zone);
      view.cursor = { row: at.zone, position: at.position, anchor: from };
      this.stroke = {
        kind: "paint",
        brush: { ...brush, op: brush.op },
        from,
        to: at.position,
        firstRow: at.zone,
        rows,
      };
    }
    view.redraw();
  }

  /**
   * The menu of the residues selected, or of the one under the pointer; the page's own with Shift, or where
   * nothing can be painted.
   * @param {MouseEvent} event
   */
  offerMenu(event) {
    const { view } = this;
    if (event.shiftKey || !view.toolbar.menu.el.offsetParent) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.place(event);
    const inside = at.x >= 0 && at.position < view.cells.length;
    if (event.button === 2 && inside && !contains(view.selection, at.position))
      view.select([between(at.position, at.position)]);
    view.toolbar.menu.popover.openAt(event.clientX, event.clientY);
    view.redraw();
  }

  /** @param {PointerEvent} event @param {number | null} position @param {number} [row] */
  beginSelection(event, position, row) {
    const { view } = this;
    if (row !== undefined && row < view.layout.paintable) view.cursor.row = row;
    if (position === null) {
      view.select([[0, view.cells.length]]);
      return;
    }
    const from = event.shiftKey ? view.cursor.anchor : position;
    const before = event.ctrlKey || event.metaKey ? view.selection : [];
    this.stroke = { kind: "select", from, to: position, before };
    view.cursor = { ...view.cursor, position, anchor: from };
    view.select([...before, between(from, position)], false);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { view, stroke } = this;
    if (!view.width) return;
    const at = this.place(event);
    if (!stroke) {
      view.pointing.at(at.x >= 0 && at.zone !== "overview" ? at.position : -1);
      view.canvas.style.cursor = this.cursorFor(at);
      view.tip(at);
      return;
    }
    if (stroke.kind === "scroll") {
      this.scrollOverview(at.x);
      return;
    }
    this.scrollAtEdge(at.x, event);
    stroke.to = at.position;
    view.cursor.position = at.position;
    if (stroke.kind === "paint") {
      const row = event.shiftKey ? view.layout.nearestRow(at.y) : stroke.firstRow;
      stroke.rows = brushRows(view.spec, stroke.brush, stroke.firstRow, row);
    } else {
      view.select([...stroke.before, between(stroke.from, at.position)], false);
    }
    view.redraw();
  }

  release() {
    const { view, stroke } = this;
    this.stroke = null;
    // A notebook takes the focus for a cell that becomes the active one; undo belongs to the stroke.
    if (stroke) view.focus();
    if (stroke?.kind === "select") view.sendSelection();
    else if (stroke?.kind === "paint" && stroke.rows.length) view.cells.commit([this.command(stroke)]);
    view.redraw();
  }

  // Undo while a stroke is being painted takes back that stroke.
  /** @param {KeyboardEvent} event */
  takeBack(event) {
    if (!this.painting || history(event) !== "undo") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.abandon();
  }

  abandon() {
    this.stroke = null;
    this.view.redraw();
  }

  /** @param {Place} place */
  cursorFor({ zone, x }) {
    const { spec, layout, toolbar } = this.view;
    if (x < 0 || zone === "overview" || zone === null) return "default";
    if (zone === "ruler" || zone >= layout.paintable || !toolbar.brush.op) return "col-resize";
    return brushRows(spec, toolbar.brush, zone, zone).length ? "crosshair" : "not-allowed";
  }

  /** @param {number} x */
  scrollOverview(x) {
    const { viewport } = this.view;
    viewport.scrollTo((x / viewport.width) * viewport.length * viewport.cell - viewport.width / 2);
    this.view.redraw();
  }

  /**
   * As long as a stroke is held at an edge.
   * @param {number} x @param {PointerEvent} event
   */
  scrollAtEdge(x, event) {
    const { viewport } = this.view;
    const over = x < 12 ? x - 12 : Math.max(0, x - viewport.width + 12);
    cancelAnimationFrame(this.scrolling);
    if (!over) return;
    viewport.scrollTo(viewport.scroll + clamp(over, -40, 40) * 0.4);
    this.scrolling = requestAnimationFrame(() => {
      if (this.stroke) this.drag(event);
    });
  }

  /** @param {WheelEvent} event */
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
