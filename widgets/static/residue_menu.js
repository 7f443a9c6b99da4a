// Adding, taking out, copying and moving residues, the total length, and what is near the selection.

import { button, element } from "./dom.js";

export class ResidueMenu {
  // ``edit(type, more)`` sends an edit of the residues selected; ``length()`` is the protein's.
  constructor({ edit, length }, signal) {
    this.edit = edit;
    this.length = length;
    this.signal = signal;
    this.el = element("div", "esm-menu-holder");
    this.opener = button("residues", { word: "Residues", hint: "Insert, delete, duplicate or move residues" }, () => this.toggle(), signal);
    this.opener.setAttribute("aria-haspopup", "true");
    this.opener.setAttribute("aria-expanded", "false");
    this.box = element("div", "esm-menu");
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Residues");
    this.box.hidden = true;
    this.counts = { insert: this.number("insert-count", "Residues to insert", 5, 1) };
    this.counts.move = this.number("move-offset", "Places to move by", 5, 1);
    this.counts.length = this.number("length", "Total length", 1, 1);
    this.counts.near = this.number("near-distance", "Distance in ångström", 5, 0);
    const { insert, move, near } = this.counts;
    this.box.append(
      this.line("Insert", insert, [
        ["before", "Insert before the selection (Shift Insert)", () => edit("insert", { count: value(insert), before: true }), "insert-before"],
        ["after", "Insert after the selection (Insert)", () => edit("insert", { count: value(insert), before: false }), "insert-after"],
      ]),
      this.line("Move by", move, [
        ["←", "Move the selection towards the start (Alt ←)", () => edit("move", { offset: -value(move) }), "move-left"],
        ["→", "Move the selection towards the end (Alt →)", () => edit("move", { offset: value(move) }), "move-right"],
      ]),
      this.line("Selected", null, [
        ["Duplicate", "Copy the selection behind itself (Ctrl D)", () => edit("duplicate"), "duplicate"],
        ["Delete", "Take the selected residues out (Ctrl Delete)", () => edit("delete"), "delete-residues"],
      ]),
      this.line("Length", this.counts.length, [
        ["Set", "Add masked residues at the end, or take the last off", () => edit("resize", { length: value(this.counts.length) }), "resize"],
      ]),
      this.line("Within", near, [
        ["Å: select", "Select what is near the selection (Ctrl G)", () => edit("near", { distance: value(near) }), "near"],
      ]),
    );
    this.box.addEventListener("keydown", (event) => event.key === "Escape" && this.close(true), { signal });
    document.addEventListener("pointerdown", (event) => this.el.contains(event.target) || this.close(), { signal });
    this.el.append(this.opener, this.box);
  }

  number(name, label, start, least) {
    const field = element("input", "esm-number");
    field.type = "number";
    field.min = least;
    field.value = start;
    field.dataset.field = name;
    field.dataset.lmSuppressShortcuts = "true";
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

  toggle() {
    if (!this.box.hidden) {
      this.close();
      return;
    }
    this.counts.length.value = this.length();
    this.box.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
  }

  close(back = false) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    if (back) this.opener.focus();
  }
}

function value(field) {
  return Math.round(Number(field.value) || 0);
}
