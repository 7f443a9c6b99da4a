// A bench in a page of its own: the same views on models that hold recorded pictures. Nothing is
// fetched and nothing can run; choosing a step or a design puts its picture on every view.

import { busOf, hear } from "../browser/bus.js";
import { element } from "../browser/dom.js";
import { download } from "../browser/download.js";
import { runPlotly } from "../browser/plotly.js";
import { readTheme } from "../browser/theme.js";
import { PageModel } from "./page_model.js";
import { formatRanges, parseRanges } from "./selection_text.js";
import { inflate, unpack } from "./unpack.js";

/**
 * @import { PlotlyElement } from "../browser/plotly_types"
 * @import { Range } from "../browser/types"
 * @import { Asked, Pack, Picture } from "./types"
 */

class Page {
  signal = new AbortController().signal;
  /** @type {Record<string, PageModel>} */
  models = {};
  /** Of the picture on view: "prompt", "step:3", "design:NAME" or "design:NAME#3". */
  key = "prompt";
  /** What the structure is coloured by. @type {string | undefined} */
  mode = undefined;
  /** @type {Range[]} */
  selection = [];
  /** @type {PlotlyElement | undefined} */
  plotted = undefined;

  /** @param {Pack} pack */
  constructor({ main, value }) {
    this.main = main;
    this.value = value;
    this.bus = busOf(main.bus);
    for (const name of Object.keys(main.views)) {
      this.models[name] = new PageModel((content, model) => this.answer(content, model));
      this.models[name].show({
        ...this.picture(name, "prompt"),
        bus: main.bus,
        selection: [],
        hovered: -1,
        ack: 0,
        seq: 0,
        live: false,
      });
    }
    this.models.header?.show({ selection: "", undo: "", redo: false });
    this.mode = this.models.structure?.get("mode");
    hear(this.bus, "select", this, (ranges) => this.select(ranges), this.signal);
  }

  // -- pictures ---------------------------------------------------------------------------------

  /** @param {string} name @param {string} key */
  picture(name, key) {
    const { first, others } = this.main.recording;
    return this.values({ ...first[name], ...others[key]?.[name] });
  }

  /** @param {Picture} picture @returns {Record<string, any>} */
  values(picture) {
    return Object.fromEntries(Object.entries(picture).map(([trait, number]) => [trait, this.value(number)]));
  }

  /** @param {string} key */
  show(key) {
    if (key !== "prompt" && !Object.hasOwn(this.main.recording.others, key)) return;
    this.key = key;
    for (const [name, model] of Object.entries(this.models)) {
      const values = this.picture(name, key);
      for (const trait of this.main.kept) delete values[trait];
      if (name === "header") delete values.selection;
      if (name === "structure") Object.assign(values, this.coloring());
      model.show(values);
    }
    document.body.dataset.picture = key;
    this.plot();
  }

  /**
   * A step of the design on view, or else of the run. Of a long run not every step is here: the
   * nearest one before it is shown.
   * @param {number} index
   */
  showStep(index) {
    const { others } = this.main.recording;
    const design = this.key.startsWith("design:") ? this.key.split("#")[0] : null;
    /** @param {number} at */
    const named = (at) => (design ? `${design}#${at}` : `step:${at}`);
    if (design && index >= this.models.run.get("run_state").taken) return this.show(design);
    let at = index;
    while (at > 0 && !Object.hasOwn(others, named(at))) at -= 1;
    if (design) return this.show(Object.hasOwn(others, named(at)) ? named(at) : design);
    return this.show(at > 0 ? named(at) : "prompt");
  }

  /**
   * The design of this name, or where it is on view the run again.
   * @param {string} name
   */
  showDesign(name) {
    const key = `design:${name}`;
    this.show(this.key.split("#")[0] === key ? this.main.start : key);
  }

  coloring() {
    return this.values(this.main.recording.colorings[this.key]?.[this.mode ?? ""] ?? {});
  }

  // -- what the views ask for -------------------------------------------------------------------

  /** @param {Asked} message @param {PageModel} model */
  answer(message, model) {
    if (message.type === "show" && "index" in message) this.showStep(message.index);
    else if (message.type === "show") this.showDesign(message.name);
    else if (message.type === "select" && "text" in message) this.selectText(message.text, model);
    else if (message.type === "select") {
      this.select(message.ranges);
      model.show({ select_ack: message.id ?? "" });
    } else if (message.type === "paint") model.show({ ack: message.id });
    else if (message.type === "mode") {
      this.mode = message.mode;
      model.show({ mode: message.mode, ...this.coloring() });
    } else if (message.type === "tab") {
      model.show({ tab: message.tab });
      this.models.whatif?.show({ tab: this.plotTab ? "" : message.tab });
      this.plot();
    } else if (message.type === "plotly") model.say({ type: "plotly" }, [this.value(this.main.plotly)]);
    else if (message.type === "surface") model.show({ surface: message.opacity });
    else if (message.type === "hidden") model.show({ hidden: message.chains });
    else if ("on" in message) model.show({ [message.type]: message.on });
  }

