// plotly's script on this page: whoever draws with it first brings it, and all use that one copy.

import { element } from "./dom.js";

/**
 * Runs the script, unless plotly is there already.
 * @param {BlobPart} text @returns {Promise<void>}
 */
export function runPlotly(text) {
  if (globalThis.Plotly) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const el = element("script");
    el.src = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    el.addEventListener("load", () => resolve(URL.revokeObjectURL(el.src)));
    el.addEventListener("error", () => reject(new Error("plotly's script did not load")));
    document.head.append(el);
  });
}

/**
 * Text as plotly writes it: it takes some HTML for markup.
 * @param {string} text
 */
export const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
