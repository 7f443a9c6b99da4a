"""Edits: what a click or a call does to the prompt of a bench, each one undo step.

Where residues come, go or move, the selection follows them.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from workbench import editing
from workbench.code import Edit, code_for, lineage
from workbench.errors import PromptError
from workbench.lint import Finding, lint
from workbench.neighbours import within
from workbench.prompt import Prompt, Where
from workbench.selection import format_selection
from workbench.session import Session

from ..state import BenchState
from .code_text import origin_of
from .painting import PaintCommand, paint


class Edits:
    """Paints on the state's prompt and changes its residues.

    ``opening`` are the lines of code that open the prompt.
    """

    def __init__(self, state: BenchState, opening: str = "") -> None:
        self._state = state
        self._opened = [(state.prompt, opening)]
        self._kept: list[Edit] = []

    def open(self, prompt: Prompt, opening: str) -> None:
        """Take a prompt on residues of its own."""
        self._opened.append((prompt, opening))
        self._state.update(selection=(), compared=None)
        self._state.edit(prompt, f"open {prompt.template.name or 'a protein'}")

    def take(self, session: Session, opening: str) -> None:
        """Go on with this session instead of an untouched one."""
        before, own = self._opened[-1]
        self._opened.append((session.prompt, opening))
        if session.opened.same_as(before):
            self._opened.append((session.opened, own))
        self._state.update(selection=(), compared=None)
        self._state.take(session)

    def paint(self, commands: Iterable[dict]) -> None:
        """Paint the strokes of a browser message."""
        prompt = self._ready()
        after, label = paint(prompt, [PaintCommand.parse(one) for one in commands])
        if after.same_as(prompt):
            self._state.update(notice=f"{label}: it is so already")
        else:
            self._state.edit(after, label)

    def insert(self, where: Where, count: int = 1, *, before: bool = False) -> None:
        """Add masked residues after these, or before them, and select them."""
        prompt = self._ready()
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
        prompt = self._ready()
        at = prompt.positions(where)
        after = editing.delete(prompt, at)
        next_one = np.array([min(int(at[0]), len(after) - 1)])
        self._keep(
            prompt, after, "delete", _text(prompt, at), f"delete {_label(prompt, at)}", next_one
        )

    def duplicate(self, where: Where) -> None:
        """Put a copy of these residues after them, and select it."""
        prompt = self._ready()
        at = prompt.positions(where)
        after, copies = editing.duplicate(prompt, at), editing.copies_of(prompt, at)
        label = f"duplicate {_label(prompt, at)}"
        self._keep(prompt, after, "duplicate", _text(prompt, at), label, copies)

    def move(self, where: Where, offset: int) -> None:
        """Move these residues along their chain."""
        prompt = self._ready()
        at = prompt.positions(where)
        after = editing.move(prompt, at, offset)
        label = f"move {_label(prompt, at)} by {offset}"
        self._keep(prompt, after, "move", f"{_text(prompt, at)}, {offset}", label, at + offset)

    def resize(self, length: int) -> None:
        """Give the prompt this many residues in all."""
        prompt = self._ready()
        after = editing.resize(prompt, length)
        if after is not prompt:
            new = np.arange(len(prompt), len(after))
            self._keep(prompt, after, "resize", f"{length}", f"length {length}", new)

    def near(self, distance: float = 5.0, where: Where | None = None) -> None:
        """Select what is within this many Å of these residues, or of the selection."""
        state = self._state
        frame = state.frame
        template = state.prompt.template
        shown = template if frame is None or frame.protein is None else frame.protein
        protein = shown if len(shown) == len(template) else template
        at = state.prompt.positions(list(state.selection) if where is None else where)
        state.select(within(protein, at, distance))

    def findings(self) -> tuple[Finding, ...]:
        """What the linter and the run at hand say about the prompt."""
        session = self._state.session
        found = lint(session.prompt, session.model)
        said = {one.message for one in found}
        run = session.trajectory
        notes = () if run is None or run.prompt is not session.prompt else run.notes
        return found + tuple(Finding("note", note) for note in notes if note not in said)

    def code(self, prompt: Prompt, run: Sequence[str]) -> str:
        """Python text that opens the same, paints this prompt and has these lines run it."""
        known = lineage(prompt, self._kept)
        first = (known[0].before if known else prompt).template
        openings = [one for one in self._opened if one[0].template is first]
        opened, opening = (openings or self._opened)[-1]
        origins = [origin_of(one) for one in self._state.session.all_designs]
        return code_for(prompt, opened, opening, self._kept, run, origins)

    def _ready(self) -> Prompt:
        """The prompt to edit, or a PromptError where something else is on view."""
        prompt, frame = self._state.prompt, self._state.frame
        if frame is not None and len(frame.prompt) != len(prompt):
            raise PromptError(
                f"{frame.title} on view has {len(frame.prompt)} residues and the prompt "
                f"{len(prompt)}; branch from it, or go back to the prompt"
            )
        return prompt

    def _keep(
        self,
        before: Prompt,
        after: Prompt,
        function: str,
        arguments: str,
        label: str,
        chosen: np.ndarray,
    ) -> None:
        self._kept.append(Edit(before, after, function, arguments))
        with self._state.lock:
            self._state.update(selection=())
            self._state.edit(after, label)
            self._state.select(chosen)


def _text(prompt: Prompt, at: np.ndarray) -> str:
    text = format_selection(at, prompt.template)
    return repr(text) if len(text) <= 200 else repr([int(i) for i in at])


def _label(prompt: Prompt, at: np.ndarray) -> str:
    return format_selection(at, prompt.template)
