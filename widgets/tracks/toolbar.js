// The brushes above the tracks. Holds which brush is in hand; tells ``onChange`` when it changes.

import { button, element } from "../browser/dom.js";
import { AMINO_ACIDS, RESIDUES, SASA, SEQUENCE, SS8 } from "./painting.js";
import { ResidueMenu } from "./residue_menu.js";
import { TermSearch } from "./vocabulary_search.js";

const BASIC = [
  { key: "select", label: "Select", hint: "Drag to select residues" },
  { key: "mask", label: "Mask", hint: "Drag to leave cells to the model (Alt with any brush)", op: "mask" },
  { key: "restore", label: "Restore", hint: "Drag to bring back the template's values", op: "restore" },
  { key: "none", label: "None", hint: "Drag on Function or Sites: explicitly no annotation", op: "none" },
];
const ZOOMS = [
  ["zoom-out", "Zoom out (Ctrl + wheel)"],
  ["zoom-in", "Zoom in (Ctrl + wheel)"],
  ["fit", "Show the whole protein"],
];
const LIMITS = [
  ["any residue", "allow", AMINO_ACIDS],
  ["only hydrophobic", "allow", "AVILMFWY"],
  ["only polar", "allow", "STNQHDEKRG"],
  ["only charged", "allow", "DEKR"],
  ["only small", "allow", "GASCT"],
  ["no cysteine", "forbid", "C"],
  ["no proline", "forbid", "P"],
];
const PRESETS = [["buried", 2], ["partly", 40], ["exposed", 110]];

// A limit on residues from what a person typed: "AVL" or "only AVL" allows, "not CP" or "-CP" forbids.
export function typedLimit(text) {
  const match = /^\s*(only|not|no|-)?\s*([A-Za-z\s,]*)$/i.exec(text);
  if (!match) return null;
  const value = [...new Set(match[2].toUpperCase().replace(/[\s,]/g, ""))].join("");
  if (!value || [...value].some((letter) => !AMINO_ACIDS.includes(letter))) return null;
  return { op: !match[1] || match[1].toLowerCase() === "only" ? "allow" : "forbid", value };
}

export class Toolbar {
  // ``acts``: changed(brush), act(name), ask(id, text), edit(type, more), mark(what), length(), leave().
  constructor(ss8, acts, signal) {
    this.brush = { key: "mask", op: "mask" };
    this.acts = acts;
    this.signal = signal;
    this.el = element("div", "esm-toolbar");
    this.el.setAttribute("role", "toolbar");
    this.el.setAttribute("aria-label", "Brushes");
    this.buttons = new Map();
    const basic = element("div", "esm-group");
    for (const one of BASIC) {
      const { key, op } = one;
      basic.append(this.brushButton(one, op ? { key, op } : { key }));
    }
    this.search = new TermSearch({
      ask: acts.ask,
      leave: acts.leave,
      choose: ({ label, row }) => this.take({ key: "annotate", op: "annotate", row, value: label }),
    }, signal);
    this.buttons.set("annotate", this.search.input);
    this.menu = new ResidueMenu(acts, signal);
    const code = button("code", { word: "Code", hint: "Copy as code: the prompt and the run" }, () => acts.act("code"), signal);
    this.el.append(
      basic, this.residueBrush(), this.areaBrush(), this.ss8Brushes(ss8), this.search.el, this.limitBrush(), this.menu.el, code,
    );
    this.zoom = element("div", "esm-group esm-zoom");
    for (const [name, hint] of ZOOMS) {
      this.zoom.append(button(name, { hint, classes: "esm-small" }, () => acts.act(name), signal));
    }
    this.mark();
  }

  brushButton({ key, label, hint }, brush) {
    const one = button(key, { word: label, hint }, () => this.take(brush), this.signal);
    one.dataset.brush = key;
    this.buttons.set(key, one);
    return one;
  }

