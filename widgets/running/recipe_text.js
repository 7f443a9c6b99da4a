// A recipe as stages, and the text that Python reads of them.

/** @import { Settings, StageShown } from "./types" */

/** Options that a chip names, with the sign or word it has there. @type {Record<string, string>} */
const SHORT = {
  temperature: "T",
  top_p: "top-p",
  gate: "gate",
  best: "best of",
  guide: "guide",
  refine: "refine",
  gibbs: "Gibbs",
  annealing: "anneal",
};

/** @param {StageShown[]} stages */
export function recipeText(stages) {
  return stages.map(stageText).join(",");
}

/** @param {StageShown} stage */
export function stageText({ track, steps, options }) {
  const parts = Object.entries(options).filter(([, value]) => value !== "");
  const more = parts.length ? `(${parts.map(([name, value]) => `${name}=${value}`).join(";")})` : "";
  return `${track}:${steps}${more}`;
}

/**
 * What a chip says beside track and steps.
 * @param {StageShown} stage
 */
export function chipNote({ options }) {
  const named = Object.entries(SHORT).filter(([name]) => options[name] !== undefined);
  const others = Object.keys(options).length - named.length;
  const parts = named.map(([name, word]) => (name === "gate" ? `gate ${options.gate}` : `${word} ${options[name]}`));
  return [...parts, ...(others ? [`+${others}`] : [])].join(" · ");
}

/**
 * The stages with one of them at another place.
 * @template Stage
 * @param {Stage[]} stages @param {number} from @param {number} to
 */
export function moved(stages, from, to) {
  const rest = stages.filter((_, at) => at !== from);
  rest.splice(to, 0, stages[from]);
  return rest;
}

/**
 * The stage to add: after a structure its sequence, after anything else the structure.
 * @param {StageShown[]} stages @returns {StageShown}
 */
export function anotherStage(stages) {
  const last = stages.at(-1);
  return { track: last?.track === "structure" ? "sequence" : "structure", steps: last?.steps ?? 8, options: {} };
}
