// The still picture that a bench publishes beside itself is hidden for as long as the bench is there.

import { element } from "../browser/dom.js";

/** @param {string} name @param {AbortSignal} signal */
export function hideSnapshot(name, signal) {
  if (!/^[0-9a-f]+$/.test(name)) return;
  const hidden = `.esm-snapshot-${name}`;
  const style = element("style", "", `${hidden}, .jp-OutputArea-child:has(${hidden}) { display: none !important; }`);
  document.head.append(style);
  signal.addEventListener("abort", () => style.remove());
}
