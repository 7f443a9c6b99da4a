// Designs as points: any two metrics across and up, others as colour and size. A click shows a design, a
// drag around some ticks them, the line joins those that no other beats in both.

import { element, option } from "../browser/dom.js";
import { rowKey } from "../browser/row_keys.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { rendererName } from "../structure/webgl.js";
import { paretoFront } from "./pareto.js";
import { figureOf } from "./scatter_figure.js";
import { countText, numeric, written } from "./sort_and_filter.js";

/**
 * @import { PlotlyElement, PlotlyEvent } from "../browser/plotly_types"
 * @import { Column, Plotted, ScatterHost } from "./types"
 */

const HEIGHT = 300;
const CONFIG = { displayModeBar: false };

export class Scatter {
  el = element("div", "esm-scatter");
  stage = element("div", "esm-scatter-stage");
  picture = /** @type {PlotlyElement} */ (/** @type {HTMLElement} */ (element("div")));
  readout = element("div", "esm-muted esm-scatter-readout");
  /** @type {Record<string, HTMLSelectElement>} */
  choices = {};
  /** @type {Plotted[]} */
  points = [];
  /** @type {string[]} */
  front = [];
  /** The point under the cursor. */
  at = "";
  /** Whether plotly's script was asked for, whether it has drawn, and how often. */
  requested = false;
  plotted = false;
  turn = 0;
  wide = 0;
  /** @type {number | undefined} */
  waiting = undefined;

  /** @param {ScatterHost} host @param {AbortSignal} signal */
  constructor(host, signal) {
    this.host = host;
    this.el.hidden = true;
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
    this.stage.tabIndex = 0;
    this.stage.dataset.lmSuppressShortcuts = "true";
    this.stage.setAttribute("role", "application");
    this.picture.setAttribute("aria-hidden", "true");
    this.stage.append(this.picture);
    this.el.append(bar, this.stage, this.readout);
    this.stage.addEventListener("keydown", (event) => this.key(event), { signal });
    onThemeChange(() => this.draw(), signal);
    const resized = new ResizeObserver(() => {
      if (this.el.clientWidth !== this.wide) this.draw();
    });
    resized.observe(this.el);
    signal.addEventListener("abort", () => {
      resized.disconnect();
      this.clear();
    });
  }

  get metrics() {
    return this.host.columns().filter(({ kind }) => numeric(kind));
  }

  // The metrics to choose from; those chosen stay. At first those are chosen that half of the designs have.
  offer() {
    const { metrics } = this;
    const keys = metrics.map(({ key }) => key);
    const judged = metrics.filter(({ better, kind }) => better !== null && kind === "number").map(({ key }) => key);
    const rows = this.host.rows();
    const common = judged.filter((key) => 2 * rows.filter((row) => known(row[key])).length >= rows.length);
    const preferred = [...new Set([...common, ...judged, ...keys])];
    for (const [i, [name, choice]] of Object.entries(this.choices).entries()) {
      const before = choice.value;
      const optional = name === "color" || name === "size";
      const offered = [...(optional ? [""] : []), ...keys];
      if (String(offered) === String([...choice.options].map(({ value }) => value))) continue;
      choice.replaceChildren(
        ...(optional ? [option("–", "")] : []),
        ...metrics.map(({ key, title }) => option(title, key)),
      );
      choice.value = offered.includes(before) && before ? before : optional ? "" : (preferred[i] ?? "");
    }
  }

  /** @param {string} axis @returns {Column | undefined} */
  column(axis) {
    return this.metrics.find(({ key }) => key === this.choices[axis].value);
  }

