// The line over the confidence figure: which picture, and its figures in words.

import { busOf, tell } from "../browser/bus.js";
import { button, element, focusIn, write } from "../browser/dom.js";
import { connected, reconnect } from "../browser/reconnect.js";
import { listenTo } from "./gestures.js";

/**
 * @import { PlotlyElement } from "../browser/plotly_types"
 * @import { Range, Rendering } from "../browser/types"
 * @import { TabModel } from "./types"
 */

/** How often a figure that does not fit is asked to, and how long apart. */
const TRIES = 20;
const AGAIN_MS = 300;

/** What plotly lays over the page while somebody drags in a figure; a new size then would end the drag. */
const DRAGGED = ".dragcover";

class PlotTabs {
  /** The figure that was prepared last. */
  prepared = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  resizing = undefined;
  /** Figures whose events are heard. @type {WeakSet<Element>} */
  heard = new WeakSet();

  /** @param {TabModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    this.el = el;
    this.signal = signal;
    el.classList.add("esm-view", "esm-plot-tabs");
    const list = element("div", "esm-tablist");
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Confidence");
    this.tabs = model.get("tabs").map(([name, title]) => {
      const tab = element("button", "esm-tab", title);
      tab.type = "button";
      tab.dataset.tab = name;
      tab.title = title;
      tab.setAttribute("role", "tab");
      tab.addEventListener("click", () => model.send({ type: "tab", tab: name }), { signal });
      return tab;
    });
    list.append(...this.tabs);
    list.addEventListener("keydown", (event) => this.key(event), { signal });
    this.headline = element("span", "esm-muted esm-headline");
    this.headline.setAttribute("aria-live", "polite");
    const options = { word: "Run", hint: "Run the recipe, which fills this", act: "fill", classes: "esm-framed" };
    this.fill = button("run", options, () => model.send({ type: "fill" }), signal);
    el.append(list, this.fill, this.headline);
    model.on("change:empty", () => this.drawHeadline(), { signal });
    this.bus = busOf(model.get("bus"));
    this.prepare();
    model.on("change:plot_id", () => this.prepare(), { signal });
    const resized = new ResizeObserver(() => this.resized());
    requestAnimationFrame(() => {
      if (!this.area) return;
      resized.observe(this.area);
      this.area.addEventListener("pointerover", () => this.listen(), { signal, capture: true });
    });
    signal.addEventListener("abort", () => resized.disconnect());
    model.on("change:tab", () => this.drawTabs(), { signal });
    model.on("change:headline", () => this.drawHeadline(), { signal });
    this.drawTabs();
    this.drawHeadline();
  }

  // plotly's script takes seconds on a busy machine, and what is sent meanwhile is lost: wait for it.
  async prepare() {
    const id = this.model.get("plot_id");
    if (!id || this.prepared === id) return;
    this.prepared = id;
    const manager = this.model.widget_manager;
    while (!this.signal.aborted && manager?.has_model && !manager.has_model(id)) await pause(100);
    await reconnect(this.model, id, false);
    this.model.send({ type: "ready" });
    setTimeout(() => reconnect(this.model, id, false), 2500);
    while (!this.signal.aborted && !this.drawing) await pause(200);
    this.resized();
  }

  // A figure is on the page before plotly has drawn it and can be listened to; nobody acts in it before the
  // pointer is over it.
  listen() {
    const figure = /** @type {PlotlyElement | null} */ (this.drawing?.closest(".js-plotly-plot") ?? null);
    if (!figure || this.heard.has(figure)) return;
    this.heard.add(figure);
    listenTo(
      figure,
      (position) => this.hover(position),
      (ranges) => this.select(ranges),
    );
  }

  /** @param {number} position */
  hover(position) {
    tell(this.bus, "hover", position, this);
    this.model.send({ type: "hover", position });
  }

  /** @param {Range[]} ranges */
  select(ranges) {
    tell(this.bus, "select", ranges, this);
    this.model.send({ type: "select", ranges });
  }

  // Where the tabs and the figure are.
  get area() {
    return this.el.closest(".esm-area-plot") ?? this.el.parentElement;
  }

  get drawing() {
    return this.area?.querySelector(".main-svg") ?? null;
  }

  resized() {
    clearTimeout(this.resizing);
    this.resizing = setTimeout(() => this.fit(), 150);
  }

  // plotly measures its room when it is placed, which may be too early, and when the window changes, which it
  // hears of some time after its first picture.
  fit(tries = TRIES) {
    const { drawing } = this;
    const room = drawing?.closest(".js-plotly-plot");
    if (!drawing || !room) return;
    if (document.querySelector(DRAGGED)) {
      this.resizing = setTimeout(() => this.fit(tries), AGAIN_MS);
      return;
    }
    const off = Math.abs(drawing.clientWidth - room.clientWidth) > 4;
    if (!tries || !(off || Math.abs(drawing.clientHeight - room.clientHeight) > 4)) return;
    window.dispatchEvent(new Event("resize"));
    this.resizing = setTimeout(() => this.fit(tries - 1), AGAIN_MS);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.stopPropagation();
    const at = this.tabs.indexOf(/** @type {HTMLButtonElement} */ (focusIn(this.el)));
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
    next.focus();
    next.click();
  }

  drawTabs() {
    const current = this.model.get("tab");
    for (const tab of this.tabs) {
      const on = tab.dataset.tab === current;
      tab.classList.toggle("esm-on", on);
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
  }

  drawHeadline() {
    this.fill.hidden = !this.model.get("empty");
    write(this.headline, this.model.get("headline"));
    this.headline.title = this.model.get("headline");
  }
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export default {
  /** @param {Rendering<TabModel>} place */
  render({ model, el, signal }) {
    new PlotTabs(connected(model), el, signal);
  },
};
