"""Header: what is open, with which model, what is selected; undo, redo and files."""

from collections import Counter
from collections.abc import Callable
from contextvars import copy_context
from threading import Thread

import traitlets

from workbench.constants import MAX_RESIDUES
from workbench.errors import SelectionError
from workbench.neighbours import NEAR
from workbench.protein import Protein

from ..browser import loader
from ..browser.style import style
from ..state import BenchState, error_text
from ..view import BenchView
from .documents import ACCEPTED, Documents, Files, choice_of
from .recovery import EarlierSession

NEARBY = 40
"""Selections proposed at most."""


class Header(BenchView):
    """The line above the views. The selection can be typed there in the file's numbering."""

    _esm = loader.linked("files/header.js")
    _css = style("files/header.css")

    name = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    chains = traitlets.List(help="name and residues of each of several chains").tag(sync=True)
    models = traitlets.List(help="numbers of the models of an NMR file").tag(sync=True)
    conformer = traitlets.Int(0, help="number of the model that is open").tag(sync=True)
    notes = traitlets.List().tag(sync=True)
    model = traitlets.Unicode().tag(sync=True)
    selection = traitlets.Unicode().tag(sync=True)
    unreadable = traitlets.Unicode(help="why a typed selection was refused").tag(sync=True)
    refusals = traitlets.Int(0, help="how often one was; twice may be the same").tag(sync=True)
    undo = traitlets.Unicode().tag(sync=True)
    redo = traitlets.Bool(False).tag(sync=True)
    snapshot = traitlets.Unicode().tag(sync=True)
    live = traitlets.Bool(False, help="whether files can be opened and written").tag(sync=True)
    nearby = traitlets.List(help="selections proposed: what is near the ligands").tag(sync=True)
    near = traitlets.Float(NEAR, help="Å within which a residue is near another").tag(sync=True)
    most_residues = traitlets.Int(MAX_RESIDUES, help="residues that a model takes").tag(sync=True)
    accepts = traitlets.List(list(ACCEPTED)).tag(sync=True)
    earlier = traitlets.Unicode(help="what an earlier session holds").tag(sync=True)
    asks = traitlets.Bool(False, help="whether to ask what to begin with").tag(sync=True)
    proposed = traitlets.Unicode(help="what an agent proposes").tag(sync=True)
    drafts = traitlets.Dict(help="names proposed for files, by act").tag(sync=True)

    def __init__(
        self,
        state: BenchState,
        documents: Documents | None = None,
        snapshot: str = "",
        asks: bool = False,
    ) -> None:
        self._files = None if documents is None else Files(documents)
        self._proposed_for: Protein | None = None
        self._earlier: EarlierSession | None = None
        super().__init__(state, snapshot=snapshot, live=documents is not None, asks=asks)
        self._draw(None)
        state.observe(self._draw, ["revision", "remarks", "model", "selection"])
        state.observe(self._propose_change, "proposed")
        state.observe(lambda _: self.offer(None), "job")

    def _draw(self, _: object) -> None:
        state, template = self._state, self._state.prompt.template
        chains = template.chains
        chains_text = f"chain {chains[0]}" if len(chains) == 1 else f"{len(chains)} chains"
        sizes = [stop - start for start, stop in template.chain_ranges]
        models = () if self._files is None else self._files.opened.conformers
        several = list(zip(chains, sizes, strict=True)) if len(chains) == len(sizes) > 1 else []
        self.push(
            name=template.name or "unnamed protein",
            about=f"{chains_text} · {len(template)} residues",
            chains=[[str(name), size] for name, size in several],
            models=list(models),
            conformer=self._conformer(models),
            notes=list(template.notes),
            model=state.model,
            selection=state.selection_text,
            unreadable="",
            nearby=nearby(template),
            undo=state.session.history[-1] if state.session.can_undo else "",
            redo=state.session.can_redo,
            asks=self.asks and state.session.untouched,
        )
        if template is not self._proposed_for:
            self._propose(template)

    def _conformer(self, models: tuple[int, ...]) -> int:
        chosen = None if self._files is None else self._files.opened.choice.conformer
        return chosen if chosen is not None else next(iter(models), 0)

    def _propose(self, template: Protein) -> None:
        self._proposed_for = template
        if self._files is not None:
            self.push(drafts=self._files.drafts(template.name))

    def _propose_change(self, _: object) -> None:
        proposed = self._state.proposed
        self.push(proposed="" if proposed is None else proposed.text)

    def on_accept(self) -> None:
        """Make what an agent proposes."""
        self._state.answer_proposal(True)

    def on_reject(self) -> None:
        """Let what an agent proposes be."""
        self._state.answer_proposal(False)

    def offer(self, earlier: EarlierSession | None) -> None:
        """Offer an earlier session; None takes the offer away, as the first run here does."""
        self._earlier = earlier
        self.push(earlier="" if earlier is None else earlier.text)

    def on_undo(self) -> None:
        """Take back one edit."""
        self._state.undo()

    def on_redo(self) -> None:
        """Take back one undo."""
        self._state.redo()

    def on_select(self, text: str) -> None:
        """Select what the person typed."""
        try:
            self._state.select(text)
        except SelectionError as error:
            self.push(unreadable=str(error), refusals=self.refusals + 1)
        else:
            self.push(unreadable="")

    def on_open(
        self,
        name: str,
        data: bytes | None = None,
        chain: str = "",
        conformer: str = "",
        control: bool = False,
    ) -> None:
        """Open what was typed, or the file that was brought, as prompt or control."""

        def opened(files: Files) -> str:
            return files.open(name, data, choice_of(chain, conformer), control=control)

        self._aside("open", opened)

    def on_conformer(self, number: int) -> None:
        """Open another model of the same file."""
        self._aside("open", lambda files: files.take_model(number))

    def on_bring(self) -> None:
        """Go on with the earlier session."""
        earlier = self._earlier
        if earlier is not None:
            self._aside("bring", lambda files: self._bring(files, earlier))

    def _bring(self, files: Files, earlier: EarlierSession) -> str:
        message = files.open(str(earlier.path))
        self.offer(None)
        return message

    def on_leave(self) -> None:
        """Leave the earlier session where it is."""
        self.offer(None)

    def on_keep(self) -> None:
        """Begin with the example protein."""
        self.push(asks=False)

    def on_save(self, name: str) -> None:
        """Write the design record."""
        self._aside("save", lambda files: files.save(name))

    def on_share(self, name: str) -> None:
        """Write the page for colleagues."""
        self._aside("share", lambda files: files.share(name))

    def _aside(self, act: str, work: Callable[[Files], str]) -> None:
        """Work beside the kernel, which stays free, and tell the browser what came of it."""
        if self._files is not None:
            arguments = (self._do, act, work, self._files)
            Thread(target=copy_context().run, args=arguments, daemon=True).start()

    def _do(self, act: str, work: Callable[[Files], str], files: Files) -> None:
        try:
            text, wrong = work(files), False
        except Exception as error:  # the thread border: shown to the person
            text, wrong = error_text(error), True
        self._propose(self._state.prompt.template)
        self.send({"type": "done", "act": act, "text": text, "wrong": wrong})


def nearby(template: Protein) -> list[str]:
    """Selections around each ligand, and around all of one name where there are several."""
    names = Counter(ligand.name for ligand in template.ligands)
    each = [ligand.name if names[ligand.name] == 1 else str(ligand) for ligand in template.ligands]
    several = [name for name, count in names.items() if count > 1]
    return [f"within {NEAR:g} of {ligand}" for ligand in (*several, *each)][:NEARBY]
