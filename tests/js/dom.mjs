// A page to draw a view on: happy-dom with the few browser parts that it lacks, and a widget's model
// that keeps what the view sends.

import { Window } from "happy-dom";

const TAKEN = [
  "document",
  "navigator",
  "AbortController",
  "EventTarget",
  "Node",
  "Text",
  "Element",
  "HTMLElement",
  "HTMLInputElement",
  "HTMLSelectElement",
  "Event",
  "CustomEvent",
  "KeyboardEvent",
  "MouseEvent",
  "PointerEvent",
  "MutationObserver",
  "getComputedStyle",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "setTimeout",
  "clearTimeout",
];
const WIDTH = 900;

// What a listener throws is the test's failure, not a line on the console.
export const window = new Window({ width: 1200, height: 900, settings: { errorCapture: "disabled" } });
for (const name of TAKEN) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
globalThis.window = window;

// Nothing is laid out here: all that is asked about size is that there is some.
Object.defineProperty(window.HTMLElement.prototype, "clientWidth", { get: () => WIDTH });
globalThis.ResizeObserver = class {
  constructor(changed) {
    this.changed = changed;
  }
  observe() {
    this.changed([]);
  }
  disconnect() {}
};

// A pen that draws nothing.
const PEN = new Proxy(
  {},
  {
    get: (_, name) => {
      if (name === "measureText") return (text) => ({ width: 6 * text.length });
      if (name === "createPattern") return () => ({ setTransform() {} });
      return () => {};
    },
    set: () => true,
  },
);
window.HTMLCanvasElement.prototype.getContext = () => PEN;
window.HTMLElement.prototype.setPointerCapture = () => {};
globalThis.OffscreenCanvas = class {
  getContext() {
    return PEN;
  }
};
globalThis.DOMMatrix = class {
  scale() {
    return this;
  }
};

export class FakeModel {
  constructor(traits) {
    this.traits = { own_id: "me", pushes: 0, ...traits };
    this.sent = [];
    this.listeners = [];
  }
  get(name) {
    return this.traits[name];
  }
  on(event, listener) {
    this.listeners.push({ event, listener });
  }
  send(message) {
    if (message.type !== "hello") this.sent.push(message);
  }
  // What the kernel pushes or says.
  push(traits) {
    Object.assign(this.traits, traits);
    for (const name of Object.keys(traits)) this.tell(`change:${name}`);
  }
  tell(event, message, buffers = []) {
    for (const entry of this.listeners) if (entry.event === event) entry.listener(message, buffers);
  }
  // The messages since the last time, but for those that tell of pictures and the theme.
  heard() {
    return this.sent.splice(0).filter(({ type }) => type !== "drawn" && type !== "theme");
  }
}

export function place(view, traits) {
  const el = document.createElement("div");
  document.body.replaceChildren(el);
  const model = new FakeModel(traits);
  view.render({ model, el, signal: new AbortController().signal });
  return { el, model };
}

// Lets what the view put off happen: microtasks, the next picture, and timers of 0 ms.
export const settled = () => window.happyDOM.waitUntilComplete();

export function type(input, value) {
  input.value = value;
  input.dispatchEvent(new window.Event("input", { bubbles: true }));
  input.dispatchEvent(new window.Event("change", { bubbles: true }));
}
