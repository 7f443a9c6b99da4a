// The extension: what JupyterLab gets to know of benches.

import { apputils, application, coreutils, launcher, mainmenu, NAME, rendermime, settingregistry } from "./lab.js";
import { closeForGood } from "./closing.js";
import { benchIcon } from "./icons.js";
import { FACTORY, NOTEBOOK, SESSION_TYPE, Tabs } from "./tabs.js";

const ID = `${NAME}:plugin`;
const CREATE = "esm3-bench:create";
const CLOSE = "esm3-bench:close-and-shut-down";
/** What Lab's list of what is running does with a session that is clicked. */
const OPEN_SESSION = "running:kernel-open-session";
const CATEGORY = "ESM3 bench";
/** Put into the page's configuration by ``workbench lab``, and kept in mind once it was heeded. */
const LAUNCHER = "esm3Launcher";

const plugin = {
  id: ID,
  autoStart: true,
  requires: [rendermime.IRenderMimeRegistry, settingregistry.ISettingRegistry],
  optional: [
    apputils.ISessionContextDialogs, application.ILayoutRestorer, launcher.ILauncher,
    apputils.ICommandPalette, mainmenu.IMainMenu,
  ],
  activate(app, registry, settingRegistry, dialogs, restorer, cards, palette, menu) {
    addStyle();
    const loaded = settingRegistry.load(ID);
    const tabs = new Tabs({
      app, rendermime: registry, settings: async () => (await loaded).composite,
      dialogs: dialogs ?? new apputils.SessionContextDialogs(),
      tracker: new apputils.WidgetTracker({ namespace: "esm3-bench" }),
    });
    tabs.register();
    addCommands(app, tabs);
    if (restorer) restoreTabs(restorer, tabs);
    cards?.add({ command: CREATE, category: CATEGORY, categoryRank: -1, rank: 0 });
    for (const command of [CREATE, NOTEBOOK, CLOSE]) palette?.addItem({ command, category: CATEGORY });
    if (menu) addToMenus(menu, app, tabs);
    openFromRunning(app, tabs);
    showLauncher(app);
  },
};
export default plugin;

function addStyle() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("style.css", import.meta.url).href;
  document.head.append(link);
}

function addCommands(app, tabs) {
  const { commands, shell } = app;
  const isEnabled = () => tabs.current !== null;
  const isOpen = () => Boolean(tabs.current?.content.isOpen);
  commands.addCommand(CREATE, {
    label: (args) => (args.isMenu ? "ESM3 Bench" : args.isPalette ? "New ESM3 Bench" : "New bench"),
    caption: "Design a protein: from an empty chain, a sequence, an entry or an example",
    icon: benchIcon,
    execute: (args) => tabs.create(args),
  });
  commands.addCommand(NOTEBOOK, {
    label: "Show Bench as Notebook",
    caption: () => `Write a notebook that opens this bench again, and show it${isOpen() ? "" : ". Not now: no protein is open yet"}`,
    isEnabled: isOpen,
    execute: () => showNotebook(app, tabs.current),
  });
  commands.addCommand(CLOSE, {
    label: "Close and Shut Down Bench",
    isEnabled,
    execute: () => tabs.current && closeForGood(tabs.current),
  });
  shell.currentChanged?.connect(() => {
    for (const command of [NOTEBOOK, CLOSE]) commands.notifyCommandChanged(command);
  });
}

async function showNotebook(app, tab) {
  const folder = coreutils.PathExt.dirname(tab.content.sessionContext.path);
  try {
    const name = await tab.content.writeNotebook(app.serviceManager.contents.localPath(folder));
    const path = coreutils.PathExt.join(folder, name);
    return await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  } catch (error) {
    await apputils.showErrorMessage("The notebook could not be written", error);
  }
}

function restoreTabs(restorer, tabs) {
  restorer.restore(tabs.documents, {
    command: "docmanager:open",
    args: (tab) => ({ path: tab.context.path, factory: FACTORY }),
    name: (tab) => tab.context.path,
  });
  restorer.restore(tabs.tracker, {
    command: CREATE,
    args: ({ content }) => ({ session: content.sessionContext.path, what: content.what }),
    name: ({ content }) => content.sessionContext.path,
  });
}

/** Lab opens what runs as a document, and a bench without a file is none; it has no hook for another kind. */
function openFromRunning({ commands }, tabs) {
  const execute = commands.execute.bind(commands);
  commands.execute = (id, args) =>
    id === OPEN_SESSION && args?.type === SESSION_TYPE ? tabs.reveal(args.path) : execute(id, args);
}

function addToMenus(menu, app, tabs) {
  const isEnabled = () => tabs.current !== null;
  const session = () => tabs.current?.content.sessionContext;
  menu.fileMenu.newMenu.addItem({ command: CREATE, args: { isMenu: true }, rank: 1.5 });
  menu.fileMenu.closeAndCleaners.add({ id: CLOSE, isEnabled });
  const kernel = {
    changeKernel: (context) => tabs.dialogs.selectKernel(context),
    interruptKernel: (context) => context.session?.kernel?.interrupt(),
    restartKernel: (context) => tabs.dialogs.restart(context),
    shutdownKernel: (context) => context.shutdown(),
  };
  for (const [user, act] of Object.entries(kernel)) {
    const id = `esm3-bench:${user}`;
    app.commands.addCommand(id, { label: user, isEnabled, execute: () => session() && act(session()) });
    menu.kernelMenu.kernelUsers[user].add({ id, isEnabled });
  }
}

/** Show the launcher, and in it our card, if ``workbench lab`` opens a window on nothing else. */
async function showLauncher(app) {
  const { getOption } = coreutils.PageConfig;
  const elsewhere = getOption("treePath") || getOption("workspace") !== "default";
  if (!getOption(LAUNCHER) || elsewhere || window.sessionStorage.getItem(LAUNCHER)) return;
  window.sessionStorage.setItem(LAUNCHER, "shown");
  await app.restored;
  const open = Array.from(app.shell.widgets("main")).find((tab) => tab.node.querySelector(".jp-Launcher"));
  if (open) app.shell.activateById(open.id);
  else await app.commands.execute("launcher:create");
}
