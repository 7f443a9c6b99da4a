// The brushes above the tracks, and which of them is in hand.

import { button, element, option, write } from "../browser/dom.js";
import { ResidueMenu } from "./residue_menu.js";
import { rowOf } from "./spec.js";
import { VocabularySearch } from "./vocabulary_search.js";

/** @import { Acts, Brush, Op, Spec } from "./types" */

/** @type {{key: string, label: string, hint: string, op?: Op}[]} */
const BASIC = [
  { key: "select", label: "Select", hint: "Drag to select residues" },
  { key: "mask", label: "Mask", hint: "Drag to leave cells to the model (Alt with any brush)", op: "mask" },
  { key: "restore", label: "Restore", hint: "Drag to bring back the template's values", op: "restore" },
  { key: "none", label: "No annotation", hint: "Drag on Function or Sites: explicitly no annotation", op: "none" },
];
const ZOOMS = [
  ["zoom-out", "Zoom out (Ctrl + wheel)"],
  ["zoom-in", "Zoom in (Ctrl + wheel)"],
  ["fit", "Show the whole protein"],
];
/** @type {[name: string, op: Op, letters: string][]} */
const LIMITS = [
  ["only hydrophobic", "allow", "AVILMFWY"],
  ["only polar", "allow", "STNQHDEKRG"],
  ["only charged", "allow", "DEKR"],
  ["only small", "allow", "GASCT"],
  ["no cysteine", "forbid", "C"],
  ["no proline", "forbid", "P"],
];
/** @type {[name: string, area: number][]} */
const PRESETS = [
  ["buried", 2],
  ["partly", 40],
  ["exposed", 110],
];

/**
 * A limit on residues from what a person typed: "AVL" or "only AVL" allows, "not CP" or "-CP" forbids.
 * @param {Spec} spec @param {string} text @returns {{op: Op, value: string} | null}
 */
export function typedLimit(spec, text) {
  const match = /^\s*(only|not|no|-)?\s*([A-Za-z\s,]*)$/i.exec(text);
  if (!match) return null;
  const value = [...new Set(match[2].toUpperCase().replace(/[\s,]/g, ""))].join("");
  if (!value || [...value].some((letter) => !spec.standard.includes(letter))) return null;
  return { op: !match[1] || match[1].toLowerCase() === "only" ? "allow" : "forbid", value };
}

export class Toolbar {
  el = element("div", "esm-toolbar");
  zoom = element("div", "esm-group esm-zoom");
  /** Shows the brush in hand and its value. */
  hand = element("span", "esm-hand");
  /** @type {Brush} */
  brush = { key: "mask", op: "mask", label: "Mask" };
  /** @type {Map<string, HTMLButtonElement | HTMLSelectElement | HTMLInputElement>} */
  buttons = new Map();

  /** @param {Spec} spec @param {Acts} acts @param {AbortSignal} signal */
  constructor(spec, acts, signal) {
    this.spec = spec;
    this.acts = acts;
    this.signal = signal;
    this.el.setAttribute("role", "toolbar");
    this.el.setAttribute("aria-label", "Brushes");
    const basic = BASIC.map((basic) => {
      const { key, label, op } = basic;
      return this.brushButton(basic, { key, label, ...(op && { op }) });
    });
    this.search = new VocabularySearch(
      spec,
      {
        ask: acts.ask,
        leave: acts.leave,
        choose: ({ label, name, row }) =>
          this.take({ key: "annotate", op: "annotate", row, value: label, label: `Annotate ${name}` }),
      },
      signal,
    );
    this.buttons.set("annotate", this.search.input);
    this.menu = new ResidueMenu(acts, spec.near, signal);
    this.code = button(
      "code",
      { word: "Code", hint: "Copy as code: the prompt and the run" },
      () => acts.act("code"),
      signal,
    );
    this.hand.title = "The brush in hand: what a drag on the tracks does";
    this.el.append(
      this.group("Select and paint", ...basic, this.residueBrush(), this.ss8Brushes(), this.areaBrush()),
      this.group("Annotate", this.search.el),
      this.group("Limit", this.limitBrush()),
    );
    for (const [name, hint] of ZOOMS) {
      this.zoom.append(button(name, { hint, classes: "esm-small" }, () => acts.act(name), signal));
    }
    this.mark();
  }

  /** @param {string} name @param {HTMLElement[]} parts */
  group(name, ...parts) {
    const group = element("div", "esm-group esm-tools");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    group.append(...parts);
    return group;
  }

  /** @param {{key: string, label: string, hint: string}} options @param {Brush} brush */
  brushButton({ key, label, hint }, brush) {
    const chip = button(key, { word: label, hint }, () => this.take(brush), this.signal);
    chip.dataset.brush = key;
    this.buttons.set(key, chip);
    return chip;
  }

