// The card at a cell: what the model would choose there, as bars. Where the mouse rests it comes to be
// looked at, and lets every press through to the tracks below; the key ? keeps it, to click a choice.

import { busOf, hear } from "../browser/bus.js";
import { button, element, explain, focusIn, originOf, write } from "../browser/dom.js";
import { clamp } from "../browser/numbers.js";
import { connected } from "../browser/reconnect.js";

/**
 * @import { CellPlace, Rendering } from "../browser/types"
 * @import { Bar, Card, CardModel } from "./card_types"
 */

/** From the last movement of the mouse to the question, and to the card: a mouse that only passes asks nothing. */
const ASK_MS = 15;
const REST_MS = 60;
const LEAVE_MS = 250;
const PATIENCE_MS = 300;
const WIDTH = 264;
const MARGIN = 6;

class CellCard {
  title = element("span", "esm-card-title");
  note = element("div", "esm-muted esm-card-note");
  list = element("div", "esm-card-bars");
  hovering = element("input");
  spoken = element("div", "esm-spoken");
  /** The cell that it is about, or will be. @type {CellPlace | null} */
  cell = null;
  pinned = false;
  /** What the kernel has told of what is on view. @type {Map<string, Card>} */
  cards = new Map();
  /** The cell that the kernel was asked about last and has not told yet. */
  requested = "";
  /** When the question at hand was asked. */
  requestedAt = 0;
  /** Milliseconds from the last time the mouse rested to the card. */
  waited = NaN;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  resting = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  asking = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  leaving = undefined;

  /** @param {CardModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    el.classList.add("esm-view", "esm-card");
    el.setAttribute("role", "dialog");
    el.setAttribute("aria-label", "What the model would choose here");
    el.hidden = true;
    const close = button("close", { hint: "Close", act: "close-card" }, () => this.close(true), signal);
    const head = element("div", "esm-card-head");
    head.append(this.title, close);
    const label = element("label", "esm-muted esm-card-hover");
    this.hovering.type = "checkbox";
    this.hovering.addEventListener("change", () => model.send({ type: "hovering", on: this.hovering.checked }), {
      signal,
    });
    label.append(this.hovering, "when the mouse rests; ? keeps it, to click a choice");
    this.list.setAttribute("role", "group");
    this.spoken.setAttribute("aria-live", "polite");
    el.append(head, this.list, this.note, label, this.spoken);
    const bus = busOf(model.get("bus"));
    hear(bus, "cell", this, (cell) => this.over(cell), signal);
    el.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener(
      "pointerdown",
      (event) => {
        if (!el.contains(originOf(event))) this.close();
      },
      { signal, capture: true },
    );
    model.on("change:epoch", () => this.renew(), { signal });
    model.on("change:on_hover", () => this.drawHovering(), { signal });
    model.on("msg:custom", (message) => this.hear(message), { signal });
    this.drawHovering();
  }

  drawHovering() {
    this.hovering.checked = this.model.get("on_hover");
  }

  /** @param {CellPlace | null} cell */
  over(cell) {
    if (cell && !this.model.get("rows").includes(cell.row)) cell = null;
    if (cell) cell = this.beside(cell);
    if (this.pinned && !cell?.called) return;
    this.forget();
    if (!cell) return this.leave();
    clearTimeout(this.leaving);
    if (cell.called) {
      const looked = this.pinned || this.el.hidden ? cell : { ...(this.cell ?? cell), called: true };
      this.keep(true);
      return this.ask(looked, performance.now());
    }
    if (!this.model.get("on_hover") || !this.model.get("ready") || same(cell, this.cell)) return;
    this.close();
    const began = performance.now();
    this.asking = setTimeout(() => this.request(cell), ASK_MS);
    this.resting = setTimeout(() => this.ask(cell, began), REST_MS);
  }

  // Nobody rests where a question or a card was to come.
  forget() {
    clearTimeout(this.asking);
    clearTimeout(this.resting);
  }

  // Where a cell lies in the bench: on the page it moves when somebody scrolls before the model answers.
  /** @param {CellPlace} cell */
  beside(cell) {
    const room = this.room.getBoundingClientRect();
    return { ...cell, left: cell.left - room.left, bottom: cell.bottom - room.top };
  }

  get room() {
    return this.el.closest(".esm-bench") ?? document.body;
  }

