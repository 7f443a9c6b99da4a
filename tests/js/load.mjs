// Imports a module of widgets/static as it is; node wants .mjs or a data URL, the page wants .js.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const STATIC = new URL("../../widgets/static/", import.meta.url);
const LOCAL = /^import \{[^}]*\} from "\.\/([\w.-]+)";$/gm;
const addresses = new Map();

export function addressOf(name) {
  if (!addresses.has(name)) {
    const source = readFileSync(fileURLToPath(new URL(name, STATIC)), "utf-8");
    const resolved = source.replace(LOCAL, (line, needed) => line.replace(`./${needed}`, addressOf(needed)));
    addresses.set(name, `data:text/javascript;base64,${Buffer.from(resolved).toString("base64")}`);
  }
  return addresses.get(name);
}

export const load = (name) => import(addressOf(name));
