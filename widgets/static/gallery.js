// The designs table. Its HTML is made, and escaped, in Python.

import { element } from "./dom.js";
import { revive } from "./revive.js";

class Designs {
  constructor(model, el, signal) {
    this.model = model;
    el.classList.add("esm-view", "esm-gallery");
    this.title = element("div", "esm-title");
    this.body = element("div");
    el.append(this.title, this.body);
    el.addEventListener(
      "click",
      (event) => {
        const name = event.target.dataset?.design;
        if (name) model.send({ type: "show", name });
      },
      { signal },
    );
    for (const trait of ["table", "count"]) model.on(`change:${trait}`, () => this.draw(), { signal });
    this.draw();
  }

  draw() {
    const count = this.model.get("count");
    this.title.replaceChildren("Designs ");
    this.title.append(
      element("span", "esm-muted", count ? `· ${count}; choose one to look at it` : "· finished runs are listed here"),
    );
    this.body.innerHTML = count ? this.model.get("table") : "";
  }
}

export default {
  render({ model, el, signal }) {
    revive(model);
    el.galleryView = new Designs(model, el, signal);
  },
};
