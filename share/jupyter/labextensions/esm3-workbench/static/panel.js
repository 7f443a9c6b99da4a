// The inside of a tab: a bench of the session's kernel, or what there is instead of it.

import { coreutils, lumino, outputarea } from "./lab.js";
import { drawWidgets } from "./kernel_widgets.js";
import { Notice, plain } from "./notice.js";
import { showing, valueOf, writingNotebook } from "./python.js";
import { Start } from "./start.js";

const STARTING = "Starting a kernel …";

/**
 * Shows one bench.
 *
 * ``what`` is ``{path}``, ``{text}``, ``{example}`` or null, which asks the person. ``settings``
 * gives model and device, ``editor`` opens a text file where there is one, ``connect`` makes another
 * connection to a kernel, ``kept`` finds benches without a tab.
 */
export class BenchPanel extends lumino.Panel {
  constructor({ sessionContext, connect, dialogs, rendermime, urlResolver, what, settings, editor, kept }) {
    super();
    this.addClass("esm3-tab");
    Object.assign(this, { sessionContext, what, isOpen: false });
    this.chosen = new lumino.Signal(this);
    this.opened = new lumino.Signal(this);
    this._given = { connect, dialogs, rendermime, urlResolver, settings, editor, kept };
    this._turn = 0;
    this._notice = new Notice();
    this._output = new outputarea.SimplifiedOutputArea({
      model: new outputarea.OutputAreaModel({ trusted: true }),
      rendermime,
    });
    this.addWidget(this._notice);
    this.addWidget(this._output);
    if (what) this._notice.wait(STARTING);
    else this._ask();
    sessionContext.ready.then(() => {
      if (this.isDisposed) return;
      sessionContext.kernelChanged.connect(this.open, this);
      sessionContext.statusChanged.connect(this._statusChanged, this);
      this.open();
    });
  }

  dispose() {
    if (this.isDisposed) return;
    this._widgets?.dispose();
    this._own?.dispose();
    lumino.Signal.clearData(this);
    super.dispose();
  }

  /** Who comes to the tab has the keyboard in the bench, if not somewhere in it already. */
  onActivateRequest() {
    const { activeElement } = document;
    if (activeElement !== this.node && this.node.contains(activeElement)) return;
    if (this.isOpen) this.node.querySelector(".esm-bench canvas")?.focus({ preventScroll: true });
    else if (!this.what) this._start?.activate();
  }

  /** What the tab is called. */
  get label() {
    const { path, text, example } = this.what ?? {};
    if (path) return coreutils.PathExt.basename(path);
    if (example) return "Example protein";
    if (!text) return "ESM3 bench";
    const word = text.replace(/\s+/g, "");
    return /^\d+$/.test(word) ? `${word} residues` : word.length > 12 ? `${word.slice(0, 10)}…` : word;
  }

  /** Whether somebody would miss this kernel. */
  get inUse() {
    return Boolean(this.what && this.sessionContext.session?.kernel);
  }

  /** Show the bench on ``what``: the one that the kernel has for this tab, or a new one. */
  async open() {
    const turn = ++this._turn;
    this._restarting = false;
    const { session } = this.sessionContext;
    if (!this.what) return;
    if (!session?.kernel) return this._refuse("There is no kernel in this tab.", "A bench needs one to work in.");
    this.isOpen = false;
    this._notice.wait(`Opening ${this.label} …`);
    this._output.hide();
    const reply = await this._shown(session).catch((error) => ({ status: "error", evalue: error.message }));
    if (turn !== this._turn || this.isDisposed) return;
    if (reply.status === "ok") {
      this._notice.hide();
      this._output.show();
      this.isOpen = true;
      if (document.activeElement === this.node) this.activate();
      this.opened.emit();
    } else {
      this._output.model.clear();
      this._tell(reply);
    }
  }

