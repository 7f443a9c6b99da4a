// The offer to go on with a session that another bench on the same protein left behind.

import { button, element, explain, wordButton } from "../browser/dom.js";

/** @import { HeaderModel } from "./types" */

/** @param {HeaderModel} model @param {AbortSignal} signal */
export function earlierFor(model, signal) {
  const line = element("div", "esm-earlier");
  line.setAttribute("role", "status");
  const note = element("span");
  const hint =
    "Its history, designs and runs, as they were; what you have painted here since stays as steps of the history";
  const again = () => {
    explain(bring, hint, "it is being brought back");
    model.send({ type: "bring" });
  };
  const bring = wordButton("Bring it back", { hint, act: "bring" }, again, signal);
  const leave = button(
    "close",
    { hint: "Leave it; it stays among Bench.sessions()", act: "leave" },
    () => model.send({ type: "leave" }),
    signal,
  );
  line.append(note, bring, leave);
  const draw = () => {
    const summary = model.get("live") ? model.get("earlier") : "";
    line.hidden = !summary;
    note.textContent = `There is an earlier session on this protein, ${summary}.`;
    explain(bring, hint);
  };
  model.on("change:earlier", draw, { signal });
  model.on(
    "msg:custom",
    (message) => {
      if (message.type !== "done" || message.act !== "bring" || !message.wrong) return;
      note.textContent = message.text;
      explain(bring, hint);
    },
    { signal },
  );
  draw();
  return line;
}