  // A group with a list of values to paint with; the brush is in hand once one is chosen.
  choiceBrush(key, label, hint, options, changed) {
    const group = element("div", "esm-group");
    const choice = element("select", "esm-choice");
    choice.title = hint;
    choice.setAttribute("aria-label", `${label} brush`);
    choice.append(...options.map(([text, value]) => new Option(text, value)));
    choice.addEventListener("change", changed, { signal: this.signal });
    choice.dataset.brush = key;
    this.buttons.set(key, choice);
    group.append(choice);
    return { group, choice };
  }

  residueBrush() {
    const options = [["Residue", ""], ...[...RESIDUES].map((letter) => [letter, letter])];
    const take = () => choice.value && this.take({ key: "residue", op: "write", row: SEQUENCE, value: choice.value });
    const { group, choice } = this.choiceBrush(
      "residue", "Residue", "Drag to write this residue on the sequence", options, take,
    );
    return group;
  }

  ss8Brushes(classes) {
    const group = element("div", "esm-group");
    for (const { value, title, color } of classes) {
      const key = `ss8-${value}`;
      const chip = element("button", "esm-button esm-chip", value);
      chip.title = `Drag to ask for ${title} (SS8 ${value})`;
      chip.setAttribute("aria-label", `SS8 brush ${value}, ${title}`);
      chip.style.setProperty("--chip", color);
      chip.dataset.brush = key;
      chip.addEventListener("click", () => this.take({ key, op: "write", row: SS8, value }), {
        signal: this.signal,
      });
      this.buttons.set(key, chip);
      group.append(chip);
    }
    return group;
  }

  areaBrush() {
    const area = element("input", "esm-number");
    Object.assign(area, { type: "number", min: 0, value: 60, hidden: true });
    area.setAttribute("aria-label", "Area in square ångström");
    const take = () => {
      area.hidden = choice.value !== "other";
      const value = choice.value === "other" ? Number(area.value) : Number(choice.value);
      if (choice.value) this.take({ key: "sasa", op: "write", row: SASA, value });
    };
    const presets = PRESETS.map(([name, size]) => [`${name} · ${size} Å²`, size]);
    const { group, choice } = this.choiceBrush(
      "sasa", "SASA", "Drag to ask for this solvent accessible area",
      [["SASA", ""], ...presets, ["other…", "other"]], take,
    );
    area.addEventListener("change", take, { signal: this.signal });
    group.append(area);
    return group;
  }

  limitBrush() {
    const letters = element("input", "esm-text esm-limit");
    letters.placeholder = "AVL or not CP";
    letters.hidden = true;
    letters.dataset.field = "limit";
    letters.setAttribute("aria-label", "Letters allowed, or not and letters forbidden");
    const hold = (limit) => this.take({ key: "limit", row: SEQUENCE, ...limit });
    const take = () => {
      letters.hidden = choice.value !== "other";
      if (!letters.hidden) letters.focus();
      else if (choice.value) hold({ op: LIMITS[choice.value][1], value: LIMITS[choice.value][2] });
    };
    const named = LIMITS.map(([name], index) => [name, index]);
    const { group, choice } = this.choiceBrush(
      "limit", "Allowed residues", "Drag on the sequence to limit which residues the model may choose",
      [["Allowed", ""], ...named, ["other…", "other"]], take,
    );
    choice.classList.add("esm-wide");
    letters.addEventListener("change", () => {
      const limit = typedLimit(letters.value);
      letters.setAttribute("aria-invalid", String(!limit));
      if (limit) hold(limit);
    }, { signal: this.signal });
    group.append(letters);
    return group;
  }

  take(brush) {
    this.brush = brush;
    this.mark();
    this.acts.changed(brush);
  }

  mark() {
    for (const [key, one] of this.buttons) {
      const pressed = key === this.brush.key;
      one.classList.toggle("esm-on", pressed);
      if (one.tagName === "BUTTON") one.setAttribute("aria-pressed", String(pressed));
      else if (!pressed) one.value = "";
      if (!pressed && one.nextSibling?.tagName === "INPUT") one.nextSibling.hidden = true;
    }
  }
}
