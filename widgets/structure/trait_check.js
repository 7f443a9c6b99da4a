// A box to tick that sets a trait of the view in the kernel, and follows it.

import { element } from "../browser/dom.js";

/** @import { StructureModel } from "./types" */

/**
 * @param {StructureModel} model @param {"template" | "ligands" | "sidechains" | "bonds"} name
 * @param {string} text @param {AbortSignal} signal
 */
export function traitCheck(model, name, text, signal) {
  const label = element("label", "esm-check");
  const box = element("input");
  const word = element("span", "", text);
  box.type = "checkbox";
  box.dataset.field = name;
  box.checked = model.get(name);
  box.addEventListener("change", () => model.send({ type: name, on: box.checked }), { signal });
  model.on(`change:${name}`, () => (box.checked = model.get(name)), { signal });
  label.append(box, word);
  return { label, word };
}
