"""Axis: residues of one protein among those of another, by their names.

A result may have other residues than the prompt has by now. The selection is the prompt's; views
show it on the residues that are on view.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from workbench.protein import Protein, same_residues
from workbench.runs import ranges


def positions_of(ranges: Iterable[Sequence[int]]) -> list[int]:
    """Positions in half-open ranges, as the browser sends them."""
    return [i for start, stop in ranges for i in range(start, stop)]


def ranges_of(positions: Sequence[int]) -> list[list[int]]:
    """Half-open ranges of sorted positions, as the browser takes them."""
    return [[start, stop] for start, stop in ranges(positions)]


def same_axis(one: Protein, other: Protein) -> bool:
    """Whether two proteins have residues of the same names in the same order."""
    names = ("chain_id", "residue_number", "insertion_code")
    return one is other or all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in names
    )


def carried(positions: Iterable[int], old: Protein, new: Protein) -> tuple[int, ...]:
    """Where the residues at these positions of one protein are in another; others are left out."""
    at = tuple(int(i) for i in positions)
    if not at or same_axis(old, new):
        return at
    known = dict(zip(*(positions.tolist() for positions in same_residues(old, new)), strict=True))
    return tuple(sorted(known[i] for i in at if i in known))
