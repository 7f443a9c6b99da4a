// What an empty tab asks: which protein to begin with.

import { lumino } from "./lab.js";
import { line } from "./notice.js";

/** Offers the example, an empty chain, and a sequence or entry; `choose` is told which. */
export class Start extends lumino.Widget {
  constructor(choose) {
    super();
    this.addClass("esm3-start");
    this._choose = choose;
    this.node.append(
      line("h2", "Begin with"),
      this._form("An example protein", null, "Open the example", () => ({ example: true })),
      this._form(
        "An empty chain, all of it masked: the model invents it",
        field("input", { type: "number", min: 1, value: 100, "aria-label": "Number of residues" }, "residues"),
        "Open an empty chain",
        (value) => ({ text: value }),
      ),
      this._form(
        "A sequence, or a PDB or AlphaFold DB entry",
        field("textarea", { rows: 3, spellcheck: "false", placeholder: "MKTAYIAKQR… or 1QYS", "aria-label": "Sequence or entry" }),
        "Open it",
        (value) => ({ text: value }),
      ),
      line("p", "A structure, FASTA or .design file opens by a double click in the file browser.", { class: "esm3-hint" }),
    );
  }

  /** Offer benches whose kernels were kept: a label, what it does now, and what opens it. */
  offer(benches) {
    if (!benches.length) return;
    const form = line("form", "");
    form.append(line("h3", "A bench that was closed, its kernel kept"));
    for (const { label, state, open } of benches) {
      const row = line("div", "", { class: "esm3-field" });
      const button = line("button", label, { class: "jp-mod-styled jp-mod-accept", type: "button" });
      button.addEventListener("click", open);
      row.append(button, line("span", state));
      form.append(row);
    }
    this.node.querySelector("h2").after(form);
  }

  onActivateRequest() {
    this.node.querySelector("button")?.focus();
  }

  _form(title, control, label, made) {
    const form = line("form", "");
    form.append(line("h3", title));
    if (control) form.append(control.row);
    form.append(line("button", label, { class: "jp-mod-styled jp-mod-accept" }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = control?.input.value.trim();
      if (control && !value) return control.input.focus();
      this._choose(made(value));
    });
    return form;
  }
}

function field(tag, attributes, unit = "") {
  const row = line("div", "", { class: "esm3-field" });
  const input = line(tag, "", { ...attributes, class: "jp-mod-styled", required: "" });
  row.append(input, line("span", unit));
  return { row, input };
}
