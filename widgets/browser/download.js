// A file that the page gives to the person.

import { element } from "./dom.js";

/** @param {string} name @param {BlobPart} data @param {string} [type] */
export function download(name, data, type = "") {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([data], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
