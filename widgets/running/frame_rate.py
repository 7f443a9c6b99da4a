"""FrameRate: when a run's next picture is due, so that all its pictures cost it a tenth at most."""

import os
import statistics
from collections import deque

FRAME_SECONDS, CROWDED_SECONDS = 0.1, 0.7
"""The shortest time between two pictures; longer where the browser draws on the model's cores."""
PATIENCE, CROWDED_PATIENCE = 20.0, 28.0
"""Time between two pictures, and between two that fold the structure anew, in units of what one
takes to make; more where browser and model share one or two cores, and what the one takes the other
lacks.
"""

DRAWING_SECONDS = 2.0
"""How long to wait for a browser that has not drawn the last ones; it may be gone."""


class FrameRate:
    """Says when pictures of a bench's runs are due.

    Times are in seconds, ``now`` by any clock that only goes forward. Pictures that fold the
    structure anew may take as long as many steps of the run. They have a rate of their own, and
    the first comes when the run has gone on for as long as between two.
    """

    def __init__(
        self,
        cores: int | None = None,
        *,
        shortest: float = FRAME_SECONDS,
        patience: float = PATIENCE,
        drawing: float = DRAWING_SECONDS,
    ) -> None:
        """A picture is due at once. ``cores`` are this machine's unless they are given."""
        self._cores = cores or os.cpu_count() or 1
        self._shortest, self._patience, self._drawing = shortest, patience, drawing
        self._making: deque[float] = deque([0.0], maxlen=3)
        self._folding: deque[float] = deque(maxlen=3)
        self._next = self._next_fold = float("-inf")

    def begin(self, now: float) -> None:
        """A run begins: its first picture is due at once."""
        self._next = float("-inf")
        self._next_fold = now + self._wait(self._folding)

    def picture(self, seconds: float, now: float, on_processor: bool, *, folds: bool) -> None:
        """A picture took this long to make, beside a model ``on_processor``, and was sent.

        One that took unusually long, as the first of all does, puts off none.
        """
        if on_processor and self._cores <= 2 and self._patience:
            self._patience, self._shortest = CROWDED_PATIENCE, CROWDED_SECONDS
        if folds:
            self._folding.append(seconds)
            self._next_fold = now + self._wait(self._folding)
        else:
            self._making.append(seconds)
        self._next = now + max(self._shortest, self._wait(self._making))

    def _wait(self, taken: deque[float]) -> float:
        return self._patience * statistics.median(taken or [0.0])

    def folds(self, now: float) -> bool:
        """Whether a picture that is due should fold the structure anew."""
        return now >= self._next_fold

    def due(self, now: float, drawn: bool) -> bool:
        """Whether it is time for the next picture; ``drawn`` says that the browser keeps up."""
        return now >= self._next + (0.0 if drawn else self._drawing)
