"""Edits: what a click or a call does to the prompt of a bench, each one undo step.

Where residues come, go or move, the selection follows them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from workbench import editing, lint
from workbench.bias_text import parse_bias
from workbench.code import Edit, code_for, lineage
from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError, SamplingError
from workbench.findings import Finding
from workbench.neighbours import NEAR, within
from workbench.opening import Opened
from workbench.prompt import Prompt, Where
from workbench.protein import known_atoms
from workbench.sampling.settings import RunSettings
from workbench.selection import format_selection
from workbench.session import CONTINUED, made_designs
from workbench.tracks import Track

from ..axis import carried, same_axis
from ..frame import Frame
from ..question import CONTINUE, Question
from ..state import BenchState
from .code_text import opening_of, origin_of
from .painting import PaintCommand, paint
from .vocabulary_search import VocabularySearch


class Edits:
    """Paints on the state's prompt and changes its residues.

    ``opened`` is what the prompt was opened from, and ``code_of`` gives the lines of code that open
    a source again; ``terms`` says which words there are while no model is loaded.
    """

    def __init__(
        self,
        state: BenchState,
        opened: Opened | None = None,
        code_of: Callable[..., str] = opening_of,
        terms: VocabularySearch | None = None,
    ) -> None:
        self._state = state
        self._terms = terms
        self._code_of = code_of
        first = Opened(state.session, state.prompt) if opened is None else opened
        self._opened = [(state.prompt, first)]
        self._earlier: list[Edit] = []
        self._painted: Prompt | None = None

    def open(self, opened: Opened) -> None:
        """Take a prompt on residues of its own; the next run is set anew."""
        prompt = opened.session.prompt
        self._opened.append((prompt, opened))
        self._state.update(selection=(), compared=None, settings=RunSettings())
        self._state.edit(prompt, opened.label)

    def know(self, opened: Opened) -> None:
        """Note what was opened, whose prompt may be taken later."""
        self._opened.insert(0, (opened.session.prompt, opened))

    @property
    def openings(self) -> int:
        """How many prompts were opened, the first counted."""
        return len(self._opened)

    @property
    def opened(self) -> Opened:
        """What the prompt at hand was opened from."""
        return self._origin_of(self._state.prompt)[1]

    def take(self, opened: Opened) -> None:
        """Go on with this session instead of an untouched one."""
        session = opened.session
        before, own = self._opened[-1]
        self._opened.append((session.prompt, opened))
        if session.opened.same_as(before):
            self._opened.append((session.opened, own))
        self._state.update(selection=(), compared=None)
        self._state.take(session)

    def ask(self, change: Callable[[], None], *, instead: bool = False) -> None:
        """Make this change of the prompt; where a result is on view, ask first what to change.

        ``instead`` takes the place of the change that waits for an answer.
        """
        state, frame = self._state, self._state.frame
        if frame is None:
            change()
        elif state.question is not None:
            state.update(question=state.question.and_then(change, instead))
        else:
            fits = same_axis(frame.prompt.template, state.prompt.template)
            state.update(question=Question(frame, (change,), fits))

    def answer(self, choice: str) -> None:
        """Make the change that waits: on the prompt, on one that continues the result, or not."""
        question = self._state.question
        self._state.update(question=None)
        if question is None or choice not in [answer for answer, _ in question.choices]:
            return
        session = self._state.session
        before = len(session.history)
        if choice == CONTINUE:
            self.continue_from(question.frame)
        with self._state.lock.together():
            for change in question.changes:
                change()
            session.merge(len(session.history) - before)

    def continue_from(self, frame: Frame | None) -> None:
        """Take a result as the prompt, what was filled marked as sampled; one undo step."""
        if frame is None:
            raise SamplingError(
                "the prompt itself is on view; look at a step or a design to branch from it"
            )
        self._state.edit(frame.filled, f"{CONTINUED} {frame.title}")

    def mask_sampled(self) -> None:
        """Leave what a model filled to the model again, as one undo step where there is any."""
        freed = self._state.prompt.mask_sampled()
        if freed is not self._state.prompt:
            self._state.edit(freed, "free what was filled")

    def paint(self, commands: Iterable[dict], *, instead: bool = False) -> None:
        """Paint the strokes of a browser message; ``instead`` of those painted last."""
        with self._state.lock.together():
            if instead and self._painted is self._state.prompt:
                self._state.undo()
            self._paint(commands)

    def write(self, track: Track, position: int, value: str | float) -> None:
        """Write one cell of a track, one undo step."""
        cell = {"tracks": [track.value], "start": int(position), "stop": int(position) + 1}
        self.paint([{"op": "write", **cell, "value": value}])

    def _paint(self, commands: Iterable[dict]) -> None:
        prompt = self._state.prompt
        after, label = paint(prompt, [PaintCommand.parse(command) for command in commands])
        if after.same_as(prompt):
            self._state.update(notice=f"{label}: it is so already")
        else:
            self._state.edit(after, label)
            self._painted = after

    def rule_motif(self, motif: str, forbidden: bool) -> None:
        """Keep a motif from arising in what is sampled, or permit it again."""
        prompt = self._state.prompt
        after = prompt.forbid_motif(motif) if forbidden else prompt.permit_motif(motif)
        self._state.edit(after, f"{'forbid' if forbidden else 'permit'} motif {motif}")

    def prefer(self, at: Sequence[int], text: str, factor: float = 1.0) -> None:
        """Set the bias of these residues, or of all where none is named, from a text or PSSM."""
        prompt = self._state.prompt
        where: Where = list(at) if at else slice(None)
        nothing = np.zeros(len(AMINO_ACIDS))
        after = prompt.bias(where, parse_bias(text, factor) if text.strip() else nothing)
        self._state.edit(after, f"bias {_label(prompt, prompt.positions(where))}")

    def insert(self, where: Where, count: int = 1, *, before: bool = False) -> None:
        """Add masked residues after these, or before them, and select them."""
        prompt = self._state.prompt
        at = prompt.positions(where)
        after = editing.insert(prompt, at, count, before=before)
        first = int(at[0] if before else at[-1] + 1)
        arguments = f"{_text(prompt, at[:1] if before else at[-1:])}, {count}"
        arguments += ", before=True" if before else ""
        side = "before" if before else "after"
        label = f"insert {count} {side} {prompt.template.label(at[0 if before else -1])}"
        self._keep(prompt, after, "insert", arguments, label, np.arange(first, first + count))

    def delete(self, where: Where) -> None:
        """Take these residues out."""
        prompt = self._state.prompt
        at = prompt.positions(where)
        after = editing.delete(prompt, at)
        next_one = np.array([min(int(at[0]), len(after) - 1)])
        self._keep(
            prompt, after, "delete", _text(prompt, at), f"delete {_label(prompt, at)}", next_one
        )

    def duplicate(self, where: Where) -> None:
        """Put a copy of these residues after them, and select it."""
        prompt = self._state.prompt
        at = prompt.positions(where)
        after, copies = editing.duplicate(prompt, at), editing.copies_of(prompt, at)
        label = f"duplicate {_label(prompt, at)}"
        self._keep(prompt, after, "duplicate", _text(prompt, at), label, copies)

    def move(self, where: Where, offset: int) -> None:
        """Move these residues along their chain."""
        prompt = self._state.prompt
        at = prompt.positions(where)
        after = editing.move(prompt, at, offset)
        label = f"move {_label(prompt, at)} by {offset}"
        self._keep(prompt, after, "move", f"{_text(prompt, at)}, {offset}", label, at + offset)

    def resize(self, length: int) -> None:
        """Give the prompt this many residues in all."""
        prompt = self._state.prompt
        after = editing.resize(prompt, length)
        if after is not prompt:
            new = np.arange(len(prompt), len(after))
            self._keep(prompt, after, "resize", f"{length}", f"length {length}", new)

    def near(self, distance: float = NEAR, where: Where | None = None) -> None:
        """Select what is within this many Å of these residues, or of the selection."""
        state, frame = self._state, self._state.frame
        protein = state.prompt.structure if frame is None else frame.protein
        protein = state.prompt.structure if protein is None else protein
        center = state.prompt.positions(list(state.selection) if where is None else where)
        at = np.array(carried(center, state.prompt.template, state.axis), np.int64)
        if not known_atoms(protein.coordinates)[at].any():
            raise PromptError(
                f"{_label(state.prompt, center)} has no coordinates on view to measure from; "
                "choose residues that are drawn, or look at a result"
            )
        state.mark(within(protein, at, distance))

    def findings(self) -> tuple[Finding, ...]:
        """What the linter and the run at hand say about the prompt."""
        session = self._state.session
        prompt = session.prompt
        annotated = bool(prompt.function or prompt.residue)
        tables: Any = session.model or (self._terms if annotated else None)
        findings = lint(prompt, tables)
        messages = {finding.message for finding in findings}
        run = session.trajectory
        notes = () if run is None or run.prompt is not prompt else run.notes
        return findings + tuple(Finding("note", note) for note in notes if note not in messages)

    def code(self, prompt: Prompt, run: Sequence[str]) -> str:
        """Python text that opens the same, paints this prompt and has these lines run it."""
        start, opened = self._origin_of(prompt)
        opening = self._code_of(opened.source, choice=opened.choice)
        origins = [origin_of(design) for design in made_designs(self._state.session.all_designs)]
        return code_for(prompt, start, opening, self._earlier, run, origins)

    def _origin_of(self, prompt: Prompt) -> tuple[Prompt, Opened]:
        """The prompt that this one was made of, as it was opened, and from what."""
        known = lineage(prompt, self._earlier)
        first = (known[0].before if known else prompt).template
        openings = [opening for opening in self._opened if opening[0].template is first]
        return (openings or self._opened)[-1]

    def _keep(
        self,
        before: Prompt,
        after: Prompt,
        function: str,
        arguments: str,
        label: str,
        chosen: np.ndarray,
    ) -> None:
        self._earlier.append(Edit(before, after, function, arguments))
        with self._state.lock:
            self._state.update(selection=())
            self._state.edit(after, label)
            self._state.select(chosen)


def _text(prompt: Prompt, at: np.ndarray) -> str:
    text = format_selection(at, prompt.template)
    return repr(text) if len(text) <= 200 else repr([int(i) for i in at])


def _label(prompt: Prompt, at: np.ndarray) -> str:
    return format_selection(at, prompt.template)
