// Which columns of the designs table are on view: those that a person chose, or as many as there is room for.

import { button, element, focusIn, tickBox, write } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";

/** @import { Column, ColumnHost } from "./types" */

/**
 * The columns that fit into so many pixels, in their order. Without room minor ones go first, then the others,
 * each time the last. The name and ``kept`` never go.
 * @param {Column[]} columns @param {Map<string, number>} widths @param {number} room @param {string} [kept]
 */
export function fitting(columns, widths, room, kept = "") {
  const width = (/** @type {Column} */ { key }) => widths.get(key) ?? 0;
  let spare = room - columns.reduce((sum, column) => sum + width(column), 0);
  const removed = new Set();
  const going = [...columns].reverse().sort((column, other) => Number(other.minor) - Number(column.minor));
  for (const column of going) {
    if (spare >= 0) break;
    if (column.key === "design" || column.key === kept) continue;
    removed.add(column.key);
    spare += width(column);
  }
  return columns.filter(({ key }) => !removed.has(key));
}

/**
 * The least widths of columns that stand in this table after so many others, and the room that they share.
 * @param {HTMLTableElement} table @param {Column[]} columns @param {number} before @param {number} room
 */
export function measured(table, columns, before, room) {
  table.style.width = "0";
  const widthOf = (/** @type {Element} */ el) => el.getBoundingClientRect().width;
  const cells = [...table.querySelectorAll("thead th, thead td")].slice(before);
  const widths = new Map(columns.map(({ key }, i) => [key, widthOf(cells[i])]));
  return { widths, room: room - widthOf(table) + [...widths.values()].reduce((sum, width) => sum + width, 0) };
}

export class ColumnChoice {
  el = element("span", "esm-holder");
  box = element("div", "esm-columns-box");
  /** Keys that a person chose; none: as many as fit. */
  chosen = new Set();
  /** @type {Column[]} */
  columns = [];
  /** @type {Column[]} */
  shown = [];

  /** @param {ColumnHost} host @param {string[]} chosen @param {AbortSignal} signal */
  constructor(host, chosen, signal) {
    this.host = host;
    this.signal = signal;
    this.chosen = new Set(chosen);
    const hint = "Choose the columns of this table";
    this.opener = button("columns", { word: "Columns", hint, act: "columns" }, () => {}, signal);
    this.word = /** @type {HTMLElement} */ (this.opener.querySelector(".esm-word"));
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-label", hint);
    this.el.append(this.opener, this.box);
    new Popover(this.el, this.opener, this.box, { signal, opened: () => this.drawBox() });
  }

  // Which of these columns are on view; ``measured`` gives their widths where it matters.
  /** @param {Column[]} columns @param {string} sorted @param {() => {widths: Map<string, number>, room: number}} measured */
  pick(columns, sorted, measured) {
    this.columns = columns;
    if (this.chosen.size) this.shown = columns.filter(({ key }) => key === "design" || this.chosen.has(key));
    else {
      const { widths, room } = measured();
      this.shown = fitting(columns, widths, room, sorted);
    }
    const all = this.shown.length === columns.length;
    write(this.word, all ? "Columns" : `Columns ${this.shown.length} of ${columns.length}`);
    if (!this.box.hidden) this.drawBox();
    return this.shown;
  }

  drawBox() {
    const shown = new Set(this.shown.map(({ key }) => key));
    const fit = this.check("As many as there is room for", "", !this.chosen.size, (on) =>
      this.choose(on ? [] : [...shown]),
    );
    const boxes = this.columns
      .filter(({ key }) => key !== "design")
      .map(({ key, title, help }) =>
        this.check(
          title,
          key,
          shown.has(key),
          (on) => {
            const others = [...shown].filter((shownKey) => shownKey !== key);
            this.choose(on ? [...others, key] : others);
          },
          help,
        ),
      );
    const active = focusIn(this.el);
    const focused = active instanceof HTMLElement && this.box.contains(active) ? active.dataset.column : undefined;
    const grid = element("div", "esm-columns-grid");
    grid.append(...boxes);
    this.box.replaceChildren(fit, grid);
    const again = focused !== undefined && this.box.querySelector(`[data-column="${focused}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {string} title @param {string} key @param {boolean} on @param {(on: boolean) => void} act */
  check(title, key, on, act, help = "") {
    const label = element("label", "esm-columns-check");
    const box = tickBox(on, act, this.signal);
    box.dataset.column = key;
    label.title = help;
    label.append(box, title);
    return label;
  }

  /** @param {string[]} keys */
  choose(keys) {
    this.chosen = new Set(keys);
    this.host.choose(keys);
  }
}
