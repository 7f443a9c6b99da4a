// Open, Save and Share: what to open, and under which names files are written beside the notebook.
// A file dropped on the bench is opened too.

import { button, element, explain, originOf, wordButton } from "../browser/dom.js";
import { Popover } from "../browser/popover.js";
import { Recent } from "./recent.js";

/** @import { Done, FileAct, HeaderModel } from "./types" */

const LARGEST = 8 << 20;

/** @type {Record<FileAct, {word: string, hint: string, label: string, about: string, busy: string}>} */
const ACTS = {
  open: {
    word: "Open",
    hint: "Open another protein or a design record",
    label: "PDB or AlphaFold id, file, sequence, FASTA or length",
    about:
      "It becomes the prompt, as one step that Undo takes back. Designs stay in the table. A file may also be dropped on the bench.",
    busy: "opening…",
  },
  save: {
    word: "Save",
    hint: "Save prompt, history, runs and designs as one file",
    label: "Name of the design record",
    about:
      'Written beside the notebook, whole. Bench("its name") brings everything back; so does Open in a bench where nothing was done yet, and adds its prompt and designs elsewhere.',
    busy: "writing…",
  },
  share: {
    word: "Share",
    hint: "Write a page that a colleague opens without a kernel or network",
    label: "Name of the page",
    about: "One HTML file beside the notebook, to explore offline. Many designs take a minute.",
    busy: "writing…",
  },
};

export class Files {
  el = element("span", "esm-group esm-files");
  requested = { name: "" };
  /** Fields that choose in what is opened. @type {Record<string, HTMLInputElement>} */
  choices = {};

