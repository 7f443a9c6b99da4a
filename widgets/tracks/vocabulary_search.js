// Finding a function keyword, InterPro entry or residue label by its text, and choosing it as a brush.

import { element, focusIn } from "../browser/dom.js";
import { hideBox, showBeside } from "../browser/top_layer.js";

/** @import { Found, Spec, Term } from "./types" */

const ASK_AFTER = 130;
/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/**
 * What can be chosen: what was found, and the text itself where it is not among that.
 * @param {Spec} spec @param {string} text @param {Term[]} terms
 */
export function choices(spec, text, terms) {
  const typed = text.trim();
  /** @param {number} row */
  const known = (row) => terms.some((term) => term.row === row && term.label.toLowerCase() === typed.toLowerCase());
  const asWritten = [...spec.rows.keys()]
    .filter((row) => spec.rows[row].annotated && typed && !known(row))
    .map((row) => ({ label: typed, name: typed, kind: "as written", row }));
  return [...terms, ...asWritten];
}

export class VocabularySearch {
  el = element("div", "esm-search");
  input = element("input", "esm-text");
  box = element("div", "esm-found esm-popover");
  list = element("ul");
  notes = element("div");
  /** Number of the last question. */
  id = 0;
  /** @type {Term[]} */
  terms = [];
  current = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting = undefined;

  /**
   * ``ask(id, text)`` asks the kernel, ``choose(term)`` takes a brush, ``leave()`` goes to the tracks.
   * @param {Spec} spec
   * @param {{ask(id: number, text: string): void, choose(term: Term): void, leave(): void}} acts
   * @param {AbortSignal} signal
   */
  constructor(spec, { ask, choose, leave }, signal) {
    this.spec = spec;
    this.ask = ask;
    this.choose = choose;
    this.leave = leave;
    this.input.type = "text";
    this.input.placeholder = "Function or site…  /";
    this.input.title = "Find a keyword, InterPro entry or site and drag to annotate with it";
    this.input.dataset.brush = "annotate";
    this.input.spellcheck = false;
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-label": "Annotation brush",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
    }))
      this.input.setAttribute(name, value);
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Terms found");
    this.list.id = `esm-found-${Math.random().toString(36).slice(2)}`;
    this.input.setAttribute("aria-controls", this.list.id);
    this.box.hidden = true;
    this.box.append(this.list, this.notes);
    this.el.append(this.input, this.box);
    this.input.addEventListener("input", () => this.typed(), { signal });
    this.input.addEventListener(
      "focus",
      () => {
        if (this.input.value) this.typed();
      },
      { signal },
    );
    this.input.addEventListener("blur", () => this.close(), { signal });
    this.input.addEventListener("keydown", (event) => this.key(event), { signal });
    this.box.addEventListener("pointerdown", (event) => this.press(event), { signal });
  }

  // Goes to the field, with a first letter if there is one.
  open(text = "") {
    this.input.value = text;
    this.input.focus({ preventScroll: true });
    if (text) this.typed();
  }

  typed() {
    clearTimeout(this.waiting);
    const text = this.input.value;
    if (!text.trim()) {
      this.close();
      return;
    }
    this.show(choices(this.spec, text, []), []);
    this.waiting = setTimeout(() => this.ask(++this.id, text), ASK_AFTER);
  }

  /**
   * The kernel's answer; one that a later question has overtaken is dropped.
   * @param {Found} found
   */
  answer({ id, terms, notes }) {
    if (id !== this.id || focusIn(this.input) !== this.input) return;
    this.show(choices(this.spec, this.input.value, terms), notes);
  }

  /** @param {Term[]} terms @param {string[]} notes */
  show(terms, notes) {
    this.terms = terms;
    this.current = 0;
    this.list.replaceChildren(...terms.map((term, index) => this.item(term, index)));
    this.notes.replaceChildren(...notes.map((note) => element("div", "esm-found-note", note)));
    showBeside(this.box, this.input);
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  /** @param {Term} term @param {number} index */
  item(term, index) {
    const item = element("li", "esm-found-term");
    item.id = `${this.list.id}-${index}`;
    item.dataset.index = String(index);
    item.setAttribute("role", "option");
    item.append(element("span", "esm-found-name", term.name));
    if (term.label !== term.name) item.append(element("code", "", term.label));
    item.append(element("span", "esm-muted", `${term.kind} · ${this.spec.rows[term.row].label}`));
    item.title = term.label === term.name ? term.name : `${term.label} ${term.name}`;
    return item;
  }

  mark() {
    for (const [index, item] of [...this.list.querySelectorAll("li")].entries()) {
      const on = index === this.current;
      item.setAttribute("aria-selected", String(on));
      if (on) {
        this.input.setAttribute("aria-activedescendant", item.id);
        const { box } = this;
        box.scrollTop = Math.max(0, Math.min(box.scrollTop, item.offsetTop));
        const below = item.offsetTop + item.offsetHeight - box.clientHeight;
        if (below > box.scrollTop) box.scrollTop = below;
      }
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = STEPS[event.key];
    event.stopPropagation();
    if (step && this.terms.length) {
      this.current = Math.max(0, Math.min(this.terms.length - 1, this.current + step));
      this.mark();
    } else if (event.key === "Enter" && this.terms[this.current] && !this.box.hidden) {
      this.take(this.terms[this.current]);
    } else if (event.key === "Escape") {
      this.close();
      this.leave();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (item) this.take(this.terms[Number(item.dataset.index)]);
  }

  /** @param {Term} term */
  take(term) {
    this.close();
    this.input.value = term.name;
    this.choose(term);
  }

  close() {
    clearTimeout(this.waiting);
    hideBox(this.box);
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
