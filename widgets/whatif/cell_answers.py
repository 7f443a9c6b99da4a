"""CellAnswers: what the model would choose at the cells of one prompt, worked out as it is asked.

One pass answers all masked cells of a track. A given cell is asked alone, so that its card is there
soon, and its neighbours in one pass after it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.constants import AMINO_ACIDS, SS8_CLASSES
from workbench.prompt import Prompt
from workbench.tracks import TRACKS, Track
from workbench.whatif.asking import CELL_TRACKS, Progress

if TYPE_CHECKING:
    from workbench.model.model import Model
    from workbench.whatif.alternatives import Alternatives

NEIGHBOURS = 3
"""Given cells on either side that share a pass."""

SENT = 12
"""Cells on either side that the browser gets with the one it asked about."""

CODES = 10
"""Structure codes listed of 4,096."""


class CellAnswers:
    """Of one prompt."""

    def __init__(self, prompt: Prompt) -> None:
        self.prompt = prompt
        self._known: dict[Track, dict[int, dict[str, Any]]] = {track: {} for track in CELL_TRACKS}

    def around(
        self, model: "Model", track: Track, position: int, progress: Progress | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """The card of this cell and those near it that are known, then those asked for ahead."""
        known = self._known[track]
        if position not in known:
            self._compute(model, track, self._first(track, position), progress)
        near = [i for i in range(position - SENT, position + SENT + 1) if i in known]
        yield [known[i] for i in near]
        ahead = [i for i in self._neighbours(track, position) if i not in known]
        if ahead:
            self._compute(model, track, ahead, progress)
            yield [known[i] for i in ahead]

    def _first(self, track: Track, position: int) -> list[int]:
        """What is asked at once: all masked cells, which share a row, or the given one alone."""
        masked = self.prompt.masked(track)
        return np.flatnonzero(masked).tolist() if masked[position] else [position]

    def _neighbours(self, track: Track, position: int) -> list[int]:
        """Given cells on either side, to which the mouse may go next."""
        first, last = max(0, position - NEIGHBOURS), position + NEIGHBOURS
        masked = self.prompt.masked(track)[first : last + 1]
        return (first + np.flatnonzero(~masked)).tolist()

    def _compute(
        self, model: "Model", track: Track, at: list[int], progress: Progress | None
    ) -> None:
        from workbench.whatif.alternatives import alternatives

        answers = alternatives(model, self.prompt, at, track, progress)
        for row, i in enumerate(answers.positions.tolist()):
            self._known[track][i] = self._card(answers, row)

    def _card(self, answers: "Alternatives", row: int) -> dict[str, Any]:
        """One cell as the browser draws it; the likeliest choice first, areas from buried on."""
        position = int(answers.positions[row])
        chances = answers.probabilities[row]
        order = np.arange(len(chances))
        if answers.track is not Track.SASA:
            order = np.argsort(-chances, kind="stable")
        marked = {int(answers.given[row]), int(answers.native[row])} - {-1}
        if answers.track is Track.STRUCTURE:
            order = np.array([*order[:CODES], *(k for k in marked if k not in order[:CODES])])
        return {
            "position": position,
            "label": answers.labels[row],
            "masked": bool(answers.masked[row]),
            "entropy": round(float(answers.entropy[row]), 3),
            "bars": [self._bar(answers, row, int(k)) for k in order],
        }

    def _bar(self, answers: "Alternatives", row: int, column: int) -> dict[str, Any]:
        track, position = answers.track, int(answers.positions[row])
        barred = track is Track.SEQUENCE and not self.prompt.allowed[position, column]
        return {
            "name": answers.choices[column],
            "chance": round(float(answers.probabilities[row, column]), 5),
            "given": column == int(answers.given[row]),
            "native": column == int(answers.native[row]),
            "barred": bool(barred),
            "value": value_of(track, column),
        }


def value_of(track: Track, column: int) -> str | float | None:
    """What a brush writes for a choice; None where there is no such brush."""
    if track is Track.SEQUENCE:
        return AMINO_ACIDS[column]
    if track is Track.SS8:
        return SS8_CLASSES[column]
    if track is Track.SASA:
        from workbench.tokenizers.residue import decode_sasa

        first = TRACKS[Track.SASA].values.start
        return round(float(decode_sasa(np.array([first + column]))[0]), 2)
    return None
