"""Goals: what a design should reach, such as ``ptm>0.6`` or ``motif_rmsd<1.5``. No torch.

Metrics are those of ``workbench.metrics``, in the units they have in memory: pLDDT is 0–1. Scores
of a person's own take the design alone, or all candidates at once, and more is better; they come
before a metric of the same name. NaN means that a value could not be computed and reaches no goal.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan

import numpy as np

from ..errors import SamplingError, WorkbenchError
from ..metrics import OF_DESIGNS, Metric, find_metric
from ..metrics.metric import Need
from ..prompt import Prompt
from ..protein import Protein
from .numbers import exact


@dataclass(frozen=True, slots=True)
class BatchScore:
    """A score of your own that takes all candidates at once: a list of proteins in, as many
    numbers out. Also a decorator.
    """

    call: Callable[[list[Protein]], Sequence[float] | np.ndarray]


Score = Callable[[Protein], float] | BatchScore

OWN_LOWER_IS_BETTER = frozenset({"rmsd"})
"""Scores of a person's own have more as better, but for this name, which always had less."""
_GOAL = re.compile(r"(?P<metric>\w+)\s*(?P<sign>>=|<=|>|<)\s*(?P<bound>[-+.\deE]+)")


@dataclass(frozen=True, slots=True)
class Goal:
    """One inequality: a metric above or below a bound."""

    metric: str
    sign: str
    bound: float

    @classmethod
    def parse(cls, text: str) -> "Goal":
        """Read ``ptm>0.6``; ``str`` writes it back."""
        match = _GOAL.fullmatch(text.strip())
        try:
            bound = float(match["bound"]) if match else inf
        except ValueError:
            bound = inf
        if match is None or not isfinite(bound):
            raise SamplingError(
                f"cannot read the goal {text!r}; write it as ptm>0.6 or motif_rmsd<1.5"
            )
        return cls(match["metric"], match["sign"], bound)

    def __str__(self) -> str:
        return f"{self.metric}{self.sign}{exact(self.bound)}"

    def distance(self, value: float) -> float:
        """How far a value misses the goal, as a share of the bound; 0 where it is reached."""
        if isnan(value):
            return inf
        missing = self.bound - value if self.sign[0] == ">" else value - self.bound
        return max(0.0, missing) / (abs(self.bound) or 1.0)

    def reached(self, value: float) -> bool:
        """Whether a value satisfies the inequality; NaN does not."""
        return (
            not isnan(value)
            and {
                ">": value > self.bound,
                ">=": value >= self.bound,
                "<": value < self.bound,
                "<=": value <= self.bound,
            }[self.sign]
        )


