"""The table of a model's quality, as the model card has it.

Intervals (95 %) come from drawing chains with replacement. Beside each value stands what needs no
model.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .evaluation import Chain
from .keywords import KeywordResult, f1
from .nearest import CopiedResult

RESAMPLES = 1000
INTERVAL = (2.5, 97.5)

Statistic = Callable[[list[Chain]], float]


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table: value, 95 % interval, and values that need no model.

    ``baseline`` is named by ``against``; ``copied`` comes from the nearest training chain.
    """

    name: str
    value: float
    low: float
    high: float
    baseline: float
    against: str
    copied: float = float("nan")


def summary(chains: list[Chain], used_codes: int) -> list[Measure]:
    """The table."""
    pooled = {name: _pooled(name) for name in ("recovered", "ss8", "ss3", "filled")}
    common = {name: _pooled(name) for name in ("common_letter", "common_ss8", "common_ss3")}
    nothing = float("nan")
    copied = [chain.copied for chain in chains if chain.copied is not None]
    rows: list[tuple[str, Statistic, Statistic | None, str]] = [
        ("backbone_rmsd_median", _median("rmsd"), _median("helix_rmsd"), "ideal helix"),
        ("ca_lddt_median", _median("lddt"), _median("helix_lddt"), "ideal helix"),
        ("all_atom_lddt_median", _median("all_atom_lddt"), None, ""),
        ("tm_score_median", _median("tm"), None, ""),
        ("codebook_use", lambda c: _use(c, used_codes), None, ""),
        ("plddt_correlation", lambda c: _correlation([(x.plddt, x.lddt) for x in c]), None, ""),
        ("ptm_correlation", lambda c: _correlation([(x.ptm, x.tm) for x in c]), None, ""),
        ("plddt_correlation_damaged", lambda c: _correlation([x.damaged[:2] for x in c]), None, ""),
        ("ptm_correlation_damaged", lambda c: _correlation([x.damaged[2:] for x in c]), None, ""),
        ("recovery", pooled["recovered"], common["common_letter"], "most common residue"),
        ("perplexity", lambda c: float(np.exp(_pooled("surprise")(c))), None, ""),
        ("ss8_from_coordinates", pooled["ss8"], common["common_ss8"], "most common class"),
        ("sasa_spearman", _median("sasa"), None, ""),
        ("ss3_from_sequence", pooled["ss3"], common["common_ss3"], "most common class"),
        ("structure_fill_accuracy", pooled["filled"], lambda c: 1 / used_codes, "at random"),
        ("structure_fill_lddt", _median("fill_lddt"), _median("random_lddt"), "at random"),
    ]
    if any(chain.keywords for chain in chains):
        rows += [
            ("keyword_f1", _keyword_f1, _common_f1, "most common keywords"),
            ("function_gain_nats", _gain, None, ""),
        ]
    random = np.random.default_rng(0)
    draws = random.integers(len(chains), size=(RESAMPLES, len(chains)))
    table = []
    for name, statistic, baseline, against in rows:
        values = [statistic([chains[k] for k in draw]) for draw in draws[: _resamples(name)]]
        low, high = np.nanpercentile(values, INTERVAL) if values else (nothing, nothing)
        other = nothing if baseline is None else baseline(chains)
        value = statistic(chains)
        near = _copied(name, copied)
        table.append(Measure(name, value, float(low), float(high), other, against, near))
    return table


def _resamples(name: str) -> int:
    return 0 if name == "codebook_use" else RESAMPLES if "plddt" not in name else RESAMPLES // 10


def _median(name: str) -> Statistic:
    def statistic(chains: list[Chain]) -> float:
        values = np.array([np.mean(getattr(chain, name)) for chain in chains], dtype=float)
        return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")

    return statistic


def _pooled(name: str) -> Statistic:
    def statistic(chains: list[Chain]) -> float:
        values = np.concatenate([getattr(chain, name) for chain in chains])
        return float(values.mean()) if len(values) else float("nan")

    return statistic


def _use(chains: list[Chain], used: int) -> float:
    return len(np.unique(np.concatenate([chain.codes for chain in chains]))) / used


def _correlation(pairs: list[tuple]) -> float:
    one, other = (
        np.concatenate([np.atleast_1d(x) for x in part]) for part in zip(*pairs, strict=True)
    )
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


COPIED = {
    "backbone_rmsd_median": "rmsd",
    "ca_lddt_median": "lddt",
    "recovery": "recovered",
    "ss8_from_coordinates": "ss8",
    "ss3_from_sequence": "ss3",
    "sasa_spearman": "sasa",
}
"""Fields of ``CopiedResult`` by the row that they stand beside."""


def _copied(row: str, results: list[CopiedResult]) -> float:
    if row not in COPIED or not results:
        return float("nan")
    values = [getattr(result, COPIED[row]) for result in results]
    if isinstance(values[0], np.ndarray):
        return float(np.concatenate(values).mean())
    return float(np.nanmedian(values))


def _annotated(chains: list[Chain]) -> list[KeywordResult]:
    return [chain.keywords for chain in chains if chain.keywords is not None]


def _keyword_f1(chains: list[Chain]) -> float:
    annotated = _annotated(chains)
    return f1(
        sum(x.both for x in annotated),
        sum(x.read for x in annotated),
        sum(x.true for x in annotated),
    )


def _common_f1(chains: list[Chain]) -> float:
    annotated = _annotated(chains)
    common = sum(x.common_total for x in annotated)
    return f1(sum(x.common for x in annotated), common, sum(x.true for x in annotated))


def _gain(chains: list[Chain]) -> float:
    annotated = _annotated(chains)
    return float(np.mean([x.gain for x in annotated])) if annotated else float("nan")
