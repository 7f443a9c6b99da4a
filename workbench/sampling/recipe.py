"""Recipe: which tracks are sampled, in which order and how. Plans are known before a run. No
torch.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real

from ..errors import PromptError, SamplingError
from ..tracks import Track
from .goals import Goals, Reward
from .guidance import Guidance

HOTTEST = 1e30
"""From this temperature on, whatever is allowed is equally likely; far below what can be computed
with."""
_SCHEDULES = {
    "cosine": lambda t: math.cos(math.pi * t / 2),
    "linear": lambda t: 1 - t,
    "square_root": lambda t: 1 - math.sqrt(t),
    "square": lambda t: 1 - t**2,
    "cubic": lambda t: 1 - t**3,
}
SCHEDULES = tuple(_SCHEDULES)
STRATEGIES = ("random", "entropy")
_ANNEALINGS = {
    "none": lambda temperature, s: temperature,
    "linear": lambda temperature, s: temperature * (1 - s),
    "published": lambda temperature, s: max(min(temperature, HOTTEST) - s, 0.001) ** 2,
}
ANNEALINGS = tuple(_ANNEALINGS)
SAMPLED_TRACKS = tuple(Track)
MAX_STEPS = 100_000
PTM = Reward("ptm")
COUNTS = (
    ("refine", 0, 1000),
    ("gibbs", 0, MAX_STEPS),
    ("retries", 0, 100),
    ("best", 1, 1000),
    ("every", 1, MAX_STEPS),
)
_STAGE = re.compile(r"(?P<track>\w+):(?P<steps>\d+)(?:\((?P<options>[^()]*)\))?")


@dataclass(frozen=True, slots=True)
class Stage:
    """One track filled in ``steps`` passes. ``temperature`` 0 takes the likeliest value.

    ``annealing`` lowers the temperature over the steps of the schedule, those that fill nothing
    included: ``linear`` to 0, ``published`` as the reference does it, max(T − s/(S−1), 0.001)²,
    which is no longer T even at the first step.

    After filling, each of ``refine`` rounds masks the least sure ``share`` of the stage's residues
    again and fills it by the schedule; each of ``gibbs`` passes draws a ``share`` anew at once, by
    lot or, with the entropy strategy, the least sure. A stage that misses its ``gate`` is sampled
    again with other draws, at most ``retries`` times. ``guide`` weighs what the prompt gives.
    At ``every`` n-th pass ``best`` candidates are drawn and the one with the highest ``reward`` is
    kept, those that meet ``subject`` first.
    """

    track: Track
    steps: int
    schedule: str = "cosine"
    strategy: str = "random"
    temperature: float = 1.0
    top_p: float = 1.0
    annealing: str = "none"
    refine: int = 0
    gibbs: int = 0
    share: float = 0.25
    gate: Goals | None = None
    retries: int = 3
    guide: Guidance | None = None
    best: int = 1
    every: int = 1
    reward: Reward = PTM
    subject: Goals | None = None

    def __post_init__(self) -> None:
        if not (_is_whole(self.steps) and 1 <= self.steps <= MAX_STEPS):
            raise SamplingError(
                f"{self.track}: {self.steps} steps; give a whole number from 1 to {MAX_STEPS}"
            )
        if self.schedule not in SCHEDULES:
            raise SamplingError(
                f"no schedule {self.schedule!r}; choose from {', '.join(SCHEDULES)}"
            )
        if self.strategy not in STRATEGIES:
            raise SamplingError(
                f"no strategy {self.strategy!r}; choose from {', '.join(STRATEGIES)}"
            )
        if self.annealing not in ANNEALINGS:
            raise SamplingError(
                f"no annealing {self.annealing!r}; choose from {', '.join(ANNEALINGS)}"
            )
        for name in ("temperature", "top_p", "share"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Real):
                raise SamplingError(f"{name} is {value!r}; give a number")
        if not (math.isfinite(self.temperature) and self.temperature >= 0):
            raise SamplingError(f"temperature {self.temperature}; give a number of at least 0")
        if not 0 < self.top_p <= 1:
            raise SamplingError(f"top-p {self.top_p}; give a number above 0 and up to 1")
        for name, least, most in COUNTS:
            value = getattr(self, name)
            if not (_is_whole(value) and least <= value <= most):
                raise SamplingError(f"{name} {value}; give a whole number from {least} to {most}")
        if not 0 < self.share <= 1:
            raise SamplingError(f"share {self.share}; give a number above 0 and up to 1")

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that its gate and its choice of candidates need."""
        names = self.gate.metrics if self.gate else ()
        if self.best > 1:
            names += (self.reward.metric, *(self.subject.metrics if self.subject else ()))
        return tuple(dict.fromkeys(names))

    def temperature_at(self, step: int, steps: int) -> float:
        """The temperature of step ``step`` (from 0) of the ``steps`` of the schedule."""
        return _ANNEALINGS[self.annealing](self.temperature, step / max(1, steps - 1))

    def __str__(self) -> str:
        plain = Stage(self.track, self.steps)
        options = [
            f"{name}={getattr(self, name)}"
            for name in READERS
            if getattr(self, name) != getattr(plain, name)
        ]
        return f"{self.track}:{self.steps}" + (f"({';'.join(options)})" if options else "")


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Stages run one after the other, each on what the earlier ones left."""

    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        if not self.stages:
            raise SamplingError("a recipe needs at least one stage, such as sequence:8")

    @classmethod
    def parse(cls, text: str) -> "Recipe":
        """Read ``sequence:8,structure:8(strategy=entropy;temperature=0.7)``; ``str`` writes it
        back.
        """
        return cls(tuple(_parse_stage(part.strip(), text) for part in text.split(",")))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that its gates and choices of candidates need."""
        return tuple(dict.fromkeys(name for stage in self.stages for name in stage.metrics))

    def __str__(self) -> str:
        return ",".join(str(stage) for stage in self.stages)


