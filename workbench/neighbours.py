"""Which residues are near others in space."""

import numpy as np
from jaxtyping import Float, Int

from .errors import SelectionError
from .protein import Protein


def within(
    protein: Protein, at: Int[np.ndarray, " chosen"], distance: float = 5.0
) -> Int[np.ndarray, " near"]:
    """Residues that have a heavy atom within ``distance`` Å of one of these, these included."""
    known = np.isfinite(protein.coordinates[at]).all(-1)
    if not known.any():
        raise SelectionError("none of these residues has coordinates; select some that do")
    return np.union1d(around(protein, protein.coordinates[at][known], distance), at)


def around(
    protein: Protein, points: Float[np.ndarray, "points 3"], distance: float = 5.0
) -> Int[np.ndarray, " near"]:
    """Residues that have a heavy atom within ``distance`` Å of one of these points."""
    if not 0 <= distance < np.inf:
        raise SelectionError(f"a distance of {distance} Å; give a number of at least 0")
    from biotite.structure.celllist import CellList

    known = np.isfinite(protein.coordinates).all(-1)
    if not known.any():
        raise SelectionError("no residue has coordinates; nothing is near anything")
    residue = np.repeat(np.arange(len(protein)), known.sum(1))
    near = CellList(protein.coordinates[known], max(distance, 1.0)).get_atoms(points, distance)
    return np.unique(residue[near[near >= 0]]).astype(np.int64)
