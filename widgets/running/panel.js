// Recipe, settings, transport, progress, timeline and messages.

import { button, element, icon, write } from "../browser/dom.js";
import { allowed, barsOf, planText, remainingText, stepText } from "./progress_text.js";
import { revive } from "../browser/reconnect.js";

const TRANSPORT = [
  ["run", "Run", "Run the recipe, or go on with the paused run"],
  ["step", "Step", "Take one model step"],
  ["pause", "Pause", "Rest after the step in hand"],
  ["stop", "Stop", "End the run; what was sampled is kept"],
];
const TIMELINE = [
  ["rewind", "Rewind", "Back to the prompt, or to the step on view"],
  ["branch", "Branch", "Take the step on view as the new prompt and paint on"],
];
const MOST_GUIDANCE = 5;
const SETTINGS_HEIGHT = 110;
const NUMBERS = [
  ["temperature", "temperature", 0, 5, 0.1],
  ["top_p", "top-p", 0.05, 1, 0.05],
];

class Panel {
  constructor(model, el, signal) {
    this.model = model;
    this.signal = signal;
    this.fields = {};
    el.classList.add("esm-view", "esm-run");
    el.append(
      this.transport(), this.errorLine(), this.timeline(), this.saidOfStep(), this.recipeLine(), this.details(),
    );
    model.on("change:plan", () => this.drawPlan(), { signal });
    model.on("change:guidance", () => this.drawGuides(), { signal });
    for (const name of ["settings", "rejected", "run_state", "status", "error", "estimate", "notes"]) {
      model.on(`change:${name}`, () => this.redraw(), { signal });
    }
    el.addEventListener("keydown", (event) => event.target.matches("input, select") && event.stopPropagation(), { signal });
    this.drawPlan();
    this.drawGuides();
    this.draw();
    const grown = new ResizeObserver(() => this.useRoom());
    grown.observe(el);
    signal.addEventListener("abort", () => grown.disconnect());
  }

  // Settings stay folded where they would make the bench higher, until somebody folds them by hand.
  useRoom() {
    const { more } = this;
    if (more.dataset.chosen || more.open) return;
    const room = more.parentElement.getBoundingClientRect().bottom - more.getBoundingClientRect().bottom;
    more.open = room > SETTINGS_HEIGHT;
  }

  send(type, content = {}) {
    this.model.send({ type, ...content });
  }

  set(changes) {
    document.activeElement?.blur?.();
    this.send("settings", { changes });
  }

  recipeLine() {
    const line = element("div", "esm-line");
    this.recipe = this.field("recipe", "esm-text", "Recipe");
    this.recipe.title = "Tracks in the order they are sampled, each with its number of steps";
    const preset = element("select", "esm-choice esm-preset");
    preset.title = "Recipes to start from";
    preset.setAttribute("aria-label", "Recipes to start from");
    preset.append(new Option("Presets", ""));
    for (const [name, recipe] of this.model.get("options").presets) {
      preset.append(new Option(`${name}  (${recipe})`, recipe));
    }
    preset.addEventListener(
      "change",
      () => {
        if (preset.value) this.set({ recipe: preset.value });
        preset.value = "";
      },
      { signal: this.signal },
    );
    const seed = this.numberField("seed", 0, 2 ** 31 - 1, 1);
    const another = () => this.set({ seed: Math.floor(Math.random() * 100000) });
    const dice = button("dice", { hint: "Another seed" }, another, this.signal);
    line.append(
      this.labelled("Recipe", this.recipe, "flex: 1 1 200px"), preset,
      this.labelled("seed", seed), dice,
    );
    return line;
  }

  details() {
    const details = (this.more = element("details"));
    const summary = element("summary", "", "More settings");
    this.estimate = element("span", "esm-estimate");
    summary.append(this.estimate);
    details.append(summary);
    summary.addEventListener("click", () => (details.dataset.chosen = "true"), { signal: this.signal });
    const line = element("div", "esm-line");
    const options = this.model.get("options");
    line.append(
      this.labelled("schedule", this.choice("schedule", options.schedules)),
      this.labelled("designs", this.numberField("designs", 1, 1000, 1)),
      this.labelled("steps each", this.numberField("steps", 1, 1000, 1)),
      this.labelled("order", this.choice("strategy", options.strategies)),
      ...NUMBERS.map(([name, title, ...range]) => this.labelled(title, this.numberField(name, ...range))),
    );
    this.guides = element("div", "esm-line esm-guides");
    this.guides.title = "0 samples as usual; more follows what the prompt gives on this track more closely";
    details.append(line, this.guides);
    return details;
  }

