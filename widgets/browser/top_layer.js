// Boxes over everything else, in the page's top layer, where no view cuts them off. They stay beside
// what they belong to while the page scrolls.

import { originOf } from "./dom.js";

const MARGIN = 8;
const GAP = 4;
/** Pixels of height that a box can do with. */
const LEAST = 80;
/** @type {WeakMap<HTMLElement, AbortController>} */
const SHOWN = new WeakMap();

/**
 * Shows a box below its owner, or above where there is more room; over it where neither side has any.
 * @param {HTMLElement} box @param {Element} owner
 */
export function showBeside(box, owner) {
  raise(box, () => {
    const { left, top, bottom } = owner.getBoundingClientRect();
    const below = window.innerHeight - bottom - GAP - MARGIN;
    const above = top - GAP - MARGIN;
    const upwards = box.scrollHeight > below && above > below;
    const room = upwards ? above : below;
    if (room < LEAST) {
      box.style.removeProperty("--room");
      return put(box, left + GAP, top + GAP);
    }
    box.style.setProperty("--room", `${room}px`);
    put(box, left, upwards ? top - GAP - box.offsetHeight : bottom + GAP);
  });
}

/**
 * Shows a box with its corner at a place of the window.
 * @param {HTMLElement} box @param {number} x @param {number} y
 */
export function showAt(box, x, y) {
  raise(box, () => put(box, x, y));
}

/** @param {HTMLElement} box */
export function hideBox(box) {
  SHOWN.get(box)?.abort();
  SHOWN.delete(box);
  if (box.isConnected && box.matches(":popover-open")) box.hidePopover();
  box.hidden = true;
  box.removeAttribute("style");
}

/** @param {HTMLElement} box @param {() => void} place */
function raise(box, place) {
  SHOWN.get(box)?.abort();
  const shown = new AbortController();
  const { signal } = shown;
  SHOWN.set(box, shown);
  box.hidden = false;
  if ("showPopover" in box && !box.matches(":popover-open")) {
    box.popover = "manual";
    box.showPopover();
  }
  place();
  const again = (/** @type {Event} */ event) => {
    if (!box.contains(originOf(event))) place();
  };
  document.addEventListener("scroll", again, { signal, capture: true });
  window.addEventListener("resize", again, { signal });
}

/** @param {HTMLElement} box @param {number} x @param {number} y */
function put(box, x, y) {
  const { innerWidth, innerHeight } = window;
  const inside = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ room) =>
    Math.max(MARGIN, Math.min(at, room - size - MARGIN));
  const left = inside(x, box.offsetWidth, innerWidth);
  const top = inside(y, box.offsetHeight, innerHeight);
  Object.assign(box.style, { left: `${left}px`, top: `${top}px`, right: "auto", bottom: "auto" });
}
