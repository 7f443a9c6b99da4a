"""FrameRate: when a run's next picture is due, so that all its pictures cost it a tenth at most."""

import os
import statistics
from collections import deque

FRAME_SECONDS = 0.1
"""The shortest time between two pictures."""
PATIENCE, CROWDED_PATIENCE = 10.0, 28.0
"""Time between two pictures, in units of what one takes to make; more where browser and model share
one or two cores, and what the one takes the other lacks.
"""

DRAWING_SECONDS = 2.0
"""How long to wait for a browser that has not drawn the last ones; it may be gone."""


class FrameRate:
    """Of the runs of one bench. Times in seconds, ``now`` by any clock that only goes forward."""

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
        self.begin()

    def begin(self) -> None:
        """A run begins: its first picture is due at once."""
        self._next = float("-inf")

    def picture(self, seconds: float, now: float, on_processor: bool) -> None:
        """A picture took this long to make, beside a model ``on_processor``, and was sent.

        One that took unusually long, as the first of all does, puts off none.
        """
        self._making.append(seconds)
        crowded = on_processor and self._cores <= 2
        patience = CROWDED_PATIENCE if crowded else self._patience
        self._next = now + max(self._shortest, patience * statistics.median(self._making))

    def due(self, now: float, drawn: bool) -> bool:
        """Whether it is time for the next picture; ``drawn`` says that the browser keeps up."""
        return now >= self._next + (0.0 if drawn else self._drawing)
