"""Recipe: which tracks are sampled, in which order and how. Plans are known before a run. No
torch.
"""

import math
import re
from dataclasses import dataclass

from ..errors import PromptError, SamplingError
from ..tracks import Track

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
    "published": lambda temperature, s: max(temperature - s, 0.001) ** 2,
}
ANNEALINGS = tuple(_ANNEALINGS)
SAMPLED_TRACKS = (Track.SEQUENCE, Track.STRUCTURE, Track.SS8, Track.SASA)
MAX_STEPS = 100_000
WORDS, NUMBERS = ("schedule", "strategy", "annealing"), ("temperature", "top_p")
_STAGE = re.compile(r"(?P<track>\w+):(?P<steps>\d+)(?:\((?P<options>[^()]*)\))?")


@dataclass(frozen=True, slots=True)
class Stage:
    """One track filled in ``steps`` passes. ``temperature`` 0 takes the likeliest value.

    ``annealing`` lowers the temperature over the passes: ``linear`` to 0, ``published`` as the
    reference does it, max(T − s/(S−1), 0.001)², which is no longer T even at the first pass.
    """

    track: Track
    steps: int
    schedule: str = "cosine"
    strategy: str = "random"
    temperature: float = 1.0
    top_p: float = 1.0
    annealing: str = "none"

    def __post_init__(self) -> None:
        if self.track not in SAMPLED_TRACKS:
            known = ", ".join(SAMPLED_TRACKS)
            raise SamplingError(f"the {self.track} track cannot be sampled yet; sample {known}")
        if not 1 <= self.steps <= MAX_STEPS:
            raise SamplingError(f"{self.track}: {self.steps} steps; give 1 to {MAX_STEPS}")
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
        if not (math.isfinite(self.temperature) and self.temperature >= 0):
            raise SamplingError(f"temperature {self.temperature}; give a number of at least 0")
        if not 0 < self.top_p <= 1:
            raise SamplingError(f"top-p {self.top_p}; give a number above 0 and up to 1")

    def temperature_at(self, step: int, steps: int) -> float:
        """The temperature of pass ``step`` (from 0) of ``steps``."""
        return _ANNEALINGS[self.annealing](self.temperature, step / max(1, steps - 1))

    def __str__(self) -> str:
        plain = Stage(self.track, self.steps)
        options = [
            f"{name}={getattr(self, name)}"
            for name in (*WORDS, *NUMBERS)
            if getattr(self, name) != getattr(plain, name)
        ]
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

    def __str__(self) -> str:
        return ",".join(str(stage) for stage in self.stages)


def _parse_stage(part: str, text: str) -> Stage:
    match = _STAGE.fullmatch(part)
    if match is None:
        raise SamplingError(
            f"cannot read {part!r} in the recipe {text!r}; write stages as sequence:8 or "
            "structure:8(strategy=entropy;temperature=0.7)"
        )
    options: dict[str, str | float] = {}
    for option in filter(None, (match["options"] or "").split(";")):
        name, _, value = (word.strip() for word in option.partition("="))
        if name in WORDS:
            options[name] = value
        elif name in NUMBERS:
            options[name] = _number(name, value)
        else:
            raise SamplingError(
                f"no option {name!r} in {part!r}; set {', '.join((*WORDS, *NUMBERS))}"
            )
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


def plan(stage: Stage, masked: int) -> list[int]:
    """Residues filled at each pass: every entry is at least 1 and they add up to ``masked``.

    After step s of S, floor(schedule((s+1)/S) · M + 0.1) stay masked [A.3]; passes that would fill
    nothing are left out, so there may be fewer than ``stage.steps``.
    """
    steps = min(stage.steps, masked)
    left = [
        math.floor(_SCHEDULES[stage.schedule]((step + 1) / steps) * masked + 0.1)
        for step in range(steps)
    ]
    counts = [before - after for before, after in zip([masked, *left], left, strict=False)]
    return [count for count in counts if count > 0]
