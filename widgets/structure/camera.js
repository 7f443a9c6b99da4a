// The camera of the 3D view. Until a person takes it, it keeps what is known of the protein in view.

import { orientation } from "./orientation.js";
import { undrawn } from "./viewer_patches.js";

// Parts of the way from the middle of the view to its edges: where the outermost atom of the whole comes to
// lie, or of a selection, and how near to the middle all may shrink; less counts in a run.
const FILLING = { whole: 0.86, selection: 0.4 };
const SHRUNK = { moving: 0.4, resting: 0.65 };

export class Camera {
  constructor(viewer, stage, signal) {
    Object.assign(this, { viewer, stage });
    this.free();
    for (const name of ["pointerdown", "wheel"]) {
      stage.addEventListener(name, () => (this.held = true), { signal, passive: true, capture: true });
    }
  }

  // Nobody's again.
  free() {
    this.held = false;
    this.centred = "";
  }

  // From the widest side of these atoms.
  turn(atoms) {
    const place = this.viewer.getView().slice(0, 4);
    undrawn(this.viewer, () => this.viewer.setView([...place, ...orientation(atoms)]));
    this.zoomTo(atoms, FILLING.whole);
  }

  // Steps back when the atoms outgrow the view, and comes closer when they need less of it.
  follow(atoms, moving) {
    if (this.held) return;
    const filled = this.filled(atoms);
    if (filled > 1 || filled < SHRUNK[moving ? "moving" : "resting"]) this.zoomTo(atoms, FILLING.whole);
  }

  // To these atoms; a second time, or without any, to all.
  centre(chosen, all, key) {
    const near = chosen.length > 0 && this.centred !== key;
    if (near) this.zoomTo(chosen, FILLING.selection);
    else this.turn(all);
    Object.assign(this, { held: near, centred: near ? key : "" });
  }

  zoomTo(atoms, filled) {
    const wanted = new Set(atoms);
    undrawn(this.viewer, () => {
      this.viewer.zoomTo({ predicate: (atom) => wanted.has(atom) });
      this.viewer.zoom(filled / Math.max(0.05, this.filled(atoms)));
    });
  }

  // How far out the outermost of these atoms lies: 0 in the middle of the view, 1 at an edge.
  filled(atoms) {
    const { clientWidth, clientHeight } = this.stage;
    const corner = this.viewer.canvasOffset();
    for (const one of [this.viewer.scene, this.viewer.camera]) one.updateMatrixWorld();
    const [x, y] = [corner.left + clientWidth / 2, corner.top + clientHeight / 2];
    const out = (at) => Math.max(Math.abs(at.x - x) / (clientWidth / 2), Math.abs(at.y - y) / (clientHeight / 2));
    return this.viewer.modelToScreen(atoms).reduce((most, at) => Math.max(most, out(at)), 0);
  }
}
