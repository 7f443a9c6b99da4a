// The 3D view: replays py3Dmol's calls, then moves atoms and changes colours in place.
// ``threedmol()`` comes from the loader that assets.py puts before this module.

import { asF32, asU8 } from "./bytes.js";
import { busOf, hear, tell } from "./bus.js";
import { button, element } from "./dom.js";
import { contains, toPositions, toRanges } from "./ranges.js";
import { onThemeChange, readTheme } from "./theme.js";
import { revive } from "./revive.js";

const ALLOWED = new Set(["addModel", "setStyle", "addStyle", "zoomTo"]);
const SELECTED = 0xe0218a;

class Structure {
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    this.signal = signal;
    this.bus = busOf(model.get("bus"));
    this.selection = model.get("selection");
    this.hovered = -1;
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
    const ghost = element("label", "esm-check");
    this.ghost = element("input");
    this.ghost.type = "checkbox";
    this.ghost.checked = model.get("ghost");
    this.ghost.addEventListener("change", () => model.send({ type: "ghost", on: this.ghost.checked }), { signal });
    ghost.append(this.ghost, "ghost");
    ghost.title = "Show the template, laid over the design, in grey";
    bar.append(element("span", "esm-title", "Structure"), this.mode, ghost, element("span", "esm-right"));
    bar.append(
      button("centre", { hint: "Centre the whole protein" }, () => this.recentre(), signal),
      button("save", { hint: "Save a picture (PNG)" }, () => this.snapshot(), signal),
    );
    this.stage = element("div", "esm-stage");
    this.stage.setAttribute("role", "img");
    this.stage.setAttribute("aria-label", "Protein structure in 3D; click a residue to select it");
    this.empty = element("div", "esm-empty", "No coordinates yet. Run a recipe with a structure stage to fold this protein.");
    this.tip = element("div", "esm-tip");
    this.tip.hidden = true;
    this.legend = element("div", "esm-legend");
    this.stage.append(this.empty, this.tip);
    el.append(bar, this.stage, this.legend);
  }

  async start() {
    const library = await threedmol();
    if (this.signal.aborted) return;
    this.theme = readTheme(this.el);
    this.viewer = library.createViewer(this.stage, {
      backgroundColor: this.theme.bg, antialias: true, hoverDuration: 30,
    });
    this.stage.prepend(this.stage.querySelector("canvas"));
    this.el.viewer = this.viewer;
    for (const name of ["pointerdown", "wheel"]) {
      const hold = () => (this.held = true);
      this.stage.addEventListener(name, hold, { signal: this.signal, passive: true, capture: true });
    }
    const resized = new ResizeObserver(() => {
      this.viewer.resize();
      if (!this.placed) this.recentre();
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
    on("ghost", "style");
    on("legend", "style");
    model.on("change:mode", () => (this.mode.value = model.get("mode")), { signal });
    model.on("change:selection", () => this.setSelection(model.get("selection")), { signal });
    model.on("change:hovered", () => this.setHovered(model.get("hovered")), { signal });
    hear(this.bus, "select", this, (ranges) => this.setSelection(ranges), signal);
    hear(this.bus, "hover", this, (position) => this.setHovered(position), signal);
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
      if (this.viewer && !this.signal.aborted) this.draw();
    });
  }

  draw() {
    const { stale } = this;
    if (stale.scene) this.replay();
    if (stale.scene || stale.atoms) this.move();
    if (stale.scene || stale.atoms || stale.style) this.restyle();
    this.mark();
    this.viewer.render();
    if (this.outgrown) this.viewer.zoomTo({});
    this.outgrown = false;
    this.stale = {};
    this.drawn = (this.drawn ?? 0) + 1;
  }

  replay() {
    const { viewer } = this;
    const scene = this.model.get("scene");
    const view = this.placed ? viewer.getView() : null;
    viewer.removeAllModels();
    viewer.removeAllShapes();
    this.pointer = null;
    this.owner = scene.owner ?? [];
    this.labels = scene.labels ?? [];
    this.hasGhost = Boolean(scene.ghost);
    this.empty.hidden = this.owner.length > 0;
    for (const [method, args] of scene.calls ?? []) {
      if (ALLOWED.has(method)) viewer[method](...args);
    }
    if (view) viewer.setView(view);
    this.placed = this.owner.length > 0 && this.stage.clientWidth > 0;
    this.atoms = this.owner.length ? viewer.getModel(0).selectedAtoms({}) : [];
    for (const atom of this.atoms) atom.position = this.owner[atom.index];
    if (!this.atoms.length) return;
    viewer.setClickable({ model: 0 }, true, (atom, _, event) => this.pick(atom, event));
    viewer.setHoverable({ model: 0 }, true, (atom) => this.point(atom.position), () => this.point(-1));
  }

  move() {
    const xyz = asF32(this.model.get("coordinates"));
    const ribbon = this.model.get("ribbon");
    if (xyz.length !== 3 * this.atoms.length) return;
    for (const atom of this.atoms) {
      const k = 3 * atom.index;
      [atom.x, atom.y, atom.z] = [xyz[k], xyz[k + 1], xyz[k + 2]];
      atom.ss = ribbon[atom.position] ?? "c";
      atom.ssbegin = atom.ss !== "c" && ribbon[atom.position - 1] !== atom.ss;
      atom.ssend = atom.ss !== "c" && ribbon[atom.position + 1] !== atom.ss;
    }
    this.keepInView();
  }

  // As long as nobody has taken the camera: step back when the protein outgrows the view.
  keepInView() {
    if (this.held || !this.atoms.length) return;
    const reach = reachOf(this.atoms);
    if (this.reach && reach > 1.1 * this.reach) this.outgrown = true;
    this.reach = Math.max(reach, this.reach ?? 0);
  }

  restyle() {
    const { viewer, model } = this;
    const colors = asU8(model.get("colors"));
    this.ghost.checked = model.get("ghost");
    this.tellLegend();
    if (!this.atoms.length) return;
    const chosen = new Set(toPositions(this.selection));
    const color = (atom) => {
      if (chosen.has(atom.position)) return SELECTED;
      const k = 3 * atom.position;
      return (colors[k] << 16) | (colors[k + 1] << 8) | colors[k + 2];
    };
    const shape = viewer.getModel(0);
    shape.setStyle({}, { cartoon: { colorfunc: color, arrows: true } });
    if (chosen.size && chosen.size <= 60) {
      const sticks = { stick: { radius: 0.14, colorfunc: color } };
      const wanted = this.atoms.filter((atom) => chosen.has(atom.position)).map((atom) => atom.index);
      shape.setStyle({ index: wanted }, sticks, true);
    }
    if (!this.hasGhost) return;
    const template = viewer.getModel(1);
    if (model.get("ghost")) template.show();
    else template.hide();
    template.setStyle({}, { cartoon: { color: this.theme.dark ? "#c3ccd5" : "#8b949d", opacity: 0.5 } });
  }

  mark() {
    const { viewer } = this;
    if (this.pointer) viewer.removeShape(this.pointer);
    this.pointer = null;
    if (this.hovered < 0) return;
    const atom = this.atoms.find((one) => one.position === this.hovered && one.atom === "CA");
    if (!atom) return;
    this.pointer = viewer.addSphere({
      center: { x: atom.x, y: atom.y, z: atom.z }, radius: 1.7, color: this.theme.fg, opacity: 0.45,
    });
  }

  tellLegend() {
    this.legend.replaceChildren(
      ...this.model.get("legend").map(([color, name]) => {
        const item = element("span");
        const patch = element("i");
        patch.style.background = color;
        item.append(patch, name);
        return item;
      }),
    );
  }

  setSelection(ranges) {
    this.selection = ranges;
    this.stale.style = true;
    this.redraw();
  }

  setHovered(position) {
    if (position === this.hovered) return;
    this.hovered = position;
    this.tip.hidden = position < 0;
    this.tip.textContent = this.labels?.[position] ?? "";
    this.redraw();
  }

  point(position) {
    if (position === this.hovered) return;
    this.setHovered(position);
    tell(this.bus, "hover", position, this);
    clearTimeout(this.pointing);
    this.pointing = setTimeout(() => this.model.send({ type: "hover", position }), 80);
  }

  pick(atom, event) {
    const { position } = atom;
    let chosen = [position];
    if (event?.shiftKey || event?.ctrlKey || event?.metaKey) {
      const before = toPositions(this.selection);
      chosen = contains(this.selection, position)
        ? before.filter((one) => one !== position)
        : [...before, position];
    }
    const ranges = toRanges(chosen);
    this.setSelection(ranges);
    tell(this.bus, "select", ranges, this);
    this.model.send({ type: "select", ranges });
  }

  recentre() {
    if (!this.viewer || !this.atoms?.length || !this.stage.clientWidth) return;
    this.viewer.resize();
    this.viewer.zoomTo({ model: 0 });
    this.viewer.render();
    this.held = false;
    this.reach = reachOf(this.atoms);
    this.placed = true;
  }

  snapshot() {
    const link = element("a");
    link.href = this.viewer.pngURI();
    link.download = "structure.png";
    link.click();
  }
}

// Distance of the outermost atom from the middle of all, in Å.
function reachOf(atoms) {
  const middle = ["x", "y", "z"].map((axis) => atoms.reduce((sum, atom) => sum + atom[axis], 0) / atoms.length);
  const far = ({ x, y, z }) => Math.hypot(x - middle[0], y - middle[1], z - middle[2]);
  return atoms.reduce((most, atom) => Math.max(most, far(atom)), 0);
}

export default {
  render({ model, el, signal }) {
    revive(model);
    const view = new Structure(model, el, signal);
    el.structureView = view;
    view.start().catch((error) => {
      view.empty.hidden = false;
      view.empty.textContent = `The 3D view could not start: ${error.message}`;
    });
  },
};
