// Loads a module of widgets/ as the page gets it: linked by the same loader.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const LOADER = fileURLToPath(new URL("../../widgets/browser/loader.py", import.meta.url));
const PYTHON = process.env.PYTHON ?? "python3";

export async function load(name) {
  const text = execFileSync(PYTHON, [LOADER, name], { encoding: "utf-8" });
  return import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
}
