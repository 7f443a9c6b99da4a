// What was opened last in this browser, to open again.

import { element } from "../browser/dom.js";

const KEY = "esm3-workbench:recent";
const MOST = 6;
const LONGEST = 120;

export class Recent {
  el = element("div", "esm-recent");

  /** @param {(name: string) => void} open @param {AbortSignal} signal */
  constructor(open, signal) {
    this.open = open;
    this.signal = signal;
    this.el.setAttribute("aria-label", "Opened before");
    this.draw();
  }

  // Names only, newest first; a browser that keeps nothing has none.
  /** @returns {string[]} */
  get names() {
    try {
      const held = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(held) ? held.filter((one) => typeof one === "string").slice(0, MOST) : [];
    } catch {
      return [];
    }
  }

  /** @param {string} name */
  add(name) {
    if (!name || name.length > LONGEST) return;
    const names = [name, ...this.names.filter((one) => one !== name)].slice(0, MOST);
    try {
      localStorage.setItem(KEY, JSON.stringify(names));
    } catch {
      return;
    }
    this.draw();
  }

  draw() {
    const { names, signal } = this;
    const buttons = names.map((name) => {
      const one = element("button", "esm-button esm-framed", name);
      one.type = "button";
      one.title = `Open ${name} again`;
      one.dataset.recent = name;
      one.addEventListener("click", () => this.open(name), { signal });
      return one;
    });
    this.el.hidden = !buttons.length;
    this.el.replaceChildren(element("span", "esm-muted", "Opened before"), ...buttons);
  }
}
