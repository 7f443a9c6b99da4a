"""Ramachandran: the backbone torsions of each residue, and which hardly any residue has."""

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from ..annotate import bonded_to_next
from ..constants import CA, C, N
from ..protein import Protein

if TYPE_CHECKING:
    import pandas as pd

REGIONS = (
    (-180.0, -35.0, -180.0, -130.0),
    (-180.0, -35.0, -90.0, 180.0),
    (165.0, 180.0, -180.0, -140.0),
    (165.0, 180.0, 100.0, 180.0),
    (35.0, 90.0, -15.0, 90.0),
)
"""Least and greatest phi, least and greatest psi, in degrees: a coarse outline of the regions in
which well-refined residues lie [Lovell et al. 2003, favoured and allowed]: the broad left side,
which goes around the edges, and the left-handed helix."""


def torsions(
    protein: Protein,
) -> tuple[Float[np.ndarray, " length"], Float[np.ndarray, " length"]]:
    """Phi and psi of each residue in degrees, −180 to 180.

    Phi is NaN where the residue has no peptide bond to the one before it, psi where it has none to
    the next, both where an atom of N, CA and C is missing.
    """
    from biotite.structure import dihedral

    atoms = protein.coordinates.astype(np.float64)
    bonded = bonded_to_next(protein)
    phi, psi = np.full(len(protein), np.nan), np.full(len(protein), np.nan)
    with np.errstate(invalid="ignore"):
        phi[1:] = dihedral(atoms[:-1, C], atoms[1:, N], atoms[1:, CA], atoms[1:, C])
        psi[:-1] = dihedral(atoms[:-1, N], atoms[:-1, CA], atoms[:-1, C], atoms[1:, N])
    phi[1:][~bonded[:-1]] = np.nan
    psi[~bonded] = np.nan
    return np.degrees(phi), np.degrees(psi)


def outlier_share(protein: Protein) -> float:
    """The share, 0–1, of outliers among the residues that can be one; NaN where none can."""
    phi, psi = torsions(protein)
    judged = _judged(protein, phi, psi)
    return float(_outside(protein, phi, psi)[judged].mean()) if judged.any() else float("nan")


def ramachandran(protein: Protein) -> "pd.DataFrame":
    """Phi and psi of each residue in degrees, and whether they are an outlier.

    One row per residue, named as in the file, with its ``letter``. NaN at the ends of chains and
    where atoms are missing; glycines are never outliers.
    """
    import pandas as pd

    phi, psi = torsions(protein)
    labels = [protein.label(i) for i in range(len(protein))]
    columns = {
        "letter": list(protein.sequence),
        "phi": phi,
        "psi": psi,
        "outlier": _outside(protein, phi, psi),
    }
    return pd.DataFrame(columns, index=pd.Index(labels, name="residue"))


def _outside(
    protein: Protein, phi: Float[np.ndarray, " length"], psi: Float[np.ndarray, " length"]
) -> Bool[np.ndarray, " length"]:
    inside = np.zeros(len(protein), bool)
    for least, greatest, low, high in REGIONS:
        inside |= (phi >= least) & (phi <= greatest) & (psi >= low) & (psi <= high)
    return _judged(protein, phi, psi) & ~inside


def _judged(
    protein: Protein, phi: Float[np.ndarray, " length"], psi: Float[np.ndarray, " length"]
) -> Bool[np.ndarray, " length"]:
    """Residues that can be an outlier: both torsions are known, and it is no glycine."""
    return np.isfinite(phi) & np.isfinite(psi) & (np.array(list(protein.sequence)) != "G")
