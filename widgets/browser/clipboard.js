// Putting text on the clipboard where the page may, else showing it to be copied by hand.

import { element } from "./dom.js";

// Resolves to whether the text is on the clipboard.
/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = element("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } catch {
    copied = false;
  }
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}

// A box with the text in it, selected; Escape or its button closes it.
/** @param {string} title @param {string} text @param {AbortSignal} signal */
function textBox(title, text, signal) {
  const box = element("div", "esm-code esm-popover");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", title);
  const area = element("textarea", "esm-code-text");
  area.value = text;
  area.readOnly = true;
  area.rows = Math.min(14, text.split("\n").length + 1);
  area.setAttribute("aria-label", title);
  const close = element("button", "esm-button", "Close");
  close.type = "button";
  close.addEventListener("click", () => box.remove(), { signal });
  box.addEventListener("keydown", (event) => event.key === "Escape" && box.remove(), { signal });
  const head = element("div", "esm-code-head");
  head.append(element("span", "esm-title", title), close);
  box.append(head, area);
  setTimeout(() => area.select());
  return box;
}

/**
 * Copies a text, or shows it in a box on ``board`` where the page may not; says whether it is copied.
 * @param {HTMLElement} board @param {string} title @param {string} text @param {AbortSignal} signal
 */
export async function offer(board, title, text, signal) {
  if (await copyText(text)) return true;
  board.querySelector(".esm-code")?.remove();
  board.append(textBox(title, text, signal));
  return false;
}
