// The brushes above the tracks. Holds which brush is in hand; tells ``onChange`` when it changes.

import { button, element } from "./dom.js";
import { RESIDUES, SASA, SEQUENCE, SS8 } from "./painting.js";

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
const PRESETS = [["buried", 2], ["partly", 40], ["exposed", 110]];

export class Toolbar {
  constructor(ss8, onChange, onAct, signal) {
    this.brush = { key: "mask", op: "mask" };
    this.onChange = onChange;
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
    this.el.append(basic, this.residueBrush(), this.ss8Brushes(ss8), this.areaBrush());
    this.zoom = element("div", "esm-group esm-zoom");
    for (const [name, hint] of ZOOMS) {
      this.zoom.append(button(name, { hint, classes: "esm-small" }, () => onAct(name), signal));
    }
    this.mark();
  }

  brushButton({ key, label, hint }, brush) {
    const one = button(key, { word: label, hint }, () => this.take(brush), this.signal);
    one.dataset.brush = key;
    this.buttons.set(key, one);
    return one;
  }

  residueBrush() {
    const group = element("div", "esm-group");
    const choice = element("select", "esm-choice");
    choice.title = "Drag to write this residue on the sequence";
    choice.setAttribute("aria-label", "Residue brush");
    choice.append(new Option("Residue", ""));
    for (const letter of RESIDUES) choice.append(new Option(letter, letter));
    choice.addEventListener(
      "change",
      () => choice.value && this.take({ key: "residue", op: "write", row: SEQUENCE, value: choice.value }),
      { signal: this.signal },
    );
    choice.dataset.brush = "residue";
    this.buttons.set("residue", choice);
    group.append(choice);
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
    const group = element("div", "esm-group");
    const choice = element("select", "esm-choice");
    choice.title = "Drag to ask for this solvent accessible area";
    choice.setAttribute("aria-label", "SASA brush");
    choice.append(new Option("SASA", ""));
    for (const [name, area] of PRESETS) choice.append(new Option(`${name} · ${area} Å²`, area));
    choice.append(new Option("other…", "other"));
    const area = element("input", "esm-number");
    area.type = "number";
    area.min = 0;
    area.value = 60;
    area.hidden = true;
    area.setAttribute("aria-label", "Area in square ångström");
    const take = () => {
      area.hidden = choice.value !== "other";
      const value = choice.value === "other" ? Number(area.value) : Number(choice.value);
      if (choice.value) this.take({ key: "sasa", op: "write", row: SASA, value });
    };
    choice.addEventListener("change", take, { signal: this.signal });
    area.addEventListener("change", take, { signal: this.signal });
    choice.dataset.brush = "sasa";
    this.buttons.set("sasa", choice);
    group.append(choice, area);
    return group;
  }

  take(brush) {
    this.brush = brush;
    this.mark();
    this.onChange(brush);
  }

  mark() {
    for (const [key, one] of this.buttons) {
      const pressed = key === this.brush.key;
      one.classList.toggle("esm-on", pressed);
      if (one.tagName === "BUTTON") one.setAttribute("aria-pressed", String(pressed));
      else if (!pressed) one.value = "";
    }
  }
}
