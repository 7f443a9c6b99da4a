"""CellAnswers: the model's choices at the cells of one prompt, computed when asked for.

One pass answers all masked cells of a track. A given cell is asked alone, so that its card is there
soon, and its neighbours after it, two to a pass, so that a newer question need not wait for long.
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
"""Given cells on either side that are asked ahead; the two at one distance share a pass."""

SENT = 12
"""Cells on either side that the browser gets with the one it asked about."""

CODES = 10
"""Structure codes listed of 4,096."""


class CellAnswers:
    """Of one prompt."""

    def __init__(self, prompt: Prompt) -> None:
        self.prompt = prompt
        self._known: dict[Track, dict[int, dict[str, Any]]] = {track: {} for track in CELL_TRACKS}
        self._told: dict[Track, set[int]] = {track: set() for track in CELL_TRACKS}

    def around(
        self, model: "Model", track: Track, position: int, progress: Progress | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """The card of this cell and those near it that are known and new, then those asked ahead.

        The cell asked about comes again and again: a page that was loaded anew knows nothing.
        """
        known, sent = self._known[track], self._told[track]
        if position not in known:
            self._compute(model, track, self._first(track, position), progress)
        near = range(position - SENT, position + SENT + 1)
        new = [i for i in near if i in known and (i == position or i not in sent)]
        sent.update(new)
        yield [known[i] for i in new]
        for ahead in self._neighbours(track, position):
            self._compute(model, track, ahead, progress)
            sent.update(ahead)
            yield [known[i] for i in ahead]

    def _first(self, track: Track, position: int) -> list[int]:
        """What is asked at once: all masked cells, which share a row, or the given one alone."""
        masked = self.prompt.masked(track)
        return np.flatnonzero(masked).tolist() if masked[position] else [position]

    def _neighbours(self, track: Track, position: int) -> Iterator[list[int]]:
        """Given cells on either side that are not known, the nearest first: where the mouse may go
        next.
        """
        masked, known = self.prompt.masked(track), self._known[track]
        for distance in range(1, NEIGHBOURS + 1):
            pair = (position - distance, position + distance)
            some = [i for i in pair if 0 <= i < len(masked) and not masked[i] and i not in known]
            if some:
                yield some

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
