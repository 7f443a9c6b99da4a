// The form of one stage: track, steps and every option, each with a sentence on what it does. What is
// typed goes to the kernel at once; what it refuses stays in the field, with the reason below.

import { button, element, option, originOf, write } from "../browser/dom.js";
import { hideBox, showBeside } from "../browser/top_layer.js";

/** @import { PanelModel, StageOption, StageShown } from "./types" */

export class StageForm {
  el = element("div", "esm-popover esm-stage-form");
  problem = element("div", "esm-wrong");
  fields = element("div", "esm-stage-fields");
  at = -1;
  /** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */
  inputs = {};

  /**
   * @param {PanelModel} model
   * @param {{change(at: number, stage: StageShown): void, move(at: number, by: number): void,
   *   remove(at: number): void}} acts
   * @param {AbortSignal} signal
   */
  constructor(model, acts, signal) {
    this.model = model;
    this.acts = acts;
    this.signal = signal;
    this.el.hidden = true;
    this.el.setAttribute("role", "dialog");
    this.el.setAttribute("aria-label", "Stage of the recipe");
    this.problem.setAttribute("role", "alert");
    this.title = element("span", "esm-title");
    const head = element("div", "esm-stage-head");
    const one = (
      /** @type {string} */ name,
      /** @type {string} */ hint,
      /** @type {string} */ act,
      /** @type {() => void} */ run,
    ) => button(name, { hint, act }, run, signal);
    head.append(
      this.title,
      element("span", "esm-right"),
      one("rewind", "Earlier in the recipe", "stage-earlier", () => acts.move(this.at, -1)),
      one("step", "Later in the recipe", "stage-later", () => acts.move(this.at, 1)),
      one("discard", "Take this stage out", "stage-remove", () => acts.remove(this.at)),
      one("close", "Close", "stage-close", () => this.close(true)),
    );
    this.el.append(head, this.problem, this.fields);
    this.build();
    this.el.addEventListener(
      "keydown",
      (event) => {
        event.stopPropagation();
        if (event.key === "Escape") this.close(true);
      },
      { signal },
    );
    document.addEventListener(
      "pointerdown",
      (event) => {
        const target = originOf(event);
        const chip = target instanceof Element && target.closest("[data-stage], [data-act='add-stage']");
        if (!chip && !this.el.contains(target)) this.close();
      },
      { signal },
    );
  }

  get open() {
    return !this.el.hidden;
  }

  build() {
    const { tracks, most_steps, options } = this.model.get("options").stage;
    const track = element("select", "esm-choice");
    track.append(...tracks.map(([name, title]) => option(title, name)));
    this.line("track", "track", "What this stage fills.", track);
    const steps = numberInput(1, most_steps, 1);
    this.line("steps", "steps", "In how many passes of the model it fills it; more is slower and often better.", steps);
    for (const one of options) this.line(one.name, one.title, one.about, inputOf(one));
  }

  /** @param {string} name @param {string} title @param {string} about @param {HTMLInputElement | HTMLSelectElement} input */
  line(name, title, about, input) {
    const label = element("label");
    const sentence = element("span", "esm-muted", about);
    sentence.id = `esm-${name}-${Math.random().toString(36).slice(2)}`;
    input.setAttribute("aria-describedby", sentence.id);
    input.dataset.option = name;
    input.addEventListener("change", () => this.changed(), { signal: this.signal });
    label.append(element("b", "", title), input, sentence);
    this.fields.append(label);
    this.inputs[name] = input;
  }

  changed() {
    const { track, steps, ...options } = Object.fromEntries(
      Object.entries(this.inputs).map(([name, input]) => [name, input.value.trim()]),
    );
    this.acts.change(this.at, { track, steps: Number(steps), options });
  }

  /** @param {number} at @param {HTMLElement} chip */
  show(at, chip) {
    this.at = at;
    this.fill();
    this.follow(chip);
    this.inputs.steps.focus({ preventScroll: true });
  }

  /**
   * Beside the stage's chip, which is made anew with every change.
   * @param {HTMLElement} chip
   */
  follow(chip) {
    this.chip = chip;
    showBeside(this.el, chip);
  }

  close(back = false) {
    if (!this.open) return;
    hideBox(this.el);
    if (back && this.chip?.isConnected) this.chip.focus({ preventScroll: true });
  }

  fill() {
    const stages = this.model.get("stages");
    const stage = stages[this.at];
    if (!stage) return;
    write(this.title, `Stage ${this.at + 1} of ${stages.length}`);
    const settings = this.model.get("settings");
    /** @type {Record<string, string>} */
    const held = { ...stage.options, track: stage.track, steps: String(stage.steps) };
    for (const [name, input] of Object.entries(this.inputs)) {
      input.value = held[name] ?? "";
      const plain = String(settings[name] ?? this.plain(name));
      if (input instanceof HTMLInputElement && !input.placeholder) input.placeholder = plain;
      if (input instanceof HTMLSelectElement && name !== "track") write(input.options[0], `as set (${plain})`);
    }
  }

  /** @param {string} name */
  plain(name) {
    return this.model.get("options").stage.options.find((one) => one.name === name)?.default ?? "";
  }

  // While something is refused, what was typed stays.
  draw() {
    const refused = this.model.get("rejected")?.recipe !== undefined;
    write(this.problem, refused ? this.model.get("error") : "");
    this.problem.hidden = !refused;
    if (this.open && !refused) this.fill();
  }
}

/** @param {StageOption} one */
function inputOf(one) {
  if (one.kind === "choice") {
    const choice = element("select", "esm-choice");
    choice.append(option("as set", ""), ...one.choices.map((name) => option(name.replace("_", " "), name)));
    return choice;
  }
  if (one.kind !== "text") return numberInput(one.least, one.most, one.kind === "whole" ? 1 : 0.05);
  const text = element("input", "esm-text");
  text.placeholder = one.example;
  text.spellcheck = false;
  return text;
}

/** @param {number | null} least @param {number | null} most @param {number} step */
function numberInput(least, most, step) {
  const input = element("input", "esm-number");
  input.type = "number";
  input.step = String(step);
  if (least !== null) input.min = String(least);
  if (most !== null) input.max = String(most);
  return input;
}
