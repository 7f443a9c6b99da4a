"""Asking: what all questions to a model have in common; no torch."""

from collections.abc import Callable, Iterator

from ..errors import WorkbenchError
from ..tracks import Track

CELL_TRACKS = (Track.SEQUENCE, Track.STRUCTURE, Track.SS8, Track.SASA)
"""Tracks of which one cell has one value."""

METHODS = ("masked-marginal", "wild-type-marginal")
"""Of a landscape: each residue hidden and predicted from the rest, or all seen in one pass."""

Progress = Callable[[int, int], object]
"""Called with the rows done and all there are, after each pass; False returned stops the work."""


class Stopped(WorkbenchError):
    """Work that was asked to stop before it was done."""


def shares(progress: Progress | None, parts: int) -> Iterator[Progress | None]:
    """A progress for each of so many equal parts of the work, as shares of the whole."""
    for part in range(parts):
        yield None if progress is None else _share(progress, part, parts)


def _share(progress: Progress, part: int, parts: int) -> Progress:
    return lambda done, rows: progress(part * rows + done, parts * rows)
