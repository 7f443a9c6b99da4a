// A bench in a page of its own: the same views on models that hold recorded pictures. Nothing is
// fetched and nothing can run; choosing a step or a design puts its picture on every view.

import { busOf, hear, tell } from "../browser/bus.js";
import { element } from "../browser/dom.js";
import { PageModel } from "./page_model.js";
import { formatRanges, parseRanges } from "./selection_text.js";
import { inflate, unpack } from "./unpack.js";

const SELECTED = "#e0218a";

class Page {
  constructor({ main, value }) {
    this.main = main;
    this.value = value;
    this.bus = busOf(main.bus);
    this.signal = new AbortController().signal;
    this.models = {};
    this.key = "prompt";
    this.mode = null;
    this.selection = [];
    for (const name of Object.keys(main.views)) {
      this.models[name] = new PageModel((content, model) => this.answer(content, model));
      this.models[name].show({ ...this.picture(name, "prompt"), bus: main.bus, selection: [], hovered: -1, ack: 0, seq: 0, live: false });
    }
    this.models.header?.show({ selection: "", undo: "", redo: false });
    this.mode = this.models.structure?.get("mode");
    hear(this.bus, "select", this, (ranges) => this.select(ranges), this.signal);
  }

  // -- pictures ---------------------------------------------------------------------------------

  picture(name, key) {
    const { first, others } = this.main.reel;
    const numbers = { ...first[name], ...others[key]?.[name] };
    return Object.fromEntries(Object.entries(numbers).map(([trait, number]) => [trait, this.value(number)]));
  }

  show(key) {
    if (key !== "prompt" && !Object.hasOwn(this.main.reel.others, key)) return;
    this.key = key;
    for (const [name, model] of Object.entries(this.models)) {
      const values = this.picture(name, key);
      for (const trait of ["mode", "ghost", "ligands", "live", "tab"]) delete values[trait];
      if (name === "header") delete values.selection;
      if (name === "structure") Object.assign(values, this.coloring());
      model.show(values);
    }
    document.body.dataset.picture = key;
    this.plot();
  }

  // A step of the design on view, or else of the run. Of a long run not every step is here: the
  // nearest one before it is shown.
  showStep(index) {
    const { others } = this.main.reel;
    const design = this.key.startsWith("design:") ? this.key.split("#")[0] : null;
    const named = (at) => (design ? `${design}#${at}` : `step:${at}`);
    if (design && index >= this.models.run.get("run_state").taken) return this.show(design);
    let at = index;
    while (at > 0 && !Object.hasOwn(others, named(at))) at -= 1;
    if (design) return this.show(Object.hasOwn(others, named(at)) ? named(at) : design);
    return this.show(at > 0 ? named(at) : "prompt");
  }

  // The design of this name, or where it is on view the run again.
  showDesign(name) {
    const key = `design:${name}`;
    this.show(this.key.split("#")[0] === key ? this.main.start : key);
  }

  coloring() {
    const numbers = this.main.reel.colorings[this.key]?.[this.mode] ?? {};
    return Object.fromEntries(Object.entries(numbers).map(([trait, number]) => [trait, this.value(number)]));
  }

  // -- what the views ask for -------------------------------------------------------------------

  answer(content, model) {
    const { type } = content;
    if (type === "show" && "index" in content) this.showStep(content.index);
    else if (type === "show") this.showDesign(content.name);
    else if (type === "select" && "text" in content) this.selectText(content.text, model);
    else if (type === "select") {
      this.select(content.ranges);
      model.show({ select_ack: content.id ?? "" });
    } else if (type === "paint") model.show({ ack: content.id });
    else if (type === "mode") {
      this.mode = content.mode;
      model.show({ mode: content.mode, ...this.coloring() });
    } else if (type === "tab") {
      model.show({ tab: content.tab });
      this.plot();
    } else if (type === "ghost" || type === "ligands") model.show({ [type]: content.on });
  }

  select(ranges) {
    this.selection = ranges;
    for (const model of [this.models.tracks, this.models.structure]) model?.show({ selection: ranges });
    this.models.header?.show({ selection: formatRanges(ranges, this.models.tracks.get("axis")) });
    this.plot();
  }

  selectText(text, header) {
    const ranges = parseRanges(text, this.models.tracks.get("axis"));
    header.traits.selection = null;
    this.select(ranges ?? this.selection);
  }

  // -- the plot ---------------------------------------------------------------------------------

  figure() {
    const figure = { data: [], layout: {} };
    for (const [path, value] of Object.entries(this.main.reel.plots[this.key][this.models.tabs.get("tab")])) {
      const [part, ...rest] = path.split(".");
      if (part === "layout") figure.layout[rest[0]] = structuredClone(this.value(value));
      else (figure.data[rest[0]] ??= {})[rest[1]] = this.value(value);
    }
    const along = this.models.tabs.get("tab") === "residues" ? this.selection : [];
    const bands = along.map(([start, stop]) => ({
      type: "rect", xref: "x", yref: "paper", x0: start - 0.5, x1: stop - 0.5, y0: 0, y1: 1,
      fillcolor: SELECTED, opacity: 0.18, line: { width: 0 }, layer: "below",
    }));
    figure.layout.shapes = [...(figure.layout.shapes ?? []), ...bands];
    return figure;
  }

  plot() {
    if (!this.plotted) return;
    const { data, layout } = this.figure();
    globalThis.Plotly.react(this.plotted, data, layout, { displayModeBar: false, responsive: true });
  }

  hover({ pointNumber }) {
    const residue = this.models.tabs.get("tab") === "residues";
    if (residue) tell(this.bus, "hover", pointNumber, this);
  }

  async startPlot(el) {
    await script(this.value(this.main.plotly));
    this.plotted = el;
    this.plot();
    el.on("plotly_hover", ({ points }) => this.hover(points[0]));
    el.on("plotly_unhover", () => tell(this.bus, "hover", -1, this));
  }

  // -- the record -------------------------------------------------------------------------------

  download() {
    const { name, data } = this.main.record;
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([this.value(data)], { type: "application/octet-stream" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
}

// A script of this page's own pack; the content policy lets no other one run.
function script(text) {
  return new Promise((resolve, reject) => {
    const el = element("script");
    el.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    el.addEventListener("load", () => resolve(URL.revokeObjectURL(el.src)));
    el.addEventListener("error", () => reject(new Error("a script of this page did not load")));
    document.head.append(el);
  });
}

async function module(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return (await import(url)).default;
}

export async function open() {
  const page = new Page(unpack(await inflate(document.getElementById("pack").textContent)));
  globalThis[Symbol.for("esm-bench.page")] = page;
  for (const [name, number] of Object.entries(page.main.views)) {
    const place = document.querySelector(`.esm-area-${name}`);
    if (!place || number === null) continue;
    const el = element("div");
    place.append(el);
    try {
      const view = await module(page.value(number));
      view.render({ model: page.models[name], el, signal: page.signal });
    } catch (error) {
      fail(`The ${name} of this page cannot be drawn: ${error.message}.`);
    }
  }
  document.querySelector('[data-brush="select"]')?.click();
  const record = document.getElementById("record");
  record?.addEventListener("click", () => page.download());
  page.show(page.main.start);
  await page.startPlot(document.getElementById("plot"));
  document.body.dataset.open = "true";
}

function fail(text) {
  const said = document.getElementById("failed");
  said.hidden = false;
  said.textContent = text;
}

open().catch((error) => fail(`This page could not start: ${error.message}. It needs a browser of 2023 or later.`));
