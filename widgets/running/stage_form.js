// The form of one stage: track, steps and what most stages are set by; all other options in groups that
// unfold. The field pointed at or typed in says what it does. What is typed goes to the kernel at once;
// what it refuses stays in the field, with the reason below.

import { bounded, button, element, option, originOf, wordButton, write } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";

/** @import { PanelModel, StageOption, StageShown } from "./types" */

const POINT = "Point at a field to read what it does.";

export class StageForm {
  el = element("div", "esm-stage-form");
  problem = element("div", "esm-wrong");
  fields = element("div", "esm-stage-fields");
  more = element("div", "esm-stage-fields");
  help = element("span", "esm-stage-help esm-muted", POINT);
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
    this.popover = new Popover(this.el, null, this.el, { signal, openers: "[data-stage], [data-act='add-stage']" });
    this.el.setAttribute("role", "dialog");
    this.el.setAttribute("aria-label", "Stage of the recipe");
    this.problem.setAttribute("role", "alert");
    this.title = element("span", "esm-title");
    const head = element("div", "esm-stage-head");
    /** @param {string} picture @param {string} hint @param {string} act @param {() => void} run */
    const iconButton = (picture, hint, act, run) => button(picture, { hint, act }, run, signal);
    head.append(
      this.title,
      this.help,
      iconButton("rewind", "Earlier in the recipe", "stage-earlier", () => acts.move(this.at, -1)),
      iconButton("step", "Later in the recipe", "stage-later", () => acts.move(this.at, 1)),
      iconButton("discard", "Take this stage out", "stage-remove", () => acts.remove(this.at)),
      iconButton("close", "Close", "stage-close", () => this.popover.close(true)),
    );
    this.el.append(head, this.problem, this.fields, this.more);
    this.help.setAttribute("aria-hidden", "true");
    const unfolding = { hint: "Options that few stages have", act: "stage-more" };
    this.unfolding = wordButton("More options", unfolding, () => this.unfold(Boolean(this.more.hidden)), signal);
    this.build();
    for (const name of /** @type {const} */ (["pointerover", "focusin"]))
      this.el.addEventListener(name, (event) => this.explain(originOf(event)), { signal });
  }

  get open() {
    return this.popover.isOpen;
  }

  build() {
    const { tracks, most_steps, options } = this.model.get("options").stage;
    const track = element("select", "esm-choice");
    track.append(...tracks.map(([name, title]) => option(title, name)));
    const what = { name: "track", title: "track", about: "What this stage fills." };
    const often = "In how many passes of the model it fills it; more is slower and often better.";
    const steps = { name: "steps", title: "steps", about: often };
    this.fields.append(
      this.line(what, track),
      this.line(steps, bounded(element("input", "esm-number"), 1, most_steps, 1)),
    );
    /** @type {Map<string, HTMLElement>} */
    const groups = new Map([["", this.fields]]);
    for (const option of options) {
      const fields = groups.get(option.group) ?? this.group(option.group);
      groups.set(option.group, fields);
      fields.append(this.line(option, inputOf(option)));
    }
    this.fields.append(this.unfolding);
  }

  /** @param {string} title */
  group(title) {
    const group = element("div", "esm-stage-group");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", title);
    this.more.append(group);
    return group;
  }

  /** @param {{name: string, title: string, about: string}} option @param {HTMLInputElement | HTMLSelectElement} input */
  line({ name, title, about }, input) {
    const label = element("label");
    const sentence = element("span", "", about);
    sentence.id = `esm-${name}-${Math.random().toString(36).slice(2)}`;
    sentence.hidden = true;
    input.setAttribute("aria-describedby", sentence.id);
    input.dataset.option = name;
    input.addEventListener("change", () => this.changed(), { signal: this.signal });
    label.append(element("span", "", title), input, sentence);
    this.inputs[name] = input;
    return label;
  }

  /** @param {boolean} on */
  unfold(on) {
    this.more.hidden = !on;
    write(this.unfolding, on ? "Fewer options" : "More options");
    this.unfolding.setAttribute("aria-expanded", String(on));
    if (this.open) this.popover.open();
  }

  /** @param {EventTarget | null} at */
  explain(at) {
    const [title, , sentence] = (at instanceof Element && at.closest("label")?.children) || [];
    if (sentence) write(this.help, `${title.textContent}: ${sentence.textContent}`);
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
    write(this.help, POINT);
    const { options } = this.model.get("stages")[at] ?? { options: {} };
    const grouped = this.model.get("options").stage.options.filter(({ group }) => group);
    this.unfold(grouped.some(({ name }) => name in options));
    this.follow(chip);
    this.inputs.steps.focus({ preventScroll: true });
  }

  /**
   * Beside the stage's chip, which is made anew with every change.
   * @param {HTMLElement} chip
   */
  follow(chip) {
    this.popover.openBeside(chip);
  }

  close() {
    this.popover.close();
  }

  fill() {
    const stages = this.model.get("stages");
    const stage = stages[this.at];
    if (!stage) return;
    write(this.title, `Stage ${this.at + 1} of ${stages.length}`);
    const settings = this.model.get("settings");
    /** @type {Record<string, string>} */
    const values = { ...stage.options, track: stage.track, steps: String(stage.steps) };
    for (const [name, input] of Object.entries(this.inputs)) {
      input.value = values[name] ?? "";
      const plain = String(settings[name] ?? this.plain(name));
      if (input instanceof HTMLInputElement && !input.placeholder) input.placeholder = plain;
      if (input instanceof HTMLSelectElement && name !== "track") write(input.options[0], `as set (${plain})`);
    }
  }

  /** @param {string} name */
  plain(name) {
    return this.model.get("options").stage.options.find((option) => option.name === name)?.default ?? "";
  }

  // While something is refused, what was typed stays.
  draw() {
    const refused = this.model.get("rejected")?.recipe !== undefined;
    write(this.problem, refused ? this.model.get("error") : "");
    this.problem.hidden = !refused;
    if (this.open && !refused) this.fill();
  }
}

/** @param {StageOption} stageOption */
function inputOf({ kind, choices, least, most, example }) {
  if (kind === "choice") {
    const choice = element("select", "esm-choice");
    choice.append(option("as set", ""), ...choices.map((name) => option(name.replace("_", " "), name)));
    return choice;
  }
  if (kind !== "text") return bounded(element("input", "esm-number"), least, most, kind === "whole" ? 1 : 0.05);
  const text = element("input", "esm-text");
  text.placeholder = example;
  text.spellcheck = false;
  return text;
}
