"""The table of what a model invents, with intervals, beside ``summary``."""

from collections.abc import Callable, Sequence

import numpy as np

from ..geometry import natural_gyration
from .design_evaluation import Prediction, Scaffold, fold_clusters
from .summary import INTERVAL, RESAMPLES, Measure

RISKY = 0.5
"""No broken or far too loose chain may have a pTM above this."""
LOOSE = 2.0
"""Times the radius of gyration of a natural chain."""


def summary_of_designs(designs: Sequence[Prediction]) -> list[Measure]:
    """How designs of one group look as chains."""
    shapes = [design.shape for design in designs]
    rows = {
        "gyration_median": (np.median, [shape.gyration for shape in shapes]),
        "clashes_median": (np.median, [shape.clashes for shape in shapes]),
        "breaks_mean": (np.mean, [shape.breaks for shape in shapes]),
        "strand_mean": (np.mean, [shape.strand for shape in shapes]),
        "helix_mean": (np.mean, [shape.helix for shape in shapes]),
        "contacts_mean": (np.mean, [shape.contacts for shape in shapes]),
        "ramachandran_outliers_mean": (np.mean, [shape.outliers for shape in shapes]),
        "ptm_mean": (np.mean, [design.ptm for design in designs]),
    }
    table = [
        _measure(name, statistic, np.array(values)) for name, (statistic, values) in rows.items()
    ]
    clusters = float(fold_clusters([design.protein for design in designs]))
    return [*table, _alone("fold_clusters", clusters), _alone("overrated", _overrated(designs))]


def summary_of_folds(folds: Sequence[Prediction]) -> list[Measure]:
    """How right structures of one group are, and what the model says of them."""
    tm, ptm = (np.array([getattr(fold, name) for fold in folds]) for name in ("tm", "ptm"))
    lddt = np.array([fold.lddt.mean() for fold in folds])
    return [
        _measure("tm_median", np.median, tm),
        _measure("lddt_mean", np.mean, lddt),
        _measure("ptm_mean", np.mean, ptm),
        _measure("ptm_minus_tm_mean", np.mean, ptm - tm),
        _alone("overrated", _overrated(folds)),
    ]


def summary_of_scaffolds(scaffolds: Sequence[Scaffold]) -> list[Measure]:
    """How well motifs are kept."""
    return [
        _measure(
            "motif_rmsd_mean", np.mean, np.array([scaffold.motif_rmsd for scaffold in scaffolds])
        ),
        _measure(
            "clashes_mean", np.mean, np.array([scaffold.shape.clashes for scaffold in scaffolds])
        ),
        _measure(
            "breaks_mean", np.mean, np.array([scaffold.shape.breaks for scaffold in scaffolds])
        ),
    ]


def summary_of_confidence(predictions: Sequence[Prediction]) -> list[Measure]:
    """Of all structures with a truth together: correlation of what is said with what is true."""
    true = [prediction for prediction in predictions if np.isfinite(prediction.tm)]

    def chains(some: np.ndarray) -> float:
        return _correlation([true[k].ptm for k in some], [true[k].tm for k in some])

    def residues(some: np.ndarray) -> float:
        plddt, lddt = (
            np.concatenate([getattr(true[k], name) for k in some]) for name in ("plddt", "lddt")
        )
        return _correlation(plddt, lddt)

    return [
        _resampled("ptm_correlation", chains, len(true)),
        _resampled("plddt_correlation", residues, len(true)),
    ]


def _overrated(predictions: Sequence[Prediction]) -> float:
    """Structures that are broken or far too loose and yet have a pTM above ``RISKY``."""
    return float(
        sum(
            prediction.ptm > RISKY
            and (
                prediction.shape.breaks > 0
                or prediction.shape.gyration > LOOSE * natural_gyration(len(prediction.protein))
            )
            for prediction in predictions
        )
    )


def _measure(name: str, statistic: Callable, values: np.ndarray) -> Measure:
    return _resampled(name, lambda some: float(statistic(values[some])), len(values))


def _resampled(name: str, statistic: Callable[[np.ndarray], float], size: int) -> Measure:
    random = np.random.default_rng(0)
    draws = random.integers(size, size=(RESAMPLES, size))
    low, high = np.nanpercentile([statistic(draw) for draw in draws], INTERVAL)
    return Measure(name, statistic(np.arange(size)), float(low), float(high), float("nan"), "")


def _alone(name: str, value: float) -> Measure:
    nothing = float("nan")
    return Measure(name, value, nothing, nothing, nothing, "")


def _correlation(one: Sequence[float] | np.ndarray, other: Sequence[float] | np.ndarray) -> float:
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
