// The run panel: transport, timeline, notes on the step on view, settings and messages.

import { button, element, icon, write } from "../browser/dom.js";
import { connected } from "../browser/reconnect.js";
import { RunSettings } from "./settings.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";

/**
 * @import { Rendering } from "../browser/types"
 * @import { PanelModel } from "./types"
 */

const DRAWN = /** @type {const} */ ([
  "settings",
  "stages",
  "rejected",
  "run_state",
  "status",
  "error",
  "estimate",
  "notes",
]);

class Panel {
  error = element("div", "esm-error");
  message = element("span");
  // What a step left undone, how its gates were met, and why a run ended.
  notes = element("ul", "esm-notes");
  /** @type {string | undefined} */
  noted = undefined;
  /** @type {Promise<void> | undefined} */
  waiting = undefined;

  /** @param {PanelModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    this.settings = new RunSettings(model, signal);
    this.transport = new Transport(model, this.settings.runFields, signal);
    this.timeline = new Timeline(model, signal);
    el.classList.add("esm-view", "esm-run");
    this.buildError(signal);
    this.notes.setAttribute("aria-label", "Notes on the step on view");
    const { transport, timeline, settings } = this;
    el.append(transport.el, this.error, timeline.el, this.notes, settings.line, settings.more);
    model.on("change:plan", () => timeline.drawPlan(), { signal });
    model.on("change:guidance", () => settings.drawGuides(), { signal });
    for (const name of DRAWN) model.on(`change:${name}`, () => this.redraw(), { signal });
    el.addEventListener(
      "keydown",
      (event) => {
        if (event.target instanceof Element && event.target.matches("input, select")) event.stopPropagation();
      },
      { signal },
    );
    timeline.drawPlan();
    settings.drawGuides();
    this.draw();
    const grown = new ResizeObserver(() => settings.useRoom());
    grown.observe(el);
    signal.addEventListener("abort", () => grown.disconnect());
  }

  // Under the buttons, where it is seen however much is unfolded below.
  /** @param {AbortSignal} signal */
  buildError(signal) {
    this.error.setAttribute("role", "alert");
    const options = { hint: "Put this message away", act: "dismiss" };
    const dismiss = button("close", options, () => this.model.send({ type: "dismiss" }), signal);
    this.error.append(icon("warning"), this.message, dismiss);
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
    const run = model.get("run_state");
    this.settings.draw();
    this.transport.draw(run, model.get("status"));
    this.timeline.draw(run);
    this.drawNotes(model.get("notes") ?? []);
    write(this.message, model.get("error"));
    this.error.hidden = !model.get("error");
  }

  /** @param {string[]} notes */
  drawNotes(notes) {
    if (notes.join("\n") === this.noted) return;
    this.noted = notes.join("\n");
    this.notes.replaceChildren(...notes.map((note) => element("li", "", note)));
    this.notes.hidden = !notes.length;
  }
}

export default {
  /** @param {Rendering<PanelModel>} place */
  render({ model, el, signal }) {
    new Panel(connected(model), el, signal);
  },
};
