// The buttons that start, rest and end a run, and what is said beside them.

import { button, element, explain, write } from "../browser/dom.js";
import { barred, remainingText } from "./progress_text.js";

/** @import { PanelModel, RunState } from "./types" */

const ACTS = /** @type {const} */ ([
  ["run", "Run", "Run the recipe, or go on with the paused run"],
  ["step", "Step", "Take one model step"],
  ["pause", "Pause", "Rest after the step in hand"],
  ["stop", "Stop", "End the run; what was sampled is kept"],
]);

export class Transport {
  el = element("div", "esm-transport");
  status = element("div", "esm-status");

  /** @param {PanelModel} model @param {HTMLElement} fields @param {AbortSignal} signal */
  constructor(model, fields, signal) {
    this.buttons = ACTS.map(([name, word, hint]) => {
      const classes = name === "run" ? "esm-go" : "";
      return button(name, { word, hint, classes }, () => model.send({ type: name }), signal);
    });
    this.status.setAttribute("aria-live", "polite");
    const [run, ...others] = this.buttons;
    this.el.append(run, fields, ...others, this.status);
  }

  /** @param {RunState} run @param {string} status */
  draw(run, status) {
    const reasons = barred(run);
    ACTS.forEach(([name, , hint], at) => explain(this.buttons[at], hint, reasons[name]));
    word(this.buttons[0], run.goes_on ? "Go on" : "Run");
    const remaining = run.phase === "running" ? remainingText(run.remaining) : "";
    const text = [remaining, status].filter(Boolean).join("  ·  ");
    write(this.status, text);
    this.status.title = text;
  }
}

/** @param {HTMLButtonElement} button @param {string} text */
export function word(button, text) {
  const last = button.lastElementChild;
  if (last instanceof HTMLElement) write(last, text);
}
