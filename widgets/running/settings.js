// Recipe, seed, how values are drawn, and how closely the prompt is followed.

import { bounded, button, element, focusIn, option, wordButton, write } from "../browser/dom.js";
import { RecipeChips } from "./recipe_chips.js";

/** @import { PanelModel, Settings } from "./types" */

const MOST_GUIDANCE = 5;
const ROOM = 110;
/** Seeds that another one is drawn from: few enough to be typed again. */
const SEEDS = 100_000;
/** Numbers that stages have too, and by how much a press changes them. @type {[name: string, step: number][]} */
const NUMBERS = [
  ["temperature", 0.1],
  ["top_p", 0.05],
];

export class RunSettings {
  line = element("div", "esm-line");
  more = element("div", "esm-more");
  runFields = element("span", "esm-group esm-run-fields");
  /** @type {HTMLButtonElement | undefined} */
  opener = undefined;
  estimate = element("span", "esm-estimate");
  guides = element("div", "esm-line esm-guides");
  /** @type {Map<string, {input: HTMLInputElement, weight: HTMLOutputElement}>} */
  sliders = new Map();
  /** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */
  fields = {};
  /** Whether somebody has folded the settings by hand. */
  chosen = false;

  /** @param {PanelModel} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.model = model;
    this.signal = signal;
    this.chips = new RecipeChips(model, (recipe) => this.send({ recipe }), signal);
    this.buildRunFields();
    this.buildLine();
    this.buildMore();
  }

  /** @param {Settings} changes */
  set(changes) {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.send(changes);
  }

  /** @param {Settings} changes */
  send(changes) {
    this.model.send({ type: "settings", changes });
  }

  // Beside Run: how many designs, from which seed.
  buildRunFields() {
    const { bounds } = this.model.get("options");
    const seed = this.numberField("seed", ...bounds.seed, 1);
    const another = () => this.set({ seed: Math.floor(Math.random() * SEEDS) });
    const dice = button("dice", { hint: "Another seed" }, another, this.signal);
    const designs = this.numberField("designs", ...bounds.designs, 1);
    this.runFields.append(labelled("designs", designs), labelled("seed", seed), dice);
  }

  buildLine() {
    const recipe = this.field("recipe", "esm-text", "Recipe");
    recipe.title = "The recipe as text: tracks in the order they are sampled, each with its number of steps";
    const preset = element("select", "esm-choice esm-preset");
    preset.title = "Recipes to start from";
    preset.setAttribute("aria-label", "Recipes to start from");
    preset.append(option("Presets", ""));
    for (const [name, text] of this.model.get("options").presets) preset.append(option(`${name}  (${text})`, text));
    preset.addEventListener(
      "change",
      () => {
        if (preset.value) this.set({ recipe: preset.value });
        preset.value = "";
      },
      { signal: this.signal },
    );
    const turn = () => {
      this.chosen = true;
      this.unfold(Boolean(this.more.hidden));
    };
    const hint = "Settings of the whole run, for stages that do not say otherwise";
    this.opener = wordButton("Settings", { hint, act: "settings" }, turn, this.signal);
    this.line.append(element("span", "esm-muted", "Recipe"), this.chips.el, preset, recipe, this.opener);
  }

  buildMore() {
    const line = element("div", "esm-line");
    const options = this.model.get("options");
    const { stage } = options;
    const numbers = NUMBERS.flatMap(([name, step]) => {
      const option = stage.options.find((option) => option.name === name);
      return option ? [labelled(option.title, this.numberField(name, option.least, option.most, step))] : [];
    });
    line.append(
      this.estimate,
      labelled("schedule", this.choice("schedule", options.schedules)),
      labelled("steps each", this.numberField("steps", 1, stage.most_steps, 1)),
      labelled("order", this.choice("strategy", options.strategies)),
      ...numbers,
    );
    this.guides.title = "0 samples as usual; more follows what the prompt gives on this track more closely";
    this.more.append(line, this.guides);
    this.unfold(false);
  }

  /** @param {boolean} open */
  unfold(open) {
    this.more.hidden = !open;
    this.opener?.setAttribute("aria-expanded", String(open));
    this.opener?.classList.toggle("esm-on", open);
  }

  // Settings stay folded where they would make the bench higher, until somebody folds them by hand.
  useRoom() {
    const { more } = this;
    if (this.chosen || !more.hidden || !more.parentElement) return;
    const room = more.parentElement.getBoundingClientRect().bottom - this.line.getBoundingClientRect().bottom;
    if (room > ROOM) this.unfold(true);
  }

  /** @param {string} name @param {string} classes @param {string} label */
  field(name, classes, label) {
    const input = element("input", classes);
    input.setAttribute("aria-label", label);
    input.addEventListener("change", () => this.set({ [name]: input.value }), { signal: this.signal });
    this.fields[name] = input;
    return input;
  }

  /** @param {string} name @param {number | null} least @param {number | null} most @param {number} step */
  numberField(name, least, most, step) {
    return bounded(this.field(name, "esm-number", name), least, most, step);
  }

  /** @param {string} name @param {string[]} values */
  choice(name, values) {
    const select = element("select", "esm-choice");
    select.setAttribute("aria-label", name);
    for (const value of values) select.append(option(value.replace("_", " "), value));
    select.addEventListener("change", () => this.set({ [name]: select.value }), { signal: this.signal });
    this.fields[name] = select;
    return select;
  }

  // One slider for each track or annotation that the prompt gives.
  drawGuides() {
    const rows = this.model.get("guidance");
    const names = rows.map(([name]) => name).join("\n");
    if (names !== [...this.sliders.keys()].join("\n")) {
      this.sliders.clear();
      const heading = rows.length ? [element("span", "", "Guidance")] : [];
      this.guides.replaceChildren(...heading, ...rows.map(([name, title]) => this.guide(name, title)));
    }
    for (const [name, , value] of rows) {
      const slider = this.sliders.get(name);
      if (!slider) continue;
      if (focusIn(slider.input) !== slider.input) slider.input.value = String(value);
      slider.weight.textContent = String(Number(slider.input.value));
    }
  }

  /** @param {string} name @param {string} title */
  guide(name, title) {
    const { signal } = this;
    const input = element("input", "esm-guide");
    Object.assign(input, { type: "range", min: "0", max: String(MOST_GUIDANCE), step: "0.25" });
    input.dataset.name = name;
    input.setAttribute("aria-label", `Guidance by ${title}`);
    const weight = element("output");
    const value = () => Number(input.value);
    input.addEventListener("input", () => (weight.textContent = String(value())), { signal });
    input.addEventListener("change", () => this.model.send({ type: "guide", name, weight: value() }), { signal });
    this.sliders.set(name, { input, weight });
    const label = labelled(title, input);
    label.append(weight);
    return label;
  }

  // What was refused stays as it was typed, and is marked.
  draw() {
    write(this.estimate, this.model.get("estimate"));
    this.chips.draw();
    const rejected = this.model.get("rejected") ?? {};
    const typed = { ...this.model.get("settings"), ...rejected };
    for (const [name, input] of Object.entries(this.fields)) {
      input.setAttribute("aria-invalid", String(name in rejected));
      const known = name in typed && focusIn(input) !== input;
      if (known && input.value !== String(typed[name])) input.value = String(typed[name]);
    }
  }
}

/** @param {string} text @param {HTMLElement} input */
function labelled(text, input) {
  const label = element("label", "", text);
  label.append(input);
  return label;
}
