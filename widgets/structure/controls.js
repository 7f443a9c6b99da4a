// What lies around the picture: the bar above it, the stage itself and the legend below.

import { button, element, option } from "../browser/dom.js";
import { DrawnBox } from "./drawn_box.js";
import { traitCheck } from "./trait_check.js";

/** @import { StructureModel } from "./types" */

const BESIDE = 14;
const CORNER = { left: "", top: "", bottom: "" };

export class Controls {
  mode = element("select", "esm-choice");
  stage = element("div", "esm-stage");
  empty = element("div", "esm-empty");
  tip = element("div", "esm-tip");
  legend = element("div", "esm-legend");
  spoken = element("div", "esm-spoken");
  shownLegend = "";
  /** Where the pointer is over the picture. @type {{x: number, y: number} | null} */
  pointer = null;

  /**
   * @param {StructureModel} model @param {Record<"box" | "measure" | "centre" | "snapshot" | "full", () => void>} acts
   * @param {AbortSignal} signal
   */
  constructor(model, acts, signal) {
    this.model = model;
    this.signal = signal;
    this.ligands = traitCheck(model, "ligands", "ligands", signal);
    this.ligands.label.title = `Show what the file has beside its chains, which the model does not see; a click on it selects what is within ${model.get("near")} Å`;
    const box = { hint: "Draw a box around residues (or Shift and drag)", act: "box" };
    this.boxing = button("select", box, acts.box, signal);
    this.boxing.setAttribute("aria-pressed", "false");
    const ruler = { hint: "Distance: pick two atoms; two selected residues are measured at once", act: "measure" };
    this.ruler = button("ruler", ruler, acts.measure, signal);
    this.ruler.setAttribute("aria-pressed", "false");
    this.drawn = new DrawnBox(model, signal);
    const mask = { hint: "Mask sequence and structure of the selection", act: "mask-selected" };
    const masking = button("mask", mask, () => model.send({ type: "mask" }), signal);
    masking.hidden = !model.get("live");
    const centre = { hint: "Centre the selection; again, or with none, the whole protein" };
    this.bar = element("div", "esm-structure-bar");
    this.bar.append(
      element("span", "esm-title", "Structure"),
      this.mode,
      this.drawn.el,
      element("span", "esm-right"),
      this.boxing,
      masking,
      this.ruler,
      button("centre", centre, acts.centre, signal),
      button("save", { hint: "Save a picture (PNG)" }, acts.snapshot, signal),
      button("full", { hint: "The structure over the whole screen", act: "full-structure" }, acts.full, signal),
    );
    this.buildMode();
    this.stage.setAttribute("role", "img");
    this.stage.setAttribute(
      "aria-label",
      "Protein structure in 3D; click a residue to select it, Shift and drag to select what is in a box",
    );
    this.empty.append(element("span", "", "No coordinates yet. A recipe with a structure stage folds this protein."));
    if (model.get("live")) this.empty.append(this.folding());
    this.stage.append(this.empty, this.tip);
    this.stage.addEventListener("pointermove", (event) => this.pointed(event), { signal });
    this.stage.addEventListener("pointerleave", () => this.pointed(null), { signal });
    this.tip.hidden = true;
    this.spoken.setAttribute("aria-live", "polite");
    this.stage.append(this.spoken);
  }

  buildMode() {
    const { mode, model, signal } = this;
    mode.setAttribute("aria-label", "Colour by");
    for (const [value, title] of model.get("modes")) mode.append(option(title, value));
    mode.value = model.get("mode");
    mode.addEventListener("change", () => model.send({ type: "mode", mode: mode.value }), { signal });
    model.on("change:mode", () => (mode.value = model.get("mode")), { signal });
  }

  folding() {
    const options = { word: "Fold it", hint: "Run structure:8", act: "fold", classes: "esm-framed" };
    return button("run", options, () => this.model.send({ type: "fold" }), this.signal);
  }

  /** @param {HTMLElement} button @param {boolean} on */
  press(button, on) {
    button.classList.toggle("esm-on", on);
    button.setAttribute("aria-pressed", String(on));
  }

  // To whoever cannot see the picture too.
  /** @param {string} text */
  say(text) {
    this.spoken.textContent = text;
    this.tell(text);
  }

  /** @param {string} text */
  tell(text) {
    this.tip.hidden = !text;
    this.tip.textContent = text;
    this.placeTip();
  }

  // The label is at the pointer while it is here, else in the corner.
  /** @param {PointerEvent | null} event */
  pointed(event) {
    const box = this.stage.getBoundingClientRect();
    this.pointer = event && { x: event.clientX - box.left, y: event.clientY - box.top };
    this.placeTip();
  }

  placeTip() {
    const { pointer, tip, stage } = this;
    if (tip.hidden) return;
    const left = pointer ? Math.min(pointer.x + BESIDE, stage.clientWidth - tip.offsetWidth - BESIDE) : null;
    const top = pointer ? Math.max(0, pointer.y - tip.offsetHeight - BESIDE / 2) : null;
    Object.assign(tip.style, left === null ? CORNER : { left: `${left}px`, top: `${top}px`, bottom: "auto" });
  }

  drawLegend() {
    const legend = this.model.get("legend");
    if (String(legend) === this.shownLegend) return;
    this.shownLegend = String(legend);
    const items = legend.map(([color, name]) => {
      const item = element("span");
      const patch = element("i");
      patch.style.background = color;
      item.append(patch, name);
      return item;
    });
    this.legend.replaceChildren(...items, this.ligands.label);
  }
}
