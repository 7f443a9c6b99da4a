// The modules that JupyterLab shares with its extensions.

export const NAME = "esm3-workbench";

/** Whether this JupyterLab shares a module of this name. */
export function shares(name) {
  return Object.keys(scope()[name] ?? {}).length > 0;
}

/** A shared module, the version that is loaded already where there are several. */
export async function shared(name) {
  const versions = Object.values(scope()[name] ?? {});
  const version = versions.find((version) => version.loaded) ?? versions.at(-1);
  if (!version) throw new Error(`this JupyterLab has no ${name}`);
  return (await version.get())();
}

function scope() {
  return window._JUPYTERLAB[NAME].shared;
}

export const [apputils, application, coreutils, docregistry, launcher, mainmenu] = await Promise.all(
  ["apputils", "application", "coreutils", "docregistry", "launcher", "mainmenu"].map((name) =>
    shared(`@jupyterlab/${name}`),
  ),
);
export const [outputarea, rendermime, settingregistry, components] = await Promise.all(
  ["outputarea", "rendermime", "settingregistry", "ui-components"].map((name) =>
    shared(`@jupyterlab/${name}`),
  ),
);
export const lumino = {
  ...(await shared("@lumino/coreutils")),
  ...(await shared("@lumino/signaling")),
  ...(await shared("@lumino/widgets")),
};
