// What was opened last in this browser, to open again.

import { element, wordButton } from "../browser/dom.js";

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
      const stored = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(stored) ? stored.filter((name) => typeof name === "string").slice(0, MOST) : [];
    } catch {
      return [];
    }
  }

  /** @param {string} name */
  add(name) {
    if (!name || name.length > LONGEST) return;
    const names = [name, ...this.names.filter((known) => known !== name)].slice(0, MOST);
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
      const opener = wordButton(shortName(name), { hint: `Open ${name} again` }, () => this.open(name), signal);
      opener.dataset.recent = name;
      return opener;
    });
    this.el.hidden = !buttons.length;
    this.el.replaceChildren(element("span", "esm-muted", "Opened before"), ...buttons);
  }
}

/**
 * A file without its folders: what tells it from others is at the end.
 * @param {string} name
 */
function shortName(name) {
  return /\.\w+$/.test(name) ? (name.split(/[\\/]/).at(-1) ?? name) : name;
}
