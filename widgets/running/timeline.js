// The steps of a run: a slider over the plan, whose bars are the residues that each pass fills.

import { button, element, explain, write } from "../browser/dom.js";
import { barred, barsOf, planText, stepText } from "./progress_text.js";
import { word } from "./transport.js";

/** @import { PanelModel, RunState } from "./types" */

const MOST_BARS = 160;
const ASK_AFTER = 60;
const SCRUB = "Look at any step, also while the run goes on; 0 is the prompt, the last one follows the run";
const REWIND = "Back to the prompt, or to the step on view";
const BRANCH = "Take the step on view as the new prompt and paint on";

export class Timeline {
  el = element("div", "esm-timeline");
  slider = element("input");
  plan = element("div", "esm-plan");
  where = element("output");
  scrubbing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  asking = undefined;

  /** @param {PanelModel} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.model = model;
    Object.assign(this.slider, { type: "range", min: "0", step: "1" });
    this.slider.setAttribute("aria-label", "Step on view");
    this.slider.addEventListener("input", () => this.scrub(), { signal });
    this.slider.addEventListener("change", () => (this.scrubbing = false), { signal });
    this.plan.setAttribute("role", "img");
    const track = element("div", "esm-track");
    track.append(this.plan, this.slider);
    this.rewinding = button("rewind", { word: "Rewind", hint: REWIND }, () => this.rewind(), signal);
    const branch = { word: "Branch", hint: BRANCH };
    this.branching = button("branch", branch, () => model.send({ type: "branch" }), signal);
    this.el.append(track, this.where, this.rewinding, this.branching);
  }

  rewind() {
    const { shown, taken } = this.model.get("run_state");
    this.model.send({ type: "rewind", index: shown < taken ? shown : 0 });
  }

  // At most one request on its way; the newest position wins. Who goes to the newest step follows the run.
  scrub() {
    this.scrubbing = true;
    const run = this.model.get("run_state");
    const chosen = Number(this.slider.value);
    const shown = Math.min(chosen, run.taken);
    this.slider.value = String(shown);
    this.where.textContent = stepText({ ...run, shown });
    clearTimeout(this.asking);
    const index = chosen < run.taken ? shown : run.total;
    this.asking = setTimeout(() => this.model.send({ type: "show", index }), ASK_AFTER);
  }

  drawPlan() {
    const plan = this.model.get("plan");
    const most = Math.max(1, ...plan.map(([, count]) => count));
    const parts = barsOf(plan, MOST_BARS).map(({ track, count, first, last }) => {
      const bar = element("i", `esm-bar esm-of-${track}`);
      bar.style.height = `${Math.max(14, (100 * count) / most)}%`;
      const steps = first === last ? `step ${first}` : `steps ${first}–${last}, each`;
      bar.title = `${steps}: ${Math.round(count)} of ${track}`;
      return { bar, last };
    });
    this.bars = parts;
    this.plan.replaceChildren(...parts.map(({ bar }) => bar));
    this.plan.setAttribute("aria-label", `Plan: ${planText(plan)}`);
    this.drawTaken();
  }

  drawTaken() {
    const { taken } = this.model.get("run_state");
    for (const { bar, last } of this.bars ?? []) bar.classList.toggle("esm-taken", last <= taken);
  }

  /** @param {RunState} run */
  draw(run) {
    this.drawTaken();
    const reasons = barred(run);
    explain(this.rewinding, REWIND, reasons.rewind);
    explain(this.branching, BRANCH, reasons.branch);
    explain(this.slider, SCRUB, reasons.scrub);
    const inside = !run.design && run.shown > 0 && run.shown < run.taken;
    word(this.rewinding, inside ? `Rewind to ${run.shown}` : "Rewind");
    const share = run.total ? (100 * run.taken) / run.total : 0;
    this.slider.style.setProperty("--taken", `${share}%`);
    this.slider.max = String(Math.max(1, run.total));
    if (!this.scrubbing) this.slider.value = String(run.shown);
    write(this.where, stepText(run));
    this.slider.setAttribute("aria-valuetext", stepText(run));
  }
}
