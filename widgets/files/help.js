// What hands can do in the bench, in one box.

import { button, element, wordButton } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";

/** ``near`` is in Å. @param {number} near @returns {[title: string, lines: [gesture: string, meaning: string][]][]} */
const partsOf = (near) => [
  [
    "Painting",
    [
      ["drag on a track", "paint with the brush in hand; with Shift over several tracks"],
      ["Alt and drag", "mask, with any brush"],
      ["letters, _", "write on the selection or under the cursor; mask"],
      ["Enter", "paint the selection with the brush"],
      ["/", "find a keyword or site to paint"],
      ["Ctrl Z, Ctrl Y", "undo, redo"],
      ["Ctrl C, Ctrl V", "copy the selection's letters, write those copied from the cursor on"],
    ],
  ],
  [
    "Selecting",
    [
      ["drag on the ruler", "select residues; with Ctrl more of them"],
      ["click, Shift and drag in 3D", "select a residue, or those in a box"],
      ["click a ligand", `select what is within ${near} Å of it`],
      ["drag in the plot", "select residues; double click shows all again"],
      ["right click on a track", "mask, keep, insert, move or delete what is selected"],
      ["arrows, Shift and arrows", "move the cursor, extend the selection"],
      ["Ctrl A, Ctrl G, Escape", `select all, what is within ${near} Å, nothing`],
    ],
  ],
  [
    "Residues",
    [
      ["Insert, Shift Insert", "add one after or before the selection"],
      ["Ctrl Delete, Ctrl D", "take residues out, duplicate them"],
      ["Alt ← →", "move residues along the chain; with Shift by ten"],
    ],
  ],
  [
    "Looking and running",
    [
      ["Ctrl and wheel", "zoom the tracks; Shift and wheel scrolls them"],
      ["dashed line", "residues are missing in the file; at a solid one a chain begins"],
      ["drag, wheel in 3D", "turn and zoom the structure"],
      ["the line under Run", "goes back to any step; a stroke there asks whether to continue from it"],
      ["rest on a cell, Alt W", "see what the model would choose there; keep it, and click a choice to paint it"],
      ["Mutations, Why, Pairs", "beside PAE: what the model might have chosen, and what speaks for it"],
      ["Branch", "makes the step on view the new prompt"],
      ["Escape", "brings the keyboard from a button back to the tracks"],
      ["?", "this help, wherever no text is written; Enter then starts the tour"],
      ["a stage's chip", "click to set it; drag, or Alt ← →, to move it; Delete takes it out"],
    ],
  ],
  [
    "Words",
    [
      ["prompt", "what the model is given; what it made is a result"],
      ["recipe", "which tracks are filled, one after the other, each in how many steps"],
      ["given, masked", "kept by the model; left to it to fill"],
      ["sampled", "filled by the model earlier; Free leaves it to the model again"],
      ["template", "the protein that was opened: Restore brings its values back"],
      ["motif", "residues whose coordinates are given"],
      ["SS8, SASA", "secondary structure in eight classes; accessible area in Å²"],
      ["pLDDT, pTM", "how sure the model is of each residue, 0–100, and of the fold, 0–1"],
      ["PAE", "expected error in Å at the scored residue, aligned on the aligned one"],
      ["entropy", "how open the choice at a residue is, in nats; 0 is sure"],
      ["gate, guidance", "a goal that a stage must reach; how closely a track is followed"],
      ["designed", "residues that the prompt leaves open"],
    ],
  ],
];

/** @param {number} near @param {() => void} showTour @param {AbortSignal} signal */
export function helpFor(near, showTour, signal) {
  const holder = element("span", "esm-holder");
  const opener = button("help", { hint: "Gestures, keys, words and the tour (?)" }, () => {}, signal);
  const box = element("div", "esm-help");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "Gestures and keys");
  box.tabIndex = 0;
  for (const [title, lines] of partsOf(near)) {
    const part = element("div", "esm-help-part");
    part.append(element("div", "esm-title", title));
    for (const [gesture, meaning] of lines)
      part.append(element("span", "esm-muted", gesture), element("span", "", meaning));
    box.append(part);
  }
  const around = () => {
    popover.close();
    showTour();
  };
  const tour = wordButton("Show me around", { hint: "A tour of the bench in six steps", act: "tour" }, around, signal);
  box.prepend(tour);
  holder.append(opener, box);
  const popover = new Popover(holder, opener, box, { signal, opened: () => tour.focus({ preventScroll: true }) });
  return { holder, open: () => popover.open() };
}
