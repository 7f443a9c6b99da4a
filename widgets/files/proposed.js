// What an agent proposes, in words, and the person's answer. The tracks draw it hatched.

import { element, wordButton, write } from "../browser/dom.js";

/** @import { HeaderModel } from "./types" */

/** @param {HeaderModel} model @param {AbortSignal} signal */
export function proposedFor(model, signal) {
  const line = element("div", "esm-earlier");
  line.setAttribute("role", "status");
  const note = element("span");
  /** @param {"accept" | "reject"} act @param {string} word @param {string} hint */
  const answer = (act, word, hint) => wordButton(word, { hint, act }, () => model.send({ type: act }), signal);
  line.append(
    note,
    answer("accept", "Accept", "Change the prompt so, as one step that Undo takes back"),
    answer("reject", "Reject", "Leave the prompt as it is"),
  );
  const draw = () => {
    const text = model.get("live") ? model.get("proposed") : "";
    line.hidden = !text;
    write(note, text);
  };
  model.on("change:proposed", draw, { signal });
  draw();
  return line;
}
