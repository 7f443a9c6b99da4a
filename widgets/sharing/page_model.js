// A widget's model without a kernel: the traits of the picture on view, and messages that the page
// itself answers.

/** @import { Asked } from "./types" */

/** @typedef {(first: any, second: any) => void} Listener */

export class PageModel {
  /** @type {Record<string, any>} */
  traits = {};
  /** @type {Map<string, Set<Listener>>} */
  listeners = new Map();

  /** @param {(message: Asked, model: PageModel) => void} answer */
  constructor(answer) {
    this.answer = answer;
  }

  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }

  /**
   * Sets all of these before anybody hears of any.
   * @param {Record<string, unknown>} values
   */
  show(values) {
    const changed = Object.keys(values).filter((name) => values[name] !== this.traits[name]);
    Object.assign(this.traits, values);
    for (const name of changed) this.tell(`change:${name}`, this.traits[name]);
  }

  /** @param {string} name @param {unknown} value */
  tell(name, value) {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(this, value);
  }

  /**
   * Says something that no trait holds.
   * @param {{type: string}} message @param {DataView[]} buffers
   */
  say(message, buffers) {
    for (const listener of [...(this.listeners.get("msg:custom") ?? [])]) listener(message, buffers);
  }

  /** @param {string} name @param {Listener} listener @param {{signal?: AbortSignal}} [options] */
  on(name, listener, { signal } = {}) {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
    signal?.addEventListener("abort", () => all.delete(listener));
  }

  /** @param {Asked} message */
  send(message) {
    queueMicrotask(() => this.answer(message, this));
  }
}
