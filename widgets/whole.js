// A whole bench as one widget, for front ends that draw no boxes of Jupyter widgets, such as marimo: it lays
// the views out and has each draw itself.

import { element } from "./browser/dom.js";

/** @import { Rendering, WholeModel, WidgetHost } from "./browser/types" */

const AREAS = /** @type {const} */ (["header", "tracks", "run", "designs"]);

export default {
  /** @param {Rendering<WholeModel> & { host: WidgetHost }} place */
  async render({ model, el, signal, host }) {
    const page = element("div", "esm-whole");
    const bench = element("div", "esm-bench");
    const grid = element("div", "esm-grid");
    const side = element("div", "esm-area-side");
    const plot = element("div", "esm-area-plot");
    const figure = element("div");
    const card = element("div");
    page.append(bench);
    bench.append(grid, card);
    el.append(page);
    followPage(page, signal);
    /** @param {"figure" | "card" | import("./browser/types").WholeArea} name @param {HTMLElement} into */
    const draw = async (name, into) => {
      const widget = model.get(name);
      if (!widget || into.childElementCount) return;
      const view = await host.getWidget(widget);
      await view.render({ el: into, signal });
    };
    /** @param {import("./browser/types").WholeArea} name @param {HTMLElement} parent */
    const area = (name, parent) => {
      const into = element("div", `esm-area-${name}`);
      parent.append(into);
      return draw(name, into);
    };
    const drawn = AREAS.map((name) => area(name, grid));
    grid.append(side);
    drawn.push(area("structure", side));
    side.append(plot);
    drawn.push(area("tabs", plot));
    plot.append(figure);
    drawn.push(area("whatif", plot), draw("card", card));
    model.on("change:figure", () => draw("figure", figure), { signal });
    await Promise.all([...drawn, draw("figure", figure)]);
  },
};

/**
 * As dark as marimo's page: style sheets of the views go by an attribute that only JupyterLab sets.
 * @param {HTMLElement} page @param {AbortSignal} signal
 */
function followPage(page, signal) {
  const follow = () => {
    page.dataset.jpThemeLight = String(!document.body.classList.contains("dark"));
  };
  const observer = new MutationObserver(follow);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  signal.addEventListener("abort", () => observer.disconnect());
  follow();
}
