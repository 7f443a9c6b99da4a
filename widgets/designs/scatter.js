// Designs as points: any two metrics across and up, others as colour and size. A click shows a design, a
// drag around some ticks them, the line joins those that no other beats in both.

import { element, option } from "../browser/dom.js";
import { clamp } from "../browser/numbers.js";
import { penOn } from "../browser/pen.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { inside, paretoFront, ticks } from "./pareto.js";
import { diamond, dot, line, listed, part, ring, scaled, span, titled } from "./scatter_marks.js";
import { countText, numeric } from "./sort_and_filter.js";

/**
 * @import { Column, Drawn, Row, ScatterHost } from "./types"
 */

const HEIGHT = 300;
const PLACE = { left: 64, right: 16, top: 10, bottom: 34 };
const NEAR = 12;
const FIRST = ["plddt", "ptm", "recovery"];
const SIZES = [3, 8];
/** Points from which on they get smaller, and how much at most. */
const MANY = 600;
const SMALLEST = 0.45;

export class Scatter {
  el = element("div", "esm-scatter");
  canvas = element("canvas");
  /** What stays as the pointer moves. */
  still = element("canvas");
  readout = element("div", "esm-muted esm-scatter-readout");
  /** @type {Record<string, HTMLSelectElement>} */
  choices = {};
  /** @type {Drawn[]} */
  points = [];
  /** @type {string[]} */
  front = [];
  /** The lasso being drawn. @type {[number, number][]} */
  lasso = [];
  /** The point under the cursor. */
  at = "";
  /** What the axes go from and to. @type {[number, number]} */
  across = [0, 1];
  /** @type {[number, number]} */
  up = [0, 1];

