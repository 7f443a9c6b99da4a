// A line between the views of one bench inside the page: pointing at a residue answers at once,
// also while the kernel is busy. Events: "hover" (a position or -1) and "select" (ranges).

export function busOf(name) {
  const all = (globalThis[Symbol.for("esm-bench.bus")] ??= new Map());
  if (!all.has(name)) all.set(name, new EventTarget());
  return all.get(name);
}

export function tell(bus, type, detail, from) {
  bus.dispatchEvent(new CustomEvent(type, { detail: { value: detail, from } }));
}

export function hear(bus, type, from, listener, signal) {
  const other = (event) => {
    if (event.detail.from !== from) listener(event.detail.value);
  };
  bus.addEventListener(type, other, { signal });
}
