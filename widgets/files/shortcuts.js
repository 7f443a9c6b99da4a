// Which keys are the bench's and which the notebook's, whose single letters cut and add cells.

import { originOf } from "../browser/dom.js";

/** What keys do over the tracks, with Ctrl held. */
export const TRACK_KEYS = /** @type {const} */ ({
  a: "select-all",
  c: "copy",
  d: "duplicate",
  g: "near",
  delete: "delete",
  backspace: "delete",
});
const WITH_CTRL = new Set([...Object.keys(TRACK_KEYS), "v", "x", "y", "z", "enter"]);
const MARK = "lmSuppressShortcuts";

// Whether a key pressed in a bench is no business of the notebook's, as Ctrl+S is.
/** @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">} event */
export function isOurs({ key, ctrlKey, metaKey }) {
  return !(ctrlKey || metaKey) || WITH_CTRL.has(key.toLowerCase());
}

// "undo" or "redo", or nothing.
/** @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">} event @returns {"undo" | "redo" | ""} */
export function history({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || altKey) return "";
  const low = key.toLowerCase();
  if (low === "y" || (low === "z" && shiftKey)) return "redo";
  return low === "z" ? "undo" : "";
}

// In the bench that ``el`` is in: keeps our keys from the notebook, which looks for the mark on what has the
// focus before anybody else hears of a key, and does "undo", "redo" or "help" wherever no text is written.
/** @param {HTMLElement} el @param {{undo(): void, redo(): void, help(): void}} acts @param {AbortSignal} signal */
export function keepKeys(el, acts, signal) {
  /** @param {Event} event @returns {HTMLElement | null} */
  const inBench = (event) => {
    const target = originOf(event);
    return target instanceof HTMLElement && el.closest(".esm-bench")?.contains(target) ? target : null;
  };
  window.addEventListener(
    "keydown",
    (event) => {
      const target = inBench(event);
      if (!target) return;
      if (isOurs(event)) target.dataset[MARK] = "true";
      else delete target.dataset[MARK];
    },
    { capture: true, signal },
  );
  window.addEventListener(
    "keydown",
    (event) => {
      const what = history(event) || (event.key === "?" ? "help" : "");
      const target = inBench(event);
      if (!what || event.defaultPrevented || !target || isWritten(target)) return;
      event.preventDefault();
      acts[what]();
    },
    { signal },
  );
}

/** @param {Element} target */
function isWritten(target) {
  return target.matches("input:not([type=range], [type=checkbox]), textarea");
}
