// Small pieces of page: elements and icons. Icons are drawn here, since fonts differ between machines.

/** @type {Record<string, string>} */
const FILLED = {
  run: "M4 2.4v11.2L13.2 8z",
  step: "M3 3v10l6.2-5zM10.6 3h2v10h-2z",
  pause: "M3.6 3h3v10h-3zM9.4 3h3v10h-3z",
  stop: "M3.6 3.6h8.8v8.8H3.6z",
  rewind: "M13 3v10L6.8 8zM3.4 3h2v10h-2z",
  scatter: "M3 11.500h2v2h-2zM6 6.500h2v2h-2zM9 9h2v2h-2zM11.500 3h2v2h-2z",
  none: "M8 6.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6z",
};
/** @type {Record<string, string>} */
const LINED = {
  branch:
    "M4.5 5.5v5M4.5 9.5c0-3 7-1.500 7-4M4.500 2.500v1M4.500 2.300a1.500 1.500 0 1 0 .01 0M4.500 10.700a1.500 1.500 0 1 0 .01 0M11.500 2.300a1.500 1.500 0 1 0 .01 0",
  undo: "M6 3.500L2.800 6.700L6 9.900M3 6.700h6.500a3.300 3.300 0 0 1 0 6.600H7",
  redo: "M10 3.500l3.200 3.200L10 9.900M13 6.700H6.500a3.300 3.300 0 0 0 0 6.600H9",
  centre: "M8 1.500v3M8 11.500v3M1.500 8h3M11.500 8h3M8 5.200a2.800 2.800 0 1 0 .01 0",
  save: "M8 2v7.500M4.800 6.500L8 9.700l3.200-3.200M2.500 12.800h11",
  overlay: "M2.500 5h7.500v8.500h-7.500zM6 5v-2.500h7.500v8.500h-3.500",
  info: "M8 7.200v4M8 4.800v.3M8 1.800a6.200 6.200 0 1 0 .01 0",
  dice: "M3 3h10v10H3zM5.700 5.700h.01M10.300 5.700h.01M8 8h.01M5.700 10.300h.01M10.300 10.300h.01",
  select:
    "M2.500 4.500v-2h2M7 2.500h2M11.500 2.500h2v2M13.500 7v2M13.500 11.500v2h-2M9 13.500H7M4.500 13.500h-2v-2M2.500 9V7",
  mask: "M2.500 3.500h11v9h-11zM3 10l6-6.300M5.500 12.300l7.500-8M10 12.300l3.300-3.500",
  restore: "M3.200 2.800v3.500h3.500M3.400 6.200a5 5 0 1 1-.4 3.300",
  "zoom-in": "M8 3.500v9M3.500 8h9",
  "zoom-out": "M3.500 8h9",
  fit: "M1.800 8h12.400M4.600 5L1.600 8l3 3M11.400 5l3 3l-3 3",
  residues: "M2 8h3M11 8h3M6.500 5.500v5M9.500 5.500v5M8 2.500v2.500M8 11v2.500",
  code: "M5.500 4.500L2 8l3.500 3.500M10.500 4.500L14 8l-3.500 3.500M9 3l-2 10",
  discard: "M2.800 4.500h10.400M6 4.300v-1.800h4v1.800M4.200 4.700l.6 8.800h6.400l.6-8.800M6.800 7v4M9.200 7v4",
  close: "M4 4l8 8M12 4l-8 8",
  open: "M2 12.800v-9.300h4l1.500 1.800h6.500v7.500z",
  disk: "M2.800 2.800h8.200l2.200 2.200v8.200H2.800zM5.200 2.800v3.400h5V2.800M5 13.200V9.400h6v3.800",
  share: "M8 9.800V2.400M5 5.200L8 2.200l3 3M3.200 8v5.200h9.600V8",
  align: "M2 4h12M2 8h7M11 8h3M2 12h4M8 12h6",
  help: "M5.800 6a2.200 2.200 0 1 1 3.300 1.900c-.8.5-1.100.9-1.100 1.700M8 12.200v.2",
  columns: "M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10",
  full: "M2.500 6V2.500h3.500M10 2.500h3.500v3.500M13.500 10v3.500h-3.500M6 13.500H2.500V10",
  rules: "M2.500 4.500h11M2.500 8h11M2.500 11.500h7M12 10v3M10.500 11.500h3",
  layers: "M8 2l6 3l-6 3l-6-3zM2.500 8L8 10.800L13.500 8M2.500 11L8 13.800L13.500 11",
  ruler: "M2 10.500L10.500 2L14 5.500L5.500 14zM4.500 8.500l1.500 1.500M7 6l1.500 1.500M9.500 3.500L11 5",
  warning: "M8 2.200L14.500 13.500h-13zM8 6.500v3.200M8 11.500v.2",
};

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 */
export function element(tag, className = "", text = "") {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text) el.textContent = text;
  return el;
}