  draw() {
    if (this.el.hidden) return this.clear();
    this.offer();
    const [x, y] = [this.column("x"), this.column("y")];
    this.wide = this.el.clientWidth;
    if (!x || !y || this.wide < 80) return;
    this.place(x, y);
    const controls = this.host.controls();
    const designs = this.points.filter(({ name }) => !controls.has(name));
    this.front = paretoFront(designs, x.better, y.better);
    this.describe(x, y);
    if (!globalThis.Plotly) return this.fetch();
    // Of changes that come together one picture is drawn.
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.plot();
    });
  }

  // Asks once: plotly's script is 5 MB.
  fetch() {
    if (!this.requested) this.host.needPlotly();
    this.requested = true;
  }

  /** @param {Column} x @param {Column} y */
  place(x, y) {
    const [color, size] = [this.column("color"), this.column("size")];
    const rows = this.host.rows().filter((row) => known(row[x.key]) && known(row[y.key]));
    this.points = rows.map((row) => ({
      row,
      name: row.design,
      x: Number(row[x.key]),
      y: Number(row[y.key]),
      color: color && known(row[color.key]) ? Number(row[color.key]) : NaN,
      size: size && known(row[size.key]) ? Number(row[size.key]) : NaN,
    }));
  }

  plot() {
    const [x, y, color] = [this.column("x"), this.column("y"), this.column("color")];
    if (this.el.hidden || !x || !y) return;
    this.turn += 1;
    const { data, layout } = figureOf({
      points: this.points,
      front: this.front,
      controls: this.host.controls(),
      ticked: new Set(this.points.map(({ name }) => name).filter((name) => this.host.ticked(name))),
      shown: this.host.shown(),
      titles: { x: titled(x), y: titled(y), color: color ? titled(color) : "" },
      theme: readTheme(this.el),
      webgl: rendererName() !== null,
      wide: this.wide,
      high: HEIGHT,
      turn: this.turn,
    });
    globalThis.Plotly.react(this.picture, data, layout, CONFIG);
    if (this.plotted) return;
    this.plotted = true;
    this.picture.on("plotly_hover", (event) => this.point(namesOf(event)[0] ?? ""));
    this.picture.on("plotly_unhover", () => this.point(""));
    this.picture.on("plotly_click", (event) => this.show(namesOf(event)[0]));
    this.picture.on("plotly_selected", (event) => this.tick(namesOf(event)));
  }

  // Gives the graphics back that a hidden picture would hold.
  clear() {
    if (this.plotted) globalThis.Plotly.purge(this.picture);
    this.plotted = false;
  }

  /** @param {Column} x @param {Column} y */
  describe(x, y) {
    const front = this.front.length ? `; none is better in both than ${listed(this.front)}` : "";
    const controls = this.host.controls();
    const count = this.points.filter(({ name }) => !controls.has(name)).length;
    const summary = `${countText(count, this.points.length - count)} by ${x.title} and ${y.title}${front}`;
    const help = "Arrows go from design to design, Enter shows one, Space ticks it.";
    this.stage.setAttribute("aria-label", `${summary}. ${help}`);
    if (!this.at) this.readout.textContent = `${summary} · click shows, drag around ticks`;
  }

  /** @param {string} name */
  point(name) {
    if (name === this.at) return;
    this.at = name;
    const point = this.points.find((candidate) => candidate.name === name);
    const parts = [...new Set(Object.keys(this.choices).map((axis) => this.column(axis)))].flatMap((column) =>
      column && point ? [`${column.title} ${written(point.row[column.key], column)}`] : [],
    );
    if (point)
      this.readout.textContent = [
        name,
        this.host.controls().has(name) ? "control" : "",
        ...parts,
        this.host.ticked(name) ? "ticked" : "",
      ]
        .filter(Boolean)
        .join(" · ");
  }

  /** @param {string | undefined} name */
  show(name) {
    if (name) this.host.show(name);
  }

  // Ticks what a lasso holds; the picture drawn then has no lasso.
  /** @param {string[]} names */
  tick(names) {
    if (names.length) this.host.tick(names);
    this.draw();
  }

  // Has plotly name the point that the keys are at.
  mark() {
    if (!this.plotted) return;
    const traces = this.picture.data ?? [];
    for (const [curveNumber, { customdata }] of traces.entries()) {
      const pointNumber = customdata?.indexOf(this.at) ?? -1;
      if (pointNumber >= 0) globalThis.Plotly.Fx.hover(this.picture, [{ curveNumber, pointNumber }]);
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const ordered = [...this.points].sort((a, b) => a.x - b.x || a.y - b.y).map(({ name }) => name);
    if (event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      if (this.at) this.host.toggle(this.at);
      return;
    }
    const to = rowKey(event, ordered.indexOf(this.at), ordered.length, { up: true });
    if (to === null) return;
    if (event.key !== "Enter") {
      this.point(ordered[to] ?? "");
      this.mark();
    } else if (this.at) this.host.show(this.at);
  }
}

/** @param {unknown} value */
const known = (value) => value !== null && value !== undefined && Number.isFinite(Number(value));

/** @param {Column} column */
const titled = ({ title, better }) => (better === null ? title : `${title} ${better ? "↑" : "↓"}`);

/** @param {string[]} names */
const listed = (names) =>
  names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");

/**
 * Designs that an event of plotly is about: rings and the front have no names.
 * @param {PlotlyEvent} event
 */
const namesOf = (event) => (event?.points ?? []).flatMap(({ customdata }) => customdata ?? []);
