"""Bench: the whole workbench in one cell output, placed around one state.

Everything a click does is a public call here. Runs go on in a worker thread: ``run`` and ``step``
return at once, ``wait`` is for scripts.
"""

import os
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from workbench.agent.description import described
from workbench.agent.desk import Desk
from workbench.embedded import DEFAULT_MODEL, example
from workbench.errors import PromptError
from workbench.findings import Finding
from workbench.io.chosen import Chains, Choice, Conformer, Which
from workbench.neighbours import NEAR
from workbench.opening import Opened, Source, open_source
from workbench.prompt import Prompt, Where
from workbench.sampling.settings import RunSettings
from workbench.session import Design, Session

from . import cells
from .confidence.plot import ConfidencePlot
from .confidence.tabs import PlotTabs
from .designs.calls import DesignCalls
from .designs.table import DesignsTable
from .files.autosave import Autosave
from .files.header import Header
from .files.recovery import earlier_session
from .files.session_files import opened_session, session_files
from .files.visitors import Visitors
from .frame import Frame
from .grid import Grid
from .messages import describe, names_of
from .running.model_source import ModelSource
from .running.panel import RunPanel
from .running.runner import Runner
from .sharing.page import Shared, share
from .sharing.snapshot import Snapshot
from .state import BenchState
from .structure.view import StructureView
from .tracks.calls import ResidueCalls
from .tracks.code_text import design_of, opening_of, run_of
from .tracks.editor import TrackEditor
from .tracks.edits import Edits
from .tracks.vocabulary_search import VocabularySearch
from .whatif.calls import WhatIfCalls
from .whatif.card import CellCard
from .whatif.view import TABS, WhatIfView
from .whatif.what_if import WhatIf

_NOTHING: Any = object()
LAST_WRITE_SECONDS = 20.0
"""How long to wait until the bench that this one takes the place of has saved its session."""


