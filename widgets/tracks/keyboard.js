// Which keys come to the tracks: where the focus fell from the bench to nobody, they do. Where a key goes
// elsewhere and looks meant for the tracks, the line below them says so.

import { isOurs } from "../files/shortcuts.js";

/** @import { TrackView } from "./editor.js" */

const ELSEWHERE = "keys go to the notebook now: click the bench to write here";
const ON_BUTTON = "this key does nothing on a button: press Escape to write on the tracks";
/** Keys that press what has the focus, or move it. */
const OF_FOCUS = new Set(["Enter", " ", "Tab", "Escape"]);
const FIELDS = "input, textarea, select, [contenteditable=true], .cm-editor";

export class Keyboard {
  /** Whether the bench was used last, rather than something else on the page. */
  used = false;
  /** Whether the pointer is over the bench. */
  hovered = false;

  /** @param {TrackView} view @param {AbortSignal} signal */
  constructor(view, signal) {
    this.view = view;
    window.addEventListener("pointerdown", (event) => this.press(event), { signal, capture: true });
    window.addEventListener("focusin", (event) => this.focused(event), { signal, capture: true });
    window.addEventListener("pointerover", (event) => (this.hovered = this.isInside(event.target)), { signal });
    window.addEventListener("keydown", (event) => this.fallen(event), { signal, capture: true });
    window.addEventListener("keydown", (event) => this.unheard(event), { signal });
  }

  get bench() {
    return this.view.el.closest(".esm-bench") ?? this.view.el;
  }

  /** @param {EventTarget | null} target */
  isInside(target) {
    return target instanceof Node && this.bench.contains(target);
  }

  // Nobody's: the page itself, or what the bench is in, such as its cell.
  /** @param {EventTarget | null} at what has the focus */
  isNobody(at) {
    return !(at instanceof Element) || (at !== this.bench && at.contains(this.bench));
  }

  // A press on what takes no focus, such as a name or the ground between buttons, gives it to the tracks.
  /** @param {PointerEvent} event */
  press({ target }) {
    this.used = this.isInside(target);
    if (this.used) setTimeout(() => this.used && this.isNobody(document.activeElement) && this.view.focus());
  }

  /** @param {FocusEvent} event */
  focused({ target }) {
    if (this.isInside(target)) this.used = true;
    else if (!this.isNobody(target)) this.used = false;
  }

  // What had the focus has gone or is grey by now: the key is for the tracks.
  /** @param {KeyboardEvent} event */
  fallen(event) {
    if (!this.used || !this.isNobody(event.target) || !this.isForTracks(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.view.focus();
    this.view.canvas.dispatchEvent(new KeyboardEvent("keydown", event));
  }

  // After everybody else had the key.
  /** @param {KeyboardEvent} event */
  unheard(event) {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof Element) || target === this.view.canvas) return;
    if (target.matches(FIELDS) || target.closest(FIELDS)) return;
    if (this.isInside(target)) {
      if (event.key === "Escape") this.view.focus();
      else if (this.isForTracks(event) && event.key.length === 1) this.view.say(ON_BUTTON);
    } else if (this.hovered && this.isForTracks(event)) this.view.say(ELSEWHERE);
  }

  /** @param {KeyboardEvent} event */
  isForTracks(event) {
    const { key } = event;
    const alone = ["Shift", "Control", "Alt", "Meta"].includes(key);
    return isOurs(event) && !alone && !OF_FOCUS.has(key) && !/^F\d+$/.test(key);
  }
}
