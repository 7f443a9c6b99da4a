// What the linter found: one line below the tracks, which keeps its height, so that painting moves
// nothing on the page. "and n more" opens the list over the tracks; a finding selects its residues.

import { element } from "../browser/dom.js";

/**
 * @import { Range } from "../browser/types"
 * @import { Finding } from "./types"
 */

const SIGNS = { error: "✕", warning: "▲", note: "●" };

export class Findings {
  el = element("div", "esm-findings");
  list = element("ul", "esm-findings-list");
  open = false;
  /** @type {Finding[]} */
  all = [];

  /** @param {(ranges: Range[], row: number) => void} select @param {AbortSignal} signal */
  constructor(select, signal) {
    this.select = select;
    this.signal = signal;
    this.list.setAttribute("aria-label", "Findings about the prompt");
    this.el.append(this.list);
    this.el.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Escape") this.unfold(false);
      },
      { signal },
    );
  }

  /** @param {Finding[]} findings */
  show(findings) {
    this.all = findings;
    this.unfold(this.open && findings.length > 1);
  }

  /** @param {boolean} open */
  unfold(open) {
    const { all } = this;
    this.open = open;
    this.el.classList.toggle("esm-open", open);
    const items = (open ? all : all.slice(0, 1)).map((finding) => this.item(finding));
    if (!all.length) items.push(element("li", "esm-finding esm-muted", "No problems found"));
    this.list.replaceChildren(...items);
    if (all.length > 1) items[0].append(this.more());
  }

  /** @param {Finding} finding */
  item({ severity, message, row, ranges }) {
    const line = element("li");
    const looks = `esm-finding esm-finding-${severity}`;
    const entry = ranges.length ? this.choice(looks, ranges, row) : element("span", looks);
    const sign = element("span", "esm-sign", SIGNS[severity]);
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", severity);
    entry.append(sign, element("span", "esm-finding-text", message));
    entry.title = ranges.length ? `${message}\n(click to select these residues)` : message;
    line.append(entry);
    return line;
  }

  /** @param {string} looks @param {Range[]} ranges @param {number} row */
  choice(looks, ranges, row) {
    const button = element("button", looks);
    button.type = "button";
    button.addEventListener("click", () => this.select(ranges, row), { signal: this.signal });
    return button;
  }

  more() {
    const text = this.open ? "show one" : `and ${this.all.length - 1} more`;
    const button = element("button", "esm-finding esm-finding-more esm-muted", text);
    button.type = "button";
    button.setAttribute("aria-expanded", String(this.open));
    button.addEventListener(
      "click",
      () => {
        this.unfold(!this.open);
        const more = this.list.querySelector(".esm-finding-more");
        if (more instanceof HTMLElement) more.focus();
      },
      { signal: this.signal },
    );
    return button;
  }
}
