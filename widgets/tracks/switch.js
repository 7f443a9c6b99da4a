// The line above the tracks: whether the prompt or a result is on view, and which. A change made on a
// result is asked about in place.

import { element, explain, wordButton, write } from "../browser/dom.js";
import { hideBox, showAt } from "../browser/top_layer.js";

/** @import { TrackModel } from "./types" */

const SIDES = /** @type {const} */ (["prompt", "result"]);
const HINTS = { prompt: "Look at the prompt and paint on it", result: "Look at what a run made" };
const BELOW = 14;

export class ViewSwitch {
  /** @param {TrackModel} model @param {() => void} leave @param {AbortSignal} signal */
  constructor(model, leave, signal) {
    this.model = model;
    this.leave = leave;
    this.signal = signal;
    this.spot = { x: 0, y: 0 };
    this.el = element("div", "esm-switch");
    this.sides = element("div", "esm-sides");
    this.sides.setAttribute("role", "radiogroup");
    this.sides.setAttribute("aria-label", "On view");
    /** @type {Record<string, HTMLButtonElement>} */
    this.buttons = {};
    for (const side of SIDES) this.sides.append(this.side(side));
    this.named = element("span", "esm-named");
    this.free = this.button("", "Mask again what the model filled", () => model.send({ type: "free" }));
    this.free.dataset.act = "free";
    this.el.append(this.sides, this.named, this.free);
    this.box = element("div", "esm-popover esm-question");
    this.box.setAttribute("role", "alertdialog");
    this.box.hidden = true;
    this.box.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    window.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    model.on("change:on_view", () => this.draw(), { signal });
    model.on("change:question", () => this.ask(), { signal });
    this.draw();
    this.ask();
  }

  /**
   * On top of the view, with the question inside it and these elements at its end.
   * @param {HTMLElement} view @param {HTMLElement[]} [last]
   */
  attach(view, last = []) {
    this.el.append(element("span", "esm-right"), ...last);
    view.prepend(this.el);
    view.append(this.box);
    view.addEventListener("pointerup", (event) => this.pointed(event), { signal: this.signal, capture: true });
  }

  /** @param {"prompt" | "result"} side */
  side(side) {
    const name = side === "prompt" ? "Prompt" : "Result";
    const button = this.button(name, HINTS[side], () => this.model.send({ type: "look", what: side }));
    button.setAttribute("role", "radio");
    button.dataset.side = side;
    this.buttons[side] = button;
    return button;
  }

  /** @param {string} word @param {string} hint @param {() => void} run */
  button(word, hint, run) {
    return wordButton(word, { hint }, run, this.signal);
  }

  draw() {
    const view = this.model.get("on_view");
    for (const side of SIDES) {
      const on = view.result === (side === "result");
      this.buttons[side].setAttribute("aria-checked", String(on));
      this.buttons[side].classList.toggle("esm-on", on);
    }
    const missing = view.ready || view.result ? "" : "no run has made anything yet";
    explain(this.buttons.result, HINTS.result, missing);
    this.sides.hidden = !view.live;
    write(this.named, view.result ? view.title : view.origin);
    this.el.classList.toggle("esm-of-result", view.result);
    this.free.hidden = !view.live || view.result || !view.sampled;
    write(this.free, `Free ${view.sampled} filled ${view.sampled === 1 ? "value" : "values"}`);
  }

  // Where the pointer was last, in the view that holds the box.
  /** @param {PointerEvent} event */
  pointed(event) {
    const { left, top } = this.corner;
    this.spot = { x: event.clientX - left, y: event.clientY - top + BELOW };
  }

  get corner() {
    return this.box.parentElement?.getBoundingClientRect() ?? { left: 0, top: 0 };
  }

  /** @param {string} choice */
  answer(choice) {
    this.model.send({ type: "answer", choice });
    this.leave();
  }

  ask() {
    const { text, choices = [] } = this.model.get("question");
    if (!text) return hideBox(this.box);
    this.box.setAttribute("aria-label", text);
    const answers = choices.map(([answer, word]) => {
      const button = this.button(word, "", () => this.answer(answer));
      button.dataset.answer = answer;
      return button;
    });
    answers[0].classList.add("esm-go");
    const never = this.button("Cancel", "Leave everything as it is", () => this.answer(""));
    this.box.replaceChildren(element("p", "", text), ...answers, never);
    const { left, top } = this.corner;
    showAt(this.box, left + this.spot.x, top + this.spot.y);
    answers[0].focus({ preventScroll: true });
  }

  // Escape leaves the question, wherever the keys have gone meanwhile.
  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.box.hidden || event.key !== "Escape") return;
    const at = event.target instanceof Element && event.target.closest(".esm-popover");
    if (at && at !== this.box) return;
    event.preventDefault();
    event.stopPropagation();
    this.answer("");
  }
}