  // One slider for each track or annotation that the prompt gives.
  drawGuides() {
    const rows = this.model.get("guidance");
    const names = rows.map(([name]) => name).join("\n");
    if (names !== this.guided) {
      this.guided = names;
      const heading = rows.length ? [element("span", "", "follow the prompt's")] : [];
      this.guides.replaceChildren(...heading, ...rows.map((row) => this.guide(...row)));
    }
    for (const [name, , weight] of rows) {
      const input = [...this.guides.querySelectorAll("input")].find((one) => one.dataset.name === name);
      if (document.activeElement !== input) input.value = weight;
      input.nextSibling.textContent = Number(input.value);
    }
  }

  guide(name, title) {
    const input = element("input", "esm-guide");
    Object.assign(input, { type: "range", min: 0, max: MOST_GUIDANCE, step: 0.25 });
    input.dataset.name = name;
    input.setAttribute("aria-label", `Guidance by ${title}`);
    const weight = element("output");
    input.addEventListener("input", () => (weight.textContent = Number(input.value)), { signal: this.signal });
    input.addEventListener(
      "change", () => this.send("guide", { name, weight: Number(input.value) }), { signal: this.signal },
    );
    const label = this.labelled(title, input);
    label.append(weight);
    return label;
  }

  transport() {
    const line = element("div", "esm-transport");
    this.buttons = {};
    this.status = element("div", "esm-status");
    this.status.setAttribute("aria-live", "polite");
    line.append(...TRANSPORT.map((one) => this.actButton(one)), this.status);
    return line;
  }

  // Under the buttons, where it is seen however much is unfolded below.
  errorLine() {
    this.error = element("div", "esm-error");
    this.error.setAttribute("role", "alert");
    this.message = element("span");
    const hint = "Put this message away";
    const dismiss = button("close", { hint, act: "dismiss" }, () => this.send("dismiss"), this.signal);
    this.error.append(icon("warning"), this.message, dismiss);
    return this.error;
  }

  timeline() {
    const line = element("div", "esm-timeline");
    this.slider = element("input");
    Object.assign(this.slider, { type: "range", min: 0, step: 1 });
    this.slider.setAttribute("aria-label", "Step on view");
    this.slider.title = "Look at any step, also while the run goes on; 0 is the prompt, the last one follows the run";
    this.slider.addEventListener("input", () => this.scrub(), { signal: this.signal });
    this.slider.addEventListener("change", () => (this.scrubbing = false), { signal: this.signal });
    this.where = element("output");
    this.plan = element("div", "esm-plan");
    this.plan.setAttribute("role", "img");
    const track = element("div", "esm-track");
    track.append(this.plan, this.slider);
    line.append(track, this.where, ...TIMELINE.map((one) => this.actButton(one)));
    return line;
  }

  // What a step left undone, how its gates were met, and why a run ended.
  saidOfStep() {
    this.notes = element("ul", "esm-notes");
    this.notes.setAttribute("aria-label", "Notes on the step on view");
    return this.notes;
  }

  actButton([name, word, hint]) {
    const classes = name === "run" ? "esm-go" : "";
    this.buttons[name] = button(name, { word, hint, classes }, () => this.press(name), this.signal);
    return this.buttons[name];
  }

