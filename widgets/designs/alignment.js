// Designs under their template: differences stand out, columns without any are quiet; above them a logo
// and entropy. The arrows go from column to column, Enter or a click selects the residue everywhere.

import { copyText } from "../browser/clipboard.js";
import { button, element, option } from "../browser/dom.js";
import { clamp } from "../browser/numbers.js";
import { penOn } from "../browser/pen.js";
import { contains } from "../browser/ranges.js";
import { rowKey } from "../browser/row_keys.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { bits, entropy, shares } from "./logo.js";
import { countText } from "./sort_and_filter.js";

/**
 * @import { Theme } from "../browser/types"
 * @import { AlignmentHost } from "./types"
 */

const CELL = 11;
const LINE = 16;
const LOGO = 64;
const SPREAD = 16;
const MARGIN = 14;
const MOST = 60;
const GAP = "-";
/** Colours of letters by their chemistry, of Okabe and Ito. @type {[string, string][]} */
const KINDS = [
  ["AVILMC", "#b8860b"],
  ["FWY", "#009e73"],
  ["KRH", "#0072b2"],
  ["DE", "#d55e00"],
  ["STNQ", "#cc79a7"],
  ["GP", "#7a7a7a"],
];

export class AlignmentPanel {
  el = element("div", "esm-alignment");
  names = element("div", "esm-alignment-names");
  scroll = element("div", "esm-alignment-scroll");
  canvas = element("canvas");
  kind = element("select", "esm-choice");
  readout = element("span", "esm-muted");
  column = 0;
  /** @type {string[]} */
  rows = [];
  /** @type {string[]} */
  shown = [];
  /** Whether each row is a design's, which the logo counts. @type {boolean[]} */
  counted = [];

  /** What was said of the whole. */
  about = "";

  /** @param {AlignmentHost} host @param {AbortSignal} signal */
  constructor(host, signal) {
    this.host = host;
    const bar = element("div", "esm-alignment-bar");
    this.kind.append(option("logo in bits, small-sample corrected", "bits"), option("logo of frequencies", "shares"));
    this.kind.setAttribute("aria-label", "What the logo shows");
    this.kind.addEventListener("change", () => this.draw(), { signal });
    for (const [act, word] of /** @type {const} */ ([
      ["fasta", "FASTA"],
      ["a3m", "A3M"],
    ]))
      bar.append(
        button(
          "save",
          { word, hint: `Copy this alignment as ${word}`, act: `copy-${act}` },
          () => this.copy(act),
          signal,
        ),
      );
    this.readout.setAttribute("aria-live", "polite");
    bar.prepend(this.kind);
    bar.append(this.readout);
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.canvas.setAttribute("role", "application");
    this.scroll.append(this.canvas);
    const body = element("div", "esm-alignment-body");
    body.append(this.names, this.scroll);
    this.el.append(bar, body);
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    this.canvas.addEventListener("pointermove", (event) => this.point(this.at(event)), { signal });
    this.canvas.addEventListener("click", (event) => this.choose(this.at(event)), { signal });
    onThemeChange(() => this.draw(), signal);
  }

  get columns() {
    return this.host.alignment().labels?.length ?? 0;
  }

  draw() {
    const { names = [], rows = [] } = this.host.alignment();
    if (this.el.hidden || !rows.length) return;
    const listed = new Set(this.host.wanted());
    const kept = names.map((name, i) => ({ name, row: rows[i] })).filter(({ name }, i) => !i || listed.has(name));
    const some = kept.slice(0, MOST + 1);
    [this.shown, this.rows] = [some.map(({ name }) => name), some.map(({ row }) => row)];
    const controls = this.host.controls();
    this.counted = this.shown.map((name, i) => i > 0 && !controls.has(name));
    this.names.replaceChildren(...this.shown.map((name) => element("div", "", name)));
    this.names.style.paddingTop = `${LOGO + SPREAD + MARGIN}px`;
    const [wide, high] = [this.columns * CELL, LOGO + SPREAD + MARGIN + this.rows.length * LINE];
    const pen = penOn(this.canvas, wide, high);
    pen.textAlign = "center";
    const theme = readTheme(this.el);
    this.drawSelection(pen, theme, high);
    for (let at = 0; at < this.columns; at++) this.drawColumn(pen, theme, at);
    pen.strokeStyle = theme.accent;
    pen.strokeRect(this.column * CELL + 0.5, 0.5, CELL - 1, high - 1);
    const hidden = kept.length - some.length;
    const count = this.counted.filter(Boolean).length;
    const designs = countText(count, some.length - 1 - count);
    const few = this.kind.value === "bits" && !bits(Array(count).fill("A"));
    const notes = [hidden && `${hidden} more are left out`, few && "too few for bits: choose frequencies"];
    const about = [`${designs} under ${this.shown[0]}`, ...notes.filter(Boolean)].join(", ");
    this.canvas.setAttribute("aria-label", `${about}. Arrows go from column to column, Enter selects the residue.`);
    if (!this.readout.textContent || this.readout.textContent === this.about) this.readout.textContent = about;
    this.about = about;
  }

  // Below the letters, as in the tracks.
  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {number} high */
  drawSelection(pen, theme, high) {
    const { positions = [] } = this.host.alignment();
    const selection = this.host.selection();
    pen.fillStyle = theme.select;
    for (const [at, position] of positions.entries()) {
      if (!contains(selection, position)) continue;
      pen.globalAlpha = 0.16;
      pen.fillRect(at * CELL, 0, CELL, high);
      pen.globalAlpha = 1;
      pen.fillRect(at * CELL, LOGO + SPREAD + MARGIN - 2, CELL, 2);
    }
  }

