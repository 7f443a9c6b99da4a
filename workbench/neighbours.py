"""Which residues are near others in space, however far apart the farthest are."""

import numpy as np
from jaxtyping import Float, Int

from .errors import SelectionError
from .protein import Protein

NEAR = 5.0
"""Å within which a residue is near another, where nobody gives a distance."""

_BLOCK = 256
"""Points whose distances to all others are in memory at once."""


def within(
    protein: Protein, at: Int[np.ndarray, " chosen"], distance: float = NEAR
) -> Int[np.ndarray, " near"]:
    """Residues that have a heavy atom within ``distance`` Å of one of these, these included."""
    known = np.isfinite(protein.coordinates[at]).all(-1)
    if not known.any():
        raise SelectionError("none of these residues has coordinates; select some that do")
    return np.union1d(around(protein, protein.coordinates[at][known], distance), at)


def around(
    protein: Protein, points: Float[np.ndarray, "points 3"], distance: float = NEAR
) -> Int[np.ndarray, " near"]:
    """Residues that have a heavy atom within ``distance`` Å of one of these points."""
    if not 0 <= distance < np.inf:
        raise SelectionError(f"a distance of {distance} Å; give a number of at least 0")
    from scipy.spatial import KDTree

    known = np.isfinite(protein.coordinates).all(-1)
    if not known.any():
        raise SelectionError("no residue has coordinates; nothing is near anything")
    residue = np.repeat(np.arange(len(protein)), known.sum(1))
    atoms = protein.coordinates[known].astype(np.float64)
    reach = np.nextafter(distance, np.inf)
    apart, _ = KDTree(points.astype(np.float64)).query(atoms, distance_upper_bound=reach)
    return np.unique(residue[np.isfinite(apart)]).astype(np.int64)


def close_pairs(
    points: Float[np.ndarray, "points 3"], distance: float
) -> Int[np.ndarray, "pairs 2"]:
    """Pairs of points, each once and the earlier first, within ``distance`` Å of each other."""
    points, pairs = points.astype(np.float64), [np.empty((0, 2), np.int64)]
    for start in range(0, len(points), _BLOCK):
        block = points[start : start + _BLOCK]
        along_axes = [np.subtract.outer(block[:, axis], points[start:, axis]) for axis in range(3)]
        squared = sum(np.square(along) for along in along_axes)
        pairs.append(start + np.argwhere(np.triu(squared <= distance**2, 1)))
    return np.concatenate(pairs)
