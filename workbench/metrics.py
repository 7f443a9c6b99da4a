"""How close a design is to a template on the same residue axis, and how sure the model is of it.

Distances are in Å, everything else is a share or a correlation. A metric that cannot be computed,
for want of coordinates or letters, is NaN; proteins of different length are a StructureError.
"""

import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from .annotate import compute_sasa, compute_ss8
from .constants import CA, MASK, SS8_TO_SS3, C, N
from .errors import SelectionError, StructureError
from .protein import FunctionAnnotation, Protein
from .selection import parse_selection

if TYPE_CHECKING:
    import pandas as pd

Positions = Sequence[int] | np.ndarray | None

UNKNOWN_LETTERS = frozenset((MASK, "X"))
TM_STARTS_PER_LENGTH = 30
TM_ROUNDS = 12
FOUND_FROM = 0.5
COLUMNS = (
    "design", "crmsd", "lddt", "tm_score", "recovery", "ss3_agreement", "ss8_agreement", "sasa_rho",
    "keyword_recovery", "ptm", "plddt",
)  # fmt: skip


def design_metrics(design: Protein, template: Protein) -> dict[str, float]:
    """All metrics of a design, by the names that tables use.

    Secondary structure and accessibility are computed from coordinates where there are any, and
    else are the proteins' own.
    """
    _same_length(design, template)
    confidence = design.confidence
    ptm = confidence.ptm if confidence is not None else None
    plddt = np.asarray(confidence.plddt if confidence is not None else [], dtype=float)
    return {
        "ptm": float("nan") if ptm is None else float(ptm),
        "plddt": _mean(plddt[np.isfinite(plddt)]),
        "recovery": recovery(design, template),
        "rmsd": rmsd(design, template),
        "tm_score": tm_score(design, template),
        "lddt": lddt(design, template),
        "ss8_agreement": ss8_agreement(design, template),
        "sasa_rho": sasa_rho(design, template),
    }


def rmsd(
    design: Protein,
    template: Protein,
    positions: Positions = None,
    backbone: bool = False,
) -> float:
    """Root mean square distance of CA (or of N, CA and C) in Å, after the best superposition.

    Superposed and measured on the same ``positions`` (0-based; None is all), so a motif can be
    judged alone. Residues without these atoms in both proteins are left out.
    """
    moving, fixed = _common(design, template, positions, backbone)
    if not len(moving):
        return float("nan")
    distances = np.linalg.norm(_superposed(moving, fixed) - fixed, axis=-1)
    return float(np.sqrt(np.mean(distances**2)))


def tm_score(design: Protein, template: Protein, positions: Positions = None) -> float:
    """TM-score of the CA atoms, normalised by the template's residues with CA; 1 is identical.

    With ``positions`` (0-based) these residues count as the whole protein.

    Residues correspond one to one. The superposition is the best of many that start from fragments
    of all sizes [Zhang & Skolnick 2004].
    """
    moving, fixed = _common(design, template, positions, False)
    chosen = slice(None) if positions is None else np.asarray(positions, dtype=np.int64)
    length = int(np.isfinite(template.coordinates[chosen, CA, 0]).sum())
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


def lddt(design: Protein, template: Protein, positions: Positions = None) -> float:
    """lDDT of CA: the share of distances under 15 Å in the template that the design keeps.

    With ``positions`` (0-based) only distances among these residues count.
    """
    from biotite.structure import AtomArray
    from biotite.structure import lddt as atom_lddt

    moving, fixed = _common(design, template, positions, False)
    if len(moving) < 2:
        return float("nan")
    reference = AtomArray(len(fixed))
    reference.coord = fixed.astype(np.float32)
    reference.res_id = np.arange(len(fixed))
    subject = reference.copy()
    subject.coord = moving.astype(np.float32)
    return float(atom_lddt(reference, subject))


def recovery(design: Protein, template: Protein, positions: Positions = None) -> float:
    """Share of equal residues at ``positions`` (0-based; None is all), of those known in both."""
    _same_length(design, template)
    pairs = _letter_pairs(design.sequence, template.sequence, positions)
    return _mean([one == other for one, other in pairs if not {one, other} & UNKNOWN_LETTERS])


def ss8_agreement(design: Protein, template: Protein, positions: Positions = None) -> float:
    """Share of residues in the same of DSSP's eight classes, of those known in both."""
    _same_length(design, template)
    pairs = _letter_pairs(_ss8(design), _ss8(template), positions)
    return _mean([one == other for one, other in pairs if MASK not in (one, other)])


def ss3_agreement(design: Protein, template: Protein, positions: Positions = None) -> float:
    """Share of residues that agree on helix, strand or coil, of those known in both."""
    _same_length(design, template)
    pairs = _letter_pairs(_ss8(design), _ss8(template), positions)
    return _mean(
        [SS8_TO_SS3[one] == SS8_TO_SS3[other] for one, other in pairs if MASK not in (one, other)]
    )


def sasa_rho(design: Protein, template: Protein, positions: Positions = None) -> float:
    """Spearman's rank correlation of solvent accessibility, over residues known in both."""
    _same_length(design, template)
    one, other = (_sasa(protein) for protein in (design, template))
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
    design: Protein, template: Protein, positions: Positions = None
) -> dict[FunctionAnnotation, float]:
    """For each function and residue annotation of the template, the share of its residues on which
    the design carries the same label; only ``positions`` (0-based; None is all) count.

    A design keeps what its prompt gave, so to judge a design let a model annotate it afresh.
    """
    _same_length(design, template)
    chosen = range(len(template)) if positions is None else {int(i) for i in positions}
    found = {}
    for name in ("function", "residue_annotations"):
        carried: dict[str, set[int]] = {}
        for one in getattr(design, name):
            carried.setdefault(one.label, set()).update(range(one.start, one.stop))
        for asked in getattr(template, name):
            at = [i for i in range(asked.start, asked.stop) if i in chosen]
            if at:
                found[asked] = _mean([i in carried.get(asked.label, ()) for i in at])
    return found


