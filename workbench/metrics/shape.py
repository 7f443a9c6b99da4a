"""How close the shape of a design is to a reference on the same residue axis.

Residues correspond one to one. Distances are in Å. What cannot be computed, for want of
coordinates, is NaN; proteins of different length are a StructureError.
"""

import numpy as np
from jaxtyping import Bool, Float

from ..constants import CA, C, N
from ..errors import StructureError
from ..geometry import rigid_fits, superpose_points
from ..protein import Protein
from .metric import Positions

TM_STARTS_PER_LENGTH = 30
TM_ROUNDS = 12


def ca_rmsd(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """Root mean square distance of the CA atoms in Å, after the best superposition of the same.

    Superposed and measured on ``positions`` (0-based; None is all). Residues without a CA in both
    proteins are left out.
    """
    return _rmsd(*_common(design, reference, positions, [CA]))


def backbone_rmsd(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """Root mean square distance of N, CA and C in Å, after the best superposition of the same.

    Superposed and measured on ``positions`` (0-based; None is all), so a motif can be judged alone.
    Atoms that one of the proteins lacks are left out.
    """
    return _rmsd(*_common(design, reference, positions, [N, CA, C]))


def tm_score(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """TM-score of the CA atoms, normalised by the reference's residues with CA; 1 is identical.

    With ``positions`` (0-based) these residues count as the whole protein. The superposition is the
    best of many that start from fragments of all sizes [Zhang & Skolnick 2004].
    """
    moving, fixed = _common(design, reference, positions, [CA])
    chosen = slice(None) if positions is None else np.asarray(positions, dtype=np.int64)
    length = int(np.isfinite(reference.coordinates[chosen, CA, 0]).sum())
    if len(moving) < 3:
        return float("nan")
    scale = max(0.5, 1.24 * np.cbrt(max(length - 15, 0)) - 1.8)
    reach = float(np.clip(scale, 4.5, 8.0))
    best = 0.0
    size = len(moving)
    while size >= 3:
        chosen = _windows(len(moving), size)
        for _ in range(TM_ROUNDS):
            squares = _fitted_squares(moving, fixed, chosen)
            best = max(best, float((1 / (1 + squares / scale**2)).sum(axis=1).max()))
            near = squares < reach**2
            near |= squares <= np.partition(squares, 2, axis=1)[:, 2:3]
            if np.array_equal(near, chosen):
                break
            chosen = near
        size //= 2
    return best / length


def lddt(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """lDDT of CA: the share of distances under 15 Å in the reference that the design keeps.

    With ``positions`` (0-based) only distances among these residues count. No superposition.
    """
    from biotite.structure import AtomArray
    from biotite.structure import lddt as atom_lddt

    moving, fixed = _common(design, reference, positions, [CA])
    if len(moving) < 2:
        return float("nan")
    expected = AtomArray(len(fixed))
    expected.coord = fixed.astype(np.float32)
    expected.res_id = np.arange(len(fixed))
    subject = expected.copy()
    subject.coord = moving.astype(np.float32)
    return float(atom_lddt(expected, subject))


def refuse_other_length(design: Protein, reference: Protein) -> None:
    """Raise StructureError for proteins of different length."""
    if len(design) != len(reference):
        raise StructureError(
            f"a design of {len(design)} residues cannot be compared with a template of "
            f"{len(reference)}; take the residues that correspond first"
        )


Points = Float[np.ndarray, "atoms 3"]


def _common(
    design: Protein, reference: Protein, positions: Positions, columns: list[int]
) -> tuple[Points, Points]:
    """The atoms that both proteins have, in the same order."""
    refuse_other_length(design, reference)
    at = np.arange(len(design)) if positions is None else np.asarray(positions, dtype=np.int64)
    moving, fixed = (
        protein.coordinates[np.ix_(at, np.asarray(columns))].reshape(-1, 3).astype(np.float64)
        for protein in (design, reference)
    )
    known = np.isfinite(moving).all(axis=1) & np.isfinite(fixed).all(axis=1)
    return moving[known], fixed[known]


def _rmsd(moving: Points, fixed: Points) -> float:
    if not len(moving):
        return float("nan")
    distances = np.linalg.norm(superpose_points(moving, fixed) - fixed, axis=-1)
    return float(np.sqrt(np.mean(distances**2)))


def _windows(length: int, size: int) -> Bool[np.ndarray, "starts atoms"]:
    """Fragments of one size, spread over the chain."""
    count = min(length - size + 1, TM_STARTS_PER_LENGTH)
    starts = np.unique(np.linspace(0, length - size, count).round().astype(int))
    at = np.arange(length)
    return (at >= starts[:, None]) & (at < starts[:, None] + size)


def _fitted_squares(
    moving: Points, fixed: Points, chosen: Bool[np.ndarray, "starts atoms"]
) -> Float[np.ndarray, "starts atoms"]:
    """Squared distances of all atoms after superposing the chosen ones, per start."""
    rotation, shift = rigid_fits(moving, fixed, chosen)
    apart = moving @ rotation + shift[:, None] - fixed
    return np.einsum("sax,sax->sa", apart, apart)
