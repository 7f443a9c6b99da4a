// Widgets of a kernel, drawn in a tab. Lab's widget manager knows notebooks and consoles by itself;
// anything else has to register.

import { lumino, shared, shares } from "./lab.js";

const MANAGER = "@jupyter-widgets/jupyterlab-manager";

/**
 * Have what this kernel displays drawn through ``rendermime``; gives back what undoes it.
 *
 * The manager shares its models between all documents of one kernel and drops them with the
 * document that came first. A tab keeps models of its own, so that a notebook closed beside it
 * takes nothing away: towards the manager its kernel goes by another id.
 */
export async function drawWidgets({ kernel, rendermime, urlResolver, tab }) {
  if (!shares(MANAGER)) {
    throw new Error("this JupyterLab cannot draw widgets; install jupyterlab_widgets and reload the page");
  }
  const { registerWidgetManager } = await shared(MANAGER);
  const never = () => new lumino.Signal({});
  const sessionContext = {
    ready: Promise.resolve(),
    session: { kernel: called(kernel, `${kernel.id} ${tab}`) },
    kernelChanged: never(),
    statusChanged: kernel.statusChanged,
    connectionStatusChanged: kernel.connectionStatusChanged,
  };
  const model = { getMetadata: () => undefined, setMetadata: () => {} };
  return registerWidgetManager({ sessionContext, model, saveState: never(), urlResolver }, rendermime, []);
}

/** The same kernel under another id. */
function called(kernel, id) {
  return new Proxy(kernel, {
    get(target, name) {
      if (name === "id") return id;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
