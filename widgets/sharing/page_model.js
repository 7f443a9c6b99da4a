// A widget's model without a kernel: the traits of the picture on view, and messages that the page
// itself answers.

export class PageModel {
  constructor(answer) {
    this.traits = {};
    this.listeners = new Map();
    this.answer = answer;
  }

  get(name) {
    return this.traits[name];
  }

  set(name, value) {
    this.show({ [name]: value });
  }

  // Sets all of these before anybody hears of any.
  show(values) {
    const changed = Object.keys(values).filter((name) => values[name] !== this.traits[name]);
    Object.assign(this.traits, values);
    for (const name of changed) this.tell(`change:${name}`, this.traits[name]);
    if (changed.length) this.tell("change");
  }

  tell(name, value) {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(this, value);
  }

  on(name, listener, { signal } = {}) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name).add(listener);
    signal?.addEventListener("abort", () => this.off(name, listener));
  }

  off(name, listener) {
    this.listeners.get(name)?.delete(listener);
  }

  send(content) {
    queueMicrotask(() => this.answer(content, this));
  }

  save_changes() {}
}
