// Ramachandran: phi across and psi up of every residue of what is on view, over the regions in which residues
// lie; outliers are named beside the plot. The arrows go from residue to residue, Enter or a click selects.

import { asF32 } from "../browser/bytes.js";
import { element, focusIn, wordButton } from "../browser/dom.js";
import { penOn } from "../browser/pen.js";
import { contains } from "../browser/ranges.js";
import { rowKey } from "../browser/row_keys.js";
import { mixed } from "../browser/theme.js";

/** @import { Host, Panel, Ramachandran } from "./types" */

const LEAST = 150;
const MARGIN = { left: 32, bottom: 28 };
const TICKS = [-180, -90, 0, 90, 180];
const NEAR = 9;
const DOT = 2.6;
const NAMED = 60;

/** @implements {Panel} */
export class RamachandranPanel {
  el = element("div", "esm-ramachandran");
  canvas = element("canvas");
  list = element("div", "esm-outliers");
  asks = false;
  stale = false;
  angles = new Float32Array(0);
  side = LEAST;
  /** The residue that the keys are at. */
  at = -1;
  listed = "";

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    const { signal } = host;
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.canvas.setAttribute("role", "application");
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", "Outliers");
    this.el.append(this.canvas, this.list);
    this.canvas.addEventListener("pointermove", (event) => this.point(event), { signal });
    this.canvas.addEventListener("pointerleave", () => host.hover(-1), { signal });
    this.canvas.addEventListener("click", (event) => this.select(this.under(event)), { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    this.canvas.addEventListener("blur", () => this.draw(), { signal });
  }

  /** @returns {Partial<Ramachandran>} */
  get reading() {
    return this.host.model.get("ramachandran");
  }

  get outliers() {
    return this.reading.outliers ?? [];
  }

  // Positions of the residues with both torsions.
  get known() {
    const all = Array.from(this.reading.labels ?? [], (_, i) => i);
    return all.filter((i) => Number.isFinite(this.angles[2 * i] + this.angles[2 * i + 1]));
  }

  words() {
    this.angles = asF32(this.host.model.get("torsions"));
    const { known, outliers } = this;
    if (!known.length) return "there are no backbone torsions without coordinates";
    const share = ((100 * outliers.length) / known.length).toFixed(1);
    const count = outliers.length === 1 ? "1 outlier" : `${outliers.length} outliers`;
    return `φ and ψ of ${known.length} residues, ${count} (${share} %)`;
  }

  draw() {
    this.canvas.setAttribute(
      "aria-label",
      `Ramachandran plot: ${this.words()}. Arrows go from residue to residue, Enter selects.`,
    );
    const { known } = this;
    this.el.hidden = !known.length;
    if (!known.length) return;
    const room = this.el.parentElement?.clientHeight ?? 0;
    const width = this.el.clientWidth || 2 * LEAST;
    this.side = Math.max(LEAST, Math.min(room - MARGIN.bottom - 6, width * 0.68 - MARGIN.left));
    const pen = penOn(this.canvas, this.side + MARGIN.left + 6, this.side + MARGIN.bottom + 4);
    this.drawRegions(pen);
    this.drawAxes(pen);
    this.drawResidues(pen, known);
    this.drawList();
  }

  /** @param {number} phi */
  across = (phi) => MARGIN.left + ((phi + 180) / 360) * this.side;
  /** @param {number} psi */
  up = (psi) => 4 + (1 - (psi + 180) / 360) * this.side;

  /** @param {CanvasRenderingContext2D} pen */
  drawRegions(pen) {
    const { theme, model } = this.host;
    pen.fillStyle = mixed(theme.bg, theme.given, theme.dark ? 0.34 : 0.2);
    for (const [least, greatest, low, high] of model.get("regions"))
      pen.fillRect(
        this.across(least),
        this.up(high),
        this.across(greatest) - this.across(least),
        this.up(low) - this.up(high),
      );
  }

  /** @param {CanvasRenderingContext2D} pen */
  drawAxes(pen) {
    const { theme } = this.host;
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1;
    pen.strokeRect(MARGIN.left, 4, this.side, this.side);
    pen.fillStyle = theme.muted;
    pen.font = "10px system-ui, sans-serif";
    for (const value of TICKS) {
      pen.textAlign = "center";
      pen.fillText(String(value), this.across(value) + (value > 90 ? -6 : 0), this.side + 16);
      pen.textAlign = "right";
      pen.fillText(String(value), MARGIN.left - 4, this.up(value) + (value > 90 ? 8 : 3));
      if (value) continue;
      pen.beginPath();
      pen.moveTo(this.across(0), 4);
      pen.lineTo(this.across(0), 4 + this.side);
      pen.moveTo(MARGIN.left, this.up(0));
      pen.lineTo(MARGIN.left + this.side, this.up(0));
      pen.stroke();
    }
    pen.fillStyle = theme.fg;
    pen.textAlign = "center";
    pen.fillText("φ", this.across(-45), this.side + 18);
    pen.fillText("ψ", 10, this.up(45) + 4);
  }

  /** @param {CanvasRenderingContext2D} pen @param {number[]} known */
  drawResidues(pen, known) {
    const { theme, selection, hovered } = this.host;
    const out = new Set(this.outliers);
    const { letters = "" } = this.reading;
    for (const i of known) {
      const [x, y] = this.place(i);
      const isSelected = contains(selection, i);
      pen.fillStyle = isSelected ? theme.select : out.has(i) ? theme.warn : theme.fg;
      pen.beginPath();
      if (letters[i] === "G") triangle(pen, x, y);
      else pen.arc(x, y, out.has(i) || isSelected ? DOT + 1.4 : DOT, 0, 7);
      pen.fill();
      const on = i === hovered || (i === this.at && focusIn(this.canvas) === this.canvas);
      if (!on) continue;
      pen.strokeStyle = theme.accent;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(x, y, DOT + 4, 0, 7);
      pen.stroke();
    }
  }

  // Outliers by name, each a button.
  drawList() {
    const { labels = [], letters = "" } = this.reading;
    const now = this.outliers.map((i) => `${labels[i]} ${letters[i]}`).join();
    if (now === this.listed && this.list.childElementCount) return;
    this.listed = now;
    const { signal } = this.host;
    const buttons = this.outliers.slice(0, NAMED).map((i) => {
      const name = wordButton(`${labels[i]} ${letters[i]}`, { hint: this.describe(i) }, () => this.select(i), signal);
      name.dataset.position = String(i);
      return name;
    });
    const more = this.outliers.length - buttons.length;
    const head = element(
      "div",
      "esm-muted",
      this.outliers.length ? "Outliers" : "No outlier. A glycine (▲) is never an outlier.",
    );
    this.list.replaceChildren(head, ...buttons, ...(more > 0 ? [element("div", "esm-muted", `and ${more} more`)] : []));
  }

  /** @param {number} i @returns {[number, number]} */
  place(i) {
    return [this.across(this.angles[2 * i]), this.up(this.angles[2 * i + 1])];
  }

  /** @param {MouseEvent} event */
  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [found, best] = [-1, NEAR];
    for (const i of this.known) {
      const [left, top] = this.place(i);
      const apart = Math.hypot(left - x, top - y);
      if (apart < best) [found, best] = [i, apart];
    }
    return found;
  }

