"""Distances between residues as contact maps have them."""

import numpy as np
from jaxtyping import Float

from ..constants import CA, CB, C, N
from ..geometry import full_backbone
from ..protein import Protein, known_atoms


def contact_distances(protein: Protein) -> Float[np.ndarray, "length length"]:
    """Distances of CB atoms in Å, of glycine where one would be; NaN without a backbone."""
    atoms = protein.coordinates
    ideal = full_backbone(atoms[:, [N, CA, C]], "A" * len(protein), np.ones(len(protein), bool))
    known = known_atoms(atoms[:, CB])
    at = np.where(known[:, None], atoms[:, CB], ideal[:, CB])
    apart = at[:, None].astype(np.float64) - at[None]
    return np.linalg.norm(apart, axis=-1).astype(np.float32)
