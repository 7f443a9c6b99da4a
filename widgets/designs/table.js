// The designs table: sorted and filtered here, files made by the kernel.

import { button, element, focusIn, tickBox, write } from "../browser/dom.js";
import { download } from "../browser/download.js";
import { runPlotly } from "../browser/plotly.js";
import { connected } from "../browser/reconnect.js";
import { AlignmentPanel } from "./alignment.js";
import { ColumnChoice, measured } from "./columns.js";
import { Remarks, starsText } from "./remarks.js";
import { rowActs } from "./row_acts.js";
import { Scatter } from "./scatter.js";
import { columnsWithValues, filtered, sortedBy, unknownColumns, written } from "./sort_and_filter.js";

/**
 * @import { Rendering } from "../browser/types"
 * @import { Column, Row, ScatterHost, TableMessage, TableModel } from "./types"
 */

/** Rows drawn at most; the plot has all that are listed. */
const MOST_ROWS = 300;
const DRAWN = /** @type {const} */ (["rows", "alignment", "aligning", "shown", "compared", "discarded"]);

class Designs {
  body = element("div", "esm-table");
  count = element("span", "esm-muted");
  filter = element("input", "esm-text");
  files = element("span", "esm-group esm-right");
  which = element("span", "esm-muted");
  /** The column that sorts, if one does. */
  key = "";
  upwards = true;
  /** @type {Row[]} */
  rows = [];
  /** Those on view. @type {Column[]} */
  columns = [];
  /** Pixels that the columns were fitted into. */
  room = 0;