  /** @param {ScatterHost} host @param {AbortSignal} signal */
  constructor(host, signal) {
    this.host = host;
    const bar = element("div", "esm-scatter-bar");
    for (const [name, title] of [
      ["x", "across"],
      ["y", "up"],
      ["color", "colour"],
      ["size", "size"],
    ]) {
      const label = element("label", "esm-muted", `${title} `);
      const choice = element("select", "esm-choice");
      choice.dataset.axis = name;
      choice.addEventListener("change", () => this.draw(), { signal });
      label.append(choice);
      this.choices[name] = choice;
      bar.append(label);
    }
    this.readout.setAttribute("aria-live", "polite");
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.canvas.setAttribute("role", "application");
    this.el.append(bar, this.canvas, this.readout);
    this.canvas.addEventListener("pointerdown", (event) => this.press(event), { signal });
    this.canvas.addEventListener("pointermove", (event) => this.drag(event), { signal });
    this.canvas.addEventListener("pointerup", (event) => this.release(event), { signal });
    this.canvas.addEventListener("pointerleave", () => this.point(""), { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    onThemeChange(() => this.draw(), signal);
    const resized = new ResizeObserver(() => this.draw());
    resized.observe(this.el);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  get metrics() {
    return this.host.columns().filter(({ kind }) => numeric(kind));
  }

  // The metrics to choose from; those chosen stay.
  offer() {
    const { metrics } = this;
    const keys = metrics.map(({ key }) => key);
    const judged = metrics.filter(({ better }) => better !== null).map(({ key }) => key);
    const preferred = [...new Set([...FIRST.filter((key) => keys.includes(key)), ...judged, ...keys])];
    for (const [i, [name, choice]] of Object.entries(this.choices).entries()) {
      const before = choice.value;
      const optional = name === "color" || name === "size";
      const wanted = [...(optional ? [""] : []), ...keys];
      if (String(wanted) === String([...choice.options].map(({ value }) => value))) continue;
      choice.replaceChildren(
        ...(optional ? [option("–", "")] : []),
        ...metrics.map(({ key, title }) => option(title, key)),
      );
      choice.value = wanted.includes(before) && before ? before : optional ? "" : (preferred[i] ?? "");
    }
  }

  /** @param {string} axis @returns {Column | undefined} */
  column(axis) {
    return this.metrics.find(({ key }) => key === this.choices[axis].value);
  }

  draw() {
    if (this.el.hidden) return;
    this.offer();
    const [x, y] = [this.column("x"), this.column("y")];
    const wide = this.el.clientWidth;
    if (!x || !y || wide < 80) return;
    const pen = penOn(this.still, wide, HEIGHT);
    const theme = readTheme(this.el);
    this.place(x, y, wide);
    const controls = this.host.controls();
    const made = this.points.filter(({ name }) => !controls.has(name));
    this.front = paretoFront(made, x.better, y.better);
    this.drawAxes(pen, theme, x, y, wide);
    this.drawFront(pen, theme);
    this.drawPoints(pen, theme);
    this.drawTop();
    this.describe(x, y);
  }

  // The picture with what the pointer and the keys are at: of ten thousand points, the others stay.
  drawTop() {
    const wide = this.el.clientWidth;
    const pen = penOn(this.canvas, wide, HEIGHT);
    const theme = readTheme(this.el);
    if (this.still.width) pen.drawImage(this.still, 0, 0, wide, HEIGHT);
    const one = this.points.find(({ name }) => name === this.at);
    if (one) ring(pen, one, theme.fg, 2.5, one.size + 1.5);
    this.drawLasso(pen, theme);
  }

  /** @param {Column} x @param {Column} y @param {number} wide */
  place(x, y, wide) {
    const rows = this.host.rows().filter((row) => known(row[x.key]) && known(row[y.key]));
    const [across, up] = [x.key, y.key].map((key) => span(rows.map((row) => Number(row[key]))));
    this.across = across;
    this.up = up;
    const size = this.column("size");
    const sizes = size ? span(rows.map((row) => Number(row[size.key])).filter(Number.isFinite)) : [0, 1];
    const crowd = clamp(Math.sqrt(MANY / rows.length), SMALLEST, 1);
    this.points = rows.map((row) => {
      const share = size && known(row[size.key]) ? part(Number(row[size.key]), sizes) : 0.3;
      return {
        row,
        name: row.design,
        x: Number(row[x.key]),
        y: Number(row[y.key]),
        left: PLACE.left + part(Number(row[x.key]), across) * (wide - PLACE.left - PLACE.right),
        top: HEIGHT - PLACE.bottom - part(Number(row[y.key]), up) * (HEIGHT - PLACE.top - PLACE.bottom),
        size: crowd * (SIZES[0] + share * (SIZES[1] - SIZES[0])),
      };
    });
  }

  /**
   * @param {CanvasRenderingContext2D} pen @param {import("../browser/types").Theme} theme
   * @param {Column} x @param {Column} y @param {number} wide
   */
  drawAxes(pen, theme, x, y, wide) {
    const { across, up } = this;
    pen.font = "11px system-ui, sans-serif";
    pen.fillStyle = theme.muted;
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1;
    pen.textAlign = "center";
    for (const value of ticks(across[0], across[1], Math.max(2, wide / 110))) {
      const left = PLACE.left + part(value, across) * (wide - PLACE.left - PLACE.right);
      line(pen, left, PLACE.top, left, HEIGHT - PLACE.bottom);
      pen.fillText(String(value), left, HEIGHT - PLACE.bottom + 13);
    }
    pen.textAlign = "right";
    for (const value of ticks(up[0], up[1])) {
      const top = HEIGHT - PLACE.bottom - part(value, up) * (HEIGHT - PLACE.top - PLACE.bottom);
      line(pen, PLACE.left, top, wide - PLACE.right, top);
      pen.fillText(String(value), PLACE.left - 5, top + 4);
    }
    pen.textAlign = "center";
    pen.fillStyle = theme.fg;
    pen.fillText(titled(x), (wide + PLACE.left) / 2, HEIGHT - 5);
    pen.save();
    pen.translate(11, HEIGHT / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText(titled(y), 0, 0);
    pen.restore();
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../browser/types").Theme} theme */
  drawFront(pen, theme) {
    const by = new Map(this.points.map((one) => [one.name, one]));
    pen.strokeStyle = theme.accent;
    pen.setLineDash([4, 3]);
    pen.beginPath();
    for (const [i, name] of this.front.entries()) {
      const { left = 0, top = 0 } = by.get(name) ?? {};
      if (i) pen.lineTo(left, top);
      else pen.moveTo(left, top);
    }
    pen.stroke();
    pen.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../browser/types").Theme} theme */
  drawPoints(pen, theme) {
    const color = this.column("color");
    const values = color ? span(this.points.map(({ row }) => Number(row[color.key])).filter(Number.isFinite)) : [0, 1];
    /** @param {Row} row */
    const fill = (row) => {
      if (!color) return theme.given;
      return known(row[color.key]) ? scaled(part(Number(row[color.key]), values)) : theme.line;
    };
    /** @type {Map<string, Drawn[]>} */
    const alike = new Map();
    for (const one of this.points) {
      const style = fill(one.row);
      const group = alike.get(style) ?? [];
      group.push(one);
      alike.set(style, group);
    }
    const controls = this.host.controls();
    for (const [style, points] of alike) {
      pen.fillStyle = style;
      pen.beginPath();
      for (const one of points) (controls.has(one.name) ? diamond : dot)(pen, one.left, one.top, one.size);
      pen.fill();
      if (!color) continue;
      // The darkest and the lightest of the scale are near the page's own colour in one theme each.
      pen.strokeStyle = theme.muted;
      pen.lineWidth = 0.6;
      pen.stroke();
    }
    this.drawRings(pen, theme, controls);
  }

  /**
   * @param {CanvasRenderingContext2D} pen @param {import("../browser/types").Theme} theme
   * @param {Set<string>} controls
   */
  drawRings(pen, theme, controls) {
    const shown = this.host.shown();
    const on = new Set(this.front);
    for (const one of this.points) {
      const { name, size } = one;
      const ticked = this.host.ticked(name);
      if (!(ticked || on.has(name) || name === shown || controls.has(name))) continue;
      const color = ticked ? theme.select : controls.has(name) ? theme.fg : theme.accent;
      ring(
        pen,
        one,
        color,
        ticked || name === shown ? 2.5 : 1.2,
        size + (name === shown ? 4 : 1.5),
        controls.has(name),
      );
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {import("../browser/types").Theme} theme */
  drawLasso(pen, theme) {
    if (this.lasso.length < 2) return;
    pen.strokeStyle = theme.select;
    pen.beginPath();
    for (const [left, top] of this.lasso) pen.lineTo(left, top);
    pen.stroke();
  }

  /** @param {Column} x @param {Column} y */
  describe(x, y) {
    const front = this.front.length ? `; none is better in both than ${listed(this.front)}` : "";
    const controls = this.host.controls();
    const count = this.points.filter(({ name }) => !controls.has(name)).length;
    const summary = `${countText(count, this.points.length - count)} by ${x.title} and ${y.title}${front}`;
    const help = "Arrows go from design to design, Enter shows one, Space ticks it.";
    this.canvas.setAttribute("aria-label", `${summary}. ${help}`);
    if (!this.at) this.readout.textContent = `${summary} · click shows, drag around ticks`;
  }

  /** @param {string} name */
  point(name) {
    if (name === this.at) return;
    this.at = name;
    const one = this.points.find((each) => each.name === name);
    const parts = [...new Set(Object.keys(this.choices).map((axis) => this.column(axis)))].flatMap((column) =>
      column && one ? [`${column.title} ${this.host.written(one.row, column)}`] : [],
    );
    if (one)
      this.readout.textContent = [
        name,
        this.host.controls().has(name) ? "control" : "",
        ...parts,
        this.host.ticked(name) ? "ticked" : "",
      ]
        .filter(Boolean)
        .join(" · ");
    this.drawTop();
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {number} left @param {number} top */
  nearest(left, top) {
    let [found, best] = ["", NEAR];
    for (const one of this.points) {
      const apart = Math.hypot(one.left - left, one.top - top);
      if (apart < best) [found, best] = [one.name, apart];
    }
    return found;
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.lasso = [this.spot(event)];
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const [left, top] = this.spot(event);
    if (!this.lasso.length) return this.point(this.nearest(left, top));
    this.lasso.push([left, top]);
    this.drawTop();
  }

  /** @param {PointerEvent} event */
  release(event) {
    const shape = this.lasso;
    this.lasso = [];
    const [left, top] = this.spot(event);
    const far = shape.some(([x, y]) => Math.hypot(x - left, y - top) > NEAR);
    const near = this.nearest(left, top);
    if (far) this.host.tick(this.points.filter((one) => inside(shape, one.left, one.top)).map(({ name }) => name));
    else if (near) this.host.show(near);
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const ordered = [...this.points].sort((a, b) => a.left - b.left || b.top - a.top).map(({ name }) => name);
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    const step = steps[event.key];
    if (!step && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    const at = ordered.indexOf(this.at);
    if (step) this.point(ordered[clamp(at + (at < 0 ? 1 : step), 0, ordered.length - 1)] ?? "");
    else if (this.at && event.key === "Enter") this.host.show(this.at);
    else if (this.at) this.host.toggle(this.at);
  }
}

/** @param {unknown} value */
const known = (value) => value !== null && value !== undefined && Number.isFinite(Number(value));