  /**
   * A group with a list of values to paint with; the brush is in hand once one is chosen.
   * @param {string} key @param {string} label @param {string} hint
   * @param {[text: string, value: string][]} options @param {() => void} changed
   */
  choiceBrush(key, label, hint, options, changed) {
    const group = element("div", "esm-group");
    const choice = element("select", "esm-choice");
    choice.title = hint;
    choice.setAttribute("aria-label", `${label} brush`);
    choice.append(...options.map(([text, value]) => option(text, value)));
    choice.addEventListener("change", changed, { signal: this.signal });
    choice.dataset.brush = key;
    this.buttons.set(key, choice);
    group.append(choice);
    return { group, choice };
  }

  residueBrush() {
    const row = rowOf(this.spec, "sequence");
    const letters = [...this.spec.rows[row].alphabet];
    /** @type {[string, string][]} */
    const options = [["Residue", ""], ...letters.map((letter) => /** @type {[string, string]} */ ([letter, letter]))];
    const take = () => {
      const { value } = choice;
      if (value) this.take({ key: "residue", op: "write", row, value, label: `Residue ${value}` });
    };
    const { group, choice } = this.choiceBrush(
      "residue",
      "Residue",
      "Drag to write this residue on the sequence",
      options,
      take,
    );
    return group;
  }

  ss8Brushes() {
    const group = element("div", "esm-group");
    const row = rowOf(this.spec, "ss8");
    for (const { value, title, color } of this.spec.ss8) {
      const key = `ss8-${value}`;
      const chip = element("button", "esm-button esm-chip", value);
      chip.title = `Drag to ask for ${title} (SS8 ${value})`;
      chip.setAttribute("aria-label", `SS8 brush ${value}, ${title}`);
      chip.style.setProperty("--chip", color);
      chip.dataset.brush = key;
      chip.addEventListener("click", () => this.take({ key, op: "write", row, value, label: `SS8 ${value}`, color }), {
        signal: this.signal,
      });
      this.buttons.set(key, chip);
      group.append(chip);
    }
    return group;
  }

  areaBrush() {
    const area = element("input", "esm-number");
    const row = rowOf(this.spec, "sasa");
    Object.assign(area, { type: "number", min: "0", value: "60", hidden: true });
    area.setAttribute("aria-label", "Area in square ångström");
    const take = () => {
      area.hidden = choice.value !== "other";
      const value = Number(choice.value === "other" ? area.value : choice.value);
      const legible = choice.value !== "other" || (area.value !== "" && value >= 0);
      area.setAttribute("aria-invalid", String(!legible));
      const label = legible ? `SASA ${value} Å²` : "SASA";
      if (choice.value)
        this.take(legible ? { key: "sasa", op: "write", row, value, label } : { key: "sasa", row, label });
    };
    const presets = PRESETS.map(
      ([name, size]) => /** @type {[string, string]} */ ([`${name} · ${size} Å²`, String(size)]),
    );
    const { group, choice } = this.choiceBrush(
      "sasa",
      "SASA",
      "Drag to ask for this solvent accessible area",
      [["SASA", ""], ...presets, ["other…", "other"]],
      take,
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
    const row = rowOf(this.spec, "sequence");
    /** @param {{op?: Op, value?: string}} limit */
    const hold = (limit, label = "Limit") => this.take({ key: "limit", row, ...limit, label });
    // What cannot be read paints nothing, rather than what was chosen before.
    const typed = () => {
      const limit = typedLimit(this.spec, letters.value);
      letters.setAttribute("aria-invalid", String(!limit && letters.value !== ""));
      hold(limit ?? {}, limit ? `${limit.op === "allow" ? "Only" : "Not"} ${limit.value}` : "Limit");
    };
    /** @type {typeof LIMITS} */
    const limits = [["any residue", "allow", this.spec.standard], ...LIMITS];
    const take = () => {
      letters.hidden = choice.value !== "other";
      const [name, op, value] = limits[Number(choice.value)] ?? [];
      if (choice.value && op !== undefined) hold({ op, value }, `Allow ${name}`);
      if (letters.hidden) return;
      typed();
      letters.focus();
    };
    const named = limits.map(([name], index) => /** @type {[string, string]} */ ([name, String(index)]));
    const { group, choice } = this.choiceBrush(
      "limit",
      "Allowed residues",
      "Drag on the sequence to limit which residues the model may choose",
      [["Allowed", ""], ...named, ["other…", "other"]],
      take,
    );
    choice.classList.add("esm-wide");
    letters.addEventListener("change", typed, { signal: this.signal });
    group.append(letters);
    return group;
  }

  /** @param {Brush} brush */
  take(brush) {
    this.brush = brush;
    this.mark();
    this.acts.changed(brush);
  }

  mark() {
    const { label = "", color = "" } = this.brush;
    write(this.hand, label);
    this.hand.style.setProperty("--chip", color);
    for (const [key, control] of this.buttons) {
      const pressed = key === this.brush.key;
      control.classList.toggle("esm-on", pressed);
      if (control.tagName === "BUTTON") control.setAttribute("aria-pressed", String(pressed));
      else if (!pressed) control.value = "";
      if (!pressed && control.nextElementSibling instanceof HTMLInputElement) control.nextElementSibling.hidden = true;
    }
  }
}
