// What can be done with the residues selected: masking them or all others, adding, taking out, copying
// and moving, the total length, and what is near.

import { button, element, wordButton } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";

/** @import { Acts } from "./types" */

/** @typedef {[text: string, hint: string, run: () => void, act: string]} Entry */

// Done once, these leave nothing to go on with: a second click of a double click must not do them again.
const CLOSING = new Set(["duplicate", "delete-residues", "insert-before", "insert-after", "resize", "near"]);

export class ResidueMenu {
  el = element("div", "esm-holder");
  box = element("div", "esm-menu");

  /**
   * ``edit(change)`` sends an edit of the residues selected, ``mark(what)`` masks them ("mask") or
   * all others ("keep") or selects the others ("invert"); ``length()`` is the protein's. ``distance`` in Å is
   * proposed for what is near.
   * @param {Pick<Acts, "edit" | "mark" | "length">} acts @param {number} distance @param {AbortSignal} signal
   */
  constructor({ edit, mark, length }, distance, signal) {
    this.signal = signal;
    const opener = button(
      "residues",
      { word: "Residues", hint: "Mask, insert, delete, duplicate or move residues (right click on a track)" },
      () => {},
      signal,
    );
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Residues");
    const insert = this.number("insert-count", "Residues to insert", 5, 1);
    const move = this.number("move-offset", "Places to move by", 5, 1);
    const whole = this.number("length", "Total length", 1, 1);
    const near = this.number("near-distance", "Distance in ångström", distance, 0);
    this.box.append(
      this.line("Selected", null, [
        ["Mask", "Leave sequence and structure of the selection to the model", () => mark("mask"), "mask-selection"],
        [
          "Keep only these",
          "Leave sequence and structure of all other residues to the model: a motif to build on",
          () => mark("keep"),
          "keep-selection",
        ],
        ["Invert", "Select the other residues instead", () => mark("invert"), "invert-selection"],
      ]),
      this.line("", null, [
        ["Duplicate", "Copy the selection behind itself (Ctrl D)", () => edit({ type: "duplicate" }), "duplicate"],
        ["Delete", "Take the selected residues out (Ctrl Delete)", () => edit({ type: "delete" }), "delete-residues"],
      ]),
      this.line("Insert", insert, [
        [
          "before",
          "Insert before the selection (Shift Insert)",
          () => edit({ type: "insert", count: value(insert), before: true }),
          "insert-before",
        ],
        [
          "after",
          "Insert after the selection (Insert)",
          () => edit({ type: "insert", count: value(insert), before: false }),
          "insert-after",
        ],
      ]),
      this.line("Move by", move, [
        [
          "←",
          "Move the selection towards the start (Alt ←)",
          () => edit({ type: "move", offset: -value(move) }),
          "move-left",
        ],
        [
          "→",
          "Move the selection towards the end (Alt →)",
          () => edit({ type: "move", offset: value(move) }),
          "move-right",
        ],
      ]),
      this.line("Length", whole, [
        [
          "Set",
          "Add masked residues at the end, or take the last off",
          () => edit({ type: "resize", length: value(whole) }),
          "resize",
        ],
      ]),
      this.line("Within", near, [
        [
          "Å: select",
          "Select what is near the selection (Ctrl G)",
          () => edit({ type: "near", distance: value(near) }),
          "near",
        ],
      ]),
    );
    this.el.append(opener, this.box);
    this.whole = whole;
    const opened = () => this.showLength(length());
    this.popover = new Popover(this.el, opener, this.box, { signal, opened });
  }

  /** @param {number} length */
  showLength(length) {
    this.whole.value = String(length);
  }

  /** @param {string} name @param {string} label @param {number} start @param {number} least */
  number(name, label, start, least) {
    const field = element("input", "esm-number");
    field.type = "number";
    field.min = String(least);
    field.value = String(start);
    field.dataset.field = name;
    field.setAttribute("aria-label", label);
    return field;
  }

  /** @param {string} word @param {HTMLInputElement | null} field @param {Entry[]} acts */
  line(word, field, acts) {
    const line = element("div", "esm-menu-line");
    line.append(element("span", "esm-menu-word", word));
    if (field) line.append(field);
    for (const [text, hint, run, act] of acts) {
      const once = () => {
        run();
        if (CLOSING.has(act)) this.popover.close(true);
      };
      line.append(wordButton(text, { hint, act }, once, this.signal));
    }
    return line;
  }
}

/** @param {HTMLInputElement} field */
function value(field) {
  return Math.round(Number(field.value) || 0);
}