@dataclass(frozen=True, slots=True)
class Goals:
    """Several goals, all to be reached: ``ptm>0.6+motif_rmsd<1.5``."""

    goals: tuple[Goal, ...]

    @classmethod
    def parse(cls, text: str) -> "Goals":
        """Read goals joined by ``+``; ``str`` writes them back."""
        return cls(tuple(Goal.parse(part) for part in text.split("+")))

    def __str__(self) -> str:
        return "+".join(str(goal) for goal in self.goals)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that it names, in order."""
        return tuple(goal.metric for goal in self.goals)

    def reached(self, values: Mapping[str, float]) -> bool:
        """Whether all are reached."""
        return all(goal.reached(values[goal.metric]) for goal in self.goals)

    def distance(self, values: Mapping[str, float]) -> float:
        """The distances of all, added up; smaller is better."""
        return sum(goal.distance(values[goal.metric]) for goal in self.goals)


@dataclass(frozen=True, slots=True)
class Reward:
    """What makes one candidate better than another: a metric, or the distance to a goal.

    Metrics where lower is better (``motif_rmsd``) count so.
    """

    metric: str
    goal: Goal | None = None

    @classmethod
    def parse(cls, text: str) -> "Reward":
        """Read ``plddt`` or ``ptm>0.75``; ``str`` writes it back."""
        if re.fullmatch(r"\w+", text):
            return cls(text)
        goal = Goal.parse(text)
        return cls(goal.metric, goal)

    def __str__(self) -> str:
        return self.metric if self.goal is None else str(self.goal)

    def of(self, values: Mapping[str, float], own: Container[str] = ()) -> float:
        """More is better; minus infinity where the metric could not be computed.

        ``own`` are the names of a person's own scores.
        """
        value = values[self.metric]
        if isnan(value):
            return -inf
        if self.goal is not None:
            return -self.goal.distance(value)
        return value if self._higher_is_better(own) else -value

    def _higher_is_better(self, own: Container[str]) -> bool:
        if self.metric in own:
            return self.metric not in OWN_LOWER_IS_BETTER
        metric = find_metric(self.metric)
        return metric is None or metric.higher_is_better


def measured(
    metrics: tuple[str, ...], designs: list[Protein], prompt: Prompt, own: Mapping[str, Score]
) -> list[dict[str, float]]:
    """Each metric of each design, a person's ``own`` among them; these see every design once.

    Raises SamplingError that names the score where one of a person's own fails.
    """
    columns = [
        scored(name, own[name], designs)
        if name in own
        else [_known(name).of(design, prompt, None) for design in designs]
        for name in metrics
    ]
    return [dict(zip(metrics, row, strict=True)) for row in zip(*columns, strict=True)]


def _known(name: str, own: Iterable[str] = ()) -> Metric:
    metric = find_metric(name)
    if metric is None or metric.needs == "selection":
        known = ", ".join((*(design.name for design in OF_DESIGNS), *own))
        raise SamplingError(f"there is no metric {name!r}; use {known}, or pass your own scores")
    return metric


def scored(name: str, score: Score, designs: list[Protein]) -> list[float]:
    """Values of a person's own score for each design."""
    try:
        if not isinstance(score, BatchScore):
            return [float(score(design)) for design in designs]
        values = [float(value) for value in score.call(designs)]
    except WorkbenchError:
        raise
    except Exception as error:  # the border to a person's own code: named, and the cause kept
        raise SamplingError(
            f"the score {name!r} failed with {type(error).__name__}: {error}"
        ) from error
    if len(values) != len(designs):
        raise SamplingError(
            f"the score {name!r} gave {len(values)} numbers for {len(designs)} proteins; "
            "give one for each"
        )
    return values


def own_metrics(design: Protein, own: Mapping[str, Score]) -> dict[str, float]:
    """Values of a person's own scores for a finished design; NaN where one fails."""
    values = {}
    for name, score in own.items():
        try:
            (values[name],) = scored(name, score, [design])
        except WorkbenchError:
            values[name] = float("nan")
    return values


def scores_of(metrics: tuple[str, ...], own: Mapping[str, Score]) -> dict[str, Score]:
    """A score for each metric that is not built in: a person's own, or one that says it is
    missing.
    """
    own_names = [name for name in metrics if name in own or find_metric(name) is None]
    return {name: own.get(name, _Missing(name)) for name in own_names}


@dataclass(frozen=True, slots=True)
class _Missing:
    name: str

    def __call__(self, design: Protein) -> float:
        raise SamplingError(
            f"this run was steered by the score {self.name!r}, which is not here; "
            "pass it as scores={...} to go on"
        )


def check_metrics(metrics: tuple[str, ...], own: Mapping[str, Score]) -> None:
    """Raise SamplingError for a metric that nobody defined."""
    for name in metrics:
        if name not in own:
            _known(name, own)


def needs_of(metrics: tuple[str, ...], own: Mapping[str, Score]) -> frozenset[Need]:
    """What must be worked out of a protein before these metrics can be measured; a person's own
    scores see its PAE.
    """
    needs: list[Need | None] = ["pae" if name in own else _known(name).needs for name in metrics]
    return frozenset(need for need in needs if need is not None)
