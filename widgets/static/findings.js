// What the linter found, as a list below the tracks; a finding selects its residues when chosen.

import { element } from "./dom.js";

const SIGNS = { error: "✕", warning: "▲", note: "●" };
const AT_ONCE = 3;

export class Findings {
  constructor(select, signal) {
    this.select = select;
    this.signal = signal;
    this.open = false;
    this.found = [];
    this.el = element("ul", "esm-findings");
    this.el.setAttribute("aria-label", "Findings about the prompt");
  }

  show(found) {
    this.found = found;
    this.el.hidden = !found.length;
    const shown = this.open ? found : found.slice(0, AT_ONCE);
    const items = shown.map((one) => this.item(one));
    if (found.length > AT_ONCE) items.push(this.more(found.length - AT_ONCE));
    this.el.replaceChildren(...items);
  }

  item({ severity, message, row, ranges }) {
    const line = element("li");
    const one = element("button", `esm-finding esm-finding-${severity}`);
    one.type = "button";
    one.append(element("span", "esm-sign", SIGNS[severity]), element("span", "", message));
    one.setAttribute("aria-label", `${severity}: ${message}`);
    one.title = ranges.length ? "Select these residues" : severity;
    one.disabled = !ranges.length;
    one.addEventListener("click", () => this.select(ranges, row), { signal: this.signal });
    line.append(one);
    return line;
  }

  more(left) {
    const line = element("li");
    const one = element("button", "esm-finding esm-muted", this.open ? "show fewer" : `and ${left} more`);
    one.type = "button";
    one.addEventListener("click", () => {
      this.open = !this.open;
      this.show(this.found);
    }, { signal: this.signal });
    line.append(one);
    return line;
  }
}
