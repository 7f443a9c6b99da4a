// The ligands of the template in 3D: their atoms, the box that shows or hides them, and what is near them.

import { apart } from "./picking.js";

/** @import { Atom, DrawnModel } from "./types" */

const NAMED = 4;

export class Ligands {
  /** @type {[label: string, atoms: number][]} */
  named = [];
  /** @type {DrawnModel | null} */
  model = null;
  shown = true;
  /** @type {Atom[]} */
  all = [];

  /**
   * ``label`` holds the box that shows them, ``word`` says which they are; ``near`` is how far residues may be
   * that a click on one selects, in Å.
   * @param {{label: HTMLElement, word: HTMLElement}} check @param {number} near
   */
  constructor({ label, word }, near) {
    this.reach = near;
    this.label = label;
    this.word = word;
    label.classList.add("esm-ligands");
    label.hidden = true;
  }

  /**
   * Of a scene that was built anew: names with their numbers of atoms, and 3Dmol's model, if there is one.
   * @param {[label: string, atoms: number][]} named @param {DrawnModel | null} model
   */
  read(named, model) {
    this.named = named;
    this.model = model;
    this.shown = true;
    this.all = model ? model.selectedAtoms({}) : [];
    const owners = named.flatMap(([name, size]) => Array(size).fill(name));
    for (const atom of this.all) atom.ligand = owners[atom.index];
    this.label.hidden = !model;
    this.word.textContent = this.names();
  }

  // Those that can be pointed at.
  get atoms() {
    return this.shown ? this.all : [];
  }

  /** @param {boolean} on */
  restyle(on) {
    if (!this.model || on === this.shown) return;
    this.shown = on;
    if (on) this.model.show();
    else this.model.hide();
  }

  names() {
    const names = [...new Set(this.named.map(([label]) => label.slice(0, label.lastIndexOf(" "))))];
    const more = names.length - NAMED;
    return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
  }

  /**
   * Residues of which one of these atoms is near the ligand of this name.
   * @param {string} ligand @param {Atom[]} atoms
   */
  around(ligand, atoms) {
    const ownAtoms = this.all.filter((atom) => atom.ligand === ligand);
    /** @param {Atom} a */
    const near = (a) => ownAtoms.some((b) => apart(a, b) <= this.reach);
    return [...new Set(atoms.filter(near).map((atom) => atom.position ?? 0))];
  }
}
