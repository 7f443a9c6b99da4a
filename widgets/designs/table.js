// The designs table: sorted and filtered here, files made by the kernel.

import { button, element, write } from "../browser/dom.js";
import { revive } from "../browser/reconnect.js";
import { columnsWithValues, filtered, sortedBy, written } from "./sort_and_filter.js";

class Designs {
  constructor(model, el, signal) {
    Object.assign(this, { model, signal, key: "", upwards: true });
    el.classList.add("esm-view", "esm-gallery");
    el.append(this.bar(), (this.body = element("div", "esm-table")));
    this.chosen = new Set(model.get("chosen"));
    model.on("change:chosen", () => {
      this.chosen = new Set(model.get("chosen"));
      this.draw();
    }, { signal });
    for (const trait of ["rows", "shown", "compared", "discarded"]) model.on(`change:${trait}`, () => this.draw(), { signal });
    model.on("msg:custom", (message, buffers) => message.type === "file" && save(message.name, buffers[0]), { signal });
    this.draw();
  }

  bar() {
    const { model, signal } = this;
    const bar = element("div", "esm-gallery-bar");
    this.count = element("span", "esm-muted");
    this.filter = element("input", "esm-text");
    Object.assign(this.filter, { type: "search", placeholder: "filter: ptm>0.5 WW" });
    this.filter.setAttribute("aria-label", "Filter designs by text, or by numbers such as ptm>0.5");
    this.filter.title = "Words to find, or conditions such as ptm>0.5 rmsd<2";
    this.filter.addEventListener("input", () => this.draw(), { signal });
    this.filter.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    const discard = () => model.send({ type: "discard", names: this.ticked() });
    this.discard = button("discard", { word: "Discard", hint: "Take the designs ticked out of the table" }, discard, signal);
    const hint = "Put the designs discarded last into the table again";
    this.back = button("undo", { word: "Bring back", hint, act: "bring-back" }, () => model.send({ type: "bring_back" }), signal);
    this.files = element("span", "esm-group esm-right");
    this.which = element("span", "esm-muted");
    this.files.append(this.which);
    for (const [format, title] of model.get("formats")) {
      const hint = `Download the designs ticked, or all that are listed, as ${title}`;
      const act = () => model.send({ type: "export", format, names: this.wanted() });
      this.files.append(button("save", { word: title, hint, act: `save-${format}` }, act, signal));
    }
    bar.append(element("span", "esm-title", "Designs"), this.count, this.filter, this.discard, this.back, this.files);
    return bar;
  }

  listed() {
    const rows = filtered(this.model.get("rows"), this.model.get("columns"), this.filter.value);
    return this.key ? sortedBy(rows, this.key, this.upwards) : rows;
  }

  // Names of the designs on view.
  names() {
    return this.rows.map((row) => row.design);
  }

  // Names of the designs ticked among those listed.
  ticked() {
    return this.names().filter((name) => this.chosen.has(name));
  }

  // Those ticked, or all listed where none is.
  wanted() {
    const ticked = this.ticked();
    return ticked.length ? ticked : this.names();
  }

