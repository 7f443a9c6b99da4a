// The 3D view: replays py3Dmol's calls, then moves atoms and changes colours in place.
// ``threedmol`` comes from the loader that browser/loader.py puts before this module.

import { busOf, hear } from "../browser/bus.js";
import { asF32, asU8 } from "../browser/bytes.js";
import { element } from "../browser/dom.js";
import { toggleFullScreen } from "../browser/full_screen.js";
import { Pointing } from "../browser/pointing.js";
import { toPositions } from "../browser/ranges.js";
import { connected } from "../browser/reconnect.js";
import { splitSide } from "../browser/splitter.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { Controls } from "./controls.js";
import { Ligands } from "./ligands.js";
import { Parts } from "./parts.js";
import { coloring, numberOf, rgbOf, stickPositions, styleDesign, templateOpacity } from "./styling.js";
import { resizeOnce, roomOn } from "./viewer_patches.js";
import { isSoftware, rendererName } from "./webgl.js";

/**
 * @import { Range, Rendering } from "../browser/types"
 * @import { ChainTrace } from "./chain_trace.js"
 * @import { DrawnScene } from "./scene.js"
 * @import { Line, StructureModel } from "./types"
 */

// Facets along a ribbon: half of 3Dmol's number costs half the time and looks the same at this size.
const FACETS = { card: 5, software: 4 };
const STALE = /** @type {const} */ ({
  scene: "scene",
  coordinates: "atoms",
  ribbon: "atoms",
  colors: "style",
  fade: "style",
  motif: "style",
  template: "style",
  ligands: "style",
  legend: "style",
  sidechains: "style",
  bonds: "style",
  bonded: "style",
  surface: "style",
  hidden: "style",
});

export class Structure {
  /** What is not drawn yet as it is now. */
  stale = { scene: true, atoms: true, style: true };
  /** @type {number | undefined} */
  waiting = undefined;
  /** Pictures drawn so far. */
  drawn = 0;
  /** @type {object | null} */
  pointer = null;
  templateLook = "";
  /** Whether the camera has not looked at this protein yet. */
  unturned = false;
  /** Whether residues came or went since it did, of which these are the names. */
  edited = false;
  labelled = "";
  /** All that needs 3Dmol. @type {Parts | null} */
  parts = null;

