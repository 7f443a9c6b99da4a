// One element over the whole screen, and back.

/** @param {Element | null} el */
export async function toggleFullScreen(el) {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await el?.requestFullscreen?.();
}
