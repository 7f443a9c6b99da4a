// Pairs: couplings or distances of every two residues. Below the diagonal stands one picture, above it
// another; contacts of the structure are dots over couplings.

import { asF32, asU8 } from "../browser/bytes.js";
import { element, option } from "../browser/dom.js";
import { clamp } from "../browser/numbers.js";
import { penOn } from "../browser/pen.js";
import { shade } from "./scale.js";

/** @import { Host, Pairs, Panel } from "./types" */

/** Å between CB atoms that are in contact, and at which a distance is as light as the page. */
const CONTACT = 8;
const FAR = 20;
/** Residues between two that may be coupled for more than being neighbours. */
const APART = 6;

/** @implements {Panel} */
export class PairsPanel {
  el = element("div", "esm-pairs");
  which = element("select", "esm-choice");
  canvas = element("canvas");
  asks = true;
  cell = { i: 0, j: 0 };
  couplings = new Float32Array(0);
  /** @type {{i: number, j: number, strength: number}[]} */
  strongest = [];
  /** What the couplings were read from. @type {DataView | null} */
  source = null;
  own = new Uint8Array(0);
  template = new Uint8Array(0);
  size = 1;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    const { signal } = host;
    this.which.append(option("couplings and contacts", "couplings"), option("template and design", "distances"));
    this.which.setAttribute("aria-label", "What the matrix shows");
    this.which.addEventListener("change", () => this.draw(), { signal });
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "Pairs of residues: arrows move, Enter selects both residues.");
    this.el.append(this.canvas, this.which);
    this.canvas.addEventListener("pointermove", (event) => this.point(event), { signal });
    this.canvas.addEventListener("pointerleave", () => host.hover(-1), { signal });
    this.canvas.addEventListener("click", (event) => this.click(event), { signal });
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  /** @returns {Partial<Pairs>} */
  get pairs() {
    return this.host.model.get("pairs");
  }

  get stale() {
    return Boolean(this.pairs.stale);
  }

  get n() {
    return this.pairs.labels?.length ?? 0;
  }

  get shows() {
    return this.which.value === "distances" || !this.pairs.known ? "distances" : "couplings";
  }

  words() {
    if (this.shows === "couplings")
      return `below: couplings (categorical Jacobian, corrected); above: contacts, CB within ${CONTACT} Å, the strongest couplings ringed`;
    return "CB distances, dark is near: template below, what is on view above";
  }

  draw() {
    const { model } = this.host;
    const { n } = this;
    this.el.hidden = !n;
    if (!n) return;
    this.hold(model.get("couplings"));
    this.own = asU8(model.get("distances"));
    this.template = asU8(model.get("template_distances"));
    const room = this.el.parentElement;
    const side = Math.max(150, Math.min(room?.clientWidth ?? 0, (room?.clientHeight ?? 0) - 4));
    this.size = side / n;
    const pen = penOn(this.canvas, side, side);
    if (this.shows === "couplings") this.drawCouplings(pen);
    else this.drawDistances(pen);
    this.drawMarks(pen, side);
  }

  // The strongest of many pairs are found when the couplings come, not with every movement of the mouse.
  /** @param {DataView | null} couplings */
  hold(couplings) {
    if (couplings === this.source) return;
    this.source = couplings;
    this.couplings = asF32(couplings);
    this.strongest = strongest(this.couplings, this.n);
  }

  /** @param {CanvasRenderingContext2D} pen */
  drawCouplings(pen) {
    const { theme } = this.host;
    const { n, size } = this;
    const most = Math.max(this.strongest[0]?.strength ?? 0, 1e-6);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const below = j < i;
        const apart = this.distance(this.own, i * n + j);
        const share = below ? this.couplings[i * n + j] / most : apart <= CONTACT ? 0.55 : 0;
        if (i === j || share < 0.02) continue;
        pen.fillStyle = shade(share, theme);
        pen.fillRect(j * size, i * size, size + 0.3, size + 0.3);
      }
    pen.strokeStyle = theme.exposed;
    for (const { i, j } of this.strongest) {
      pen.beginPath();
      pen.arc((j + 0.5) * size, (i + 0.5) * size, Math.max(2.5, size * 0.8), 0, 7);
      pen.stroke();
    }
  }

  /**
   * Å between two residues, NaN where it is not known.
   * @param {Uint8Array} values @param {number} at
   */
  distance(values, at) {
    const { quarters = 1, unknown } = this.pairs;
    return values[at] === undefined || values[at] === unknown ? NaN : values[at] / quarters;
  }

  /** @param {CanvasRenderingContext2D} pen */
  drawDistances(pen) {
    const { theme } = this.host;
    const { n, size } = this;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const share = 1 - this.distance(j < i ? this.template : this.own, i * n + j) / FAR;
        if (!(share >= 0.02)) continue;
        pen.fillStyle = shade(share, theme);
        pen.fillRect(j * size, i * size, size + 0.3, size + 0.3);
      }
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} side */
  drawMarks(pen, side) {
    const { theme, selection, hovered } = this.host;
    const { size } = this;
    pen.strokeStyle = theme.line;
    pen.strokeRect(0.5, 0.5, side - 1, side - 1);
    pen.beginPath();
    pen.moveTo(0, 0);
    pen.lineTo(side, side);
    pen.stroke();
    if (this.pairs.fits === false) return;
    pen.strokeStyle = theme.select;
    for (const [start, stop] of selection) {
      pen.strokeRect(start * size, 0.5, (stop - start) * size, side - 1);
      pen.strokeRect(0.5, start * size, side - 1, (stop - start) * size);
    }
    pen.strokeStyle = theme.muted;
    if (hovered >= 0) pen.strokeRect(hovered * size, 0.5, size, side - 1);
  }

  /** @param {MouseEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const place = (/** @type {number} */ value) => clamp(Math.floor((value / box.width) * this.n), 0, this.n - 1);
    return { i: place(event.clientY - box.top), j: place(event.clientX - box.left) };
  }

  /** @param {PointerEvent} event */
  point(event) {
    const { i, j } = this.at(event);
    this.canvas.title = this.pairWords(i, j);
    if (this.pairs.fits !== false) this.host.hover(j);
  }

  /** @param {MouseEvent} event */
  click(event) {
    this.cell = this.at(event);
    this.choose();
  }

  choose() {
    const [low, high] = [this.cell.i, this.cell.j].sort((a, b) => a - b);
    if (this.pairs.fits === false) return;
    this.host.select(
      low === high
        ? [[low, low + 1]]
        : [
            [low, low + 1],
            [high, high + 1],
          ],
    );
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[event.key];
    if (!move && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    const inside = (/** @type {number} */ value) => clamp(value, 0, this.n - 1);
    if (move) this.cell = { i: inside(this.cell.i + move[0]), j: inside(this.cell.j + move[1]) };
    else this.choose();
    this.host.say(this.pairWords(this.cell.i, this.cell.j));
  }

  /** @param {number} i @param {number} j */
  pairWords(i, j) {
    const { labels = [] } = this.pairs;
    const at = i * this.n + j;
    const parts = [`${labels[i]} and ${labels[j]}`];
    if (this.couplings.length) parts.push(`coupling ${this.couplings[at].toFixed(3)}`);
    for (const [name, values] of /** @type {const} */ ([
      ["on view", this.own],
      ["template", this.template],
    ])) {
      const apart = this.distance(values, at);
      if (Number.isFinite(apart)) parts.push(`${name} ${apart.toFixed(1)} Å`);
    }
    return parts.join(", ");
  }
}

/**
 * As many couplings as there are residues, the strongest of those at least ``APART`` residues apart.
 * @param {Float32Array} couplings @param {number} n
 */
export function strongest(couplings, n) {
  const pairs = [];
  for (let i = APART; i < n; i++)
    for (let j = 0; j <= i - APART; j++) pairs.push({ i, j, strength: couplings[i * n + j] });
  return pairs.sort((a, b) => b.strength - a.strength).slice(0, n);
}
