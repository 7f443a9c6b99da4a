"""Goals: what a design should reach, such as ``ptm>0.6`` or ``rmsd<1.5``. No torch.

A metric takes the design and the prompt it came from; those of a person's own take the design
alone, or all candidates at once, and more is better. NaN means that it could not be computed and
reaches no goal.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan

import numpy as np

from ..errors import SamplingError, WorkbenchError
from ..metrics import rmsd, sasa_rho, ss8_agreement
from ..prompt import Prompt
from ..protein import Protein


@dataclass(frozen=True, slots=True)
class BatchScore:
    """A score of your own that takes all candidates at once: a list of proteins in, as many
    numbers out. Also a decorator.
    """

    call: Callable[[list[Protein]], Sequence[float] | np.ndarray]


Score = Callable[[Protein], float] | BatchScore


def _ptm(design: Protein, prompt: Prompt) -> float:
    confidence = design.confidence
    return np.nan if confidence is None or confidence.ptm is None else confidence.ptm


def _plddt(design: Protein, prompt: Prompt) -> float:
    confidence = design.confidence
    return np.nan if confidence is None else float(np.mean(confidence.plddt))


def _rmsd(design: Protein, prompt: Prompt) -> float:
    return rmsd(design, prompt.template.with_(coordinates=prompt.coordinates), backbone=True)


def _ss8(design: Protein, prompt: Prompt) -> float:
    asked = _without_coordinates(prompt).with_(ss8="".join(prompt.ss8))
    return ss8_agreement(design, asked)


def _sasa(design: Protein, prompt: Prompt) -> float:
    return sasa_rho(design, _without_coordinates(prompt).with_(sasa=prompt.sasa))


def _without_coordinates(prompt: Prompt) -> Protein:
    return prompt.template.with_(coordinates=np.full_like(prompt.coordinates, np.nan))


METRICS: dict[str, Callable[[Protein, Prompt], float]] = {
    "ptm": _ptm,
    "plddt": _plddt,
    "rmsd": _rmsd,
    "ss8": _ss8,
    "sasa": _sasa,
}
"""pTM, mean pLDDT, backbone RMSD of the motif given in the prompt (Å), and how well secondary
structure (share) and accessibility (rank correlation) agree with the prompt's."""
LOWER_IS_BETTER = frozenset({"rmsd"})
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
            raise SamplingError(f"cannot read the goal {text!r}; write it as ptm>0.6 or rmsd<1.5")
        return cls(match["metric"], match["sign"], bound)

    def __str__(self) -> str:
        return f"{self.metric}{self.sign}{self.bound:.12g}"

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
    """Several goals, all to be reached: ``ptm>0.6+rmsd<1.5``."""

    goals: tuple[Goal, ...]

    @classmethod
    def parse(cls, text: str) -> "Goals":
        """Read goals joined by ``+``; ``str`` writes them back."""
        return cls(tuple(Goal.parse(part) for part in text.split("+")))

    def __str__(self) -> str:
        return "+".join(str(goal) for goal in self.goals)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics asked for, in order."""
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

    Metrics where less is better (``rmsd``) count so.
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

    def of(self, values: Mapping[str, float]) -> float:
        """More is better; minus infinity where the metric could not be computed."""
        value = values[self.metric]
        if isnan(value):
            return -inf
        if self.goal is not None:
            return -self.goal.distance(value)
        return -value if self.metric in LOWER_IS_BETTER else value


def measured(
    metrics: tuple[str, ...], designs: list[Protein], prompt: Prompt, own: Mapping[str, Score]
) -> list[dict[str, float]]:
    """Each metric of each design, a person's ``own`` among them; these see every design once.

    Raises SamplingError that names the score where one of a person's own fails.
    """
    columns = [
        scored(name, own[name], designs)
        if name in own
        else [float(METRICS[name](design, prompt)) for design in designs]
        for name in metrics
    ]
    return [dict(zip(metrics, row, strict=True)) for row in zip(*columns, strict=True)]


def scored(name: str, score: Score, designs: list[Protein]) -> list[float]:
    """What a person's own score says of each design."""
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
    """What a person's own scores say of a finished design; NaN where one fails."""
    found = {}
    for name, score in own.items():
        try:
            (found[name],) = scored(name, score, [design])
        except WorkbenchError:
            found[name] = float("nan")
    return found


def scores_of(metrics: tuple[str, ...], own: Mapping[str, Score]) -> dict[str, Score]:
    """A score for each metric that is not built in: a person's own, or one that says it is
    missing.
    """
    asked = [name for name in metrics if name in own or name not in METRICS]
    return {name: own.get(name, _Missing(name)) for name in asked}


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
        if name not in own and name not in METRICS:
            known = ", ".join((*METRICS, *own))
            raise SamplingError(
                f"there is no metric {name!r}; use {known}, or pass your own scores"
            )
