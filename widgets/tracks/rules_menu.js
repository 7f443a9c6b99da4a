// Rules for all that is sampled: motifs that must not arise, and which amino acids are preferred, typed or
// pasted as a PSSM.

import { button, element, wordButton, write } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";

/** @import { TrackModel } from "./types" */

export class RulesMenu {
  el = element("div", "esm-holder");
  box = element("div", "esm-rules");
  motifs = element("div", "esm-motifs");
  problem = element("div", "esm-wrong");
  biased = element("span", "esm-muted");

  /** @param {TrackModel} model @param {() => [number, number][]} chosen @param {AbortSignal} signal */
  constructor(model, chosen, signal) {
    this.model = model;
    this.signal = signal;
    const options = { word: "Rules", hint: "Forbidden motifs and residue preferences", act: "rules" };
    const opener = button("rules", options, () => {}, signal);
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-label", "Forbidden motifs and residue preferences");
    this.problem.setAttribute("role", "alert");
    const motif = this.field(element("input", "esm-text"), "motif", "Motif, such as N-X-S/T or N-{P}-[ST]");
    const bias = this.field(element("textarea", "esm-text"), "bias", "A 1.5, C -2 in nats; or paste a PSSM");
    const factor = this.field(element("input", "esm-number"), "factor", "Times");
    Object.assign(factor, { type: "number", step: "0.05", value: "1" });
    factor.title = "Every number times this; 0.35 makes nats of PSI-BLAST's half bits";
    const forbid = () => {
      if (motif.value.trim()) model.send({ type: "motif", motif: motif.value.trim(), forbidden: true });
    };
    const prefer = () => model.send({ type: "bias", ranges: chosen(), text: bias.value, factor: Number(factor.value) });
    const clear = () => model.send({ type: "bias", ranges: chosen(), text: "", factor: 1 });
    motif.addEventListener("keydown", (event) => event.key === "Enter" && forbid(), { signal });
    this.box.append(
      element("div", "esm-title", "Forbidden motifs"),
      this.motifs,
      this.line(
        motif,
        this.button("Forbid", "Keep this motif from arising where residues are sampled", "forbid-motif", forbid),
      ),
      element("div", "esm-title", "Residue preferences"),
      this.biased,
      bias,
      this.line(
        element("span", "esm-muted", "times"),
        factor,
        this.button("Prefer", "On the residues selected, or on all where none is", "set-bias", prefer),
        this.button("Take back", "No preferences on the residues selected, or on any", "clear-bias", clear),
      ),
      this.problem,
    );
    this.el.append(opener, this.box);
    this.popover = new Popover(this.el, opener, this.box, { signal, opened: () => motif.focus() });
    model.on("change:rules", () => this.draw(), { signal });
    this.draw();
  }

  /**
   * @template {HTMLInputElement | HTMLTextAreaElement} Field
   * @param {Field} field @param {string} name @param {string} label
   */
  field(field, name, label) {
    field.placeholder = label;
    field.setAttribute("aria-label", label);
    field.dataset.field = name;
    field.spellcheck = false;
    return field;
  }

  /** @param {string} word @param {string} hint @param {string} act @param {() => void} run */
  button(word, hint, act, run) {
    return wordButton(word, { hint, act }, run, this.signal);
  }

  /** @param {HTMLElement[]} parts */
  line(...parts) {
    const line = element("div", "esm-menu-line");
    line.append(...parts);
    return line;
  }

  draw() {
    const { motifs, biased, wrong } = this.model.get("rules");
    const chips = motifs.map((motif) => {
      const hint = `Permit ${motif} again`;
      const run = () => this.model.send({ type: "motif", motif, forbidden: false });
      return button("close", { word: motif, hint, act: "permit-motif", classes: "esm-framed" }, run, this.signal);
    });
    this.motifs.replaceChildren(...(chips.length ? chips : [element("span", "esm-muted", "none")]));
    write(this.biased, biased ? `set on ${biased} ${biased === 1 ? "residue" : "residues"}` : "none");
    write(this.problem, wrong);
    this.problem.hidden = !wrong;
  }
}
