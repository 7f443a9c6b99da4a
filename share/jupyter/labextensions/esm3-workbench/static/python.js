// Python text that a tab has its kernel run. Every word of a person goes in as a string literal.

/** A text as a Python literal: what JSON escapes, Python reads the same way. */
export function literal(text) {
  return JSON.stringify(String(text));
}

const TAB = '__import__("importlib").import_module("widgets.tab")';

/** The expression that shows the bench of a tab, made now if the kernel does not have it. */
export function showing(tab, options) {
  return `${TAB}.show(${argumentsOf(tab, options)})`;
}

/** The expression that writes a notebook on the bench of a tab and says what it is called. */
export function writingNotebook(tab, options) {
  return `${TAB}.write_notebook(${argumentsOf(tab, options)})`;
}

function argumentsOf(tab, options) {
  const given = Object.entries(options).filter(([, value]) => value);
  return [literal(tab), ...given.map(([name, value]) => `${name}=${literal(value)}`)].join(", ");
}