  leave() {
    if (this.pinned) return;
    this.forget();
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.close(), LEAVE_MS);
  }

  /** @param {CellPlace} cell @param {number} began */
  ask(cell, began) {
    this.cell = cell;
    this.requestedAt = began;
    if (this.has(cell)) return this.show();
    this.request(cell);
    setTimeout(
      () => {
        if (this.cell === cell && !this.has(cell)) this.wait(cell, "asking the model …");
      },
      cell.called ? 0 : PATIENCE_MS,
    );
  }

  /** @param {CellPlace} cell */
  request({ row, position }) {
    const name = nameOf(row, position);
    if (this.cards.has(name) || this.requested === name) return;
    this.requested = name;
    this.model.send({ type: "ask", row, position, epoch: this.model.get("epoch") });
  }

  /** @param {CellPlace} cell */
  has({ row, position }) {
    return this.cards.has(nameOf(row, position));
  }

  /** @param {import("./card_types").CardAnswer} message */
  hear(message) {
    if (message.type === "failed") {
      this.requested = "";
      if (this.cell?.position === message.position) this.wait(this.cell, message.text);
      return;
    }
    if (message.epoch !== this.model.get("epoch")) return;
    for (const card of message.cards) this.cards.set(nameOf(message.row, card.position), card);
    const { cell } = this;
    const answered = message.cards.some(({ position }) => position === cell?.position);
    if (cell?.row === message.row && answered) this.show();
  }

  // Something else is on view: what was told is of no more use.
  renew() {
    this.cards.clear();
    this.requested = "";
    if (this.pinned && this.cell) this.ask(this.cell, performance.now());
    else this.close();
  }

  show() {
    const { cell } = this;
    const card = cell && this.cards.get(nameOf(cell.row, cell.position));
    if (!cell || !card) return;
    const most = Math.max(...card.bars.map(({ chance }) => chance));
    const hadFocus = this.el.contains(focusIn(this.el));
    this.list.replaceChildren(...card.bars.map((bar) => this.bar(bar, most)));
    this.list.classList.toggle(
      "esm-card-long",
      card.bars.every(({ name }) => name.length > 2),
    );
    const read = card.masked ? "masked" : "given; read as masked here";
    this.open(cell, `${read} · entropy ${card.entropy.toFixed(2)} nats`);
    this.waited = performance.now() - this.requestedAt;
    const [first] = card.bars;
    this.spoken.textContent = `${card.label}: likeliest ${first.name}, ${percent(first.chance)}`;
    if (cell.called || hadFocus) this.focusBar(0);
    this.cell = { ...cell, called: false };
  }

  /** @param {Bar} bar @param {number} most */
  bar(bar, most) {
    const { name, chance, given, native, barred, value } = bar;
    const line = element("button", "esm-card-bar");
    line.type = "button";
    const marks = [given && "given", native && "native", barred && "not allowed"].filter(Boolean);
    explain(line, `Paint ${name}`, value === null ? "no brush writes structure codes" : "");
    line.setAttribute("aria-label", [`${name} ${percent(chance)}`, ...marks].join(", "));
    line.classList.toggle("esm-card-given", given);
    line.classList.toggle("esm-card-barred", barred);
    const room = element("span", "esm-card-room");
    const fill = element("span");
    fill.style.width = `${(100 * chance) / most}%`;
    room.append(fill);
    const short = [given && "●", native && "○"].filter(Boolean).join("");
    line.append(element("span", "esm-card-name", name), room, element("span", "esm-card-number", percent(chance)));
    line.append(element("span", "esm-card-mark", short));
    line.addEventListener("click", () => this.paint(value));
    return line;
  }

  /** @param {Bar["value"]} value */
  paint(value) {
    const { cell } = this;
    if (!cell || value === null) return;
    this.model.send({ type: "paint", row: cell.row, position: cell.position, value });
  }

  // The card of a cell that nothing is known of: bars of another cell would paint here.
  /** @param {CellPlace} cell @param {string} note */
  wait(cell, note) {
    this.list.replaceChildren();
    this.open(cell, note);
  }

  /** @param {CellPlace} cell @param {string} note */
  open(cell, note) {
    write(this.title, `${cell.label} ${this.model.get("titles")[cell.row]}`);
    write(this.note, note);
    const { el } = this;
    el.hidden = false;
    const { width } = this.room.getBoundingClientRect();
    const left = Math.max(MARGIN, Math.min(cell.left, width - WIDTH - MARGIN));
    Object.assign(el.style, { left: `${left}px`, top: `${cell.bottom + MARGIN}px`, width: `${WIDTH}px` });
  }

  /** @param {boolean} kept */
  keep(kept) {
    this.pinned = kept;
    this.el.classList.toggle("esm-kept", kept);
  }

  close(back = false) {
    this.forget();
    clearTimeout(this.leaving);
    this.keep(false);
    this.cell = null;
    if (this.el.hidden) return;
    this.el.hidden = true;
    const tracks = this.el.closest(".esm-bench")?.querySelector(".esm-canvas");
    if (back && tracks instanceof HTMLElement) tracks.focus({ preventScroll: true });
  }

  /** @param {number} step */
  focusBar(step) {
    const bars = /** @type {HTMLElement[]} */ ([...this.list.children]);
    const at = bars.indexOf(/** @type {HTMLElement} */ (focusIn(this.el)));
    bars[clamp(at + step, 0, bars.length - 1)]?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (event.key !== "Escape" && !step) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) this.focusBar(step);
    else this.close(true);
  }
}

/** @param {number} row @param {number} position */
const nameOf = (row, position) => `${row}/${position}`;

/** @param {CellPlace} cell @param {CellPlace | null} other */
const same = (cell, other) => cell.row === other?.row && cell.position === other.position;

/** @param {number} chance */
const percent = (chance) => (chance >= 0.0995 ? `${(100 * chance).toFixed(0)} %` : `${(100 * chance).toFixed(1)} %`);

export default {
  /** @param {Rendering<CardModel>} place */
  render({ model, el, signal }) {
    Object.assign(el, { card: new CellCard(connected(model), el, signal) });
  },
};
