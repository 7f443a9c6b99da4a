// What a person thinks of designs: stars that a press adds to, and a note that is typed in its cell.

import { element } from "../browser/dom.js";

/** @import { RemarkHost } from "./types" */

/** @param {number} count @param {number} most */
export const starsText = (count, most) => "★".repeat(count) + "☆".repeat(most - count);

export class Remarks {
  /** The design whose note is being typed, and its text so far. */
  at = "";
  text = "";

  /** @param {RemarkHost} host @param {AbortSignal} signal */
  constructor(host, signal) {
    this.host = host;
    this.signal = signal;
  }

  /** @param {string} name @param {number} count */
  stars(name, count) {
    const most = this.host.most.stars;
    const button = element("button", "esm-stars", starsText(count, most));
    button.type = "button";
    button.classList.toggle("esm-none", !count);
    button.dataset.key = `stars-${name}`;
    const next = count < most ? count + 1 : 0;
    button.title = `${count} of ${most} stars for ${name}; press for ${next}, or type a number`;
    button.setAttribute("aria-label", button.title);
    const give = (/** @type {number} */ stars) => this.host.remark({ name, stars });
    button.addEventListener("click", () => give(next), { signal: this.signal });
    button.addEventListener(
      "keydown",
      (event) => {
        if (!/^\d$/.test(event.key) || Number(event.key) > most || event.ctrlKey || event.metaKey || event.altKey)
          return;
        event.preventDefault();
        event.stopPropagation();
        give(Number(event.key));
      },
      { signal: this.signal },
    );
    return button;
  }

  /** @param {string} name @param {string} note */
  note(name, note) {
    return this.at === name ? this.field(name, note) : this.opener(name, note);
  }

  /** @param {string} name @param {string} note */
  opener(name, note) {
    const button = element("button", "esm-note", note || "note");
    button.type = "button";
    button.classList.toggle("esm-none", !note);
    button.dataset.key = `note-${name}`;
    button.title = note ? `${note}\nPress to change this note.` : `Write a note on ${name}`;
    button.setAttribute("aria-label", note ? `Note on ${name}: ${note}` : button.title);
    const open = () => {
      Object.assign(this, { at: name, text: note });
      this.host.draw(`note-${name}`);
    };
    button.addEventListener("click", open, { signal: this.signal });
    return button;
  }

  /** @param {string} name @param {string} before */
  field(name, before) {
    const field = element("input", "esm-text esm-noting");
    Object.assign(field, { value: this.text, maxLength: this.host.most.letters });
    field.dataset.key = `note-${name}`;
    field.setAttribute("aria-label", `Note on ${name}; Enter keeps it, Escape leaves it as it was`);
    const close = (/** @type {boolean} */ keep) => {
      if (this.at !== name) return;
      this.at = "";
      if (keep && this.text.trim() !== before) this.host.remark({ name, note: this.text });
      this.host.draw(`note-${name}`);
    };
    field.addEventListener("input", () => (this.text = field.value), { signal: this.signal });
    field.addEventListener(
      "keydown",
      (event) => {
        event.stopPropagation();
        if (event.key === "Enter" || event.key === "Escape") close(event.key === "Enter");
      },
      { signal: this.signal },
    );
    field.addEventListener("blur", () => field.isConnected && close(true), { signal: this.signal });
    return field;
  }
}