  /** @param {PointerEvent} event */
  point(event) {
    const at = this.under(event);
    this.canvas.title = at < 0 ? "" : this.describe(at);
    this.host.hover(at);
  }

  /** @param {number} at */
  select(at) {
    if (at < 0) return;
    this.at = at;
    this.host.select([[at, at + 1]]);
    this.host.say(this.describe(at));
  }

  /** @param {number} i */
  describe(i) {
    const { labels = [], letters = "" } = this.reading;
    const [phi, psi] = [this.angles[2 * i], this.angles[2 * i + 1]].map((angle) => Math.round(angle));
    return `${labels[i]} ${letters[i]}: φ ${phi}°, ψ ${psi}°${this.outliers.includes(i) ? ", outlier" : ""}`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { known } = this;
    const to = rowKey(event, known.indexOf(this.at), known.length, { up: true });
    if (to === null) return;
    if (event.key === "Enter") return this.select(this.at);
    this.at = known[to];
    this.host.hover(this.at);
    this.host.say(this.describe(this.at));
    this.draw();
  }
}

/** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y */
function triangle(pen, x, y) {
  pen.moveTo(x, y - DOT - 1);
  pen.lineTo(x + DOT + 0.8, y + DOT);
  pen.lineTo(x - DOT - 0.8, y + DOT);
  pen.closePath();
}
