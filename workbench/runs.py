"""Runs along a chain: residues side by side, and residues that have the same value."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def ranges(
    at: Sequence[int] | np.ndarray, labels: np.ndarray | None = None, gap: int = 0
) -> list[tuple[int, int]]:
    """Half-open ranges of sorted positions, those at most ``gap`` apart joined.

    Where the ``labels`` of the positions change, such as their chains, a range ends too.
    """
    at = np.asarray(at, np.int64)
    if not len(at):
        return []
    ends = np.diff(at) > gap + 1
    if labels is not None:
        ends |= labels[1:] != labels[:-1]
    edges = [0, *(np.flatnonzero(ends) + 1).tolist(), len(at)]
    return [(int(at[first]), int(at[last - 1]) + 1) for first, last in pairwise(edges)]


def equal_ranges(values: np.ndarray) -> list[tuple[int, int]]:
    """Half-open ranges of neighbours with the same value."""
    return ranges(np.arange(len(values)), values)
