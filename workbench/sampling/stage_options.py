"""Stage options: what can be said of a stage of a recipe, each in one row. No torch.

Recipes are read, refused and written by this table, and the bench makes its form of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real

from ..errors import SamplingError
from .goals import Goals, Reward
from .guidance import Guidance

HOTTEST = 1e30
"""From this temperature on, whatever is allowed is equally likely; far below what can be computed
with."""
SCHEDULE_CURVES = {
    "cosine": lambda t: math.cos(math.pi * t / 2),
    "linear": lambda t: 1 - t,
    "square_root": lambda t: 1 - math.sqrt(t),
    "square": lambda t: 1 - t**2,
    "cubic": lambda t: 1 - t**3,
}
SCHEDULES = tuple(SCHEDULE_CURVES)
STRATEGIES = ("random", "entropy")
ANNEALING_CURVES = {
    "none": lambda temperature, s: temperature,
    "linear": lambda temperature, s: temperature * (1 - s),
    "published": lambda temperature, s: max(min(temperature, HOTTEST) - s, 0.001) ** 2,
}
ANNEALINGS = tuple(ANNEALING_CURVES)
MAX_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class StageOption:
    """One option: its name in recipes, its title and what it does, and which values it takes.

    Options of one ``group`` belong together; those of none are what most stages are set by.
    ``choices`` are all values of a choice. Numbers lie from ``least`` to ``most``, above ``least``
    where it is ``open``, and are whole ones where ``whole``. All else is text that ``read``
    understands, such as ``example``.
    """

    name: str
    title: str
    about: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float = math.inf
    open: bool = False
    whole: bool = False
    example: str = ""
    group: str = ""
    read: Callable[[str], object] | None = None

    @property
    def kind(self) -> str:
        """``choice``, ``whole``, ``number`` or ``text``."""
        if self.choices:
            return "choice"
        if self.least is None:
            return "text"
        return "whole" if self.whole else "number"

    def parse(self, text: str) -> object:
        """The value that a recipe's text means; a SamplingError says what to write instead."""
        if self.read is not None:
            return self.read(text)
        if self.choices:
            return text
        if self.whole:
            if not text.isdecimal():
                raise SamplingError(f"{self.name} is {text!r}; give a whole number")
            return int(text)
        try:
            return float(text)
        except ValueError:
            raise SamplingError(f"{self.name} is {text!r}; give a number") from None

    def refuse(self, value: object) -> None:
        """Raise a SamplingError for a value that this option does not take."""
        if self.choices and value not in self.choices:
            known = ", ".join(self.choices)
            raise SamplingError(f"no {self.name} {value!r}; choose from {known}")
        if self.least is None:
            return
        if self.whole:
            if not (is_whole(value) and self.least <= value <= self.most):  # type: ignore[operator]
                raise SamplingError(
                    f"{self.name} {value}; give a whole number from {self.least:g} to {self.most:g}"
                )
            return
        if isinstance(value, bool) or not isinstance(value, Real):
            raise SamplingError(f"{self.name} is {value!r}; give a number")
        number = float(value)
        enough = number > self.least if self.open else number >= self.least
        if not (math.isfinite(number) and enough and number <= self.most):
            bounds = f"above {self.least:g}" if self.open else f"of at least {self.least:g}"
            bounds += f" and up to {self.most:g}" if math.isfinite(self.most) else ""
            raise SamplingError(f"{self.title} {value}; give a number {bounds}")


def is_whole(value: object) -> bool:
    """Whether it is a whole number, and no truth value."""
    return isinstance(value, Integral) and not isinstance(value, bool)


OPTIONS = (
    StageOption(
        "schedule", "schedule",
        "How many residues each step fills: cosine fills few at first and many at last.",
        choices=SCHEDULES,
    ),
    StageOption(
        "strategy", "order",
        "Which residues come first: random ones, or those that the model is surest of (entropy).",
        choices=STRATEGIES,
    ),
    StageOption(
        "annealing", "annealing",
        "Lowers the temperature over the steps: linear ends at 0, published squares T − s as the "
        "reference does.",
        choices=ANNEALINGS,
    ),
    StageOption(
        "temperature", "temperature",
        "How freely values are drawn: 0 takes the likeliest, 1 follows the model, more is bolder.",
        least=0,
    ),
    StageOption(
        "top_p", "top-p",
        "Draws only among the likeliest values that together have this probability; 1 is all.",
        least=0, most=1, open=True,
    ),
    StageOption(
        "refine", "refine rounds",
        "After filling, this often masks the least sure share again and fills it anew.",
        least=0, most=1000, whole=True, group="Fill again",
    ),
    StageOption(
        "gibbs", "Gibbs passes",
        "After filling, this many passes draw a share of the residues anew, all at once.",
        least=0, most=MAX_STEPS, whole=True, group="Fill again",
    ),
    StageOption(
        "share", "share",
        "Which part of the stage's residues a refine round or Gibbs pass takes, 0 to 1.",
        least=0, most=1, open=True, group="Fill again",
    ),
    StageOption(
        "gate", "gate",
        "What the protein must reach after this stage; the stage is sampled again until it does.",
        example="ptm>0.6+motif_rmsd<1.5", read=Goals.parse, group="Gate",
    ),
    StageOption(
        "retries", "retries",
        "How often a stage that misses its gate is sampled again, with other draws.",
        least=0, most=100, whole=True, group="Gate",
    ),
    StageOption(
        "guide", "guidance",
        "Follows what the prompt gives on a track, or an annotation, more closely: weight 0 is "
        "plain.",
        example="ss8:2+function:1.5", read=Guidance.parse, group="Guidance",
    ),
    StageOption(
        "best", "best of",
        "Draws this many candidates at a step and keeps the one with the highest reward.",
        least=1, most=1000, whole=True, group="Candidates",
    ),
    StageOption(
        "every", "at every",
        "Candidates are drawn at every n-th step only; each costs a model pass of its own.",
        least=1, most=MAX_STEPS, whole=True, group="Candidates",
    ),
    StageOption(
        "reward", "reward",
        "What makes one candidate better than another: a metric, or the way to a goal.",
        example="ptm", read=Reward.parse, group="Candidates",
    ),
    StageOption(
        "subject", "subject to",
        "Candidates that reach this come before those that do not, whatever their reward.",
        example="motif_rmsd<1.5", read=Goals.parse, group="Candidates",
    ),
)  # fmt: skip
"""Every option of a stage, in the order in which recipes are written."""

BY_NAME = {option.name: option for option in OPTIONS}
