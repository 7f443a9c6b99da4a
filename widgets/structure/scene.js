// What 3Dmol holds: the models of a scene, which py3Dmol's calls made, and where their atoms are.

import { undrawn } from "./viewer_patches.js";

/** @import { Atom, DrawnModel, Scene, Viewer } from "./types" */

const ALLOWED = new Set(["addModel", "setStyle", "addStyle", "zoomTo"]);

export class DrawnScene {
  /** Name of the protein. */
  name = "";
  /** Residue of each atom of the first model, and names of residues. @type {number[]} */
  owner = [];
  /** @type {string[]} */
  labels = [];
  /** Atoms of the first model, and CA atoms of all. @type {Atom[]} */
  atoms = [];
  /** @type {Atom[]} */
  alphas = [];
  /** @type {Atom[]} */
  templateAlphas = [];
  /** @type {Atom[]} */
  otherAlphas = [];
  /** @type {DrawnModel | null} */
  template = null;

  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
  }

  /**
   * Builds a scene anew; the camera stays where it is, unless there was nothing or something else to see.
   * Returns whether it stayed, and whether this is another protein.
   * @param {Scene} scene
   */
  replay(scene) {
    const { viewer } = this;
    const other = scene.name !== this.name;
    const view = this.owner.length && !other ? viewer.getView() : null;
    this.name = scene.name ?? "";
    this.owner = scene.owner ?? [];
    this.labels = scene.labels ?? [];
    undrawn(viewer, () => {
      viewer.removeAllModels();
      viewer.removeAllShapes();
      for (const [method, args] of scene.calls ?? []) call(viewer, method, args);
      if (view) viewer.setView(view);
    });
    this.atoms = this.owner.length ? viewer.getModel(0).selectedAtoms({}) : [];
    for (const atom of this.atoms) atom.position = this.owner[atom.index];
    this.alphas = this.atoms.filter((atom) => atom.atom === "CA");
    this.templateAlphas = this.alphasOf(scene.template);
    this.otherAlphas = this.alphasOf(scene.other);
    this.template = scene.template ? viewer.getModel(scene.template) : null;
    return { stayed: view !== null, other };
  }

  /** @param {number} [number] */
  alphasOf(number) {
    return number ? this.viewer.getModel(number).selectedAtoms({ atom: "CA" }) : [];
  }

  /**
   * Moves the atoms in place; false where these coordinates are of another scene.
   * @param {Float32Array} xyz @param {string} ribbon a letter for each residue: h, s or c
   */
  move(xyz, ribbon) {
    if (!this.atoms.length || xyz.length !== 3 * this.atoms.length) return false;
    for (const atom of this.atoms) {
      const at = atom.position ?? 0;
      const k = 3 * atom.index;
      [atom.x, atom.y, atom.z] = [xyz[k], xyz[k + 1], xyz[k + 2]];
      atom.ss = ribbon[at] ?? "c";
      atom.ssbegin = atom.ss !== "c" && ribbon[at - 1] !== atom.ss;
      atom.ssend = atom.ss !== "c" && ribbon[at + 1] !== atom.ss;
    }
    return true;
  }

  /**
   * Residues of these chains: their names are those before the colon of a label.
   * @param {string[]} chains
   */
  positionsOf(chains) {
    const hiddenChains = new Set(chains);
    const positions = new Set();
    if (hiddenChains.size)
      for (const [i, label] of this.labels.entries())
        if (hiddenChains.has(label.slice(0, label.lastIndexOf(":")))) positions.add(i);
    return /** @type {Set<number>} */ (positions);
  }

  /**
   * The CA atom of a residue.
   * @param {number} position
   */
  alphaAt(position) {
    return this.alphas.find((atom) => atom.position === position);
  }

  /**
   * The ligands' model, if there is one: it comes after all others.
   * @param {Scene} scene
   */
  ligands(scene) {
    const named = this.owner.length ? (scene.ligands ?? []) : [];
    const before = 1 + Number(Boolean(scene.template)) + Number(Boolean(scene.other));
    return { named, model: named.length ? this.viewer.getModel(before) : null };
  }
}

/** @param {Viewer} viewer @param {string} method @param {unknown[]} args */
function call(viewer, method, args) {
  if (!ALLOWED.has(method)) return;
  const methods = /** @type {Record<string, (...args: unknown[]) => void>} */ (/** @type {unknown} */ (viewer));
  methods[method](...args);
}
