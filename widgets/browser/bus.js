// A line between the views of one bench inside the page: pointing at a residue answers at once,
// also while the kernel is busy. Events: "hover" (a position or -1), "select" (ranges) and "cell" (a cell of
// the tracks that is pointed at, or null).

/** @import { BusEvents } from "./types" */

/** @param {string} name @returns {EventTarget} */
export function busOf(name) {
  /** @type {Record<symbol, Map<string, EventTarget>>} */
  const page = /** @type {any} */ (globalThis);
  const key = Symbol.for("esm-bench.bus");
  const all = page[key] ?? new Map();
  page[key] = all;
  const known = all.get(name) ?? new EventTarget();
  all.set(name, known);
  return known;
}

/**
 * @template {keyof BusEvents} Type
 * @param {EventTarget} bus @param {Type} type @param {BusEvents[Type]} detail @param {object} from
 */
export function tell(bus, type, detail, from) {
  bus.dispatchEvent(new CustomEvent(type, { detail: { value: detail, from } }));
}

/**
 * Hears what others than ``from`` tell.
 * @template {keyof BusEvents} Type
 * @param {EventTarget} bus @param {Type} type @param {object} from
 * @param {(value: BusEvents[Type]) => void} listener @param {AbortSignal} [signal]
 */
export function hear(bus, type, from, listener, signal) {
  bus.addEventListener(
    type,
    (event) => {
      const { detail } = /** @type {CustomEvent<{value: BusEvents[Type], from: object}>} */ (event);
      if (detail.from !== from) listener(detail.value);
    },
    { signal },
  );
}