  /** Write a notebook that opens this bench again, into a folder of the server; says its name. */
  async writeNotebook(folder) {
    const { kernel, id } = this.sessionContext.session;
    return (await valueOf(kernel, writingNotebook(id, { folder: onServer(folder) }))).notebook;
  }

  async _shown(session) {
    const kernel = this._hearing(session.kernel);
    const { rendermime, urlResolver, settings } = this._given;
    await kernel.info;
    if (this._drawn !== kernel) {
      this._widgets?.dispose();
      this._widgets = await drawWidgets({ kernel, rendermime, urlResolver, tab: this.id });
      this._drawn = kernel;
    }
    const { path, text } = this.what;
    const options = { path: path && onServer(path), text, ...(await settings()) };
    const future = kernel.requestExecute(
      { code: showing(session.id, options), store_history: false, allow_stdin: false },
      false,
      { cellId: `esm3-${session.id}` },
    );
    this._output.future = future;
    return (await future.done).content;
  }

  // Lab lets one connection to a kernel hear of widgets, which a notebook's may be: then the tab needs its own.
  _hearing(kernel) {
    if (kernel.handleComms) return kernel;
    if (this._own?.id !== kernel.id || this._own.isDisposed) {
      this._own?.dispose();
      this._own = this._given.connect(kernel.model);
    }
    return this._own;
  }

  _ask() {
    this._notice.hide();
    this._output.hide();
    this._start = new Start((what) => {
      this.what = what;
      this._start.hide();
      this.chosen.emit(what);
      this._notice.wait(STARTING);
      if (this.sessionContext.isReady) this.open();
    });
    this.addWidget(this._start);
    this._given.kept().then((benches) => this._start.offer(benches));
  }

  _tell({ ename = "", evalue = "", traceback = [], status }) {
    if (status === "abort" || status === "aborted") return this._refuse(`Opening ${this.label} was stopped.`, "");
    if (ename === "ModuleNotFoundError") {
      const kernel = this.sessionContext.kernelDisplayName;
      return this._refuse(
        "This kernel has no ESM3 workbench.",
        `${evalue} in “${kernel}”; choose a kernel in which esm3-workbench is installed.`,
      );
    }
    this._refuse(`${this.label} cannot be opened.`, evalue || ename, plain(traceback));
  }

  _refuse(title, text, details = "") {
    const { dialogs, editor } = this._given;
    const kernel = this.sessionContext.session?.kernel;
    const again = kernel?.status === "dead"
      ? ["Start it again", () => this.sessionContext.changeKernel({ name: kernel.name })]
      : ["Try again", () => this.open()];
    const buttons = [
      again,
      ["Choose another kernel", () => dialogs.selectKernel(this.sessionContext)],
    ];
    if (this._start) buttons.push(["Begin with something else", () => this._again()]);
    if (editor) buttons.push(["Open as text", editor]);
    this._output.hide();
    this._notice.refuse({ title, text, details, buttons });
  }

  _again() {
    this._notice.hide();
    this._start.show();
  }

  /** The kernel is on its way out and its bench with it: nothing may be pressed until the next one is there. */
  _leaveKernel() {
    this._restarting = true;
    if (!this.what) return;
    this._turn += 1;
    this.isOpen = false;
    this._output.model.clear();
    this._output.hide();
    this._notice.wait("The kernel is starting again …");
  }

  // While a restart is under way the kernel that is to go may still say that it is idle.
  _statusChanged(_, status) {
    if (status === "restarting" || status === "autorestarting") this._leaveKernel();
    else if (status === "idle" && this._restarting && !this.sessionContext.isRestarting) this.open();
    else if (status === "dead" && this.what) {
      this._turn += 1;
      this.isOpen = false;
      this._refuse("The kernel of this bench has died.", "Another one offers to bring the session back.");
    }
  }
}

/** A file's path as the kernel knows it: below the server's own folder, where Lab says that. */
export function onServer(path) {
  const root = coreutils.PageConfig.getOption("serverRoot");
  return root ? `${root.replace(/\/$/, "")}/${path}` : path;
}
