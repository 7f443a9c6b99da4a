"""Paint commands: what a person did with a brush, as plain values that a prompt can take.

A command names the brush (``op``), the tracks, a half-open 0-based residue range and, for writing,
a value. The track editor sends them, tests and code may too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.selection import format_selection
from workbench.tracks import Track

OPERATIONS = ("mask", "restore", "write", "none", "annotate", "allow", "forbid")


@dataclass(frozen=True, slots=True)
class PaintCommand:
    """One stroke on one residue range."""

    op: str
    tracks: tuple[Track, ...]
    start: int
    stop: int
    value: str | float | None = None

    @classmethod
    def parse(cls, message: dict) -> "PaintCommand":
        """The command in a browser message, or a PromptError that says what is odd."""
        op = message.get("op")
        if op not in OPERATIONS:
            raise PromptError(f"there is no brush {op!r}; use {', '.join(OPERATIONS)}")
        tracks = tuple(Track.named(name) for name in message["tracks"])
        start, stop = int(message["start"]), int(message["stop"])
        return cls(op, tracks, start, stop, message.get("value"))

    def apply(self, prompt: Prompt) -> Prompt:
        """The prompt after this stroke."""
        if not 0 <= self.start < self.stop <= len(prompt):
            raise PromptError(
                f"residues {self.start}:{self.stop} are outside this prompt of {len(prompt)}; "
                "give 0-based, half-open positions"
            )
        where = range(self.start, self.stop)
        if self.op == "mask":
            return prompt.mask(where, self.tracks)
        if self.op == "restore":
            return prompt.restore(where, self.tracks)
        if self.op in ("allow", "forbid"):
            letters = str(self.value or "")
            return getattr(prompt, self.op)(where, letters)
        for track in self.tracks:
            if self.op == "none":
                prompt = prompt.without(where, track)
            elif self.op == "annotate":
                prompt = prompt.annotate(str(self.value or ""), where, track)
            else:
                prompt = prompt.paint(where, track, self.value)
        return prompt


def paint(prompt: Prompt, commands: Iterable[PaintCommand]) -> tuple[Prompt, str]:
    """The prompt after these strokes, which make one undo step, and its label."""
    strokes = list(commands)
    for command in strokes:
        prompt = command.apply(prompt)
    alike = groupby(strokes, key=lambda stroke: (stroke.op, stroke.tracks, stroke.value))
    return prompt, ", ".join(_label(prompt, *stroke, list(ranges)) for stroke, ranges in alike)


def _label(
    prompt: Prompt,
    op: str,
    tracks: tuple[Track, ...],
    value: str | float | None,
    strokes: list[PaintCommand],
) -> str:
    """Words for the undo history, such as ``mask sequence A:20-40,A:60``."""
    at = np.concatenate([np.arange(stroke.start, stroke.stop) for stroke in strokes])
    where = format_selection(np.unique(at), prompt.template)
    if op == "allow" and set(str(value)) == set(AMINO_ACIDS):
        return f"allow any residue {where}"
    value_text = "" if value is None else f" {value}"
    return f"{op}{value_text} {'+'.join(track.value for track in tracks)} {where}"