  /** @param {number} at */
  lettersAt(at) {
    return this.rows.map((row) => row[at]);
  }

  // Those of the designs, without template and controls.
  /** @param {number} at */
  countedAt(at) {
    return this.lettersAt(at).filter((_, i) => this.counted[i]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {number} at */
  drawColumn(pen, theme, at) {
    const [own, ...others] = this.lettersAt(at);
    const letters = this.countedAt(at);
    const letterShares = shares(letters);
    const x = at * CELL + CELL / 2;
    this.drawLogo(pen, theme, letterShares, this.kind.value === "bits" ? bits(letters) / Math.log2(20) : 1, x);
    pen.fillStyle = theme.muted;
    const height = (entropy(letterShares) / Math.log2(20)) * (SPREAD - 2);
    pen.fillRect(at * CELL + 1, LOGO + SPREAD - height, CELL - 2, height);
    pen.font = "9px system-ui, sans-serif";
    if (at % 10 === 0)
      pen.fillText(this.host.alignment().labels?.[at].split(":").pop() ?? "", x + 4, LOGO + SPREAD + 10);
    const same = others.every((letter) => letter === own);
    pen.font = "12px ui-monospace, monospace";
    for (const [row, letter] of [own, ...others].entries()) {
      const y = LOGO + SPREAD + MARGIN + row * LINE;
      const other = row > 0 && letter !== own;
      if (other && letter !== GAP) {
        pen.globalAlpha = 0.28;
        pen.fillStyle = colorOf(letter);
        pen.fillRect(at * CELL, y + 1, CELL, LINE - 2);
        pen.globalAlpha = 1;
      }
      pen.fillStyle = same || (row > 0 && !other) ? theme.muted : theme.fg;
      pen.fillText(letter, x, y + 12);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen @param {Theme} theme @param {[string, number][]} known
   * @param {number} part @param {number} x
   */
  drawLogo(pen, theme, known, part, x) {
    let top = LOGO - part * LOGO;
    for (const [letter, share] of known) {
      const height = share * part * LOGO;
      if (height >= 1) {
        pen.save();
        pen.translate(x, top + height);
        pen.scale(1, height / 10);
        pen.font = "bold 14px ui-monospace, monospace";
        pen.fillStyle = letter === "G" || letter === "P" ? theme.muted : colorOf(letter);
        pen.fillText(letter, 0, 0);
        pen.restore();
      }
      top += height;
    }
  }

  /** @param {MouseEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return clamp(Math.floor((event.clientX - box.left) / CELL), 0, this.columns - 1);
  }

  /** @param {number} at */
  point(at) {
    this.canvas.title = this.words(at);
  }

  /** @param {number} at */
  choose(at) {
    const { positions = [] } = this.host.alignment();
    this.column = at;
    if (positions[at] >= 0) this.host.select([[positions[at], positions[at] + 1]]);
    this.readout.textContent = this.words(at);
    this.draw();
  }

  /** @param {number} at */
  words(at) {
    const { labels = [], positions = [] } = this.host.alignment();
    const [own] = this.lettersAt(at);
    const letters = this.countedAt(at);
    const count = new Map();
    for (const letter of letters) count.set(letter, (count.get(letter) ?? 0) + 1);
    const counts = [...count]
      .sort((a, b) => b[1] - a[1])
      .map(([letter, n]) => `${letter === GAP ? "gap" : letter} ${n}`);
    const template = positions[at] < 0 ? "not in the template" : `template ${own}`;
    const selected = contains(this.host.selection(), positions[at]) ? " (selected)" : "";
    return `${labels[at]}${selected}: ${template}; designs ${counts.join(", ")}; ${bits(letters).toFixed(2)} bits`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const to = rowKey(event, this.column, this.columns);
    if (to === null) return;
    if (event.key === "Enter") return this.choose(to);
    this.column = to;
    const x = this.column * CELL;
    if (x < this.scroll.scrollLeft || x > this.scroll.scrollLeft + this.scroll.clientWidth - CELL)
      this.scroll.scrollLeft = x - this.scroll.clientWidth / 2;
    this.readout.textContent = this.words(this.column);
    this.draw();
  }

  /** @param {"fasta" | "a3m"} format */
  async copy(format) {
    const text = written(this.shown, this.rows, this.host.alignment().positions ?? [], format);
    const copied = await copyText(text);
    this.readout.textContent = copied
      ? `${this.rows.length} sequences copied`
      : "this page may not write to the clipboard";
  }
}

/**
 * An alignment as text; in A3M what the template has not is in lower case, and no gap stands for it.
 * @param {string[]} names @param {string[]} rows @param {number[]} positions @param {"fasta" | "a3m"} format
 */
export function written(names, rows, positions, format) {
  const inserted = (/** @type {string} */ row) =>
    [...row].map((letter, i) => (positions[i] >= 0 ? letter : letter.toLowerCase().replace(GAP, ""))).join("");
  return names.map((name, i) => `>${name}\n${format === "a3m" ? inserted(rows[i]) : rows[i]}\n`).join("");
}

/** @param {string} letter */
const colorOf = (letter) => KINDS.find(([letters]) => letters.includes(letter))?.[1] ?? "#7a7a7a";