  // At most one request on its way; the newest position wins. Who goes to the newest step follows the run.
  scrub() {
    this.scrubbing = true;
    const run = this.model.get("run_state");
    const asked = Number(this.slider.value);
    const shown = Math.min(asked, run.taken);
    this.slider.value = shown;
    this.where.textContent = stepText({ ...run, shown });
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.send("show", { index: asked < run.taken ? shown : run.total }), 60);
  }

  press(name) {
    if (name !== "rewind") {
      this.send(name);
      return;
    }
    const { shown, taken } = this.model.get("run_state");
    this.send("rewind", { index: shown < taken ? shown : 0 });
  }

  field(name, classes, label) {
    const input = element("input", classes);
    input.setAttribute("aria-label", label);
    input.addEventListener("change", () => this.set({ [name]: input.value }), { signal: this.signal });
    this.fields[name] = input;
    return input;
  }

  numberField(name, min, max, step) {
    const input = this.field(name, "esm-number", name);
    Object.assign(input, { type: "number", min, max, step });
    return input;
  }

  choice(name, values) {
    const select = element("select", "esm-choice");
    select.setAttribute("aria-label", name);
    for (const value of values) select.append(new Option(value.replace("_", " "), value));
    select.addEventListener("change", () => this.set({ [name]: select.value }), { signal: this.signal });
    this.fields[name] = select;
    return select;
  }

  labelled(text, input, style = "") {
    const label = element("label", "", text);
    label.style = style;
    label.append(input);
    return label;
  }

  // Residues that each pass fills, as bars over the timeline.
  drawPlan() {
    const plan = this.model.get("plan");
    const most = Math.max(1, ...plan.map(([, count]) => count));
    const parts = barsOf(plan, 160).map(({ track, count, first, last }) => {
      const bar = element("i", `esm-bar esm-of-${track}`);
      bar.style.height = `${Math.max(14, (100 * count) / most)}%`;
      const steps = first === last ? `step ${first}` : `steps ${first}–${last}, each`;
      bar.title = `${steps}: ${Math.round(count)} of ${track}`;
      bar.dataset.last = last;
      return bar;
    });
    this.plan.replaceChildren(...parts);
    this.plan.setAttribute("aria-label", `Plan: ${planText(plan)}`);
    this.drawTaken();
  }

  drawTaken() {
    const { taken } = this.model.get("run_state");
    for (const bar of this.plan.children) bar.classList.toggle("esm-taken", Number(bar.dataset.last) <= taken);
  }

  // Once for all traits of one message.
  redraw() {
    this.waiting ??= Promise.resolve().then(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  draw() {
    const { model } = this;
    write(this.estimate, model.get("estimate"));
    this.drawTaken();
    this.drawSettings({ ...model.get("settings"), ...model.get("rejected") }, model.get("rejected") ?? {});
    const run = model.get("run_state");
    const may = allowed(run);
    for (const [name, one] of Object.entries(this.buttons)) {
      const idle = !may[name];
      if (one.disabled !== idle) one.disabled = idle;
    }
    const back = !run.design && run.shown > 0 && run.shown < run.taken ? `Rewind to ${run.shown}` : "Rewind";
    write(this.buttons.rewind.lastChild, back);
    write(this.buttons.run.lastChild, run.goes_on ? "Go on" : "Run");
    const share = run.total ? (100 * run.taken) / run.total : 0;
    this.slider.style.setProperty("--taken", `${share}%`);
    const left = run.phase === "running" ? remainingText(run.remaining) : "";
    const said = [left, model.get("status")].filter(Boolean).join("  ·  ");
    write(this.status, said);
    this.status.title = said;
    this.slider.max = Math.max(1, run.total);
    this.slider.disabled = run.taken === 0;
    if (!this.scrubbing) this.slider.value = run.shown;
    write(this.where, stepText(run));
    this.slider.setAttribute("aria-valuetext", stepText(run));
    this.drawNotes(model.get("notes") ?? []);
    write(this.message, model.get("error"));
    this.error.hidden = !model.get("error");
  }

  // What was refused stays as it was typed, and is marked.
  drawSettings(typed, rejected) {
    for (const [name, input] of Object.entries(this.fields)) {
      input.setAttribute("aria-invalid", name in rejected);
      const known = name in typed && document.activeElement !== input;
      if (known && input.value !== String(typed[name])) input.value = typed[name];
    }
  }

  drawNotes(notes) {
    if (notes.join("\n") === this.noted) return;
    this.noted = notes.join("\n");
    this.notes.replaceChildren(...notes.map((note) => element("li", "", note)));
    this.notes.hidden = !notes.length;
  }
}

export default {
  render({ model, el, signal }) {
    revive(model);
    el.panelView = new Panel(model, el, signal);
  },
};
