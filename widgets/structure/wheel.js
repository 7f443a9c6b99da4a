// Whose the wheel is over the 3D view: that of the page, which would be trapped otherwise, or of the camera.

// Zooms with Ctrl, or once the view was pressed and until the pointer leaves it; else the page scrolls.
/** @param {HTMLElement} stage @param {AbortSignal} signal */
export function letThePageScroll(stage, signal) {
  let pressed = false;
  stage.addEventListener("pointerdown", () => (pressed = true), { signal, capture: true });
  stage.addEventListener("pointerleave", () => (pressed = false), { signal });
  stage.addEventListener(
    "wheel",
    (event) => {
      if (!pressed && !event.ctrlKey && !event.metaKey) event.stopImmediatePropagation();
    },
    { signal, capture: true },
  );
}