  /** @param {HeaderModel} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.model = model;
    this.signal = signal;
    this.choose = () => {};
    this.parts = { open: this.part("open"), save: this.part("save"), share: this.part("share") };
    const chains = this.chosenBy("chain", "Chains", "all", "Chains to open, such as A or A,B; empty opens all");
    const models = this.chosenBy(
      "conformer",
      "Model",
      "first",
      "Which model of an NMR ensemble or a trajectory to open, by its number; empty opens the first",
    );
    this.control = element("input");
    this.control.type = "checkbox";
    this.control.dataset.field = "open-control";
    const control = element("label", "esm-check");
    control.append(this.control, "as a control beside the designs");
    control.title = "Leave the prompt as it is, and put the protein into the table, measured as designs are";
    this.recent = new Recent((name) => this.ask("open", name), signal);
    this.parts.open.box.append(this.chooser(chains, models), control, this.recent.el);
    this.catchDrops();
    model.on(
      "msg:custom",
      ({ act, text, wrong }) => {
        if (act !== "bring") this.done(act, text, wrong);
      },
      { signal },
    );
  }

  /** @param {FileAct} act */
  part(act) {
    const { signal } = this;
    const { word, hint, label, about } = ACTS[act];
    const holder = element("span", "esm-holder");
    const opener = button(act === "save" ? "disk" : act, { word, hint, act }, () => {}, signal);
    const box = element("div", "esm-files-box");
    const form = element("form");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", hint);
    // What is opened may be pasted FASTA, of which a field of one line would lose the line ends.
    const field = act === "open" ? element("textarea", "esm-text esm-lines") : element("input", "esm-text");
    field.placeholder = label;
    field.setAttribute("aria-label", label);
    field.dataset.field = act;
    const go = element("button", "esm-button esm-framed", word);
    go.type = "submit";
    go.title = hint;
    go.dataset.act = `${act}-now`;
    const line = element("div", "esm-files-line");
    line.append(field, go);
    const message = element("div", "esm-files-message");
    message.setAttribute("aria-live", "polite");
    message.hidden = true;
    form.append(line, element("div", "esm-muted", about), message);
    box.append(form);
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        if (field.value.trim()) this.ask(act, field.value.trim());
      },
      { signal },
    );
    field.addEventListener(
      "keydown",
      (event) => {
        if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || event.shiftKey) return;
        event.preventDefault();
        form.requestSubmit();
      },
      { signal },
    );
    const opened = () => {
      message.hidden = true;
      if (act === "open") this.recent.draw();
      else field.value = this.model.get("drafts")[act] ?? "";
      field.focus();
      field.select();
    };
    holder.append(opener, box);
    this.el.append(holder);
    return { popover: new Popover(holder, opener, box, { signal, opened }), box, go, message };
  }

  /**
   * A small field that chooses in what is opened.
   * @param {"chain" | "conformer"} name @param {string} word @param {string} placeholder @param {string} title
   */
  chosenBy(name, word, placeholder, title) {
    const field = element("input", "esm-text esm-chain");
    Object.assign(field, { placeholder, title });
    field.dataset.field = `open-${name}`;
    this.choices[name] = field;
    const label = element("label", "", word);
    label.append(field);
    return label;
  }

  /** @param {HTMLElement[]} choices */
  chooser(...choices) {
    const { signal } = this;
    const line = element("div", "esm-files-line");
    const fileField = element("input");
    Object.assign(fileField, { type: "file", hidden: true, accept: this.model.get("accepts").join(",") });
    fileField.addEventListener(
      "change",
      () => {
        if (fileField.files?.[0]) this.bring(fileField.files[0]);
        fileField.value = "";
      },
      { signal },
    );
    this.choose = () => fileField.click();
    const act = "choose-file";
    line.append(wordButton("Choose a file of this computer…", { act }, this.choose, signal), fileField, ...choices);
    return line;
  }

  // Anywhere on the bench that this header is of.
  catchDrops() {
    /**
     * @param {"dragover" | "dragleave" | "drop"} name
     * @param {(event: DragEvent, files: DataTransfer, bench: Element, here: boolean) => void} act
     */
    const on = (name, act) =>
      document.addEventListener(
        name,
        (event) => {
          const bench = this.el.closest(".esm-bench");
          const files = event.dataTransfer;
          const here = bench?.contains(originOf(event));
          if (bench && files?.types.includes("Files")) act(event, files, bench, Boolean(here));
        },
        { signal: this.signal, capture: true },
      );
    on("dragover", (event, files, bench, here) => {
      bench.classList.toggle("esm-catching", here);
      if (!here) return;
      event.preventDefault();
      files.dropEffect = "copy";
    });
    on("dragleave", (event, _, bench) => {
      if (!event.relatedTarget) bench.classList.remove("esm-catching");
    });
    on("drop", (event, { files }, bench, here) => {
      bench.classList.remove("esm-catching");
      if (!here) return;
      event.preventDefault();
      event.stopPropagation();
      this.parts.open.popover.open();
      this.bring(files[0]);
    });
  }

  /** @param {File} file */
  async bring(file) {
    if (file.size > LARGEST) {
      const most = `${LARGEST >> 20} MB`;
      this.done("open", `${file.name} is larger than ${most}; put it beside the notebook and type its name`, true);
      return;
    }
    this.ask("open", file.name, [await file.arrayBuffer()]);
  }

  /** @param {FileAct} act @param {string} name @param {ArrayBuffer[]} [buffers] */
  ask(act, name, buffers) {
    const { go, message } = this.parts[act];
    explain(go, ACTS[act].hint, ACTS[act].busy);
    this.say(message, ACTS[act].busy, false);
    const filled = Object.entries(act === "open" ? this.choices : {}).filter(([, field]) => field.value);
    const choices = Object.fromEntries(filled.map(([choice, field]) => [choice, field.value]));
    const control = act === "open" && this.control.checked ? { control: true } : {};
    this.requested = { name: buffers ? "" : name };
    this.model.send({ type: act, name, ...choices, ...control }, undefined, buffers);
  }

  /** @param {FileAct} act @param {string} text @param {boolean} wrong */
  done(act, text, wrong) {
    const { go, message, popover } = this.parts[act];
    explain(go, ACTS[act].hint);
    // Another model of the file is asked for in the header, while this box is closed.
    if (wrong && !popover.isOpen) popover.open();
    this.say(message, text, wrong);
    if (act !== "open" || wrong) return;
    this.recent.add(this.requested.name);
    for (const field of Object.values(this.choices)) field.value = "";
    this.control.checked = false;
    popover.close(true);
  }

  /** @param {HTMLElement} line @param {string} text @param {boolean} wrong */
  say(line, text, wrong) {
    line.textContent = text;
    line.hidden = false;
    line.classList.toggle("esm-wrong", wrong);
  }
}
