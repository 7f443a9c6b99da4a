// What if: mutations, reasons and pairs in the place of the confidence figure; each a panel below one
// line that asks for it, stops it and says what it shows.

import { busOf, hear, tell } from "../browser/bus.js";
import { button, element, option, write } from "../browser/dom.js";
import { download } from "../browser/download.js";
import { Pointing } from "../browser/pointing.js";
import { connected } from "../browser/reconnect.js";
import { onThemeChange, readTheme } from "../browser/theme.js";
import { MutationsPanel } from "./mutations.js";
import { PairsPanel } from "./pairs.js";
import { RamachandranPanel } from "./ramachandran.js";
import { WhyPanel } from "./why.js";

/**
 * @import { Range, Rendering } from "../browser/types"
 * @import { Host, Panel, WhatIfModel } from "./types"
 */

const DRAWN = /** @type {const} */ ([
  "tab",
  "mutations",
  "odds",
  "entropy",
  "why",
  "pairs",
  "couplings",
  "distances",
  "ramachandran",
  "torsions",
]);

/** @implements {Host} */
class WhatIf {
  bar = element("div", "esm-whatif-bar");
  method = element("select", "esm-choice");
  words = element("span", "esm-muted esm-whatif-words");
  spoken = element("div", "esm-spoken");
  body = element("div", "esm-whatif-body");
  /** @type {Range[]} */
  selection = [];
  /** What the keys or the pointer said last; it stays until something else is drawn. */
  message = "";
  /** @type {number | undefined} */
  waiting = undefined;

  /** @param {WhatIfModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    this.signal = signal;
    el.classList.add("esm-view", "esm-whatif");
    this.theme = readTheme(el);
    this.bus = busOf(model.get("bus"));
    this.selection = model.get("selection");
    this.pointing = new Pointing(this.bus, model, () => this.redraw(), signal);
    /** @type {Record<string, Panel>} */
    this.panels = {
      mutations: new MutationsPanel(this),
      why: new WhyPanel(this),
      pairs: new PairsPanel(this),
      ramachandran: new RamachandranPanel(this),
    };
    this.compute = button("run", { word: "Compute", hint: "Ask the model", act: "ask" }, () => this.ask(), signal);
    this.stop = button(
      "stop",
      { word: "Stop", hint: "Stop after the pass in hand", act: "stop-asking" },
      () => model.send({ type: "stop" }),
      signal,
    );
    this.table = button(
      "save",
      { word: "CSV", hint: "Save the landscape as a table", act: "save-landscape" },
      () => model.send({ type: "table" }),
      signal,
    );
    this.method.append(...model.get("methods").map((name) => option(name, name)));
    this.method.setAttribute("aria-label", "Method");
    this.method.title = "masked-marginal hides each residue in its turn; wild-type-marginal sees all, in one pass";
    this.method.addEventListener("change", () => this.ask(), { signal });
    this.spoken.setAttribute("aria-live", "polite");
    this.bar.append(this.method, this.compute, this.stop, this.table, this.words);
    this.body.append(...Object.values(this.panels).map((panel) => panel.el));
    el.append(this.bar, this.body, this.spoken);
    this.listen();
    this.draw();
  }

  listen() {
    const { model, signal } = this;
    const renew = () => {
      this.message = "";
      this.redraw();
    };
    for (const name of DRAWN) model.on(`change:${name}`, renew, { signal });
    model.on("change:answering", () => this.drawBar(), { signal });
    model.on("change:selection", () => this.take(model.get("selection")), { signal });
    model.on(
      "msg:custom",
      (message, buffers) => {
        if (message.type === "file") download(message.name, buffers[0], "text/csv");
      },
      { signal },
    );
    hear(this.bus, "select", this, (ranges) => this.take(ranges), signal);
    onThemeChange(() => this.redraw(), signal);
    const resized = new ResizeObserver(() => this.redraw());
    resized.observe(this.el);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  get hovered() {
    return this.pointing.position;
  }

  /** @param {number} position */
  hover(position) {
    this.pointing.at(position);
  }

  /** @param {Range[]} ranges */
  take(ranges) {
    this.selection = ranges;
    this.redraw();
  }

  /** @param {Range[]} ranges */
  select(ranges) {
    this.selection = ranges;
    tell(this.bus, "select", ranges, this);
    this.model.send({ type: "select", ranges });
    this.redraw();
  }

  /** @param {string} text */
  say(text) {
    this.message = text;
    this.drawBar();
    this.spoken.textContent = text;
  }

  ask() {
    const kind = this.model.get("tab");
    this.model.send({ type: "ask", kind, method: this.method.value });
  }

  redraw() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  draw() {
    const tab = this.model.get("tab");
    this.el.hidden = !tab;
    for (const [name, panel] of Object.entries(this.panels)) panel.el.hidden = name !== tab;
    if (!tab) return;
    // Before the view is on a page there are no colours to read.
    this.theme = readTheme(this.el);
    this.drawBar();
    this.panels[tab].draw();
  }

  drawBar() {
    const { model } = this;
    const tab = model.get("tab");
    const panel = this.panels[tab];
    if (!panel) return;
    const live = model.get("live");
    const { kind, done = 0, rows = 0 } = model.get("answering");
    this.method.hidden = tab !== "mutations" || !live;
    this.table.hidden = tab !== "mutations" || !live || !model.get("mutations").labels;
    this.compute.hidden = !live || Boolean(kind) || !panel.asks;
    this.stop.hidden = !live || !kind || !panel.asks;
    this.el.classList.toggle("esm-stale", panel.stale);
    const part = rows ? `, ${Math.round((100 * done) / rows)} %` : "";
    const old = !panel.stale
      ? ""
      : live
        ? "of an earlier prompt; Compute asks again · "
        : "of another prompt than this · ";
    write(this.words, kind && panel.asks ? `asking the model${part}` : this.message || old + panel.words());
    this.words.title = this.words.textContent ?? "";
  }
}

export default {
  /** @param {Rendering<WhatIfModel>} place */
  render({ model, el, signal }) {
    new WhatIf(connected(model), el, signal);
  },
};
