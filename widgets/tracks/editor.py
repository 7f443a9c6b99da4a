"""TrackEditor: the prompt as rows of cells, to look at and to paint on.

The browser paints at once and sends one ``paint`` message when the pointer goes up; the prompt it
gets back carries the message's number as ``ack`` and replaces what was painted in the meantime.
"""

from collections.abc import Callable
from typing import Any

import traitlets

from workbench.errors import PromptError
from workbench.prompt import State
from workbench.tracks import Track

from ..axis import carried, positions_of, ranges_of
from ..browser import loader
from ..browser.style import style
from ..state import BenchState
from ..view import BenchView, Buffer
from . import rows
from .edits import Edits
from .spec import spec
from .vocabulary_search import VocabularySearch


class TrackEditor(BenchView):
    """Rows for the six tracks, and below them pLDDT and entropy of the step on view."""

    _esm = loader.linked("tracks/editor.js")
    _css = style("tracks/editor.css")

    axis = traitlets.Dict().tag(sync=True)
    spec = traitlets.Dict().tag(sync=True)
    states = Buffer()
    letters = Buffer()
    areas = Buffer()
    results = Buffer()
    achieved = traitlets.List(
        help="what a result has where its prompt gives something, by row"
    ).tag(sync=True)
    entropy_top = traitlets.Float(3.0).tag(sync=True)
    annotations = traitlets.List().tag(sync=True)
    limits = traitlets.List().tag(sync=True)
    beside = traitlets.Dict(help="name and letters of the design laid over").tag(sync=True)
    findings = traitlets.List().tag(sync=True)
    on_view = traitlets.Dict(help="prompt or result, and which").tag(sync=True)
    question = traitlets.Dict(help="what a change on a result is to be made on").tag(sync=True)
    proposed = traitlets.List(help="rows and positions that an agent would change").tag(sync=True)
    rules = traitlets.Dict(help="forbidden motifs, residues with a bias").tag(sync=True)
    fresh = traitlets.Dict().tag(sync=True)
    selection = traitlets.List().tag(sync=True)
    hovered = traitlets.Int(-1).tag(sync=True)
    bus = traitlets.Unicode().tag(sync=True)
    seq = traitlets.Int(0).tag(sync=True)
    ack = traitlets.Int(0).tag(sync=True)
    select_ack = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        state: BenchState,
        edits: Edits | None = None,
        terms: VocabularySearch | None = None,
        code: Callable[[], str] | None = None,
        look_at: Callable[[str], None] | None = None,
    ) -> None:
        self._state = state
        self._edits = edits or Edits(state)
        self._terms = terms
        self._code = code
        self._look_at = look_at
        self._template = self._state.axis
        super().__init__(
            state,
            axis=self._axis(),
            spec=spec(),
            bus=str(id(state)),
            on_view=self._on_view(),
            rules=self._rules(),
            **self._cells(),
        )
        state.observe(self._draw, ["revision", "frame"])
        state.observe(self._rest, ["run", "follows"])
        state.observe(self._mark, ["selection", "hovered"])
        state.observe(self._compare, "compared")
        state.observe(self._push_question, "question")
        state.observe(self._propose, ["proposed", "frame"])
        state.observe(self._name, ["revision", "frame", "viewed_design", "designs"])
        state.observe_run(self._name, "taken")
        state.observe(self._check, ["revision", "model"])
        state.observe(lambda _: self.push(rules=self._rules()), "revision")
        state.observe_run(self._check, "total", "open")
        self._mark(None)
        self._check(None)

    # -- state out -------------------------------------------------------------------------------

    def _cells(self) -> dict[str, Any]:
        frame, prompt = self._state.frame, self._state.prompt
        shown = prompt if frame is None else frame.filled
        given = prompt if frame is None else frame.prompt
        name_of = str if self._terms is None else self._terms.name_of
        fresh: dict[str, Any] = {}
        if frame is not None and frame.track is not None:
            row = list(Track).index(frame.track)
            fresh = {"row": row, "positions": frame.fresh.tolist(), "step": frame.index}
        return {
            "states": rows.cell_states(shown).tobytes(),
            "letters": rows.letters(shown),
            "areas": rows.areas(shown),
            "results": rows.result_rows(shown, frame).tobytes(),
            "achieved": self._achieved,
            "annotations": rows.labelled_ranges(given, shown, name_of),
            "limits": rows.limits(shown),
            "entropy_top": 3.0 if frame is None else frame.entropy_top,
            "fresh": fresh,
        }

    @property
    def _achieved(self) -> list[dict]:
        """Worked out when a run rests: it takes longer than a step."""
        return [] if self._state.passing else rows.achieved_rows(self._state.frame)

    def _rest(self, _: object) -> None:
        if self._state.passing or not self.achieved:
            self.push(achieved=self._achieved)

    def _draw(self, _: object) -> None:
        values = self._cells() | {"seq": self.seq + 1}
        self._state.sent = values["seq"]
        if self._state.axis is not self._template:
            self._template = self._state.axis
            values["axis"] = self._axis()
            values["beside"] = self._beside()
            values["selection"] = ranges_of(self._state.marked)
        self.push(**values)

    def _on_view(self) -> dict[str, Any]:
        state, prompt = self._state, self._state.prompt
        return {
            "result": state.frame is not None,
            "title": state.title,
            "origin": state.session.origin,
            "ready": bool(state.run.taken or state.designs),
            "sampled": sum(int((prompt.state(track) == State.SAMPLED).sum()) for track in Track),
            "live": self._look_at is not None,
        }

    def _rules(self, wrong: str = "") -> dict[str, Any]:
        constraints = self._state.prompt.constraints
        biased = int((constraints.bias != 0).any(-1).sum())
        return {"motifs": list(constraints.forbidden), "biased": biased, "wrong": wrong}

    def _name(self, _: object) -> None:
        self.push(on_view=self._on_view())

    def _push_question(self, _: object) -> None:
        question = self._state.question
        words = {} if question is None else {"text": question.text, "choices": question.choices}
        self.push(question=words)

    def _propose(self, _: object) -> None:
        proposed = self._state.proposed
        shown = proposed is not None and self._state.frame is None
        self.push(proposed=proposed.rows if proposed is not None and shown else [])

    def _axis(self) -> dict[str, Any]:
        return rows.axis(self._template) | {"opening": self._edits.openings}

    def _compare(self, _: object) -> None:
        self.push(beside=self._beside())

    def _beside(self) -> dict[str, str]:
        compared = self._state.compared
        if compared is None or compared.protein is None:
            return {}
        letters = rows.letters_beside(self._template, compared.protein)
        return {"name": compared.title, "letters": letters}

    def _mark(self, _: object) -> None:
        self.push(selection=ranges_of(self._state.marked), hovered=self._state.hovered)

    def _check(self, _: object) -> None:
        self.push(findings=rows.findings(self._edits.findings()))

    # -- intent in -------------------------------------------------------------------------------

    def on_paint(self, id: int, commands: list[dict], instead: bool = False) -> None:
        """Paint and acknowledge these strokes as one undo step; ``instead`` of the last ones."""
        with self._state.lock.together():
            try:
                self._edits.ask(
                    lambda: self._edits.paint(commands, instead=instead), instead=instead
                )
            finally:
                self.push(ack=id)

    def on_insert(self, ranges: list[list[int]], count: int, before: bool = False) -> None:
        """Add residues beside these."""
        self._edits.ask(lambda: self._edits.insert(positions_of(ranges), count, before=before))

    def on_delete(self, ranges: list[list[int]]) -> None:
        """Take these residues out."""
        self._edits.ask(lambda: self._edits.delete(positions_of(ranges)))

    def on_duplicate(self, ranges: list[list[int]]) -> None:
        """Copy these residues behind themselves."""
        self._edits.ask(lambda: self._edits.duplicate(positions_of(ranges)))

    def on_move(self, ranges: list[list[int]], offset: int) -> None:
        """Move these residues along their chain."""
        self._edits.ask(lambda: self._edits.move(positions_of(ranges), offset))

    def on_resize(self, length: int) -> None:
        """Set the total length."""
        self._edits.ask(lambda: self._edits.resize(length))

    def on_answer(self, choice: str) -> None:
        """Make the change that waits on the prompt or on the result, or not at all."""
        self._edits.answer(choice)

    def on_look(self, what: str) -> None:
        """Look at the prompt or at the result."""
        if self._look_at is not None:
            self._look_at(what)

    def on_free(self) -> None:
        """Mask what a model filled."""
        self._edits.mask_sampled()

    def on_motif(self, motif: str, forbidden: bool) -> None:
        """Forbid a motif, or permit it again; what cannot be read is said in place."""
        self._rule(lambda: self._edits.rule_motif(motif, forbidden))

    def on_bias(self, ranges: list[list[int]], text: str, factor: float) -> None:
        """Prefer amino acids on these residues, or on all; an empty text prefers none."""
        self._rule(lambda: self._edits.prefer(positions_of(ranges), text, factor))

    def _rule(self, change: Callable[[], None]) -> None:
        try:
            change()
        except PromptError as error:
            self.push(rules=self._rules(str(error)))

    def on_near(self, ranges: list[list[int]], distance: float) -> None:
        """Select what is near these residues."""
        state = self._state
        at = carried(positions_of(ranges), state.axis, state.prompt.template)
        self._edits.near(float(distance), list(at))

    def on_search(self, id: int, text: str) -> None:
        """Answer with the terms that contain this text."""
        terms = [] if self._terms is None else self._terms.search(text)
        notes = [] if self._terms is None else self._terms.notes
        self.send({"type": "found", "id": id, "terms": terms, "notes": notes})

    def on_code(self) -> None:
        """Answer with Python text for what was clicked."""
        if self._code is not None:
            self.send({"type": "code", "text": self._code()})

    def on_drawn(self, seq: int) -> None:
        """The browser has drawn this picture and is ready for another."""
        self._state.drawn = max(self._state.drawn, seq)

    def on_select(self, ranges: list[list[int]], id: str = "") -> None:
        """Select these half-open ranges and acknowledge them."""
        with self._state.lock.together():
            try:
                self._state.mark(positions_of(ranges))
            finally:
                self.push(select_ack=id)

    def on_hover(self, position: int) -> None:
        """Point at a residue."""
        self._state.hover(position)

    def on_theme(self, dark: bool) -> None:
        """Follow the notebook's theme; the first such message says that a browser is there."""
        self._state.update(dark=dark, watched=True)
