"""lDDT of decoded chains: by residue over CA atoms, and over all heavy atoms."""

import numpy as np
from jaxtyping import Float

from ..constants import ATOM37
from ..protein import Protein


def residue_lddt(
    design: Float[np.ndarray, "length 37 3"], template: Float[np.ndarray, "length 37 3"]
) -> Float[np.ndarray, " length"]:
    """CA-lDDT of every residue, inclusion radius 15 Å [Mariani et al. 2013]."""
    predicted_distances, true_distances = (
        np.linalg.norm(x[:, None, 1] - x[None, :, 1], axis=-1) for x in (design, template)
    )
    counted = (true_distances < 15.0) & ~np.eye(len(true_distances), dtype=bool)
    preserved = (
        np.abs(predicted_distances - true_distances)[..., None] < np.array([0.5, 1.0, 2.0, 4.0])
    ).mean(-1)
    return (preserved * counted).sum(1) / np.maximum(counted.sum(1), 1)


def all_atom_lddt(design: Protein, template: Protein) -> float:
    """lDDT over the heavy atoms that both have; NaN where the template has no side chains."""
    from biotite.structure import AtomArray
    from biotite.structure import lddt as atom_lddt

    both = np.isfinite(np.stack([design.coordinates, template.coordinates])).all((0, -1))
    both &= np.arange(len(ATOM37)) != ATOM37.index("OXT")
    if not both[:, 5:].any():
        return float("nan")
    residue, atom = np.nonzero(both)
    reference = AtomArray(len(residue))
    reference.coord = template.coordinates[residue, atom].astype(np.float32)
    reference.res_id = residue
    subject = reference.copy()
    subject.coord = design.coordinates[residue, atom].astype(np.float32)
    return float(atom_lddt(reference, subject))
