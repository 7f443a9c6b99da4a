// What can be done with the residues selected: masking them or all others, adding, taking out, copying
// and moving, the total length, and what is near.

import { button, element } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";

export class ResidueMenu {
  // ``edit(type, more)`` sends an edit of the residues selected, ``mark(what)`` masks them ("mask") or
  // all others ("keep") or selects the others ("invert"); ``length()`` is the protein's.
  constructor({ edit, mark, length }, signal) {
    this.signal = signal;
    this.el = element("div", "esm-holder");
    const opener = button("residues", { word: "Residues", hint: "Mask, insert, delete, duplicate or move residues (right click on a track)" }, () => {}, signal);
    this.box = element("div", "esm-menu");
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Residues");
    this.counts = { insert: this.number("insert-count", "Residues to insert", 5, 1) };
    this.counts.move = this.number("move-offset", "Places to move by", 5, 1);
    this.counts.length = this.number("length", "Total length", 1, 1);
    this.counts.near = this.number("near-distance", "Distance in ångström", 5, 0);
    const { insert, move, near } = this.counts;
    this.box.append(
      this.line("Selected", null, [
        ["Mask", "Leave sequence and structure of the selection to the model", () => mark("mask"), "mask-selection"],
        ["Keep only these", "Leave sequence and structure of all other residues to the model: a motif to build on", () => mark("keep"), "keep-selection"],
        ["Invert", "Select the other residues instead", () => mark("invert"), "invert-selection"],
      ]),
      this.line("", null, [
        ["Duplicate", "Copy the selection behind itself (Ctrl D)", () => edit("duplicate"), "duplicate"],
        ["Delete", "Take the selected residues out (Ctrl Delete)", () => edit("delete"), "delete-residues"],
      ]),
      this.line("Insert", insert, [
        ["before", "Insert before the selection (Shift Insert)", () => edit("insert", { count: value(insert), before: true }), "insert-before"],
        ["after", "Insert after the selection (Insert)", () => edit("insert", { count: value(insert), before: false }), "insert-after"],
      ]),
      this.line("Move by", move, [
        ["←", "Move the selection towards the start (Alt ←)", () => edit("move", { offset: -value(move) }), "move-left"],
        ["→", "Move the selection towards the end (Alt →)", () => edit("move", { offset: value(move) }), "move-right"],
      ]),
      this.line("Length", this.counts.length, [
        ["Set", "Add masked residues at the end, or take the last off", () => edit("resize", { length: value(this.counts.length) }), "resize"],
      ]),
      this.line("Within", near, [
        ["Å: select", "Select what is near the selection (Ctrl G)", () => edit("near", { distance: value(near) }), "near"],
      ]),
    );
    this.el.append(opener, this.box);
    const opened = () => (this.counts.length.value = length());
    this.popover = new Popover(this.el, opener, this.box, { signal, opened });
  }

  number(name, label, start, least) {
    const field = element("input", "esm-number");
    field.type = "number";
    field.min = least;
    field.value = start;
    field.dataset.field = name;
    field.setAttribute("aria-label", label);
    return field;
  }

  line(word, field, acts) {
    const line = element("div", "esm-menu-line");
    line.append(element("span", "esm-menu-word", word));
    if (field) line.append(field);
    for (const [text, hint, run, act] of acts) {
      const one = element("button", "esm-button esm-framed", text);
      one.type = "button";
      one.title = hint;
      one.dataset.act = act;
      one.addEventListener("click", run, { signal: this.signal });
      line.append(one);
    }
    return line;
  }
}

function value(field) {
  return Math.round(Number(field.value) || 0);
}