  /** @param {Range[]} ranges */
  select(ranges) {
    this.selection = ranges;
    const { tracks, structure, whatif, designs } = this.models;
    for (const model of [tracks, structure, whatif, designs]) model?.show({ selection: ranges });
    this.models.header?.show({ selection: formatRanges(ranges, this.models.tracks.get("axis")) });
    this.plot();
  }

  /** @param {string} text @param {PageModel} header */
  selectText(text, header) {
    const ranges = parseRanges(text, this.models.tracks.get("axis"));
    header.traits.selection = null;
    this.select(ranges ?? this.selection);
  }

  // The tab on view where the plot has it, else nothing.
  get plotTab() {
    const tab = this.models.tabs.get("tab");
    return Object.hasOwn(this.main.recording.plots[this.key], tab) ? tab : "";
  }

  // -- the plot ---------------------------------------------------------------------------------

  figure() {
    /** @type {Record<string, any>[]} */
    const data = [];
    /** @type {Record<string, any>} */
    const layout = {};
    const tab = this.plotTab;
    for (const [path, value] of Object.entries(this.main.recording.plots[this.key][tab])) {
      const [part, first, second] = path.split(".");
      if (part === "layout") layout[first] = structuredClone(this.value(value));
      else data[Number(first)] = { ...data[Number(first)], [second]: this.value(value) };
    }
    const dark = document.body.dataset.jpThemeLight === "false";
    const themed = this.main.themes[Number(dark)];
    lay(layout, themed.layout);
    for (const [number, values] of Object.entries(themed.traces))
      if (data[Number(number)]) lay(data[Number(number)], values);
    const color = readTheme(document.querySelector(".esm-page") ?? document.body).select;
    const bands = (tab === "residues" ? this.selection : []).map(([start, stop]) => ({
      ...this.main.band,
      x0: start - 0.5,
      x1: stop - 0.5,
      fillcolor: color,
    }));
    layout.shapes = [...(layout.shapes ?? []), ...bands];
    return { data, layout };
  }

  plot() {
    if (!this.plotted || !this.plotTab) return;
    const { data, layout } = this.figure();
    globalThis.Plotly.react(this.plotted, data, layout, { displayModeBar: false, responsive: true });
  }

  /** @param {PlotlyElement} el */
  async startPlot(el) {
    await runPlotly(this.value(this.main.plotly));
    this.plotted = el;
    this.plot();
  }

  // -- the record -------------------------------------------------------------------------------

  download() {
    if (!this.main.record) return;
    const { name, data } = this.main.record;
    download(name, this.value(data), "application/octet-stream");
  }
}

/**
 * Puts values over what is there, also inside of it.
 * @param {Record<string, any>} target @param {Record<string, any>} values
 */
function lay(target, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value && typeof value === "object") target[name] = lay({ ...target[name] }, value);
    else target[name] = value;
  }
  return target;
}

// The page is as dark as its reader's screen; the views hear of it as in JupyterLab.
/** @param {() => void} changed */
function followScreen(changed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.body.dataset.jpThemeLight = String(!dark.matches);
    changed();
  };
  dark.addEventListener("change", follow);
  follow();
}

/** @param {string} text */
async function moduleOf(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return (await import(url)).default;
}

export async function open() {
  const page = new Page(unpack(await inflate(document.getElementById("pack")?.textContent ?? "")));
  Object.assign(globalThis, { [Symbol.for("esm-bench.page")]: page });
  followScreen(() => page.plot());
  for (const [name, number] of Object.entries(page.main.views)) {
    const place = document.querySelector(`.esm-area-${name}`);
    if (!place || number === null) continue;
    const el = element("div");
    place.append(el);
    try {
      const view = await moduleOf(page.value(number));
      view.render({ model: page.models[name], el, signal: page.signal });
    } catch (error) {
      fail(`The ${name} of this page cannot be drawn: ${messageOf(error)}.`);
    }
  }
  const selecting = document.querySelector('[data-brush="select"]');
  if (selecting instanceof HTMLElement) selecting.click();
  document.getElementById("record")?.addEventListener("click", () => page.download());
  page.show(page.main.start);
  await page.startPlot(/** @type {PlotlyElement} */ (document.getElementById("plot")));
  document.body.dataset.open = "true";
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} text */
function fail(text) {
  const notice = document.getElementById("failed");
  if (!notice) return;
  notice.hidden = false;
  notice.textContent = text;
}

open().catch((error) => fail(`This page could not start: ${messageOf(error)}. It needs a browser of 2023 or later.`));
