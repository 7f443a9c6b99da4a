// What draws WebGL here. Without a graphics card every pixel costs processor time, which the model in
// the kernel needs too when both run on one machine.

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

export function isSoftware(renderer) {
  return SOFTWARE.test(renderer);
}

export function drawsInSoftware() {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  const told = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = told ? gl.getParameter(told.UNMASKED_RENDERER_WEBGL) : (gl?.getParameter(gl.RENDERER) ?? "");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return isSoftware(name);
}
