"""Recipe: which tracks are sampled, in which order and how. Plans are known before a run. No
torch.
"""

import math
import re
from dataclasses import dataclass, field

from ..errors import PromptError, SamplingError
from ..tracks import Track
from .goals import Goals, Reward
from .guidance import Guidance
from .stage_options import (
    ANNEALING_CURVES,
    BY_NAME,
    MAX_STEPS,
    OPTIONS,
    SCHEDULE_CURVES,
    is_whole,
)

SAMPLED_TRACKS = tuple(Track)
PTM = Reward("ptm")
_STAGE = re.compile(r"(?P<track>\w+):(?P<steps>\d+)(?:\((?P<options>[^()]*)\))?")


@dataclass(frozen=True, slots=True)
class Stage:
    """One track filled in ``steps`` passes. ``temperature`` 0 takes the likeliest value.

    ``annealing`` lowers the temperature over the steps of the schedule, those that fill nothing
    included: ``linear`` to 0, ``published`` as the reference does it, max(T − s/(S−1), 0.001)²,
    which is no longer T even at the first step.

    After filling, each of ``refine`` rounds masks the least sure ``share`` of the stage's residues
    again and fills it by the schedule; each of ``gibbs`` passes draws a ``share`` anew at once,
    at random or, with the entropy strategy, the least sure. A stage that misses its ``gate`` is
    sampled again with other draws, at most ``retries`` times. ``guide`` weighs what the prompt
    gives.
    At ``every`` n-th pass ``best`` candidates are drawn and the one with the highest ``reward`` is
    kept, those that meet ``subject`` first.

    ``explicit`` names the options that a recipe's text spells out: they hold against settings of
    the whole run, also where they are the defaults.
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
    explicit: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if not (is_whole(self.steps) and 1 <= self.steps <= MAX_STEPS):
            raise SamplingError(
                f"{self.track}: {self.steps} steps; give a whole number from 1 to {MAX_STEPS}"
            )
        for option in OPTIONS:
            option.refuse(getattr(self, option.name))

    def has_own(self, name: str) -> bool:
        """Whether it has an option of its own: spelt out, or other than by default."""
        plain = Stage.__dataclass_fields__[name].default
        return name in self.explicit or getattr(self, name) != plain

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that its gate and its choice of candidates need."""
        names = self.gate.metrics if self.gate else ()
        if self.best > 1:
            names += (self.reward.metric, *(self.subject.metrics if self.subject else ()))
        return tuple(dict.fromkeys(names))

    def temperature_at(self, step: int, steps: int) -> float:
        """The temperature of step ``step`` (from 0) of the ``steps`` of the schedule."""
        return ANNEALING_CURVES[self.annealing](self.temperature, step / max(1, steps - 1))

    def __str__(self) -> str:
        named = (option.name for option in OPTIONS)
        options = [f"{name}={getattr(self, name)}" for name in named if self.has_own(name)]
        return f"{self.track}:{self.steps}" + (f"({';'.join(options)})" if options else "")


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
        if name not in BY_NAME:
            raise SamplingError(f"no option {name!r} in {part!r}; set {', '.join(BY_NAME)}")
        options[name] = BY_NAME[name].parse(value)
    try:
        track = Track.named(match["track"])
    except PromptError as error:
        raise SamplingError(f"in the recipe {text!r}: {error}") from None
    explicit = frozenset(options)
    return Stage(track, int(match["steps"]), explicit=explicit, **options)  # type: ignore[arg-type]


def fillings(stage: Stage, masked: int) -> list[tuple[int, int]]:
    """(step, residues filled) of each step of the schedule that fills any; together ``masked``.

    After step s of S, floor(schedule((s+1)/S) · M + 0.1) stay masked [A.3]. Steps that would fill
    nothing take no pass, so there may be fewer than ``stage.steps``.
    """
    steps = steps_of(stage, masked)
    masked_after = [
        math.floor(SCHEDULE_CURVES[stage.schedule]((step + 1) / steps) * masked + 0.1)
        for step in range(steps)
    ]
    counts = [
        before - after for before, after in zip([masked, *masked_after], masked_after, strict=False)
    ]
    return [(step, count) for step, count in enumerate(counts) if count > 0]


def steps_of(stage: Stage, masked: int) -> int:
    """Steps of the schedule: as many as the stage has, but no more than residues are masked."""
    return min(stage.steps, masked)
