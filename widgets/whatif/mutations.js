// The landscape: residues across, amino acids down, the log-odds of each; entropy above it. The arrows
// move from cell to cell, Enter or a click paints.

import { asF32 } from "../browser/bytes.js";
import { element, focusIn } from "../browser/dom.js";
import { clamp } from "../browser/numbers.js";
import { penOn } from "../browser/pen.js";
import { reach, shade } from "./scale.js";

/** @import { Host, Mutations, Panel } from "./types" */

const ENTROPY = 26;
const MARGIN = 14;
const NARROW = 6;
const WIDE = 22;
const LOW = 8;
const HIGH = 15;

/** @implements {Panel} */
export class MutationsPanel {
  el = element("div", "esm-landscape");
  letters = element("div", "esm-landscape-letters");
  scroll = element("div", "esm-landscape-scroll");
  canvas = element("canvas");
  asks = true;
  cell = { residue: 0, row: 0 };
  width = NARROW;
  height = LOW;
  odds = new Float32Array(0);
  entropy = new Float32Array(0);

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    const { signal } = host;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute(
      "aria-label",
      "Mutations: arrows move over residues and amino acids, a letter goes to its row, Enter paints.",
    );
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.scroll.append(this.canvas);
    this.el.append(this.letters, this.scroll);
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    this.canvas.addEventListener("pointermove", (event) => this.point(event), { signal });
    this.canvas.addEventListener("pointerleave", () => host.hover(-1), { signal });
    this.canvas.addEventListener("click", (event) => this.click(event), { signal });
    this.canvas.addEventListener("focus", () => this.tell(), { signal });
    this.canvas.addEventListener("blur", () => this.draw(), { signal });
  }

  /** @returns {Partial<Mutations>} */
  get reading() {
    return this.host.model.get("mutations");
  }

  get stale() {
    return Boolean(this.reading.stale);
  }

  get residues() {
    return this.reading.labels?.length ?? 0;
  }

  words() {
    const { method } = this.reading;
    if (!method) return "the log-odds of every mutation, against the letter that stands there";
    return `log-odds in nats, ${method}; blue: the model would rather have it`;
  }

  draw() {
    const { model, theme } = this.host;
    const rows = model.get("letters");
    const n = this.residues;
    this.el.hidden = !n;
    if (!n) return;
    this.odds = asF32(model.get("odds"));
    this.entropy = asF32(model.get("entropy"));
    const room = this.el.parentElement?.clientHeight ?? 0;
    this.height = clamp(Math.floor((room - ENTROPY - MARGIN - 14) / rows.length), LOW, HIGH);
    this.width = clamp(Math.floor((this.scroll.clientWidth || 300) / n), NARROW, WIDE);
    const width = this.width * n;
    this.canvas.dataset.residues = String(n);
    const height = ENTROPY + MARGIN + this.height * rows.length;
    this.letters.replaceChildren(...[...rows].map((letter) => element("span", "", letter)));
    Object.assign(this.letters.style, {
      paddingTop: `${ENTROPY + MARGIN}px`,
      lineHeight: `${this.height}px`,
      fontSize: `${Math.min(11, this.height)}px`,
    });
    const pen = penOn(this.canvas, width, height);
    this.drawEntropy(pen);
    this.drawCells(pen, rows);
    this.drawMarks(pen, rows, theme.select);
  }

  /** @param {CanvasRenderingContext2D} pen */
  drawEntropy(pen) {
    const { theme } = this.host;
    pen.fillStyle = theme.muted;
    for (const [i, nats] of this.entropy.entries()) {
      const height = (nats / Math.log(this.host.model.get("letters").length)) * (ENTROPY - 2);
      pen.fillRect(i * this.width + 0.5, ENTROPY - height, this.width - 1, height);
    }
    pen.fillStyle = theme.fg;
    pen.font = "10px system-ui, sans-serif";
    const step = Math.max(1, Math.ceil(44 / this.width));
    for (let i = 0; i < this.residues; i += step)
      pen.fillText((this.reading.labels ?? [])[i].split(":").pop() ?? "", i * this.width + 1, ENTROPY + 11);
  }

  /** @param {CanvasRenderingContext2D} pen @param {string} rows */
  drawCells(pen, rows) {
    const { theme } = this.host;
    const most = reach(this.odds);
    const top = ENTROPY + MARGIN;
    const own = this.reading.letters ?? "";
    for (let i = 0; i < this.residues; i++) {
      for (let row = 0; row < rows.length; row++) {
        const x = i * this.width;
        const y = top + row * this.height;
        pen.fillStyle = shade(this.odds[i * rows.length + row] / most, theme);
        pen.fillRect(x, y, this.width, this.height);
        if (rows[row] !== own[i]) continue;
        pen.fillStyle = theme.fg;
        pen.beginPath();
        pen.arc(x + this.width / 2, y + this.height / 2, Math.min(this.width, this.height) / 4, 0, 7);
        pen.fill();
      }
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {string} rows @param {string} color */
  drawMarks(pen, rows, color) {
    const { selection, hovered, theme } = this.host;
    const height = ENTROPY + MARGIN + this.height * rows.length;
    if (!this.reading.fits) return;
    pen.lineWidth = 1.5;
    pen.strokeStyle = color;
    for (const [start, stop] of selection)
      pen.strokeRect(start * this.width + 0.75, 0.75, (stop - start) * this.width - 1.5, height - 1.5);
    if (hovered >= 0) {
      pen.strokeStyle = theme.fg;
      pen.strokeRect(hovered * this.width + 0.5, 0.5, this.width - 1, height - 1);
    }
    if (focusIn(this.canvas) !== this.canvas) return;
    const { residue, row } = this.cell;
    pen.strokeStyle = theme.accent;
    pen.lineWidth = 2;
    pen.strokeRect(residue * this.width, ENTROPY + MARGIN + row * this.height, this.width, this.height);
  }

  /** @param {MouseEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const last = this.host.model.get("letters").length - 1;
    return {
      residue: clamp(Math.floor((event.clientX - box.left) / this.width), 0, this.residues - 1),
      row: clamp(Math.floor((event.clientY - box.top - ENTROPY - MARGIN) / this.height), -1, last),
    };
  }

  /** @param {PointerEvent} event */
  point(event) {
    const { residue, row } = this.at(event);
    if (this.reading.fits) this.host.hover(residue);
    this.canvas.title = this.cellWords(residue, row);
  }

  /** @param {MouseEvent} event */
  click(event) {
    const { residue, row } = this.at(event);
    this.cell = { residue, row: Math.max(0, row) };
    if (row >= 0) this.paint();
    else if (this.reading.fits) this.host.select([[residue, residue + 1]]);
  }

  paint() {
    const { model } = this.host;
    const { residue, row } = this.cell;
    if (!model.get("live") || !this.reading.fits) return;
    model.send({ type: "paint", position: residue, letter: model.get("letters")[row] });
    this.host.say(`${this.reading.labels?.[residue]} is ${model.get("letters")[row]} now`);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const rows = this.host.model.get("letters");
    const { residue, row } = this.cell;
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowLeft: [residue - 1, row],
      ArrowRight: [residue + 1, row],
      ArrowUp: [residue, row - 1],
      ArrowDown: [residue, row + 1],
      Home: [0, row],
      End: [this.residues - 1, row],
    };
    const letter = rows.indexOf(event.key.toUpperCase());
    const to = moves[event.key] ?? (event.key.length === 1 && letter >= 0 ? [residue, letter] : null);
    if (event.ctrlKey || event.metaKey || event.altKey || !(to || event.key === "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!to) return this.paint();
    this.cell = { residue: clamp(to[0], 0, this.residues - 1), row: clamp(to[1], 0, rows.length - 1) };
    if (this.reading.fits) this.host.hover(this.cell.residue);
    const x = this.cell.residue * this.width;
    const { scrollLeft, clientWidth } = this.scroll;
    if (x < scrollLeft || x + this.width > scrollLeft + clientWidth) this.scroll.scrollLeft = x - clientWidth / 2;
    this.tell();
  }

  tell() {
    this.host.say(this.cellWords(this.cell.residue, this.cell.row));
    this.draw();
  }

  /** @param {number} residue @param {number} row */
  cellWords(residue, row) {
    const { labels = [], letters = "" } = this.reading;
    const rows = this.host.model.get("letters");
    const spread = `entropy ${this.entropy[residue]?.toFixed(2)} nats`;
    if (row < 0 || !labels.length) return `${labels[residue] ?? ""} ${letters[residue] ?? ""}, ${spread}`;
    const odds = this.odds[residue * rows.length + row];
    const sign = odds > 0 ? "+" : "";
    return `${labels[residue]} ${letters[residue]} to ${rows[row]}: log-odds ${sign}${odds.toFixed(2)}, ${spread}`;
  }
}
