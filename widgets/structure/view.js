// The 3D view: replays py3Dmol's calls, then moves atoms and changes colours in place.
// ``threedmol`` comes from the loader that browser/loader.py puts before this module.

import { asF32, asU8 } from "../browser/bytes.js";
import { busOf, hear, tell } from "../browser/bus.js";
import { Camera } from "./camera.js";
import { ChainTrace } from "./chain_trace.js";
import { button, element } from "../browser/dom.js";
import { Ligands, NEAR } from "./ligands.js";
import { pointUnder, scaleOf, towardsEye, watchPointer } from "./picking.js";
import { Pace } from "./motion.js";
import { contains, toPositions, toRanges } from "../browser/ranges.js";
import { Pointing } from "../browser/pointing.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { resizeOnce, roomOn, undrawn } from "./viewer_patches.js";
import { revive } from "../browser/reconnect.js";
import { RubberBand, pointsWithin } from "./rubber_band.js";
import { isSoftware, rendererName } from "./webgl.js";

const ALLOWED = new Set(["addModel", "setStyle", "addStyle", "zoomTo"]);
const SELECTED = 0xe0218a;
const OTHER = 0xcc79a7;
const SELECTED_STICKS = 60;
const MOTIF_STICKS = 120;
// For the camera: how faded a residue is that counts as unsure, which share of the residues is little, and how
// many times as far out as the others the unsure may lie to be in view when nothing moves.
const UNSURE = 128;
const LITTLE = 0.2;
const FAR = 1.7;
const NOTHING = {};
// Facets along a ribbon: half of 3Dmol's number costs half the time and looks the same at this size.
const FACETS = { card: 5, software: 4 };