class Bench(ResidueCalls, DesignCalls, WhatIfCalls):
    """Tracks to paint, the structure, its confidence, the run and its designs around one prompt.

    ``source`` is a path, a PDB or AlphaFold DB entry, a Protein, a Prompt, a sequence or a length;
    a ``.design`` file brings its history, designs and steps along. ``Bench()`` asks on an example.
    ``model`` is a name or folder, loaded when it is first needed, or a model already loaded;
    ``device`` is where it is loaded to: None takes a GPU where there is one. ``chain`` (``"A,B"``),
    ``record`` and ``conformer`` (a model of an NMR ensemble, by its number) choose in a file, as in
    ``read_protein``.
    """

    def __init__(
        self, source: Source = _NOTHING, model: Any = DEFAULT_MODEL, device: str | None = None,
        chain: Chains = None, record: Which = None, conformer: Conformer = None,
    ) -> None:  # fmt: skip
        asks = source is _NOTHING
        opened = open_source(example() if asks else source, Choice(chain, record, conformer))
        self._state = BenchState(opened.session, RunSettings())
        self._state.designs = len(self.session.designs)
        self._source = ModelSource(self._state, model, device)
        self._runner = Runner(self._state, self._source)
        self._state.model = describe(model)
        self._opening_of = partial(opening_of, model=model, device=device)
        terms = VocabularySearch(lambda: self._state.session.model or model)
        first = replace(opened, source=None) if asks else opened
        self._edits = Edits(self._state, first, self._opening_of, terms)
        # 3D first, so that it hears of a change last: its drawing holds up the page.
        self.structure = StructureView(self._state, self._edits, partial(self.run, "structure:8"))
        self.tracks = TrackEditor(self._state, self._edits, terms, self.code, self.look_at)
        self.confidence = ConfidencePlot(self._state)
        self._snapshot = Snapshot(self._state)
        self._header = Header(self._state, self, self._snapshot.name, asks=asks)
        self._panel = RunPanel(self._state, self)
        self._what_if = WhatIf(self._state, self._source)
        self.what_if = WhatIfView(self._state, self._what_if, self._edits)
        self._card = CellCard(self._state, self._what_if, self._edits)
        shown = (TABS, self.what_if.show)
        self._tabs = PlotTabs(
            self._state, self.confidence, lambda it: self._grid.place(it), self.run, *shown
        )
        self._table = DesignsTable(self._state, self.show, self)
        self._autosave = Autosave(self._state)
        self._visitors: Visitors | None = None
        self._before = [old._moved_out() for old in cells.move_in(self)]
        views = {
            "header": self._header, "tracks": self.tracks, "structure": self.structure,
            "plot": self._tabs, "whatif": self.what_if, "card": self._card,
            "run": self._panel, "designs": self._table,
        }  # fmt: skip
        self._grid = Grid(views)
        self._state.observe(self._complete, "watched")

    def _complete(self, _: object) -> None:
        """Bring what nobody waits for: plotly, an earlier session, and torch for the first step."""
        self._tabs.bring()
        Thread(target=self._look_around, daemon=True).start()

    def _look_around(self) -> None:
        for old in self._before:
            old.wait(LAST_WRITE_SECONDS)
        if self.session.untouched:
            self._header.offer(earlier_session(self.session.opened))
        import_module("workbench.sampling.batching")

    def _moved_out(self) -> Autosave:
        """Another bench takes the place of this one: rest, and leave the session to it."""
        self._runner.pause()
        self._leave_desk()
        self._autosave.replace()
        if self._grid.leave():
            self.confidence.close()
        return self._autosave

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if self._grid.gone:
            path = str(self._autosave.path)
            text = f"{self!r} went when its cell was run again; Bench.resume({path!r}) opens it"
            return {"text/plain": text}
        self._snapshot.publish()
        return self._grid.mimebundle(repr(self), **options)

    def _display_(self) -> Any:
        """What marimo shows, the figure made already: it makes widgets only while a cell runs."""
        self._tabs.bring()
        return self._grid.whole

    def __repr__(self) -> str:
        template = self.prompt.template
        return (
            f"<Bench on {template.name or 'a protein'}, {len(template)} residues, "
            f"{self._state.model}, {len(self.session.designs)} designs>"
        )

    # -- the prompt ------------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """History, run and designs, without any view."""
        return self._state.session

    @property
    def prompt(self) -> Prompt:
        """The prompt as it is painted now; setting it is one undo step."""
        return self._state.prompt

    @prompt.setter
    def prompt(self, prompt: Prompt) -> None:
        if not isinstance(prompt, Prompt):
            raise PromptError(f"a bench's prompt is a Prompt, not {type(prompt).__name__}")
        self._state.edit(prompt, "edited in code")

    def open(
        self, source: Source, chain: Chains = None, record: Which = None,
        conformer: Conformer = None,
    ) -> Prompt:  # fmt: skip
        """Take something else as the prompt, one undo step; what was made so far stays.

        The arguments are those of ``Bench``. The designs of a ``.design`` file join the table,
        under free names where theirs are taken. Where nothing was done yet, such a file brings its
        history and unfinished runs too.
        """
        opened = open_source(source, Choice(chain, record, conformer))
        if self.session.untouched and not opened.session.untouched:
            self._edits.take(opened)
            return self.prompt
        self._edits.open(opened)
        if opened.session.designs:
            with self._state.lock:
                joined = self.session.add_designs(opened.session.designs, opened.session.remarks)
                self._state.update(
                    designs=len(self.session.designs),
                    remarks=self.session.remarks,
                    notice=f"{names_of([design.name for design in joined])} joined the table",
                )
        return self.prompt

    @property
    def opened(self) -> Opened:
        """What the prompt was opened from, what was chosen of it, and which models it has."""
        return self._edits.opened

    def undo(self) -> None:
        """Take the last edit back."""
        self._state.undo()

    def redo(self) -> None:
        """Make the edit last taken back again."""
        self._state.redo()

    @property
    def selection(self) -> str:
        """Selected residues in the file's chain names and numbers; set with text or positions."""
        return self._state.selection_text

    @selection.setter
    def selection(self, where: Where | None) -> None:
        self._state.select([] if where is None else where)

    def near(self, distance: float = NEAR, where: Where | None = None) -> str:
        """Select what is within this many Å of the selection, or of the residues given."""
        self._edits.near(distance, where)
        return self.selection

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is odd about the prompt, the gravest first."""
        return self._edits.findings()

    def code(self) -> str:
        """Python text that opens this bench again and makes the design on view, or else the prompt
        and its run, at hand or to come.
        """
        viewed_design = self._state.viewed_design
        if viewed_design is not None:
            return self._edits.code(viewed_design.prompt, design_of(viewed_design))
        return self._edits.code(self.prompt, run_of(self._state.job_at_hand.settings))

    # -- running ---------------------------------------------------------------------------------

    @property
    def settings(self) -> RunSettings:
        """Recipe and how values are drawn in the next run."""
        return self._state.settings

    def run(self, recipe: object = None, seed: int | None = None, **settings: object) -> "Bench":
        """Start a run, or go on with the paused one, and return at once.

        Prompt and settings are fixed when a run starts; nothing painted or set later changes it. A
        paused run goes on where its prompt or one of its steps is on view. Where the prompt was
        changed since, or with other settings than its own given here, a new run starts and what
        the paused one has sampled is kept as designs. Several designs share model passes.
        ``recipe`` is text such as ``structure:8,sequence:8`` or a Recipe; further settings are
        those of RunSettings (designs, schedule, strategy, temperature, top_p).
        """
        self._runner.run(anew=self._set(recipe, seed, settings))
        return self

    def step(self, recipe: object = None, seed: int | None = None, **settings: object) -> "Bench":
        """Take one model step in the background."""
        self._runner.step(anew=self._set(recipe, seed, settings))
        return self

    def _set(self, recipe: object, seed: int | None, settings: dict[str, object]) -> bool:
        named = {"recipe": None if recipe is None else str(recipe), "seed": seed}
        changes = settings | {name: new for name, new in named.items() if new is not None}
        if changes:
            self._state.update(settings=self._state.settings.with_(**changes))
        return bool(changes)

    def pause(self) -> None:
        """Rest after the model step in hand."""
        self._runner.pause()

    def stop(self) -> None:
        """End the run after the model step in hand; what was sampled is kept as a design."""
        self._runner.stop()

    def rewind(self, index: int = 0) -> None:
        """Forget the steps after ``index``; 0 goes back to the prompt."""
        self._runner.rewind(index)

    def show_step(self, index: int) -> None:
        """Put a step of the current run, or of the design on view, on view; 0 is its prompt.

        While the run goes on, an earlier step stays on view; the last one of all follows the run.
        """
        self._runner.show(index)

    def look_at(self, what: str) -> None:
        """Put the ``"prompt"`` on view, or the ``"result"``: that shown last, or the newest."""
        self._runner.look_at(what)

    def branch(self) -> Prompt:
        """Take the step or design on view as the new prompt, to paint on and run from.

        What the model filled is marked as sampled; ``bench.prompt.mask_sampled()`` frees it.
        """
        self._edits.continue_from(self._state.frame)
        return self.prompt

    def wait(self, timeout: float | None = None) -> bool:
        """Block until nothing is under way, False on timeout. Raises the error that ended a run."""
        return self._runner.wait(timeout)

    # -- designs ---------------------------------------------------------------------------------

    def show(self, name: str | None) -> None:
        """Put a design on view, and its steps on the timeline, for ``show_step`` to go through.

        None goes back to the run of this prompt, or else to the prompt. A run that goes on
        meanwhile stays in the background.
        """
        if name is None:
            (state := self._state).show(None)
            if state.job is not None and state.job.prompt is state.prompt and state.run.taken:
                self._runner.show(state.run.total)
            return
        design = self.design(name)
        self._state.update(frame=Frame.of_design(design), viewed_design=design, follows=False)

    def add_control(
        self, source: Source | None = None, chain: Chains = None, record: Which = None,
        conformer: Conformer = None,
    ) -> Design:  # fmt: skip
        """Put a protein beside the designs, measured as they are; None is the template.

        The arguments are those of ``Bench``. The prompt stays. Residues are compared with those of
        the template: one to one, or as their sequences are aligned.
        """
        given = self.prompt.template if source is None else source
        opened = open_source(given, Choice(chain, record, conformer))
        with self._state.lock:
            design = self.session.add_control(opened.session.prompt.template)
            self._edits.know(opened)
            self._state.count_designs(f"{design.name} is beside the designs")
        return design

    def to_prompt(self, name: str) -> Prompt:
        """Take a design as the new prompt, one undo step; what was filled is marked as sampled."""
        design = self.design(name)
        if design.is_control:
            self._state.edit(design.prompt, f"open {name}")
        else:
            self._edits.continue_from(Frame.of_design(design))
        return self.prompt

    # -- sharing ---------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike) -> Path:
        """Write history, runs and designs to one ``.design`` file, which ``Bench`` opens again."""
        from workbench.archive import save

        with self._state.lock:
            return save(self.session, path)

    @classmethod
    def resume(cls, path: str | os.PathLike | None = None, model: Any = DEFAULT_MODEL) -> "Bench":
        """Open the session written last, or one of ``Bench.sessions()``, after a kernel died.

        A run that was cut off goes on with ``run``, with the tokens it would have had anyway.
        """
        bench, problem = opened_session(path, lambda session: cls(session, model))
        bench._state.update(notice=problem or bench._state.notice)
        return bench

    @staticmethod
    def sessions() -> list[Path]:
        """Sessions saved by themselves on this machine, the one written last first."""
        return session_files()

    def share(self, path: str | os.PathLike) -> Path:
        """Write this bench as one HTML file that anyone can open and explore, offline."""
        return share(self.session, path, Shared.of(self._state, self.code))

    def describe(self) -> str:
        """Say in words what the bench holds: what an agent reads of it."""
        return described(self.session, f"model: {self._state.model}")

    def invite(self, folder: str | os.PathLike) -> None:
        """Let agents of ``workbench mcp --desk FOLDER`` read this bench and propose edits to it.

        Nothing is changed before a person has accepted it in the bench. A bench is at one desk:
        where it was at another, that one is left with what waits there.
        """
        desk = Desk(folder)
        self._leave_desk()
        self._visitors = Visitors(self._state, desk)

    def _leave_desk(self) -> None:
        if self._visitors is not None:
            self._visitors.end(self._state)
            self._visitors = None
