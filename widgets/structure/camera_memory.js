// Says where a person has turned the camera to, once they let it be.

/** @import { Viewer } from "./types" */

const STILL = 400;
const DIGITS = 4;

/**
 * @param {Viewer} viewer @param {HTMLElement} stage @param {(view: number[]) => void} tell
 * @param {AbortSignal} signal
 */
export function rememberCamera(viewer, stage, tell, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let sent = "";
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const view = viewer.getView().map((value) => Number(value.toFixed(DIGITS)));
      if (String(view) === sent) return;
      sent = String(view);
      tell(view);
    }, STILL);
  };
  for (const name of ["pointerup", "pointercancel", "wheel"])
    stage.addEventListener(name, later, { signal, passive: true, capture: true });
  signal.addEventListener("abort", () => clearTimeout(waiting));
}
