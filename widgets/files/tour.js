// Six steps around the bench: shown by itself to who has never seen one here, and again from the help.

import { element, explain, focusIn, wordButton, write } from "../browser/dom.js";
import { hideBox, showBeside } from "../browser/top_layer.js";

const SEEN = "esm3-bench.tour";

/** @type {[place: string, title: string, text: string][]} */
const STEPS = [
  [
    ".esm-area-tracks",
    "The prompt: what the model is told",
    "Each row tells one thing about the protein: its letters, its coordinates, its secondary structure and more. A filled cell is given, and stays. A hatched one is masked: the model fills it. A dot means that nothing is annotated there.",
  ],
  [
    ".esm-toolbar",
    "Paint it",
    "Take the mask and drag over the residues that may change. A letter, a class of secondary structure or a keyword is a brush, too. Ctrl+Z takes back every stroke.",
  ],
  [
    ".esm-area-run",
    "The recipe: what is filled, and how",
    "A recipe is a row of stages, such as structure:8,sequence:8: one track after the other, each in so many steps. Run goes through it, Step takes one step of the model, and Pause lets you look and paint.",
  ],
  [
    ".esm-area-structure",
    "Watch it come",
    "With every step the structure changes, coloured by pLDDT: how sure the model is of each residue. A residue that is selected here is selected in the tracks and the plot, too.",
  ],
  [
    ".esm-switch",
    "Prompt or result",
    "This switch says which of the two is on view. The first stroke on a result asks whether it edits the prompt or goes on from what is shown.",
  ],
  [
    ".esm-area-designs",
    "The designs",
    "What is finished comes together here, to be sorted, compared and written as PDB or mmCIF. Save, at the top, keeps the whole session in one file. The ? beside it has all gestures, and this tour.",
  ],
];

export class Tour {
  at = 0;
  title = element("div", "esm-title");
  text = element("div");
  count = element("span", "esm-muted");
  /** @type {Element | null} */
  marked = null;

  /** @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(el, signal) {
    this.el = el;
    this.box = element("div", "esm-popover esm-tour");
    this.box.hidden = true;
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-label", "Tour of the bench");
    this.text.setAttribute("aria-live", "polite");
    const skip = wordButton("Skip", { act: "tour-skip" }, () => this.end(), signal);
    this.back = wordButton("Back", { act: "tour-back" }, () => this.show(this.at - 1), signal);
    this.next = wordButton("Next", { act: "tour-next" }, () => this.show(this.at + 1), signal);
    const line = element("div", "esm-tour-line");
    line.append(this.count, skip, this.back, this.next);
    this.box.append(this.title, this.text, line);
    el.append(this.box);
    this.box.addEventListener("keydown", (event) => this.key(event), { signal });
    signal.addEventListener("abort", () => this.hide());
  }

  // A newcomer's bench begins with the tour, and leaves the keyboard where it is.
  offer() {
    if (seen()) return;
    requestAnimationFrame(() => {
      if (this.el.isConnected && !seen()) this.show(0);
    });
  }

  start() {
    this.show(0);
    this.next.focus({ preventScroll: true });
  }

  end() {
    const inside = this.box.contains(focusIn(this.box));
    this.hide();
    note();
    if (inside) this.bench?.querySelector("canvas")?.focus({ preventScroll: true });
  }

  hide() {
    hideBox(this.box);
    this.mark(null);
  }

  get bench() {
    return this.el.closest(".esm-bench");
  }

  /** @param {number} step */
  show(step) {
    if (step >= STEPS.length) return this.end();
    this.at = Math.max(0, step);
    const [place, title, text] = STEPS[this.at];
    write(this.title, title);
    write(this.text, text);
    write(this.count, `${this.at + 1} of ${STEPS.length}`);
    explain(this.back, "The step before", this.at ? "" : "this is the first step");
    write(this.next, this.at === STEPS.length - 1 ? "Done" : "Next");
    const part = this.bench?.querySelector(place) ?? this.bench ?? this.el;
    this.mark(part);
    part.scrollIntoView({ block: "nearest" });
    showBeside(this.box, part);
  }

  /** @param {Element | null} part */
  mark(part) {
    this.marked?.classList.remove("esm-toured");
    part?.classList.add("esm-toured");
    this.marked = part;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.end();
    else if (event.key === "ArrowRight") this.show(this.at + 1);
    else if (event.key === "ArrowLeft") this.show(this.at - 1);
  }
}

// Where a page may keep nothing, nobody is a newcomer.
function seen() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return true;
  }
}

function note() {
  try {
    localStorage.setItem(SEEN, "seen");
  } catch {
    return;
  }
}