/** @param {string} text @param {string} value */
export function option(text, value) {
  const choice = element("option", "", text);
  choice.value = value;
  return choice;
}

// Puts a text where it is not yet: the browser lays out anew whatever is written, changed or not, and
// styles anew what a node that comes or goes is in.
/** @param {HTMLElement} el @param {string | number} text */
export function write(el, text) {
  const content = String(text);
  if (el.textContent === content) return;
  const [only, ...more] = el.childNodes;
  if (content && only instanceof Text && !more.length) only.data = content;
  else el.textContent = content;
}

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "esm-svg");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", FILLED[name] ?? LINED[name]);
  if (!FILLED[name]) path.setAttribute("class", "esm-lined");
  svg.append(path);
  return svg;
}

/**
 * A button with an icon; ``word`` is written beside it, ``hint`` says what it does.
 * @param {string} name @param {{word?: string, hint: string, classes?: string, act?: string}} options
 * @param {() => void} run @param {AbortSignal} signal
 */
export function button(name, { word = "", hint, classes = "", act = name }, run, signal) {
  const el = element("button", `esm-button ${word ? "" : "esm-icon"} ${classes}`.trim());
  el.type = "button";
  el.append(icon(name));
  if (word) el.append(element("span", "esm-word", word));
  el.title = hint;
  if (!word) el.setAttribute("aria-label", hint);
  el.dataset.act = act;
  el.addEventListener("click", run, { signal });
  return el;
}

/**
 * Says what a control does, and where it cannot be used now why not: then it is grey. Who points at it
 * reads both, and so does who hears the page.
 * @param {HTMLButtonElement | HTMLInputElement} control @param {string} hint @param {string} [reason]
 */
export function explain(control, hint, reason = "") {
  const text = reason ? `${hint}. Not now: ${reason}` : hint;
  if (control.title !== text) control.title = text;
  if (control.classList.contains("esm-icon")) control.setAttribute("aria-label", hint);
  if (control.disabled !== Boolean(reason)) control.disabled = Boolean(reason);
  if (reason) control.setAttribute("aria-description", reason);
  else control.removeAttribute("aria-description");
}

/**
 * A framed button that is a word; ``hint`` says what it does.
 * @param {string} word @param {{hint?: string, act?: string}} options
 * @param {() => void} run @param {AbortSignal} signal
 */
export function wordButton(word, { hint = "", act = "" }, run, signal) {
  const el = element("button", "esm-button esm-framed", word);
  el.type = "button";
  if (hint) el.title = hint;
  if (act) el.dataset.act = act;
  el.addEventListener("click", run, { signal });
  return el;
}

/**
 * Makes a field one for numbers from ``least`` to ``most``; null is no bound.
 * @param {HTMLInputElement} input @param {number | null} least @param {number | null} most @param {number} step
 */
export function bounded(input, least, most, step) {
  Object.assign(input, { type: "number", step: String(step) });
  if (least !== null) input.min = String(least);
  if (most !== null) input.max = String(most);
  return input;
}

/**
 * A box to tick; ``act`` hears whether it is.
 * @param {boolean} checked @param {(on: boolean) => void} act @param {AbortSignal} signal
 */
export function tickBox(checked, act, signal) {
  const box = element("input");
  box.type = "checkbox";
  box.checked = checked;
  box.addEventListener("change", () => act(box.checked), { signal });
  return box;
}

/**
 * Where an event began; what hears it outside of a shadow root, in which marimo keeps views, is told of its host.
 * @param {Event} event
 */
export function originOf(event) {
  const [first] = event.composedPath();
  return first instanceof Node ? first : null;
}

/**
 * What has the focus on the page, or in the shadow root, that an element is in.
 * @param {Element} el @returns {Element | null}
 */
export function focusIn(el) {
  const root = /** @type {Partial<DocumentOrShadowRoot>} */ (el.getRootNode());
  return root.activeElement === undefined ? document.activeElement : root.activeElement;
}
