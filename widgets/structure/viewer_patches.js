// 3Dmol draws after every zoom, and again for every observer that reports the size it has. Without a
// graphics card each of these takes as long as the picture itself.

// Waits until a stage has room: a viewer made without is made and drawn a second time.
/** @import { Viewer } from "./types" */

/** @param {HTMLElement} stage @returns {Promise<void>} */
export function roomOn(stage) {
  return new Promise((resolve) => {
    const look = new ResizeObserver(() => {
      if (!stage.clientWidth) return;
      look.disconnect();
      resolve();
    });
    look.observe(stage);
  });
}

// Draws again only where the size has changed or the context was lost.
/** @param {Viewer} viewer @param {HTMLElement} stage */
export function resizeOnce(viewer, stage) {
  const size = () => `${stage.clientWidth} ${stage.clientHeight}`;
  const resize = viewer.resize.bind(viewer);
  let lastSize = size();
  viewer.resize = () => {
    if (lastSize === size() && !viewer.renderer.isLost()) return;
    lastSize = size();
    resize();
  };
  viewer.divwatcher?.disconnect();
}

// Does what would draw without drawing; ``render`` comes later.
/** @param {Viewer} viewer @param {() => void} act */
export function undrawn(viewer, act) {
  const own = Object.getOwnPropertyDescriptor(viewer, "show");
  viewer.show = () => {};
  try {
    act();
  } finally {
    Reflect.deleteProperty(viewer, "show");
    if (own) Object.defineProperty(viewer, "show", own);
  }
}
