"""How well a design follows its prompt: what was given and painted, and the residues left to it.

Values that a model filled before, as *Continue from* leaves them in a prompt, count as designed and
not as asked for. ``positions`` (0-based; None is all) narrow the residues that count. What the
prompt does not ask for is NaN.
"""

import numpy as np
from jaxtyping import Bool, Int

from ..constants import CA, MASK
from ..prompt import Prompt
from ..protein import Protein
from ..tracks import Track
from . import agreement, chains, shape
from .metric import Positions


def motif_rmsd(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """RMSD of N, CA and C in Å over the residues whose coordinates the prompt gives, superposed on
    the same atoms.
    """
    return shape.backbone_rmsd(design, motif_of(prompt), positions)


def painted_ss8(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """Share of the residues with SS8 in the prompt on which the design's backbone has that class;
    those without a backbone do not count.
    """
    shape.refuse_other_length(design, prompt.template)
    painted = prompt.mask_sampled().ss8
    folded = np.array(list(agreement.folded_ss8(design)))
    at = _among((painted != MASK) & (folded != MASK), positions)
    return agreement.mean(folded[at] == painted[at])


def painted_sasa(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """Spearman's rank correlation of the areas that the design's coordinates have with those in the
    prompt.
    """
    shape.refuse_other_length(design, prompt.template)
    painted = prompt.mask_sampled().sasa
    return agreement.rank_correlation(agreement.folded_sasa(design), painted, positions)


def painted_sasa_error(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """Mean distance in Å² of the areas that the design's coordinates have from those in the
    prompt.
    """
    shape.refuse_other_length(design, prompt.template)
    painted = prompt.mask_sampled().sasa
    at = _among(np.isfinite(painted), positions)
    if not len(at):
        return float("nan")
    apart = np.abs(agreement.folded_sasa(design) - painted)[at]
    return agreement.mean(apart[np.isfinite(apart)])


def keyword_recovery(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """Share of the prompt's functions and sites that the design carries on at least half of their
    residues.
    """
    given = prompt.mask_sampled()
    reference = prompt.template.with_(function=given.function, residue_annotations=given.residue)
    return agreement.keyword_recovery(design, reference, positions)


def designed_recovery(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """Share of the residues whose sequence is not given that have the template's letter."""
    designed = _among(prompt.mask_sampled().masked(Track.SEQUENCE), positions)
    return agreement.recovery(design, prompt.template, designed)


def designed_plddt(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """Mean pLDDT (0–1) of the residues whose sequence or structure is not given."""
    given = prompt.mask_sampled()
    designed = given.masked(Track.SEQUENCE) | given.masked(Track.STRUCTURE)
    return mean_plddt(design, _among(designed, positions))


def chain_breaks(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """How many residues lack the bond to the next of their chain, where the coordinates that the
    prompt gives have no such gap.
    """
    shape.refuse_other_length(design, prompt.template)
    if not design.has_backbone.any():
        return float("nan")
    broken = chains.broken_after(design) & ~chains.broken_after(motif_of(prompt))
    return float(len(_among(broken, positions)))


def clashes(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    """How many pairs of residues lie on top of each other; with positions, pairs that touch one."""
    shape.refuse_other_length(design, prompt.template)
    if not design.has_backbone.any():
        return float("nan")
    ca = np.where(design.has_backbone[:, None], design.coordinates[:, CA], np.nan)
    pairs = chains.clashing_pairs(ca, design.chain_id)
    counted = pairs if positions is None else pairs[np.isin(pairs, positions).any(axis=1)]
    return float(len(counted))


def mean_plddt(design: Protein, positions: Positions = None) -> float:
    """Mean pLDDT (0–1) of the residues that have one."""
    if design.confidence is None:
        return float("nan")
    plddt = np.asarray(design.confidence.plddt, dtype=float)
    chosen = plddt if positions is None else plddt[np.asarray(positions, dtype=np.int64)]
    return agreement.mean(chosen[np.isfinite(chosen)])


def motif_of(prompt: Prompt) -> Protein:
    """The template with the coordinates that the prompt gives, and no others."""
    return prompt.template.with_(coordinates=prompt.mask_sampled().coordinates)


def _among(these: Bool[np.ndarray, " length"], positions: Positions) -> Int[np.ndarray, " chosen"]:
    at = np.flatnonzero(these)
    return at if positions is None else at[np.isin(at, positions)]
