// What becomes of a bench's kernel when its tab is closed.

import { apputils } from "./lab.js";

/** Ask, or do what the settings say; whether the tab may go. */
export async function closingAnswer(panel, label, rule) {
  if (!panel.inUse || rule === "keep") return { goes: true, shutDown: !panel.what };
  if (rule === "shut down") return { goes: true, shutDown: true };
  const { Dialog, showDialog } = apputils;
  const keep = Dialog.okButton({ label: "Keep Kernel Running" });
  const shutDown = Dialog.warnButton({ label: "Shut Down Kernel" });
  const { button } = await showDialog({
    title: `Close “${label}”?`,
    body: "What was made is saved by itself, and a new bench on this protein offers to bring it back. A kernel that is kept goes on with its run and holds its memory; a new bench, or the file, opens it again.",
    buttons: [Dialog.cancelButton(), keep, shutDown],
    defaultButton: 1,
  });
  return { goes: button.accept, shutDown: button.label === shutDown.label };
}

/** A tab of class ``Base`` that asks before it closes. */
export function asking(Base) {
  return class extends Base {
    async close() {
      const { goes, shutDown } = await closingAnswer(this.content, this.title.label, await this.closingRule());
      if (!goes || this.isDisposed) return;
      if (shutDown) await this.content.sessionContext.shutdown();
      super.close();
    }

    /** Close, kernel and all, without a question. */
    async closeAndShutDown() {
      await this.content.sessionContext.shutdown();
      super.close();
    }

    get sessionContext() {
      return this.content.sessionContext;
    }
  };
}

/** Close a tab and shut its kernel down, once the person has said yes. */
export async function closeForGood(tab) {
  const { Dialog, showDialog } = apputils;
  const { button } = await showDialog({
    title: "Shut down the bench?",
    body: `Are you sure you want to close “${tab.title.label}”?`,
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: "Shut Down" })],
  });
  if (button.accept) await tab.closeAndShutDown();
}
