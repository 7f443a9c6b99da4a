// What can be done with the design of a row: overlay it, take it as the prompt, download it.

import { element } from "../browser/dom.js";

/** @import { TableMessage } from "./types" */

/** @typedef {(picture: string, word: string, hint: string, act: string, message: () => TableMessage) => HTMLButtonElement} Act */

/**
 * @param {Act} act makes a button that sends a message
 * @param {string} name @param {string} compared the design that is laid over what is on view
 */
export function rowActs(act, name, compared) {
  const cell = element("td", "esm-row-acts");
  const over = act("overlay", "", `Lay ${name} over what is on view`, "compare", () => ({ type: "compare", name }));
  over.classList.toggle("esm-on", name === compared);
  over.setAttribute("aria-pressed", String(name === compared));
  /** @returns {TableMessage} */
  const file = () => ({ type: "export", names: [name], format: "pdb" });
  cell.append(
    over,
    act("branch", "", `Take ${name} as the prompt`, "to-prompt", () => ({ type: "prompt", name })),
    act("save", "", `Download ${name} (PDB)`, "save-one", file),
  );
  return cell;
}
