// Which keys are the bench's and which the notebook's, whose single letters cut and add cells.

const WITH_CTRL = new Set(["a", "c", "d", "g", "v", "x", "y", "z", "delete", "backspace", "enter"]);
const MARK = "lmSuppressShortcuts";

// Whether a key pressed in a bench is no business of the notebook's, as Ctrl+S is.
export function isOurs({ key, ctrlKey, metaKey }) {
  return !(ctrlKey || metaKey) || WITH_CTRL.has(key.toLowerCase());
}

// "undo" or "redo", or nothing.
export function history({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  if (!(ctrlKey || metaKey) || altKey) return "";
  const low = key.toLowerCase();
  if (low === "y" || (low === "z" && shiftKey)) return "redo";
  return low === "z" ? "undo" : "";
}

// In the bench that ``el`` is in: keeps our keys from the notebook, which looks for the mark on what has the
// focus before anybody else hears of a key, and calls ``act("undo" or "redo")`` wherever no text is written.
export function keepKeys(el, act, signal) {
  const inBench = ({ target }) => el.closest(".esm-bench")?.contains(target);
  window.addEventListener("keydown", (event) => {
    if (!inBench(event)) return;
    if (isOurs(event)) event.target.dataset[MARK] = "true";
    else delete event.target.dataset[MARK];
  }, { capture: true, signal });
  window.addEventListener("keydown", (event) => {
    const what = history(event);
    if (!what || event.defaultPrevented || !inBench(event) || isWritten(event.target)) return;
    event.preventDefault();
    act(what);
  }, { signal });
}

function isWritten(target) {
  return target.matches("input:not([type=range], [type=checkbox]), textarea");
}
