"""Which residues are near others in space."""

import numpy as np
from jaxtyping import Int

from .errors import SelectionError
from .protein import Protein


def within(
    protein: Protein, at: Int[np.ndarray, " chosen"], distance: float = 5.0
) -> Int[np.ndarray, " near"]:
    """Residues that have a heavy atom within ``distance`` Å of one of these, these included."""
    if not 0 <= distance < np.inf:
        raise SelectionError(f"a distance of {distance} Å; give a number of at least 0")
    from biotite.structure.celllist import CellList

    known = np.isfinite(protein.coordinates).all(-1)
    residue = np.repeat(np.arange(len(protein)), known.sum(1))
    atoms = protein.coordinates[known]
    chosen = np.isin(residue, at)
    if not chosen.any():
        raise SelectionError("none of these residues has coordinates; select some that do")
    near = CellList(atoms, max(distance, 1.0)).get_atoms(atoms[chosen], distance)
    return np.union1d(residue[near[near >= 0]], at).astype(np.int64)
