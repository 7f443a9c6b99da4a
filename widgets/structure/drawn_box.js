// What is drawn beside the ribbon: the template, side chains and hydrogen bonds of the selection, a surface, and which chains.

import { button, element, focusIn, tickBox } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";
import { SELECTED_STICKS } from "./styling.js";
import { traitCheck } from "./trait_check.js";

/** @import { StructureModel } from "./types" */

const STEP = 10;

export class DrawnBox {
  el = element("span", "esm-holder");
  chains = element("div", "esm-drawn-chains");

  /** @param {StructureModel} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.model = model;
    this.signal = signal;
    const looks = {
      word: "Show",
      hint: "Template, side chains, hydrogen bonds, surface and chains",
      act: "drawn",
    };
    const opener = button("layers", looks, () => {}, signal);
    const box = element("div", "esm-drawn-box");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", looks.hint);
    /** @param {"template" | "sidechains" | "bonds"} name @param {string} text */
    const check = (name, text) => traitCheck(model, name, text, signal).label;
    box.append(
      check("template", "The template in grey: where structure is masked, and laid over a result"),
      check("sidechains", `Side chains of the selection, up to ${SELECTED_STICKS} residues`),
      check("bonds", "Hydrogen bonds of the selection; all where nothing is selected"),
      this.surface(),
      this.chains,
    );
    this.el.append(opener, box);
    new Popover(this.el, opener, box, { signal });
    for (const name of /** @type {const} */ (["chains", "hidden"]))
      model.on(`change:${name}`, () => this.drawChains(), { signal });
    this.drawChains();
  }

  surface() {
    const { model, signal } = this;
    const label = element("label", "esm-check");
    const range = element("input");
    const percent = element("span", "esm-muted");
    Object.assign(range, { type: "range", min: "0", max: "100", step: String(STEP) });
    range.dataset.field = "surface";
    range.setAttribute("aria-label", "Opacity of the surface in percent; 0 shows none");
    const draw = () => {
      range.value = String(Math.round(100 * model.get("surface")));
      percent.textContent = model.get("surface") ? `${range.value} %` : "none";
    };
    range.addEventListener("change", () => model.send({ type: "surface", opacity: Number(range.value) / 100 }), {
      signal,
    });
    model.on("change:surface", draw, { signal });
    label.append("Surface", range, percent);
    draw();
    return label;
  }

  // One box for each chain, where there are several.
  drawChains() {
    const { model, signal } = this;
    const names = model.get("chains");
    const hidden = new Set(model.get("hidden"));
    this.chains.hidden = names.length < 2;
    const boxes = names.map((name) => {
      const label = element("label", "esm-check");
      const show = (/** @type {boolean} */ on) => {
        const others = [...hidden].filter((chain) => chain !== name);
        model.send({ type: "hidden", chains: on ? others : [...others, name] });
      };
      const box = tickBox(!hidden.has(name), show, signal);
      box.dataset.chain = name;
      label.append(box, name);
      return label;
    });
    const active = focusIn(this.el);
    const focused = active instanceof HTMLElement ? active.dataset.chain : undefined;
    this.chains.replaceChildren(element("span", "esm-muted", "Chains"), ...boxes);
    if (focused !== undefined) this.chains.querySelectorAll("input")[names.indexOf(focused)]?.focus();
  }
}