  draw() {
    const all = this.model.get("rows");
    const rows = (this.rows = this.listed());
    const some = rows.length < all.length ? `${rows.length} of ${all.length}` : `${all.length}`;
    write(this.count, all.length ? `· ${some}` : "· finished runs are listed here");
    this.filter.hidden = !all.length;
    const live = this.model.get("live");
    const ticked = this.ticked().length;
    this.files.hidden = !all.length || !live;
    const pressed = [this.discard, this.back].find((one) => one === document.activeElement);
    this.discard.hidden = !ticked || !live;
    this.back.hidden = !this.model.get("discarded") || !live;
    if (pressed?.hidden) (this.back.hidden ? this.filter : this.back).focus();
    write(this.which, ticked ? `save ${ticked} ticked as` : "save listed as");
    if (!all.length) return this.body.replaceChildren();
    const focused = this.body.contains(document.activeElement) && document.activeElement.dataset.key;
    this.columns = columnsWithValues(this.model.get("columns"), all);
    const table = element("table");
    const body = element("tbody");
    body.append(...rows.map((row) => this.row(row)));
    table.append(this.head(), body);
    this.body.replaceChildren(table);
    if (focused) this.body.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  head() {
    const head = element("thead");
    const line = element("tr");
    if (this.model.get("live")) line.append(this.tick("th", "Tick all designs listed", this.names(), "tick-all"));
    for (const [key, title, form] of this.columns) {
      const cell = element("th", `esm-as-${form}`);
      cell.scope = "col";
      const on = key === this.key;
      cell.setAttribute("aria-sort", on ? (this.upwards ? "ascending" : "descending") : "none");
      const arrow = on ? (this.upwards ? " ▲" : " ▼") : "";
      const sort = element("button", "esm-sort", title + arrow);
      sort.type = "button";
      sort.title = `Sort by ${title}`;
      sort.dataset.key = key;
      sort.addEventListener("click", () => this.sort(key), { signal: this.signal });
      cell.append(sort);
      line.append(cell);
    }
    if (this.model.get("live")) line.append(element("td"));
    head.append(line);
    return head;
  }

  sort(key) {
    [this.key, this.upwards] = [key, key === this.key ? !this.upwards : !this.better(key)];
    this.draw();
  }

  // Figures start with the highest, texts with the first.
  better(key) {
    return this.model.get("rows").some((row) => typeof row[key] === "number") && key !== "ca_rmsd" && key !== "seed";
  }

  row(row) {
    const line = element("tr");
    const shown = row.design === this.model.get("shown");
    line.classList.toggle("esm-shown", shown);
    if (shown) line.setAttribute("aria-current", "true");
    if (this.model.get("live")) line.append(this.tick("td", `Tick ${row.design}`, [row.design], `tick-${row.design}`));
    for (const [key, , form] of this.columns) {
      const cell = element(key === "design" ? "th" : "td", `esm-as-${form}`);
      if (key === "design") cell.append(this.link(row.design));
      else cell.textContent = written(row[key], form);
      cell.title = key === "design" ? "" : cell.textContent;
      if (row[key] === null) cell.classList.add("esm-none");
      line.append(cell);
    }
    if (this.model.get("live")) line.append(this.actions(row.design));
    return line;
  }

  // A box that ticks these designs, or takes their ticks away.
  tick(tag, label, names, key) {
    const cell = element(tag, "esm-tick");
    const box = element("input");
    box.type = "checkbox";
    box.title = label;
    box.setAttribute("aria-label", label);
    box.dataset.key = key;
    box.checked = names.length > 0 && names.every((name) => this.chosen.has(name));
    box.addEventListener("change", () => {
      for (const name of names) this.chosen[box.checked ? "add" : "delete"](name);
      this.model.send({ type: "choose", names: [...this.chosen] });
      this.draw();
    }, { signal: this.signal });
    cell.append(box);
    return cell;
  }

  link(name) {
    const link = element("button", "esm-link", name);
    link.type = "button";
    link.dataset.design = name;
    const shown = name === this.model.get("shown");
    link.title = shown ? "Go back to the run or the prompt" : `Show ${name}`;
    link.addEventListener("click", () => this.model.send({ type: "show", name }), { signal: this.signal });
    return link;
  }

  actions(name) {
    const cell = element("td", "esm-row-acts");
    const act = (type, content) => () => this.model.send({ type, ...content });
    const over = button("overlay", { hint: `Lay ${name} over what is on view`, act: "compare" }, act("compare", { name }), this.signal);
    const on = name === this.model.get("compared");
    over.classList.toggle("esm-on", on);
    over.setAttribute("aria-pressed", String(on));
    const prompt = button("branch", { hint: `Take ${name} as the prompt`, act: "to-prompt" }, act("prompt", { name }), this.signal);
    const file = button("save", { hint: `Download ${name} (PDB)`, act: "save-one" }, act("export", { names: [name], format: "pdb" }), this.signal);
    cell.append(over, prompt, file);
    return cell;
  }
}

function save(name, data) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([data]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export default {
  render({ model, el, signal }) {
    revive(model);
    el.galleryView = new Designs(model, el, signal);
  },
};