  /** @param {StructureModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    this.signal = signal;
    this.theme = readTheme(el);
    this.bus = busOf(model.get("bus"));
    this.selection = model.get("selection");
    this.controls = new Controls(
      model,
      {
        box: () => this.parts?.picker.arm(this.controls.boxing),
        measure: () => this.toggleRuler(),
        centre: () => this.recentre(),
        snapshot: () => this.snapshot(),
        full: () => toggleFullScreen(el),
      },
      signal,
    );
    const { bar, stage, legend } = this.controls;
    this.stage = stage;
    this.ligands = new Ligands(this.controls.ligands, model.get("near"));
    el.classList.add("esm-view", "esm-structure");
    el.append(bar, stage, legend);
    splitSide(el, signal);
    this.pointing = new Pointing(this.bus, model, (position) => this.setHovered(position), signal);
    this.listen();
  }

  // For whoever looks in from outside.
  get viewer() {
    return this.parts?.viewer;
  }

  get measure() {
    return this.parts?.measure;
  }

  // Residues of the chains that are hidden, and those drawn as sticks.
  get hidden() {
    return this.parts?.scene.positionsOf(this.model.get("hidden")) ?? new Set();
  }

  get sticks() {
    const { model } = this;
    return stickPositions(this.selection, model.get("motif"), model.get("sidechains"));
  }

  get alphas() {
    return this.parts?.scene.alphas ?? [];
  }

  get atoms() {
    return this.parts?.scene.atoms ?? [];
  }

  async start() {
    const [library] = await Promise.all([threedmol, roomOn(this.stage)]);
    library.setSyncSurface(true);
    if (this.signal.aborted) return;
    this.theme = readTheme(this.el);
    const renderer = rendererName();
    if (renderer === null)
      throw new Error("this browser offers no WebGL, which it is drawn with; all else works without");
    const software = isSoftware(renderer);
    const viewer = library.createViewer(this.stage, {
      backgroundColor: this.theme.bg,
      antialias: true,
      upscale: !software,
      cartoonQuality: software ? FACETS.software : FACETS.card,
    });
    resizeOnce(viewer, this.stage);
    const canvas = this.stage.querySelector("canvas");
    if (canvas) this.stage.prepend(canvas);
    this.parts = new Parts(this, viewer, software);
    Object.assign(this.el, { viewer });
    const resized = new ResizeObserver(() => {
      viewer.resize();
      this.parts?.resized(this.model);
      this.redraw();
    });
    resized.observe(this.stage);
    this.signal.addEventListener("abort", () => resized.disconnect());
    this.redraw();
  }

  listen() {
    const { model, signal } = this;
    for (const [name, part] of Object.entries(STALE)) {
      model.on(
        `change:${/** @type {keyof typeof STALE} */ (name)}`,
        () => {
          this.stale[part] = true;
          this.redraw();
        },
        { signal },
      );
    }
    model.on(
      "change:moving",
      () => {
        if (!model.get("moving")) this.parts?.motion?.over();
      },
      { signal },
    );
    model.on("change:selection", () => this.setSelection(model.get("selection")), { signal });
    hear(this.bus, "select", this, (ranges) => this.setSelection(ranges), signal);
    onThemeChange(() => {
      this.theme = readTheme(this.el);
      this.viewer?.setBackgroundColor(this.theme.bg);
      this.stale.style = true;
      this.redraw();
    }, signal);
  }

  redraw() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      if (this.parts && !this.signal.aborted && this.stage.clientWidth) this.draw(this.parts);
    });
  }

  /** @param {Parts} parts */
  draw(parts) {
    const { stale } = this;
    const { motion, scene } = parts;
    const moved = stale.scene || stale.atoms;
    if (stale.scene) this.replay(parts);
    if (moved) this.move(parts);
    const fast = moved && scene.atoms.length ? motion?.moved(this.model.get("moving")) : motion?.fast;
    if (fast && parts.trace) this.sketch(parts, parts.trace);
    else this.picture(parts, moved || stale.style);
    this.drawn += 1;
  }

  /** @param {Parts} parts @param {boolean} restyled */
  picture(parts, restyled) {
    const { viewer, trace, motion } = parts;
    if (restyled) this.restyle(parts);
    this.mark(parts);
    trace?.hide();
    const began = performance.now();
    viewer.render();
    this.stale = { scene: false, atoms: false, style: false };
    if (motion) requestAnimationFrame(() => setTimeout(() => (motion.cost = performance.now() - began)));
  }

  /**
   * Without a graphics card ribbons are too slow for one of many steps.
   * @param {Parts} parts @param {ChainTrace} trace
   */
  sketch({ viewer, scene }, trace) {
    const { theme } = this;
    /** @type {Line[]} */
    const lines = [{ alphas: scene.alphas, color: this.coloring() }];
    const [grey, compared] = [numberOf(theme.template), numberOf(theme.compared)];
    if (this.model.get("template")) lines.push({ alphas: scene.templateAlphas, color: () => grey, thin: true });
    lines.push({ alphas: scene.otherAlphas, color: () => compared, thin: true });
    this.controls.drawLegend();
    trace.show(
      viewer,
      lines.filter(({ alphas }) => alphas.length),
      this.pointedAt(),
      rgbOf(theme.bg),
    );
    this.stale = { scene: false, atoms: false, style: true };
  }

  /** @param {Parts} parts */
  replay({ scene, camera, measure, bonds }) {
    measure.forget();
    for (const dashes of [measure.dashes, bonds]) dashes.clear();
    const received = this.model.get("scene");
    const labels = String(received.labels);
    const { stayed, other } = scene.replay(received);
    this.edited = stayed && this.labelled !== labels;
    this.labelled = labels;
    this.pointer = null;
    this.templateLook = "";
    this.controls.empty.hidden = scene.owner.length > 0;
    this.unturned = scene.owner.length > 0 && !stayed;
    if (other) camera.free();
    const { named, model } = scene.ligands(received);
    this.ligands.read(named, model);
  }

  /** @param {Parts} parts */
  move(parts) {
    const { scene, camera } = parts;
    parts.surface.forget();
    parts.measure.forget();
    if (!scene.move(asF32(this.model.get("coordinates")), this.model.get("ribbon"))) return;
    const moving = this.model.get("moving");
    const atoms = camera.inView(scene, asU8(this.model.get("fade")), moving);
    const saved = this.model.get("camera");
    if (this.unturned && saved.length) camera.restore(saved);
    else if (this.unturned) camera.turn(atoms);
    else if (this.edited) camera.refit(atoms);
    else camera.follow(atoms, moving);
    this.unturned = this.edited = false;
  }

  /** @param {Parts} parts */
  restyle({ scene, surface, bonds }) {
    const { model, hidden } = this;
    this.controls.drawLegend();
    if (!scene.atoms.length) return;
    styleDesign(scene, this.coloring(), this.sticks, hidden, model.get("elements"));
    this.restyleTemplate(scene);
    this.ligands.restyle(model.get("ligands"));
    bonds.draw(scene, asF32(model.get("bonds") ? model.get("bonded") : null), this.selection, hidden, this.theme.fg);
    surface.draw(scene, model.get("surface"), this.coloring(), hidden);
  }

  toggleRuler() {
    const { parts } = this;
    if (!parts) return;
    const selected = new Set(toPositions(this.selection));
    parts.measure.toggle(parts.scene.alphas.filter(({ position = -1 }) => selected.has(position)));
    this.controls.press(this.controls.ruler, parts.measure.on);
    this.stage.style.cursor = parts.measure.on ? "crosshair" : "";
    this.redraw();
  }

  /** @param {import("./types").Atom} atom */
  atomName(atom) {
    const { labels } = this.parts?.scene ?? { labels: [] };
    return atom.ligand ?? `${labels[atom.position ?? -1] ?? ""} ${atom.atom}`;
  }

  coloring() {
    const { model, selection, theme } = this;
    return coloring(asU8(model.get("colors")), asU8(model.get("fade")), selection, theme);
  }

  /**
   * Only when it changes: a model with a new style is built anew.
   * @param {DrawnScene} scene
   */
  restyleTemplate({ template, alphas }) {
    const on = this.model.get("template");
    const { hidden } = this;
    const color = this.theme.template;
    const look = `${on} ${color} ${this.model.get("hidden")}`;
    if (!template || this.templateLook === look) return;
    this.templateLook = look;
    if (on) template.show();
    else template.hide();
    template.setStyle({}, { cartoon: { color, opacity: templateOpacity(this.theme) } });
    const hiddenChains = new Set(alphas.filter(({ position = -1 }) => hidden.has(position)).map(({ chain }) => chain));
    if (hiddenChains.size) template.setStyle({ chain: [...hiddenChains] }, {});
  }

  /** @param {Parts} parts */
  mark({ viewer, measure }) {
    measure.draw(this.theme);
    if (this.pointer) viewer.removeShape(this.pointer);
    this.pointer = null;
    const atom = this.pointedAt();
    if (!atom) return;
    this.pointer = viewer.addSphere({
      center: { x: atom.x, y: atom.y, z: atom.z },
      radius: 1.7,
      color: this.theme.fg,
      opacity: 0.45,
    });
  }

  pointedAt() {
    return this.parts?.scene.alphaAt(this.pointing.position);
  }

  /** @param {Range[]} ranges */
  setSelection(ranges) {
    this.selection = ranges;
    this.stale.style = true;
    this.redraw();
  }

  /** @param {number} position */
  setHovered(position) {
    this.parts?.picker.forget();
    this.controls.tell(this.nameOf(position));
    this.redraw();
  }

  /** @param {number} position */
  nameOf(position) {
    const label = this.parts?.scene.labels[position];
    if (!label) return "";
    const { model } = this;
    const name = model.get("names")[model.get("letters")[position]] ?? "";
    const plddt = asF32(model.get("plddt"))[position];
    const residue = name && ` ${name[0]}${name.slice(1).toLowerCase()}`;
    return `${label}${residue}${Number.isFinite(plddt) ? ` · pLDDT ${plddt}` : ""}`;
  }

  recentre() {
    if (!this.parts?.scene.atoms.length) return;
    const selected = new Set(toPositions(this.selection));
    const { scene, camera } = this.parts;
    camera.centre(
      scene.atoms.filter(({ position = -1 }) => selected.has(position)),
      scene.alphas,
      String(this.selection),
    );
    this.redraw();
  }

  snapshot() {
    if (!this.parts) return;
    if (this.parts.motion?.fast) this.picture(this.parts, true);
    const link = element("a");
    link.href = this.parts.viewer.pngURI();
    link.download = "structure.png";
    link.click();
  }
}

export default {
  /** @param {Rendering<StructureModel>} place */
  render({ model, el, signal }) {
    const view = new Structure(connected(model), el, signal);
    Object.assign(el, { structureView: view });
    view.start().catch((error) => {
      view.controls.empty.hidden = false;
      view.controls.empty.textContent = `The 3D view could not start: ${error?.message ?? error}`;
    });
  },
};
