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

/** The expression that says what the bench of a tab was made of. */
export function sourceOf(tab) {
  return `${TAB}.source_of(${literal(tab)})`;
}

/** Value of an expression in a kernel, as JSON; throws what Python says. */
export async function valueOf(kernel, expression) {
  const future = kernel.requestExecute({
    code: "", silent: true, store_history: false, user_expressions: { value: expression },
  });
  const { value } = (await future.done).content.user_expressions;
  if (value.status !== "ok") throw new Error(value.evalue);
  return value.data["application/json"];
}

function argumentsOf(tab, options) {
  const given = Object.entries(options).filter(([, value]) => value);
  return [literal(tab), ...given.map(([name, value]) => `${name}=${literal(value)}`)].join(", ");
}
