"""Whether a chain holds together: its peptide bonds, and residues that lie on top of each other."""

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from ..annotate import bonded_to_next
from ..neighbours import close_pairs
from ..protein import Protein

CA_CLASH = 3.0
"""Å; nearest that the CA atoms of two residues which are not neighbours come to each other."""


def broken_after(protein: Protein) -> Bool[np.ndarray, " length"]:
    """Which residues lack the peptide bond to the next residue of their chain.

    The bond is there where C and the next N are at most 2.5 Å apart [Kabsch & Sander 1983]. False
    where one of the two residues has no backbone, and at the end of a chain.
    """
    known = protein.has_backbone
    same_chain = protein.chain_id[1:] == protein.chain_id[:-1]
    broken = np.zeros(len(protein), bool)
    broken[:-1] = known[:-1] & known[1:] & same_chain & ~bonded_to_next(protein)[:-1]
    return broken


def clashing_pairs(
    ca: Float[np.ndarray, "length 3"], chain_id: Shaped[np.ndarray, " length"]
) -> Int[np.ndarray, "pairs 2"]:
    """Pairs of 0-based residues, not neighbours in a chain, whose CA are nearer than 3 Å.

    Residues with NaN coordinates are in no pair.
    """
    at = np.flatnonzero(np.isfinite(ca).all(axis=1))
    pairs = at[close_pairs(ca[at], CA_CLASH)]
    one, other = pairs.T
    bonded = (np.abs(one - other) == 1) & (chain_id[one] == chain_id[other])
    return pairs[~bonded]
