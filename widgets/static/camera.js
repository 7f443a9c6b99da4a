// The camera of the 3D view. Until a person takes it, it keeps what is known of the protein in view.

import { orientation } from "./orientation.js";
import { undrawn } from "./thrift.js";

// How much of what it was the reach may become before the camera moves; less counts in a run.
const GROWN = 1.1;
const SHRUNK = { moving: 0.7, resting: 0.9 };

export class Camera {
  constructor(viewer, stage, signal) {
    this.viewer = viewer;
    this.free();
    for (const name of ["pointerdown", "wheel"]) {
      stage.addEventListener(name, () => (this.held = true), { signal, passive: true, capture: true });
    }
  }

  // Nobody's again.
  free() {
    this.held = false;
    this.reach = undefined;
    this.centred = "";
  }

  // From the widest side of these atoms.
  turn(atoms) {
    const place = this.viewer.getView().slice(0, 4);
    undrawn(this.viewer, () => this.viewer.setView([...place, ...orientation(atoms)]));
  }

  // Steps back when the atoms outgrow the view, and comes closer when they need less of it.
  follow(atoms, moving) {
    if (this.held) return;
    const reach = reachOf(atoms);
    const grown = reach / (this.reach ??= reach);
    if (grown < GROWN && grown > SHRUNK[moving ? "moving" : "resting"]) return;
    this.reach = reach;
    this.zoomTo(atoms);
  }

  // To these atoms; a second time, or without any, to all.
  centre(chosen, all, key) {
    const near = chosen.length > 0 && this.centred !== key;
    this.zoomTo(near ? chosen : all);
    if (!near) this.turn(all);
    Object.assign(this, { held: near, reach: reachOf(all), centred: near ? key : "" });
  }

  zoomTo(atoms) {
    const wanted = new Set(atoms);
    undrawn(this.viewer, () => this.viewer.zoomTo({ predicate: (atom) => wanted.has(atom) }));
  }
}

// Distance of the outermost atom from the middle of all, in Å.
export function reachOf(atoms) {
  const middle = ["x", "y", "z"].map((axis) => atoms.reduce((sum, atom) => sum + atom[axis], 0) / atoms.length);
  const far = ({ x, y, z }) => Math.hypot(x - middle[0], y - middle[1], z - middle[2]);
  return atoms.reduce((most, atom) => Math.max(most, far(atom)), 0);
}
