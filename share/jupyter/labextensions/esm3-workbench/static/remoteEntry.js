// The container that JupyterLab loads. It passes on what Lab shares with extensions; the plugin is an
// ES module beside it, found relative to this script, so nothing is bundled and nothing is fetched
// from elsewhere.

(() => {
  const plugin = new URL("plugin.js", document.currentScript.src).href;
  const container = {
    shared: {},
    init(scope) {
      container.shared = scope;
    },
    async get() {
      const module = await import(plugin);
      return () => ({ __esModule: true, default: module.default });
    },
  };
  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["esm3-workbench"] = container;
})();
