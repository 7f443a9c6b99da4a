// The camera of the 3D view. Until a person takes it, it keeps what is known of the protein in view.

import { orientation } from "./orientation.js";
import { undrawn } from "./viewer_patches.js";

// Parts of the way from the middle of the view to its edges: where the outermost atom of the whole comes to
// lie, or of a selection, and how near to the middle all may shrink; less counts in a run.
const FILLING = { whole: 0.86, selection: 0.4 };
const SHRUNK = { moving: 0.4, resting: 0.65 };

// How faded a residue is that counts as unsure, which share of the residues is little, and how many times as
// far out as the others the unsure may lie to be in view when nothing moves.
const OPAQUE = 255;
const UNSURE = 128;
const LITTLE = 0.2;
const FAR = 1.7;

/**
 * @import { DrawnScene } from "./scene.js"
 * @import { Atom, Spot, Viewer } from "./types"
 */

export class Camera {
  /** Whether a person has taken it. */
  taken = false;
  /** What it was centred on last. */
  centred = "";

  /** @param {Viewer} viewer @param {HTMLElement} stage @param {AbortSignal} signal */
  constructor(viewer, stage, signal) {
    this.viewer = viewer;
    this.stage = stage;
    for (const name of ["pointerdown", "wheel"]) {
      stage.addEventListener(name, () => (this.taken = true), { signal, passive: true, capture: true });
    }
  }

  // As it was left.
  /** @param {number[]} view */
  restore(view) {
    undrawn(this.viewer, () => this.viewer.setView(view));
    this.taken = true;
  }

  // Nobody's again.
  free() {
    this.taken = false;
    this.centred = "";
  }

  /**
   * From the widest side of these atoms.
   * @param {Atom[]} atoms
   */
  turn(atoms) {
    const place = this.viewer.getView().slice(0, 4);
    undrawn(this.viewer, () => this.viewer.setView([...place, ...orientation(atoms)]));
    this.zoomTo(atoms, FILLING.whole);
  }

  /**
   * What is there is something else: in view as a whole again, from the side it was seen from.
   * @param {Atom[]} atoms
   */
  refit(atoms) {
    this.free();
    this.zoomTo(atoms, FILLING.whole);
  }

  /**
   * Steps back when the atoms outgrow the view, and comes closer when they need less of it.
   * @param {Atom[]} atoms @param {boolean} moving
   */
  follow(atoms, moving) {
    if (this.taken) return;
    const filled = this.filled(atoms);
    if (filled > 1 || filled < SHRUNK[moving ? "moving" : "resting"]) this.zoomTo(atoms, FILLING.whole);
  }

  /**
   * To these atoms; a second time, or without any, to all.
   * @param {Atom[]} chosen @param {Atom[]} all @param {string} key
   */
  centre(chosen, all, key) {
    const near = chosen.length > 0 && this.centred !== key;
    if (near) this.zoomTo(chosen, FILLING.selection);
    else this.turn(all);
    this.taken = near;
    this.centred = near ? key : "";
  }

  /** @param {Atom[]} atoms @param {number} filled */
  zoomTo(atoms, filled) {
    const included = new Set(atoms);
    undrawn(this.viewer, () => {
      this.viewer.zoomTo({ predicate: (atom) => included.has(atom) });
      this.viewer.zoom(filled / Math.max(0.05, this.filled(atoms)));
    });
  }

  /**
   * CA atoms of all models, in a run without those the model is unsure of unless there is little else.
   * @param {DrawnScene} scene @param {Uint8Array} fade @param {boolean} moving
   */
  inView(scene, fade, moving) {
    const others = [...scene.templateAlphas, ...scene.otherAlphas];
    const all = [...scene.alphas, ...others];
    const sure = scene.alphas.filter(({ position = 0 }) => (fade[position] ?? OPAQUE) > UNSURE).concat(others);
    if (sure.length <= LITTLE * scene.alphas.length) return all;
    return moving || this.filled(all) > FAR * this.filled(sure) ? sure : all;
  }

  /**
   * How far out the outermost of these atoms lies: 0 in the middle of the view, 1 at an edge.
   * @param {Atom[]} atoms
   */
  filled(atoms) {
    const { clientWidth, clientHeight } = this.stage;
    const corner = this.viewer.canvasOffset();
    for (const part of [this.viewer.scene, this.viewer.camera]) part.updateMatrixWorld();
    const [x, y] = [corner.left + clientWidth / 2, corner.top + clientHeight / 2];
    /** @param {Spot} at */
    const out = (at) => Math.max(Math.abs(at.x - x) / (clientWidth / 2), Math.abs(at.y - y) / (clientHeight / 2));
    return this.viewer.modelToScreen(atoms).reduce((most, at) => Math.max(most, out(at)), 0);
  }
}
