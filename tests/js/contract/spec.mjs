// What Python says of rows, states and alphabets, for tests of the modules that read it.

import { readFileSync } from "node:fs";

export const contract = (name) =>
  JSON.parse(readFileSync(new URL(`../../contract/${name}.json`, import.meta.url), "utf-8"));

export const spec = contract("spec");