def keyword_recovery(design: Protein, template: Protein, positions: Positions = None) -> float:
    """Share of the template's annotations that the design carries on at least half of their
    residues; see ``keywords_found``.
    """
    shares = keywords_found(design, template, positions).values()
    return _mean([share >= FOUND_FROM for share in shares])


def table(
    designs: Sequence[Protein], template: Protein, where: str | Positions = None
) -> "pd.DataFrame":
    """All metrics of several designs on one selection (a text or 0-based positions; None is all).

    One row per design, named as it is; ``ptm`` is always that of the whole protein.
    """
    at = parse_selection(where, template) if isinstance(where, str) else where
    if at is not None and not len(at):
        raise SelectionError(f"the selection {where!r} holds no residue; choose some to measure")
    rows = [{"design": design.name, **_measured(design, template, at)} for design in designs]
    import pandas as pd

    return pd.DataFrame(rows, columns=list(COLUMNS))


def _measured(design: Protein, template: Protein, at: Positions) -> dict[str, float]:
    _same_length(design, template)
    confidence = design.confidence
    plddt = np.asarray(confidence.plddt if confidence is not None else [], dtype=float)
    if at is not None and len(plddt):
        plddt = plddt[np.asarray(at, dtype=np.int64)]
    ptm = confidence.ptm if confidence is not None else None
    return {
        "crmsd": rmsd(design, template, at, backbone=True),
        "lddt": lddt(design, template, at),
        "tm_score": tm_score(design, template, at),
        "recovery": recovery(design, template, at),
        "ss3_agreement": ss3_agreement(design, template, at),
        "ss8_agreement": ss8_agreement(design, template, at),
        "sasa_rho": sasa_rho(design, template, at),
        "keyword_recovery": keyword_recovery(design, template, at),
        "ptm": float("nan") if ptm is None else float(ptm),
        "plddt": _mean(plddt[np.isfinite(plddt)]),
    }


# -- what is compared ----------------------------------------------------------------------------


def _same_length(design: Protein, template: Protein) -> None:
    if len(design) != len(template):
        raise StructureError(
            f"a design of {len(design)} residues cannot be compared with a template of "
            f"{len(template)}; take the residues that correspond first"
        )


def _common(
    design: Protein, template: Protein, positions: Positions, backbone: bool
) -> tuple[Float[np.ndarray, "atoms 3"], Float[np.ndarray, "atoms 3"]]:
    """The atoms to superpose that both proteins have, in the same order."""
    _same_length(design, template)
    columns = np.array([N, CA, C] if backbone else [CA])
    at = np.arange(len(design)) if positions is None else np.asarray(positions, dtype=np.int64)
    moving, fixed = (
        protein.coordinates[np.ix_(at, columns)].reshape(-1, 3).astype(np.float64)
        for protein in (design, template)
    )
    known = np.isfinite(moving).all(axis=1) & np.isfinite(fixed).all(axis=1)
    return moving[known], fixed[known]


@lru_cache(maxsize=8)
def _ss8(protein: Protein) -> str:
    return compute_ss8(protein) if protein.has_backbone.any() else protein.ss8


@lru_cache(maxsize=8)
def _sasa(protein: Protein) -> Float[np.ndarray, " length"]:
    computed = compute_sasa(protein)
    return computed if np.isfinite(computed).any() else protein.sasa


def _letter_pairs(one: str, other: str, positions: Positions) -> list[tuple[str, str]]:
    at = range(len(one)) if positions is None else [int(i) for i in positions]
    return [(one[i], other[i]) for i in at]


def _mean(values: list | np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


# -- superposition -------------------------------------------------------------------------------


def _superposed(
    moving: Float[np.ndarray, "atoms 3"], fixed: Float[np.ndarray, "atoms 3"]
) -> Float[np.ndarray, "atoms 3"]:
    from biotite.structure import superimpose

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted, _ = superimpose(fixed, moving)
    return np.asarray(fitted)


def _windows(length: int, size: int) -> Bool[np.ndarray, "starts atoms"]:
    """Fragments of one size, spread over the chain."""
    count = min(length - size + 1, TM_STARTS_PER_LENGTH)
    starts = np.unique(np.linspace(0, length - size, count).round().astype(int))
    at = np.arange(length)
    return (at >= starts[:, None]) & (at < starts[:, None] + size)


def _fitted_squares(
    moving: Float[np.ndarray, "atoms 3"],
    fixed: Float[np.ndarray, "atoms 3"],
    chosen: Bool[np.ndarray, "starts atoms"],
) -> Float[np.ndarray, "starts atoms"]:
    """Squared distances of all atoms after superposing the chosen ones [Kabsch 1976], per start."""
    weight = chosen / chosen.sum(axis=1, keepdims=True)
    moving_centre, fixed_centre = weight @ moving, weight @ fixed
    products = (moving[:, :, None] * fixed[:, None]).reshape(-1, 9)
    covariance = (weight @ products).reshape(-1, 3, 3)
    covariance -= moving_centre[:, :, None] * fixed_centre[:, None, :]
    left, _, right = np.linalg.svd(covariance)
    left[:, :, 2] *= np.sign(np.linalg.det(left @ right))[:, None]
    rotation = left @ right
    shift = fixed_centre - (moving_centre[:, None] @ rotation)[:, 0]
    apart = moving @ rotation + shift[:, None] - fixed
    return np.einsum("sax,sax->sa", apart, apart)