class Structure {
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    this.signal = signal;
    this.bus = busOf(model.get("bus"));
    this.selection = model.get("selection");
    this.pointing = new Pointing(this.bus, model, (position) => this.setHovered(position), signal);
    this.stale = { scene: true, atoms: true, style: true };
    this.build();
    this.listen();
  }

  build() {
    const { el, model, signal } = this;
    el.classList.add("esm-view", "esm-structure");
    const bar = element("div", "esm-structure-bar");
    this.mode = element("select", "esm-choice");
    this.mode.setAttribute("aria-label", "Colour by");
    for (const [value, title] of model.get("modes")) this.mode.append(new Option(title, value));
    this.mode.value = model.get("mode");
    this.mode.addEventListener("change", () => model.send({ type: "mode", mode: this.mode.value }), { signal });
    this.ghost = this.check("ghost", "Show the template, laid over the design, in grey");
    bar.append(element("span", "esm-title", "Structure"), this.mode, this.ghost.parentElement, element("span", "esm-right"));
    this.boxing = button("select", { hint: "Draw a box around residues (or Shift and drag)", act: "box" }, () => this.arm(), signal);
    this.boxing.setAttribute("aria-pressed", "false");
    const masking = button("mask", { hint: "Mask sequence and structure of the selection", act: "mask-selected" }, () => model.send({ type: "mask" }), signal);
    masking.hidden = !model.get("live");
    bar.append(
      this.boxing, masking,
      button("centre", { hint: "Centre the selection; again, or with none, the whole protein" }, () => this.recentre(), signal),
      button("save", { hint: "Save a picture (PNG)" }, () => this.snapshot(), signal),
    );
    this.stage = element("div", "esm-stage");
    this.stage.setAttribute("role", "img");
    this.stage.setAttribute("aria-label", "Protein structure in 3D; click a residue to select it, Shift and drag to select what is in a box");
    this.empty = element("div", "esm-empty", "No coordinates yet. Run a recipe with a structure stage to fold this protein.");
    this.tip = element("div", "esm-tip");
    this.tip.hidden = true;
    this.legend = element("div", "esm-legend");
    this.ligands = new Ligands(this.check("ligands", `Show what the file has beside its chains, which the model does not see; a click on it selects what is within ${NEAR} Å`));
    this.stage.append(this.empty, this.tip);
    el.append(bar, this.stage, this.legend);
  }

  // A box to tick, for the trait of this name.
  check(name, title) {
    const label = element("label", "esm-check");
    const box = element("input");
    box.type = "checkbox";
    box.checked = this.model.get(name);
    box.addEventListener("change", () => this.model.send({ type: name, on: box.checked }), { signal: this.signal });
    label.append(box, name);
    label.title = title;
    return box;
  }

  async start() {
    const [library] = await Promise.all([threedmol, roomOn(this.stage)]);
    if (this.signal.aborted) return;
    this.theme = readTheme(this.el);
    const renderer = rendererName();
    if (renderer === null) throw new Error("this browser offers no WebGL, which it is drawn with; all else works without");
    const software = isSoftware(renderer);
    this.viewer = library.createViewer(this.stage, {
      backgroundColor: this.theme.bg, antialias: true, upscale: !software,
      cartoonQuality: software ? FACETS.software : FACETS.card,
    });
    resizeOnce(this.viewer, this.stage);
    this.stage.prepend(this.stage.querySelector("canvas"));
    if (software) {
      this.trace = new ChainTrace(this.stage);
      this.pace = new Pace(() => this.redraw());
      this.signal.addEventListener("abort", () => this.pace.forget());
    }
    this.el.viewer = this.viewer;
    this.camera = new Camera(this.viewer, this.stage, this.signal);
    const pointer = {
      click: (event) => this.pick(this.under(event), event),
      move: (event) => this.pointAt(this.under(event)),
      leave: () => this.pointAt(NOTHING),
    };
    watchPointer(this.stage, pointer, this.signal);
    this.band = new RubberBand(this.stage, (box, event) => this.pickWithin(box, event), this.signal);
    const resized = new ResizeObserver(() => {
      this.viewer.resize();
      if (Object.keys(this.stale).length) this.redraw();
    });
    resized.observe(this.stage);
    this.signal.addEventListener("abort", () => resized.disconnect());
    this.redraw();
  }

  listen() {
    const { model, signal } = this;
    const on = (name, part) =>
      model.on(`change:${name}`, () => {
        this.stale[part] = true;
        this.redraw();
      }, { signal });
    on("scene", "scene");
    on("coordinates", "atoms");
    on("ribbon", "atoms");
    on("colors", "style");
    on("fade", "style");
    on("motif", "style");
    on("ghost", "style");
    on("ligands", "style");
    on("legend", "style");
    model.on("change:moving", () => {
      if (!model.get("moving")) this.pace?.over();
    }, { signal });
    model.on("change:mode", () => (this.mode.value = model.get("mode")), { signal });
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
      if (this.viewer && !this.signal.aborted && this.stage.clientWidth) this.draw();
    });
  }

  draw() {
    const { stale } = this;
    const moved = stale.scene || stale.atoms;
    if (stale.scene) this.replay();
    if (moved) this.move();
    const fast = moved && this.atoms.length ? this.pace?.moved(this.model.get("moving")) : this.pace?.fast;
    if (fast) this.sketch();
    else this.picture(moved || stale.style);
    this.drawn = (this.drawn ?? 0) + 1;
  }

  picture(restyled) {
    if (restyled) this.restyle();
    this.mark();
    this.trace?.hide();
    const began = performance.now();
    this.viewer.render();
    this.stale = {};
    if (this.pace) requestAnimationFrame(() => setTimeout(() => (this.pace.cost = performance.now() - began)));
  }

  // Without a graphics card ribbons are too slow for one of many steps.
  sketch() {
    const { viewer, theme } = this;
    const chains = [{ alphas: this.alphas, color: this.coloring() }];
    if (this.ghostModel && this.model.get("ghost")) chains.push({ alphas: this.ghostAlphas, color: () => ghostColor(theme), thin: true });
    if (this.otherModel) chains.push({ alphas: this.otherAlphas, color: () => OTHER, thin: true });
    this.tellLegend();
    this.trace.show(viewer, chains, this.pointedAt(), rgbOf(theme.bg));
    this.stale = { style: true };
  }

  replay() {
    const { viewer } = this;
    const scene = this.model.get("scene");
    const other = scene.name !== this.name;
    const view = this.placed && !other ? viewer.getView() : null;
    this.name = scene.name;
    undrawn(viewer, () => this.rebuild(scene, view));
    this.placed = this.owner.length > 0;
    this.unturned = this.placed && !view;
    if (other) this.camera.free();
    this.atoms = this.owner.length ? viewer.getModel(0).selectedAtoms({}) : [];
    for (const atom of this.atoms) atom.position = this.owner[atom.index];
    const alphasOf = (number) => (number ? viewer.getModel(number).selectedAtoms({ atom: "CA" }) : []);
    this.alphas = this.atoms.filter((atom) => atom.atom === "CA");
    [this.ghostAlphas, this.otherAlphas] = [alphasOf(this.ghostModel), alphasOf(this.otherModel)];
    const named = this.owner.length ? (scene.ligands ?? []) : [];
    this.ligands.read(named, named.length ? viewer.getModel(1 + Boolean(scene.ghost) + Boolean(scene.other)) : null);
  }

  rebuild(scene, view) {
    const { viewer } = this;
    viewer.removeAllModels();
    viewer.removeAllShapes();
    this.pointer = null;
    this.owner = scene.owner ?? [];
    this.labels = scene.labels ?? [];
    this.ghostModel = scene.ghost;
    this.ghostLook = null;
    this.otherModel = scene.other;
    this.empty.hidden = this.owner.length > 0;
    for (const [method, args] of scene.calls ?? []) {
      if (ALLOWED.has(method)) viewer[method](...args);
    }
    if (view) viewer.setView(view);
  }

  // The atom under the pointer: a CA atom, which stands for its residue, or one of a ligand.
  under(event) {
    if (!this.alphas?.length) return NOTHING;
    const atoms = [...this.alphas, ...this.ligands.atoms];
    const spots = this.viewer.modelToScreen(atoms);
    const [x, y, z] = towardsEye(this.viewer.getView().slice(4));
    const depths = atoms.map((atom) => x * atom.x + y * atom.y + z * atom.z);
    const found = pointUnder(spots, depths, scaleOf(spots, atoms, depths), event.pageX, event.pageY);
    return found < 0 ? NOTHING : atoms[found];
  }

  pointAt({ position, ligand }) {
    this.pointing.at(position ?? -1);
    if (ligand === this.pointed) return;
    this.pointed = ligand;
    this.tell(ligand ?? this.labels?.[this.pointing.position] ?? "");
  }

  move() {
    const xyz = asF32(this.model.get("coordinates"));
    const ribbon = this.model.get("ribbon");
    if (!this.atoms.length || xyz.length !== 3 * this.atoms.length) return;
    for (const atom of this.atoms) {
      const k = 3 * atom.index;
      [atom.x, atom.y, atom.z] = [xyz[k], xyz[k + 1], xyz[k + 2]];
      atom.ss = ribbon[atom.position] ?? "c";
      atom.ssbegin = atom.ss !== "c" && ribbon[atom.position - 1] !== atom.ss;
      atom.ssend = atom.ss !== "c" && ribbon[atom.position + 1] !== atom.ss;
    }
    const moving = this.model.get("moving");
    if (this.unturned) this.camera.turn(this.inView(moving));
    else this.camera.follow(this.inView(moving), moving);
    this.unturned = false;
  }

  // CA atoms of all models, in a run without those the model is unsure of unless there is little else.
  inView(moving) {
    const fade = asU8(this.model.get("fade"));
    const others = [...this.ghostAlphas, ...this.otherAlphas];
    const all = [...this.alphas, ...others];
    const sure = this.alphas.filter((atom) => (fade[atom.position] ?? 255) > UNSURE).concat(others);
    if (sure.length <= LITTLE * this.alphas.length) return all;
    return moving || this.camera.filled(all) > FAR * this.camera.filled(sure) ? sure : all;
  }

  restyle() {
    const { viewer, model } = this;
    this.ghost.checked = model.get("ghost");
    this.tellLegend();
    if (!this.atoms.length) return;
    const [color, chosen] = [this.coloring(), new Set(toPositions(this.selection))];
    const shape = viewer.getModel(0);
    shape.setStyle({}, { cartoon: { colorfunc: color, arrows: true } });
    const motif = new Set(toPositions(model.get("motif")));
    const drawn = (one, most) => (one.size <= most ? one : new Set());
    const sticks = new Set([...drawn(chosen, SELECTED_STICKS), ...drawn(motif, MOTIF_STICKS)]);
    if (sticks.size) {
      const wanted = this.atoms.filter((atom) => sticks.has(atom.position)).map((atom) => atom.index);
      shape.setStyle({ index: wanted }, { stick: { radius: 0.14, colorfunc: color } }, true);
    }
    this.restyleGhost();
    this.ligands.restyle(this.model.get("ligands"));
  }

  // The colour of an atom: selected, or that of its residue, faded where the model is unsure.
  coloring() {
    const colors = asU8(this.model.get("colors"));
    const fade = asU8(this.model.get("fade"));
    const chosen = new Set(toPositions(this.selection));
    const paper = rgbOf(this.theme.bg);
    return (atom) => {
      if (chosen.has(atom.position)) return SELECTED;
      const share = (fade[atom.position] ?? 255) / 255;
      let value = 0;
      for (let c = 0; c < 3; c++) {
        value = (value << 8) | Math.round(share * colors[3 * atom.position + c] + (1 - share) * paper[c]);
      }
      return value;
    };
  }

  // Only when it changes: a model with a new style is built anew.
  restyleGhost() {
    const [on, color] = [this.model.get("ghost"), ghostColor(this.theme)];
    if (!this.ghostModel || this.ghostLook === `${on} ${color}`) return;
    this.ghostLook = `${on} ${color}`;
    const template = this.viewer.getModel(this.ghostModel);
    if (on) template.show();
    else template.hide();
    template.setStyle({}, { cartoon: { color, opacity: 0.5 } });
  }

  mark() {
    const { viewer } = this;
    if (this.pointer) viewer.removeShape(this.pointer);
    this.pointer = null;
    const atom = this.pointedAt();
    if (!atom) return;
    this.pointer = viewer.addSphere({
      center: { x: atom.x, y: atom.y, z: atom.z }, radius: 1.7, color: this.theme.fg, opacity: 0.45,
    });
  }

  pointedAt() {
    return this.alphas?.find((atom) => atom.position === this.pointing.position);
  }

  tellLegend() {
    const legend = this.model.get("legend");
    if (String(legend) === this.told) return;
    this.told = String(legend);
    this.legend.replaceChildren(
      ...legend.map(([color, name]) => {
        const item = element("span");
        const patch = element("i");
        patch.style.background = color;
        item.append(patch, name);
        return item;
      }),
      this.ligands.label,
    );
  }

  setSelection(ranges) {
    this.selection = ranges;
    this.stale.style = true;
    this.redraw();
  }

  setHovered(position) {
    this.pointed = undefined;
    this.tell(this.labels?.[position] ?? "");
    this.redraw();
  }

  tell(text) {
    this.tip.hidden = !text;
    this.tip.textContent = text;
  }

  pick({ position, ligand }, event) {
    if (ligand) return this.choose(this.ligands.around(ligand, this.atoms));
    if (position === undefined) return;
    let chosen = [position];
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      const before = toPositions(this.selection);
      chosen = contains(this.selection, position)
        ? before.filter((one) => one !== position)
        : [...before, position];
    }
    this.choose(chosen);
  }

  // The residues in the box; with Ctrl they join those selected before.
  pickWithin(box, event) {
    if (!this.alphas?.length) return;
    const found = pointsWithin(this.viewer.modelToScreen(this.alphas), box);
    const before = event.ctrlKey || event.metaKey ? toPositions(this.selection) : [];
    this.choose([...before, ...found.map((i) => this.alphas[i].position)]);
  }

  choose(positions) {
    const ranges = toRanges(positions);
    this.setSelection(ranges);
    tell(this.bus, "select", ranges, this);
    this.model.send({ type: "select", ranges });
  }

  arm() {
    if (!this.band) return;
    this.band.armed = !this.band.armed;
    this.boxing.classList.toggle("esm-on", this.band.armed);
    this.boxing.setAttribute("aria-pressed", String(this.band.armed));
    this.stage.style.cursor = this.band.armed ? "crosshair" : "";
  }

  recentre() {
    if (!this.viewer || !this.atoms?.length) return;
    const chosen = new Set(toPositions(this.selection));
    this.camera.centre(this.atoms.filter((atom) => chosen.has(atom.position)), this.alphas, String(this.selection));
    this.redraw();
  }

  snapshot() {
    if (!this.viewer) return;
    if (this.pace?.fast) this.picture(true);
    const link = element("a");
    link.href = this.viewer.pngURI();
    link.download = "structure.png";
    link.click();
  }
}

function ghostColor(theme) {
  return theme.dark ? 0xc3ccd5 : 0x8b949d;
}

// Red, green and blue (0–255) of a colour as the page writes it.
function rgbOf(color) {
  const pen = (rgbOf.pen ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true }));
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
}

export default {
  render({ model, el, signal }) {
    revive(model);
    const view = new Structure(model, el, signal);
    el.structureView = view;
    view.start().catch((error) => {
      view.empty.hidden = false;
      view.empty.textContent = `The 3D view could not start: ${error?.message ?? error}`;
    });
  },
};
