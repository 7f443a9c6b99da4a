// What draws WebGL here. Without a graphics card every pixel costs processor time, which the model in
// the kernel needs too when both run on one machine.

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** @param {string} renderer */
export function isSoftware(renderer) {
  return SOFTWARE.test(renderer);
}

// Name of what draws, or null where the browser has no WebGL.
export function rendererName(canvas = new OffscreenCanvas(1, 1)) {
  const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  if (!gl) return null;
  const extension = gl.getExtension("WEBGL_debug_renderer_info");
  const name = gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER) ?? "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return name;
}
