// Imports a module of widgets/ as it is; node wants .mjs or a data URL, the page wants .js.

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const ROOMS = new URL("../../widgets/", import.meta.url);
const LOCAL = /^(import \{[^}]*\} from ")(\.\.?\/[\w./-]+)";$/gm;
const addresses = new Map();

export function addressOf(name) {
  if (!addresses.has(name)) {
    const source = readFileSync(fileURLToPath(new URL(name, ROOMS)), "utf-8");
    const resolved = source.replace(LOCAL, (_, start, needed) => `${start}${addressOf(posix.join(posix.dirname(name), needed))}";`);
    addresses.set(name, `data:text/javascript;base64,${Buffer.from(resolved).toString("base64")}`);
  }
  return addresses.get(name);
}

export const load = (name) => import(addressOf(name));
