// What a bench that was made of nothing asks: which protein to begin with. The example is on view.

import { button, element, wordButton } from "../browser/dom.js";

/**
 * @import { Files } from "./documents.js"
 * @import { HeaderModel } from "./types"
 * @import { Tour } from "./tour.js"
 */

/** @param {HeaderModel} model @param {Files} files @param {Tour} tour @param {AbortSignal} signal */
export function beginFor(model, files, tour, signal) {
  const line = element("div", "esm-earlier esm-begin");
  line.setAttribute("role", "group");
  line.setAttribute("aria-label", "Begin with");
  const length = element("input", "esm-number");
  Object.assign(length, { type: "number", min: "1", max: String(model.get("most_residues")), value: "100" });
  length.setAttribute("aria-label", "Residues of the empty chain");
  length.addEventListener("keydown", (event) => event.stopPropagation(), { signal });
  const empty = element("span", "esm-group");
  empty.append(
    choice("An empty chain of", "All of it masked: the model invents it", "begin-length", () =>
      files.ask("open", length.value),
    ),
    length,
    element("span", "", "residues"),
  );
  line.append(
    element("span", "", "This is an example protein. Begin with"),
    choice("a file…", "PDB, mmCIF, BinaryCIF, FASTA or a .design record", "begin-file", () => files.choose()),
    choice("an entry or a sequence…", "Such as 1QYS, AF-P69905-F1 or MKTAYIAKQR", "begin-text", () =>
      files.parts.open.popover.open(),
    ),
    empty,
    choice("Show me around", "A tour of the bench in six steps", "begin-tour", () => tour.start()),
    button("close", { hint: "Keep the example", act: "keep-example" }, () => model.send({ type: "keep" }), signal),
  );
  const draw = () => {
    line.hidden = !model.get("asks");
  };
  model.on("change:asks", draw, { signal });
  draw();
  return line;

  /** @param {string} word @param {string} hint @param {string} act @param {() => void} run */
  function choice(word, hint, act, run) {
    return wordButton(word, { hint, act }, run, signal);
  }
}
