// The pointer over the 3D view: pointing at residues and ligands, and selecting them by a click or a box.

import { tell } from "../browser/bus.js";
import { contains, toPositions, toRanges } from "../browser/ranges.js";
import { pointUnder, scaleOf, towardsEye, watchPointer } from "./picking.js";
import { pointsWithin, RubberBand } from "./rubber_band.js";

/**
 * @import { DrawnScene } from "./scene.js"
 * @import { Atom, Box, Under } from "./types"
 * @import { Structure } from "./view.js"
 */

/** @type {Under} */
const NOTHING = {};

export class ResiduePicker {
  /** The ligand pointed at. @type {string | undefined} */
  pointed = undefined;

  /** @param {Structure} view @param {DrawnScene} scene @param {AbortSignal} signal */
  constructor(view, scene, signal) {
    this.view = view;
    this.scene = scene;
    this.band = new RubberBand(view.stage, (box, event) => this.pickWithin(box, event), signal);
    watchPointer(
      view.stage,
      {
        click: (event) => this.click(event),
        move: (event) => this.pointAt(this.under(event)),
        leave: () => this.pointAt(NOTHING),
      },
      signal,
    );
  }

  /**
   * The atom under the pointer: a CA atom, which stands for its residue, or one of a ligand.
   * @param {MouseEvent} event @returns {Under}
   */
  under(event) {
    return this.atomUnder(event, [...this.shown(this.scene.alphas), ...this.view.ligands.atoms]) ?? NOTHING;
  }

  /**
   * Those that are not hidden.
   * @param {Atom[]} atoms
   */
  shown(atoms) {
    const { hidden } = this.view;
    return hidden.size ? atoms.filter(({ position = -1 }) => !hidden.has(position)) : atoms;
  }

  // Atoms to measure between: CA, those drawn as sticks, and ligands'.
  get measurable() {
    const { sticks, ligands } = this.view;
    const drawn = this.scene.atoms.filter(({ atom, position = -1 }) => atom === "CA" || sticks.has(position));
    return [...this.shown(drawn), ...ligands.atoms];
  }

  /** @param {MouseEvent} event @param {Atom[]} atoms */
  atomUnder(event, atoms) {
    const { viewer } = this.scene;
    if (!this.scene.alphas.length || !atoms.length) return undefined;
    const spots = viewer.modelToScreen(atoms);
    const [x, y, z] = towardsEye(viewer.getView().slice(4));
    const depths = atoms.map((atom) => x * atom.x + y * atom.y + z * atom.z);
    const index = pointUnder(spots, depths, scaleOf(spots, atoms, depths), event.pageX, event.pageY);
    return index < 0 ? undefined : atoms[index];
  }

  /** @param {Under} under */
  pointAt({ position, ligand }) {
    const { view } = this;
    view.pointing.at(position ?? -1);
    if (ligand === this.pointed) return;
    this.pointed = ligand;
    view.controls.tell(ligand ?? view.nameOf(view.pointing.position));
  }

  // Another view points at a residue.
  forget() {
    this.pointed = undefined;
  }

  /** @param {PointerEvent} event */
  click(event) {
    const { measure } = this.view;
    if (!measure?.on) return this.pick(this.under(event), event);
    const atom = this.atomUnder(event, this.measurable);
    if (!atom) return;
    measure.pick(atom);
    this.view.redraw();
  }

  /** @param {Under} under @param {PointerEvent} event */
  pick({ position, ligand }, event) {
    if (ligand) return this.choose(this.view.ligands.around(ligand, this.scene.atoms));
    if (position === undefined) return;
    let chosen = [position];
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      const before = toPositions(this.view.selection);
      const inside = contains(this.view.selection, position);
      chosen = inside ? before.filter((selected) => selected !== position) : [...before, position];
    }
    this.choose(chosen);
  }

  /**
   * The residues in the box; with Ctrl they join those selected before.
   * @param {Box} box @param {PointerEvent} event
   */
  pickWithin(box, event) {
    const { viewer } = this.scene;
    const alphas = this.shown(this.scene.alphas);
    if (!alphas.length) return;
    const inside = pointsWithin(viewer.modelToScreen(alphas), box);
    const before = event.ctrlKey || event.metaKey ? toPositions(this.view.selection) : [];
    this.choose([...before, ...inside.map((i) => alphas[i].position ?? 0)]);
  }

  /** @param {number[]} positions */
  choose(positions) {
    const ranges = toRanges(positions);
    this.view.setSelection(ranges);
    tell(this.view.bus, "select", ranges, this.view);
    this.view.model.send({ type: "select", ranges });
  }

  /**
   * Whether a drag draws a box, without Shift too.
   * @param {HTMLElement} button
   */
  arm(button) {
    const armed = !this.band.armed;
    this.band.armed = armed;
    button.classList.toggle("esm-on", armed);
    button.setAttribute("aria-pressed", String(armed));
    this.view.stage.style.cursor = armed ? "crosshair" : "";
  }
}