  /** @param {TableModel} model @param {HTMLElement} el @param {AbortSignal} signal */
  constructor(model, el, signal) {
    this.model = model;
    this.signal = signal;
    this.chosen = new Set(model.get("chosen"));
    this.key = model.get("best");
    this.upwards = model.get("upwards");
    this.discard = this.act("discard", "Discard", "Take the designs ticked out of the table", "discard", () => ({
      type: "discard",
      names: this.ticked(),
    }));
    this.back = this.act(
      "undo",
      "Bring back",
      "Put the designs discarded last into the table again",
      "bring-back",
      () => ({ type: "bring_back" }),
    );
    this.scatter = new Scatter(this.scatterHost(), signal);
    this.alignment = new AlignmentPanel(
      {
        alignment: () => model.get("alignment"),
        wanted: () => this.wanted(),
        controls: () => this.controls,
        selection: () => model.get("selection"),
        select: (ranges) => model.send({ type: "select", ranges }),
      },
      signal,
    );
    this.remarks = new Remarks(
      {
        most: { stars: model.get("most_stars"), letters: model.get("most_letters") },
        remark: (change) => model.send({ type: "remark", ...change }),
        draw: (key) => this.draw(key),
      },
      signal,
    );
    const choose = (/** @type {string[]} */ keys) => {
      model.send({ type: "columns", keys });
      this.draw();
    };
    this.choice = new ColumnChoice({ choose }, model.get("visible"), signal);
    const template = {
      word: "Control",
      hint: "Put the template beside the designs, measured as they are; Open takes any other protein as a control",
      act: "control",
    };
    this.control = button("overlay", template, () => model.send({ type: "control" }), signal);
    this.plot = this.opener("scatter", "Scatter", "Plot two metrics of the designs listed", this.scatter);
    this.align = this.opener("align", "Align", "Put the designs ticked, or all, under their template", this.alignment);
    this.alignment.el.hidden = !(model.get("live") && model.get("aligning"));
    el.classList.add("esm-view", "esm-gallery");
    el.append(this.bar(), this.scatter.el, this.alignment.el, this.body);
    model.on(
      "change:chosen",
      () => {
        this.chosen = new Set(model.get("chosen"));
        this.draw();
      },
      { signal },
    );
    for (const trait of DRAWN) model.on(`change:${trait}`, () => this.draw(), { signal });
    model.on("change:selection", () => this.alignment.draw(), { signal });
    model.on(
      "msg:custom",
      (message, buffers) => {
        if (message.type === "file") download(message.name, buffers[0]);
        else runPlotly(buffers[0]).then(() => this.scatter.draw());
      },
      { signal },
    );
    this.draw();
    const resized = new ResizeObserver(() => {
      if (this.body.clientWidth !== this.room) this.draw();
    });
    resized.observe(this.body);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  /**
   * A button that sends a message.
   * @param {string} picture @param {string} word @param {string} hint @param {string} act
   * @param {() => TableMessage} message
   */
  act(picture, word, hint, act, message) {
    return button(picture, { word, hint, act }, () => this.model.send(message()), this.signal);
  }

  bar() {
    const { model, signal } = this;
    const bar = element("div", "esm-gallery-bar");
    Object.assign(this.filter, { type: "search", placeholder: "filter: ptm>0.5 WW" });
    this.filter.setAttribute("aria-label", "Filter designs by text, or by numbers such as ptm>0.5");
    this.filter.title = "Words to find, or conditions such as ptm>0.5 motif_rmsd<2";
    this.filter.addEventListener("input", () => this.draw(), { signal });
    this.filter.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
    this.files.append(this.which);
    for (const [format, title] of model.get("formats")) {
      const hint = `Download the designs ticked, or all that are listed, as ${title}`;
      const message = () => /** @type {const} */ ({ type: "export", format, names: this.wanted() });
      this.files.append(this.act("save", title, hint, `save-${format}`, message));
    }
    bar.append(
      element("span", "esm-title", "Designs"),
      this.count,
      this.filter,
      this.plot,
      this.align,
      this.choice.el,
      this.control,
      this.discard,
      this.back,
      this.files,
    );
    return bar;
  }

  /** @returns {ScatterHost} */
  scatterHost() {
    return {
      columns: () => this.columnsOf(this.model.get("rows")),
      rows: () => this.rows,
      controls: () => this.controls,
      shown: () => this.model.get("shown"),
      ticked: (name) => this.chosen.has(name),
      tick: (names) => this.choose([...this.chosen, ...names]),
      toggle: (name) => {
        const others = [...this.chosen].filter((ticked) => ticked !== name);
        this.choose(this.chosen.has(name) ? others : [...others, name]);
      },
      show: (name) => this.model.send({ type: "show", name }),
      needPlotly: () => this.model.send({ type: "plotly" }),
    };
  }

  /**
   * A button that shows a panel and hides it again.
   * @param {string} picture @param {string} word @param {string} hint @param {Scatter | AlignmentPanel} panel
   */
  opener(picture, word, hint, panel) {
    panel.el.hidden = true;
    const act = () => {
      panel.el.hidden = !panel.el.hidden;
      if (panel === this.alignment && this.model.get("live")) this.model.send({ type: "align", on: !panel.el.hidden });
      this.draw();
    };
    return button(picture, { word, hint }, act, this.signal);
  }

  /** @param {HTMLButtonElement} opener @param {Scatter | AlignmentPanel} panel @param {boolean} possible */
  drawPanel(opener, panel, possible) {
    if (!possible) panel.el.hidden = true;
    opener.hidden = !possible;
    opener.classList.toggle("esm-on", !panel.el.hidden);
    opener.setAttribute("aria-pressed", String(!panel.el.hidden));
    panel.draw();
  }

  // Ticks these designs and no others, where there is a kernel to hear of it.
  /** @param {string[]} names */
  choose(names) {
    if (!this.model.get("choosing")) return;
    this.chosen = new Set(names);
    this.model.send({ type: "choose", names: [...this.chosen] });
    this.draw();
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

  // Names of those that no model made.
  get controls() {
    return new Set(this.model.get("controls"));
  }

  // Those with a value, and those that can be given one.
  /** @param {Row[]} rows */
  columnsOf(rows) {
    return columnsWithValues(this.model.get("columns"), rows, this.model.get("live"));
  }

  /** @param {string} [key] of the field or button to go to */
  draw(key) {
    const all = this.model.get("rows");
    const rows = this.listed();
    this.rows = rows;
    const some = rows.length < all.length ? `${rows.length} of ${all.length}` : `${all.length}`;
    const unknown = unknownColumns(this.model.get("columns"), this.filter.value);
    const hidden = rows.length ? "" : "; empty the filter to see them all";
    const note = unknown.length ? `; there is no column ${unknown.join(", ")}` : hidden;
    const none = this.model.get("live")
      ? "· Run makes them; what is finished is listed here"
      : "· none in this session";
    write(this.count, all.length ? `· ${some}${note}` : none);
    this.filter.hidden = !all.length;
    this.drawPanel(this.plot, this.scatter, all.length > 1);
    const live = this.model.get("live");
    this.drawPanel(
      this.align,
      this.alignment,
      live ? all.length > 0 : Boolean(this.model.get("alignment").rows?.length),
    );
    this.control.hidden = !live;
    this.choice.el.hidden = !all.length;
    const ticked = this.ticked().length;
    this.files.hidden = !all.length || !live;
    const pressed = [this.discard, this.back].find((act) => act === focusIn(this.body));
    this.discard.hidden = !ticked || !live;
    this.back.hidden = !this.model.get("discarded") || !live;
    if (pressed?.hidden) (this.back.hidden ? this.filter : this.back).focus();
    write(this.which, ticked ? `save ${ticked} ticked as` : "save listed as");
    if (!all.length) return this.body.replaceChildren();
    const active = focusIn(this.body);
    const focused = key ?? (active instanceof HTMLElement && this.body.contains(active) ? active.dataset.key : "");
    const columns = this.columnsOf(all);
    this.room = this.body.clientWidth;
    this.columns = this.choice.pick(columns, this.key, () => this.measured(columns));
    this.body.replaceChildren(this.table(), ...this.more());
    const again = focused && this.body.querySelector(`[data-key="${focused}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  table() {
    const table = element("table");
    const body = element("tbody");
    body.append(...this.rows.slice(0, MOST_ROWS).map((row) => this.row(row)));
    table.append(this.head(), body);
    return table;
  }

  more() {
    const hidden = this.rows.length - MOST_ROWS;
    return hidden > 0 ? [element("p", "esm-muted", `… and ${hidden.toLocaleString("en")} more; filter or sort`)] : [];
  }

  // The least widths of these columns, and the room that is left to them beside boxes and buttons.
  /** @param {Column[]} columns */
  measured(columns) {
    this.columns = columns;
    const table = this.table();
    this.body.replaceChildren(table);
    return measured(table, columns, this.model.get("choosing") ? 1 : 0, this.room);
  }

  head() {
    const head = element("thead");
    const line = element("tr");
    if (this.model.get("choosing")) line.append(this.tick("th", "Tick all designs listed", this.names(), "tick-all"));
    for (const { key, title, help, kind } of this.columns) {
      const cell = element("th", `esm-as-${kind}`);
      cell.scope = "col";
      const on = key === this.key;
      cell.setAttribute("aria-sort", on ? (this.upwards ? "ascending" : "descending") : "none");
      const arrow = on ? (this.upwards ? " ▲" : " ▼") : "";
      const sort = element("button", "esm-sort", title + arrow);
      sort.type = "button";
      sort.title = `${help}\nClick to sort by it.`;
      sort.dataset.key = key;
      sort.addEventListener("click", () => this.sort(key), { signal: this.signal });
      cell.append(sort);
      line.append(cell);
    }
    if (this.model.get("live")) line.append(element("td"));
    head.append(line);
    return head;
  }

  // A column starts with its best values; where none are better, with the first.
  /** @param {string} key */
  sort(key) {
    const best = this.columns.find((column) => column.key === key)?.better ?? null;
    [this.key, this.upwards] = [key, key === this.key ? !this.upwards : best !== true];
    this.draw();
  }

  /** @param {Row} row */
  row(row) {
    const line = element("tr");
    const shown = row.design === this.model.get("shown");
    line.classList.toggle("esm-shown", shown);
    line.classList.toggle("esm-control", this.controls.has(row.design));
    if (shown) line.setAttribute("aria-current", "true");
    if (this.model.get("choosing"))
      line.append(this.tick("td", `Tick ${row.design}`, [row.design], `tick-${row.design}`));
    for (const column of this.columns) {
      const { key, kind } = column;
      const cell = element(key === "design" ? "th" : "td", `esm-as-${kind}`);
      if (key === "design") cell.append(this.link(row.design));
      else if (kind === "stars") cell.append(this.starred(row.design, Number(row[key] ?? 0)));
      else if (kind === "note" && this.model.get("live"))
        cell.append(this.remarks.note(row.design, String(row[key] ?? "")));
      else cell.append(written(row[key], column));
      if (key !== "design" && kind !== "stars" && kind !== "note") cell.title = cell.textContent ?? "";
      if (row[key] === null) cell.classList.add("esm-none");
      line.append(cell);
    }
    if (this.model.get("live")) line.append(rowActs(this.act.bind(this), row.design, this.model.get("compared")));
    return line;
  }

  /** @param {string} name @param {number} count */
  starred(name, count) {
    if (this.model.get("live")) return this.remarks.stars(name, count);
    const still = element("span", "esm-stars", starsText(count, this.model.get("most_stars")));
    still.setAttribute("role", "img");
    still.setAttribute("aria-label", `${count} ${count === 1 ? "star" : "stars"}`);
    return still;
  }

  // A box that ticks these designs, or takes their ticks away.
  /** @param {"th" | "td"} tag @param {string} label @param {string[]} names @param {string} key */
  tick(tag, label, names, key) {
    const cell = element(tag, "esm-tick");
    const choose = (/** @type {boolean} */ on) => {
      const others = [...this.chosen].filter((name) => !names.includes(name));
      this.choose(on ? [...others, ...names] : others);
    };
    const all = names.length > 0 && names.every((name) => this.chosen.has(name));
    const box = tickBox(all, choose, this.signal);
    box.title = label;
    box.setAttribute("aria-label", label);
    box.dataset.key = key;
    cell.append(box);
    return cell;
  }

  /** @param {string} name */
  link(name) {
    const link = element("button", "esm-link", name);
    link.type = "button";
    link.dataset.design = name;
    const shown = name === this.model.get("shown");
    link.title = shown ? "Go back to the run or the prompt" : `Show ${name}`;
    link.addEventListener("click", () => this.model.send({ type: "show", name }), { signal: this.signal });
    return link;
  }
}

export default {
  /** @param {Rendering<TableModel>} place */
  render({ model, el, signal }) {
    new Designs(connected(model), el, signal);
  },
};
