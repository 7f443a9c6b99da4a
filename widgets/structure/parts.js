// All of the 3D view that needs 3Dmol's viewer.

import { asU8 } from "../browser/bytes.js";
import { Camera } from "./camera.js";
import { rememberCamera } from "./camera_memory.js";
import { ChainTrace } from "./chain_trace.js";
import { HydrogenBonds } from "./hydrogen_bonds.js";
import { Measure } from "./measure.js";
import { Motion } from "./motion.js";
import { ResiduePicker } from "./residue_picker.js";
import { DrawnScene } from "./scene.js";
import { Surface } from "./surface.js";
import { letThePageScroll } from "./wheel.js";

/**
 * @import { StructureModel, Viewer } from "./types"
 * @import { Structure } from "./view.js"
 */

export class Parts {
  /** @param {Structure} view @param {Viewer} viewer @param {boolean} software */
  constructor(view, viewer, software) {
    this.viewer = viewer;
    this.scene = new DrawnScene(viewer);
    letThePageScroll(view.stage, view.signal);
    this.camera = new Camera(viewer, view.stage, view.signal);
    this.picker = new ResiduePicker(view, this.scene, view.signal);
    this.surface = new Surface(viewer);
    this.bonds = new HydrogenBonds(viewer);
    this.measure = new Measure(
      viewer,
      (atom) => view.atomName(atom),
      (text) => view.controls.say(text),
    );
    rememberCamera(viewer, view.stage, (at) => view.model.send({ type: "camera", view: at }), view.signal);
    this.trace = software ? new ChainTrace(view.stage) : null;
    this.motion = software ? new Motion(() => view.redraw()) : null;
    view.signal.addEventListener("abort", () => this.motion?.forget());
  }

  // A view of another shape shows the whole protein again, unless a person has the camera.
  /** @param {StructureModel} model */
  resized(model) {
    if (!this.scene.alphas.length) return;
    const moving = model.get("moving");
    this.camera.follow(this.camera.inView(this.scene, asU8(model.get("fade")), moving), moving);
  }
}
