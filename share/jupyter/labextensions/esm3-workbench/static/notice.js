// What a tab says while there is no bench in it: that one is on its way, or why there is none.

import { lumino } from "./lab.js";

/** A message, with the error's traceback where there is one, and buttons. */
export class Notice extends lumino.Widget {
  constructor() {
    super();
    this.addClass("esm3-notice");
  }

  /** Say that something is on its way. */
  wait(text) {
    this.node.replaceChildren(line("p", text, { role: "status" }));
    this.show();
  }

  /** Say what went wrong and what can be done; buttons are pairs of a label and what it does. */
  refuse({ title, text, details, buttons }) {
    const box = line("div", "", { role: "alert" });
    box.append(line("h2", title), line("p", text));
    const row = line("div", "", { class: "esm3-buttons" });
    for (const [label, act] of buttons) {
      const button = line("button", label, { class: "jp-mod-styled jp-mod-accept", type: "button" });
      button.addEventListener("click", act);
      row.append(button);
    }
    this.node.replaceChildren(box, row);
    if (details) {
      const more = line("details", "");
      more.append(line("summary", "What Python says"), line("pre", details));
      this.node.append(more);
    }
    this.show();
  }
}

/** An element with this text, which is never read as HTML. */
export function line(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** A traceback without the terminal's colours. */
export function plain(traceback) {
  return traceback.join("\n").replace(/\u001b\[[0-9;]*m/g, "");
}