def _parse_stage(part: str, text: str) -> Stage:
    match = _STAGE.fullmatch(part)
    if match is None:
        raise SamplingError(
            f"cannot read {part!r} in the recipe {text!r}; write stages as sequence:8 or "
            "structure:8(strategy=entropy;temperature=0.7)"
        )
    options: dict[str, object] = {}
    for option in filter(None, (match["options"] or "").split(";")):
        name, _, value = (word.strip() for word in option.partition("="))
        if name not in READERS:
            raise SamplingError(f"no option {name!r} in {part!r}; set {', '.join(READERS)}")
        options[name] = READERS[name](name, value)
    try:
        track = Track.named(match["track"])
    except PromptError as error:
        raise SamplingError(f"in the recipe {text!r}: {error}") from None
    return Stage(track, int(match["steps"]), **options)  # type: ignore[arg-type]


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise SamplingError(f"{name} is {value!r}; give a number") from None


def _whole(name: str, value: str) -> int:
    if not value.isdecimal():
        raise SamplingError(f"{name} is {value!r}; give a whole number")
    return int(value)


READERS: dict[str, Callable[[str, str], object]] = {
    **dict.fromkeys(("schedule", "strategy", "annealing"), lambda name, value: value),
    **dict.fromkeys(("temperature", "top_p"), _number),
    **dict.fromkeys(("refine", "gibbs"), _whole),
    "share": _number,
    "gate": lambda name, value: Goals.parse(value),
    "retries": _whole,
    "guide": lambda name, value: Guidance.parse(value),
    **dict.fromkeys(("best", "every"), _whole),
    "reward": lambda name, value: Reward.parse(value),
    "subject": lambda name, value: Goals.parse(value),
}
"""How each option of a stage is read, in the order in which options are written."""


def fillings(stage: Stage, masked: int) -> list[tuple[int, int]]:
    """(step, residues filled) of each step of the schedule that fills any; together ``masked``.

    After step s of S, floor(schedule((s+1)/S) · M + 0.1) stay masked [A.3]. Steps that would fill
    nothing take no pass, so there may be fewer than ``stage.steps``.
    """
    steps = steps_of(stage, masked)
    left = [
        math.floor(_SCHEDULES[stage.schedule]((step + 1) / steps) * masked + 0.1)
        for step in range(steps)
    ]
    counts = [before - after for before, after in zip([masked, *left], left, strict=False)]
    return [(step, count) for step, count in enumerate(counts) if count > 0]


def steps_of(stage: Stage, masked: int) -> int:
    """Steps of the schedule: as many as the stage has, but no more than residues are masked."""
    return min(stage.steps, masked)
