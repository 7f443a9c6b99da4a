// The recipe as a row of chips, one for each stage: drag to reorder, click for its form. The text field
// beside it is the same recipe.

import { button, element, focusIn } from "../browser/dom.js";
import { anotherStage, chipNote, moved, recipeText, stageText } from "./recipe_text.js";
import { StageForm } from "./stage_form.js";

/** @import { PanelModel, StageShown } from "./types" */

export class RecipeChips {
  el = element("div", "esm-chips");
  row = element("div", "esm-chip-row");
  drawn = "";
  /** The chip that gets the focus and, for a new stage, its form, once the kernel has answered. */
  next = { at: -1, open: false };
  dragged = -1;

  /** @param {PanelModel} model @param {(recipe: string) => void} change @param {AbortSignal} signal */
  constructor(model, change, signal) {
    this.model = model;
    this.change = change;
    this.signal = signal;
    this.row.setAttribute("role", "list");
    this.row.setAttribute("aria-label", "Stages of the recipe");
    this.form = new StageForm(
      model,
      {
        change: (at, stage) => this.write(this.stages.map((known, k) => (k === at ? stage : known))),
        move: (at, by) => this.move(at, at + by),
        remove: (at) => this.remove(at),
      },
      signal,
    );
    const options = { hint: "Add a stage", act: "add-stage", classes: "esm-framed esm-add" };
    this.adding = button("zoom-in", options, () => this.add(), signal);
    this.el.append(this.row, this.adding, this.form.el);
    this.row.addEventListener("keydown", (event) => this.key(event), { signal });
    this.row.addEventListener("dragover", (event) => this.over(event), { signal });
    this.row.addEventListener("drop", (event) => this.drop(event), { signal });
    this.row.addEventListener("dragend", () => this.mark(-1), { signal });
  }

  /** @returns {StageShown[]} */
  get stages() {
    return this.model.get("stages");
  }

  /** @param {StageShown[]} stages */
  write(stages) {
    this.change(recipeText(stages));
  }

  add() {
    this.next = { at: this.stages.length, open: true };
    this.write([...this.stages, anotherStage(this.stages)]);
  }

  /** @param {number} at @param {number} to */
  move(at, to) {
    if (to < 0 || to >= this.stages.length || to === at) return;
    this.next = { at: to, open: this.form.open };
    this.write(moved(this.stages, at, to));
  }

  /** @param {number} at */
  remove(at) {
    if (this.stages.length < 2) return;
    this.form.close();
    this.next = { at: Math.max(0, at - 1), open: false };
    this.write(this.stages.filter((_, k) => k !== at));
  }

  draw() {
    const drawn = JSON.stringify(this.stages);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      const active = focusIn(this.el);
      const focused = this.row.contains(active) ? this.chips.indexOf(/** @type {HTMLButtonElement} */ (active)) : -1;
      const parts = this.stages.flatMap((stage, at) =>
        at ? [this.arrow(), this.chip(stage, at)] : [this.chip(stage, at)],
      );
      this.row.replaceChildren(...parts);
      const { at, open } = this.next;
      this.next = { at: -1, open: false };
      const chip = this.chips[at >= 0 ? at : focused];
      if (chip) chip.focus({ preventScroll: true });
      if (chip && open) this.form.show(at, chip);
      else if (this.form.open && this.chips[this.form.at]) this.form.follow(this.chips[this.form.at]);
    }
    this.form.draw();
  }

  get chips() {
    return [...this.row.querySelectorAll("button")];
  }

  arrow() {
    const arrow = element("span", "esm-muted", "→");
    arrow.setAttribute("aria-hidden", "true");
    return arrow;
  }

  /** @param {StageShown} stage @param {number} at */
  chip(stage, at) {
    const item = element("span");
    item.setAttribute("role", "listitem");
    const chip = element("button", `esm-button esm-framed esm-stage-chip esm-of-${stage.track}`);
    chip.type = "button";
    chip.draggable = true;
    chip.dataset.stage = String(at);
    chip.title = `${stageText(stage)}\nClick to set it; drag, or Alt ← →, to move it; Delete takes it out`;
    chip.append(element("b", "", stage.track), ` ${stage.steps}`);
    const note = chipNote(stage);
    if (note) chip.append(element("span", "esm-muted", note));
    const click = () => (this.form.open && this.form.at === at ? this.form.close() : this.form.show(at, chip));
    chip.addEventListener("click", click, { signal: this.signal });
    chip.addEventListener(
      "dragstart",
      (event) => {
        this.form.close();
        this.dragged = at;
        event.dataTransfer?.setData("text/plain", stageText(stage));
      },
      { signal: this.signal },
    );
    item.append(chip);
    return item;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = this.chips.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (at < 0) return;
    if (step && event.altKey) this.move(at, at + step);
    else if (step) this.chips[at + step]?.focus();
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * The place that a chip held here would have.
   * @param {DragEvent} event
   */
  placeOf(event) {
    const middles = this.chips.map((chip) => chip.getBoundingClientRect()).map(({ left, width }) => left + width / 2);
    const others = middles.filter((_, at) => at !== this.dragged);
    return others.filter((middle) => middle < event.clientX).length;
  }

  /** @param {DragEvent} event */
  over(event) {
    if (this.dragged < 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.mark(this.placeOf(event));
  }

  /** @param {DragEvent} event */
  drop(event) {
    if (this.dragged < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const [from, to] = [this.dragged, this.placeOf(event)];
    this.mark(-1);
    this.move(from, to);
  }

  /**
   * Shows where a chip under way would go; -1 ends it.
   * @param {number} to
   */
  mark(to) {
    const others = this.chips.filter((_, at) => at !== this.dragged);
    for (const chip of this.chips) chip.classList.remove("esm-before", "esm-after");
    if (to >= others.length) others.at(-1)?.classList.add("esm-after");
    else if (to >= 0) others[to].classList.add("esm-before");
    if (to < 0) this.dragged = -1;
  }
}
