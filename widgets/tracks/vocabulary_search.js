// Finding a function keyword, InterPro entry or residue label by its text, and choosing it as a brush.

import { element } from "../browser/dom.js";
import { moveInside } from "../browser/popover.js";

const ASK_AFTER = 130;
const ROW_NAMES = { 4: "Function", 5: "Sites" };

// What can be chosen: what was found, and the text itself where it is not among that.
export function choices(text, terms) {
  const typed = text.trim();
  const known = (row) => terms.some((one) => one.row === row && one.label.toLowerCase() === typed.toLowerCase());
  const asWritten = [4, 5]
    .filter((row) => typed && !known(row))
    .map((row) => ({ label: typed, name: typed, kind: "as written", row }));
  return [...terms, ...asWritten];
}

export class TermSearch {
  // ``ask(id, text)`` asks the kernel, ``choose(term)`` takes a brush, ``leave()`` goes to the tracks.
  constructor({ ask, choose, leave }, signal) {
    this.ask = ask;
    this.choose = choose;
    this.leave = leave;
    this.id = 0;
    this.terms = [];
    this.current = 0;
    this.el = element("div", "esm-search");
    this.input = element("input", "esm-text");
    this.input.type = "text";
    this.input.placeholder = "Function or site…  /";
    this.input.title = "Find a keyword, InterPro entry or site and drag to annotate with it";
    this.input.dataset.brush = "annotate";
    this.input.spellcheck = false;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-label": "Annotation brush", "aria-expanded": "false", "aria-autocomplete": "list",
    })) this.input.setAttribute(name, value);
    this.box = element("div", "esm-found esm-popover");
    this.list = element("ul");
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Terms found");
    this.list.id = `esm-found-${Math.random().toString(36).slice(2)}`;
    this.input.setAttribute("aria-controls", this.list.id);
    this.notes = element("div");
    this.box.hidden = true;
    this.box.append(this.list, this.notes);
    this.el.append(this.input, this.box);
    const on = (name, run) => this.input.addEventListener(name, run, { signal });
    on("input", () => this.typed());
    on("focus", () => this.input.value && this.typed());
    on("blur", () => this.close());
    on("keydown", (event) => this.key(event));
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
    this.show(choices(text, []), []);
    this.waiting = setTimeout(() => this.ask(++this.id, text), ASK_AFTER);
  }

  // The kernel's answer; one that a later question has overtaken is dropped.
  answer({ id, terms, notes }) {
    if (id !== this.id || document.activeElement !== this.input) return;
    this.show(choices(this.input.value, terms), notes);
  }

  show(terms, notes) {
    this.terms = terms;
    this.current = 0;
    this.list.replaceChildren(...terms.map((term, index) => this.item(term, index)));
    this.notes.replaceChildren(...notes.map((note) => element("div", "esm-found-note", note)));
    this.box.hidden = false;
    moveInside(this.box);
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  item(term, index) {
    const one = element("li", "esm-found-term");
    one.id = `${this.list.id}-${index}`;
    one.dataset.index = index;
    one.setAttribute("role", "option");
    one.append(element("span", "esm-found-name", term.name));
    if (term.label !== term.name) one.append(element("code", "", term.label));
    one.append(element("span", "esm-muted", `${term.kind} · ${ROW_NAMES[term.row]}`));
    one.title = term.label === term.name ? term.name : `${term.label} ${term.name}`;
    return one;
  }

  mark() {
    for (const one of this.list.querySelectorAll("[role=option]")) {
      const on = Number(one.dataset.index) === this.current;
      one.setAttribute("aria-selected", String(on));
      if (on) {
        this.input.setAttribute("aria-activedescendant", one.id);
        const { box } = this;
        box.scrollTop = Math.max(0, Math.min(box.scrollTop, one.offsetTop));
        const below = one.offsetTop + one.offsetHeight - box.clientHeight;
        if (below > box.scrollTop) box.scrollTop = below;
      }
    }
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
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

  press(event) {
    event.preventDefault();
    const one = event.target.closest("[role=option]");
    if (one) this.take(this.terms[Number(one.dataset.index)]);
  }

  take(term) {
    this.close();
    this.input.value = term.name;
    this.choose(term);
  }

  close() {
    clearTimeout(this.waiting);
    this.box.hidden = true;
    this.box.removeAttribute("style");
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
