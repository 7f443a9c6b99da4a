"""How well a design agrees with a reference residue by residue: letters, structure, annotations.

Agreements are shares from 0 to 1. What cannot be computed is NaN; proteins of different length are
a StructureError. Secondary structure and accessibility are computed from coordinates where there
are any, and else are the proteins' own.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Float

from ..annotate import compute_sasa, compute_ss8
from ..constants import MASK, SS8_TO_SS3
from ..protein import FunctionAnnotation, Protein
from .metric import Positions
from .shape import refuse_other_length

UNKNOWN_LETTERS = frozenset((MASK, "X"))
FOUND_FROM = 0.5


def recovery(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """Share of equal residues at ``positions`` (0-based; None is all), of those known in both."""
    refuse_other_length(design, reference)
    pairs = _letter_pairs(design.sequence, reference.sequence, positions)
    return mean([a == b for a, b in pairs if not {a, b} & UNKNOWN_LETTERS])


def ss8_agreement(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """Share of residues in the same of DSSP's eight classes, of those known in both."""
    refuse_other_length(design, reference)
    pairs = _letter_pairs(ss8_of(design), ss8_of(reference), positions)
    return mean([a == b for a, b in pairs if MASK not in (a, b)])


def ss3_agreement(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """Share of residues that agree on helix, strand or coil, of those known in both."""
    refuse_other_length(design, reference)
    pairs = _letter_pairs(ss8_of(design), ss8_of(reference), positions)
    return mean([SS8_TO_SS3[a] == SS8_TO_SS3[b] for a, b in pairs if MASK not in (a, b)])


def sasa_rho(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """Spearman's rank correlation of solvent accessibility, over residues known in both."""
    refuse_other_length(design, reference)
    return rank_correlation(sasa_of(design), sasa_of(reference), positions)


def rank_correlation(
    one: Float[np.ndarray, " length"],
    other: Float[np.ndarray, " length"],
    positions: Positions = None,
) -> float:
    """Spearman's rank correlation of values residue by residue, over residues known in both."""
    if positions is not None:
        at = np.asarray(positions, dtype=np.int64)
        one, other = one[at], other[at]
    known = np.isfinite(one) & np.isfinite(other)
    one, other = one[known], other[known]
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    from scipy.stats import spearmanr

    return float(np.asarray(spearmanr(one, other))[0])


def keywords_found(
    design: Protein, reference: Protein, positions: Positions = None
) -> dict[FunctionAnnotation, float]:
    """For each function and residue annotation of the reference, the share of its residues on which
    the design carries the same label; only ``positions`` (0-based; None is all) count.

    A design keeps what its prompt gave, so to judge a design let a model annotate it afresh.
    """
    refuse_other_length(design, reference)
    chosen = range(len(reference)) if positions is None else {int(i) for i in positions}
    shares = {}
    for name in ("function", "residue_annotations"):
        carried: dict[str, set[int]] = {}
        for annotation in getattr(design, name):
            residues = range(annotation.start, annotation.stop)
            carried.setdefault(annotation.label, set()).update(residues)
        for reference_annotation in getattr(reference, name):
            at = [
                i
                for i in range(reference_annotation.start, reference_annotation.stop)
                if i in chosen
            ]
            if at:
                shares[reference_annotation] = mean(
                    [i in carried.get(reference_annotation.label, ()) for i in at]
                )
    return shares


def keyword_recovery(design: Protein, reference: Protein, positions: Positions = None) -> float:
    """Share of the reference's annotations that the design carries on at least half of their
    residues; see ``keywords_found``.
    """
    shares = keywords_found(design, reference, positions).values()
    return mean([share >= FOUND_FROM for share in shares])


def mean(values: list | np.ndarray) -> float:
    """The mean, NaN of nothing."""
    return float(np.mean(values)) if len(values) else float("nan")


@lru_cache(maxsize=8)
def folded_ss8(protein: Protein) -> str:
    """SS8 that the backbone has, ``_`` where there is none, whatever was painted."""
    return compute_ss8(protein)


@lru_cache(maxsize=8)
def folded_sasa(protein: Protein) -> Float[np.ndarray, " length"]:
    """Accessible areas in Å² that the coordinates have, NaN where there are no side chains,
    whatever was painted.
    """
    return compute_sasa(protein)


def ss8_of(protein: Protein) -> str:
    """SS8 that the backbone has; the protein's own where there is none."""
    return folded_ss8(protein) if protein.has_backbone.any() else protein.ss8


def sasa_of(protein: Protein) -> Float[np.ndarray, " length"]:
    """Accessible areas in Å² that the coordinates have; the protein's own where there are none."""
    return folded_sasa(protein) if protein.has_backbone.any() else protein.sasa


def _letter_pairs(one: str, other: str, positions: Positions) -> list[tuple[str, str]]:
    at = range(len(one)) if positions is None else [int(i) for i in positions]
    return [(one[i], other[i]) for i in at]
