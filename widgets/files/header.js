// The line above the views.

import { button, element, explain, icon, option, write } from "../browser/dom.js";
import { toggleFullScreen } from "../browser/full_screen.js";
import { connected } from "../browser/reconnect.js";
import { hideSnapshot } from "../sharing/snapshot.js";
import { beginFor } from "./begin.js";
import { Files } from "./documents.js";
import { helpFor } from "./help.js";
import { proposedFor } from "./proposed.js";
import { earlierFor } from "./recovery.js";
import { keepKeys } from "./shortcuts.js";
import { Tour } from "./tour.js";

/**
 * @import { Rendering } from "../browser/types"
 * @import { HeaderModel } from "./types"
 */

const DRAWN = /** @type {const} */ ([
  "name",
  "about",
  "notes",
  "model",
  "selection",
  "undo",
  "redo",
  "unreadable",
  "refusals",
]);

const MODELS = /** @type {const} */ (["models", "conformer"]);

const MOST_CHAINS = 10;

class HeaderView {
  name = element("span", "esm-name");
  about = element("span", "esm-about");
  chains = element("span", "esm-group esm-chains");
  models = element("select", "esm-text esm-models");
  note = element("span", "esm-note");
  selection = element("input", "esm-text");
  nearby = element("datalist");
  unreadable = element("span", "esm-unreadable");
  using = element("span", "esm-about esm-using");
  /** The selection that was refused last, as it was typed. */
  refused = "";

  /** @param {HeaderModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    el.classList.add("esm-view", "esm-header");
    this.note.append(icon("info"));
    const undo = () => model.send({ type: "undo" });
    const redo = () => model.send({ type: "redo" });
    this.undo = button("undo", { hint: "Undo" }, undo, signal);
    this.redo = button("redo", { hint: "Redo" }, redo, signal);
    const label = element("label", "esm-right", "Selection");
    this.selection.placeholder = "A:45-62";
    this.nearby.id = `esm-nearby-${Math.random().toString(36).slice(2)}`;
    this.selection.setAttribute("list", this.nearby.id);
    this.selection.dataset.field = "selection";
    this.selection.title =
      "Residues in the file's numbering, such as 45-62, A:45-62,B:3, B or A and not within 5 of B; Enter selects";
    this.selection.addEventListener("change", () => model.send({ type: "select", text: this.selection.value }), {
      signal,
    });
    this.selection.addEventListener("keydown", (event) => this.key(event), { signal });
    this.unreadable.setAttribute("role", "alert");
    const hide = () => {
      this.unreadable.hidden = true;
    };
    this.selection.addEventListener("input", hide, { signal });
    label.append(this.selection, this.nearby, this.unreadable);
    const edits = element("span", "esm-group");
    edits.append(this.undo, this.redo);
    const line = element("div", "esm-header-line");
    this.models.dataset.field = "conformer";
    this.models.setAttribute("aria-label", "Model of the file");
    this.models.addEventListener("change", () => model.send({ type: "conformer", number: Number(this.models.value) }), {
      signal,
    });
    line.append(this.name, this.about, this.chains, this.models, this.note, edits);
    el.append(line);
    if (model.get("live")) {
      const files = new Files(model, signal);
      const tour = new Tour(el, signal);
      this.help = helpFor(model.get("near"), () => tour.start(), signal);
      line.append(files.el, this.help.holder);
      el.append(beginFor(model, files, tour, signal));
      tour.offer();
    }
    const whole = { hint: "The bench over the whole screen (again, or Escape, to leave)" };
    line.append(
      label,
      this.using,
      button("full", whole, () => toggleFullScreen(el.closest(".esm-bench")), signal),
    );
    el.append(proposedFor(model, signal), earlierFor(model, signal));
    keepKeys(el, { undo, redo, help: () => this.help?.open() }, signal);
    for (const trait of DRAWN) model.on(`change:${trait}`, () => this.draw(), { signal });
    model.on("change:nearby", () => this.propose(), { signal });
    model.on("change:chains", () => this.drawChains(), { signal });
    for (const trait of MODELS) model.on(`change:${trait}`, () => this.drawModels(), { signal });
    this.draw();
    this.drawChains();
    this.drawModels();
    this.propose();
  }

  // A field whose text is again what it was before tells nobody of a change.
  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    if (event.key === "Enter" && this.selection.value === this.refused)
      this.unreadable.hidden = !this.model.get("unreadable");
  }

  // An NMR ensemble holds the same chain many times over: which model is open, and the others to take.
  drawModels() {
    const numbers = this.model.get("live") ? (this.model.get("models") ?? []) : [];
    this.models.hidden = numbers.length < 2;
    this.models.replaceChildren(...numbers.map((number) => option(`model ${number}`, String(number))));
    this.models.value = String(this.model.get("conformer"));
    this.models.title = `${numbers.length} models in this file; another one is opened as one step that Undo takes back`;
  }

  // A click on a chain's name selects it.
  drawChains() {
    const buttons = (this.model.get("chains") ?? []).slice(0, MOST_CHAINS).map(([name, residues]) => {
      const chain = element("button", "esm-button esm-chain-name", name);
      chain.type = "button";
      chain.title = `Select chain ${name}, ${residues} residues`;
      chain.dataset.chain = name;
      chain.addEventListener("click", () => this.model.send({ type: "select", text: `chain ${name}` }));
      return chain;
    });
    this.chains.replaceChildren(...buttons);
  }

  propose() {
    const proposed = this.model.get("live") ? this.model.get("nearby") : [];
    this.nearby.replaceChildren(...proposed.map((text) => option(text, text)));
  }

  draw() {
    const { model } = this;
    this.name.textContent = model.get("name");
    this.about.textContent = model.get("about");
    const notes = model.get("notes");
    this.note.hidden = notes.length === 0;
    this.note.title = notes.join("\n");
    this.using.textContent = this.using.title = model.get("model");
    const unreadable = model.get("unreadable");
    write(this.unreadable, unreadable);
    this.unreadable.hidden = !unreadable;
    this.selection.setAttribute("aria-invalid", String(Boolean(unreadable)));
    if (unreadable) this.refused = this.selection.value;
    else this.selection.value = model.get("selection");
    const last = model.get("undo");
    explain(this.undo, last ? `Undo: ${last} (Ctrl+Z)` : "Undo", last ? "" : "nothing was edited yet");
    explain(this.redo, "Redo (Ctrl+Y)", model.get("redo") ? "" : "no edit was taken back");
  }
}

export default {
  /** @param {Rendering<HeaderModel>} place */
  render({ model, el, signal }) {
    hideSnapshot(model.get("snapshot") ?? "", signal);
    new HeaderView(connected(model), el, signal);
  },
};
