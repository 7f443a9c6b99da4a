// Tabs with a bench in them: of a file, or of what a person chose to begin with.

import { apputils, coreutils, docregistry, lumino } from "./lab.js";
import { asking } from "./closing.js";
import { fileTypes, isText } from "./file_types.js";
import { benchIcon, fileIcons } from "./icons.js";
import { BenchPanel } from "./panel.js";
import { sourceOf, valueOf } from "./python.js";

export const FACTORY = "ESM3 bench";
export const NOTEBOOK = "esm3-bench:show-as-notebook";
const MODEL = "esm3-path";
const SESSION = "esm3-bench-";
export const SESSION_TYPE = "bench";
/** What a session is called until there is a bench in it. */
const UNNAMED = "ESM3 bench";

class DocumentTab extends asking(docregistry.DocumentWidget) {}
class FreeTab extends asking(apputils.MainAreaWidget) {}

/** A document that Lab does not load: the kernel reads the file. */
class PathModelFactory extends docregistry.TextModelFactory {
  get name() {
    return MODEL;
  }
  get fileFormat() {
    return null;
  }
  get collaborative() {
    return false;
  }
}

/** How long ago a time of the server was. */
function since(time) {
  return time ? coreutils.Time.formatHuman(new Date(time)) : "before";
}

/** Makes tabs; ``app`` is JupyterLab, ``settings`` what the person has set. */
export class Tabs {
  constructor({ app, dialogs, rendermime, settings, tracker }) {
    Object.assign(this, { app, dialogs, rendermime, settings, tracker });
    this.documents = new apputils.WidgetTracker({ namespace: "esm3-bench-documents" });
  }

  /** Have Lab open our files with a bench. */
  register() {
    const { docRegistry } = this.app;
    const types = fileTypes(fileIcons);
    for (const type of types) docRegistry.addFileType(type);
    docRegistry.addModelFactory(new PathModelFactory());
    const names = types.map(({ name }) => name);
    const tabs = this;
    class Factory extends docregistry.ABCWidgetFactory {
      createNewWidget(context) {
        return tabs._ofDocument(context);
      }
    }
    const factory = new Factory({
      name: FACTORY, modelName: MODEL, fileTypes: names, defaultFor: names, readOnly: true,
      preferKernel: true, canStartKernel: true, autoStartDefault: true,
    });
    factory.widgetCreated.connect((_, tab) => {
      tab.context.pathChanged.connect(() => this.documents.save(tab));
      this.documents.add(tab);
    });
    docRegistry.addWidgetFactory(factory);
  }

  /** The tab in front, if it holds a bench. */
  get current() {
    const tab = this.app.shell.currentWidget;
    return tab?.content instanceof BenchPanel ? tab : null;
  }

  /** A tab without a file; ``session`` and ``what`` are those of a tab from before a reload. */
  async create({ cwd = "", session, what = null }) {
    const { kernels, sessions, kernelspecs } = this.app.serviceManager;
    const sessionContext = new apputils.SessionContext({
      kernelManager: kernels, sessionManager: sessions, specsManager: kernelspecs,
      path: session ?? coreutils.PathExt.join(cwd, SESSION + lumino.UUID.uuid4()),
      name: UNNAMED, type: SESSION_TYPE,
      kernelPreference: { shouldStart: true, canStart: true, autoStartDefault: true, language: "python" },
    });
    const content = this._panel(sessionContext, {
      what, rendermime: this.rendermime.clone(), kept: () => this._kept(() => tab),
    });
    const tab = new FreeTab({ content });
    tab.closingRule = async () => (await this.settings()).closing;
    tab.disposed.connect(() => sessionContext.dispose());
    const named = () => {
      tab.title.label = content.label;
    };
    named();
    content.opened.connect(() => sessionContext.session.setName(content.label));
    content.chosen.connect(() => {
      named();
      this.tracker.save(tab);
    });
    this._furnish(tab);
    await this.tracker.add(tab);
    this.app.shell.add(tab, "main", { type: "ESM3 bench" });
    sessionContext.initialize().then((undecided) => {
      if (undecided) this.dialogs.selectKernel(sessionContext);
    });
    return tab;
  }

  /** Benches of kernels that were kept when their tabs were closed; one that is opened takes this tab's place. */
  async _kept(tab) {
    const { sessions } = this.app.serviceManager;
    await sessions.refreshRunning();
    const inTabs = new Set();
    this.tracker.forEach(({ sessionContext }) => inTabs.add(sessionContext.path));
    return [...sessions.running()]
      .filter(({ name, type, path }) => type === SESSION_TYPE && name !== UNNAMED && !inTabs.has(path))
      .map((session) => ({
        label: session.name,
        state: session.kernel.execution_state === "busy" ? "working" : `used ${since(session.kernel.last_activity)}`,
        open: () => this._openAgain(session, tab()),
      }));
  }

  /** Bring the bench of a session to the front, in a new tab where it has none. */
  async reveal(path) {
    const tab = this.tracker.find(({ sessionContext }) => sessionContext.path === path);
    if (tab) return this.app.shell.activateById(tab.id);
    const session = await this.app.serviceManager.sessions.findByPath(path);
    if (session) await this._openAgain(session);
  }

  async _openAgain({ id, path, kernel: model }, tab) {
    const kernel = this.app.serviceManager.kernels.connectTo({ model });
    try {
      const what = await valueOf(kernel, sourceOf(id));
      await this.create({ session: path, what });
      await tab?.closeAndShutDown();
    } catch (error) {
      await apputils.showErrorMessage("This bench cannot be opened again", error);
    } finally {
      kernel.dispose();
    }
  }

  _ofDocument(context) {
    const path = this.app.serviceManager.contents.localPath(context.path);
    const rendermime = this.rendermime.clone({ resolver: context.urlResolver });
    const content = this._panel(context.sessionContext, {
      what: { path }, rendermime, urlResolver: context.urlResolver,
      editor: isText(path) ? (() => this.app.commands.execute("docmanager:open", { path: context.path, factory: "Editor" })) : null,
    });
    const tab = new DocumentTab({ content, context });
    tab.closingRule = async () => (await this.settings()).closing;
    this._furnish(tab);
    return tab;
  }

  _panel(sessionContext, given) {
    const settings = async () => {
      const { model, device } = await this.settings();
      return { model, device };
    };
    const { kernels } = this.app.serviceManager;
    const connect = (model) => kernels.connectTo({ model, handleComms: true });
    return new BenchPanel({ sessionContext, connect, dialogs: this.dialogs, settings, ...given });
  }

  _furnish(tab) {
    const { commands } = this.app;
    const { sessionContext } = tab;
    tab.title.icon = benchIcon;
    tab.content.opened.connect(() => commands.notifyCommandChanged(NOTEBOOK));
    const { Toolbar, CommandToolbarButton } = apputils;
    const items = {
      notebook: new CommandToolbarButton({ commands, id: NOTEBOOK, label: "Show as notebook" }),
      spacer: Toolbar.createSpacerItem(),
      kernel: Toolbar.createKernelNameItem(sessionContext, this.dialogs),
      status: Toolbar.createKernelStatusItem(sessionContext),
    };
    for (const [name, item] of Object.entries(items)) tab.toolbar.addItem(name, item);
  }
}
