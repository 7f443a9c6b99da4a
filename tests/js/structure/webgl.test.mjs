import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { isSoftware, rendererName } = await load("structure/webgl.js");

test("renderers without a graphics card are told from those with one", () => {
  for (const name of [
    "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
    "llvmpipe (LLVM 15.0.7, 256 bits)",
    "ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)",
  ])
    assert.equal(isSoftware(name), true, name);
  for (const name of [
    "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)",
    "ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)",
    "Mesa Intel(R) UHD Graphics 620 (KBL GT2)",
  ])
    assert.equal(isSoftware(name), false, name);
});

test("a browser without WebGL has no renderer, and an older one names that of WebGL 1", () => {
  const older = { RENDERER: 1, getExtension: () => null, getParameter: () => "Mesa" };
  assert.equal(rendererName({ getContext: () => null }), null);
  assert.equal(rendererName({ getContext: (kind) => (kind === "webgl" ? older : null) }), "Mesa");
});
