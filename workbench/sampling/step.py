"""SamplingStep: one step of a run, as it is drawn, kept and shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Int

from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import Track
from .goals import Goals


@dataclass(frozen=True, slots=True)
class Outcome:
    """The values of one attempt at a stage at its gate; ``attempt`` 0 is the first.

    ``steps`` are those of the attempt, so that the best can be kept when all miss; empty where they
    are not known.
    """

    stage: int
    attempt: int
    gate: Goals
    values: Mapping[str, float]
    steps: "tuple[SamplingStep, ...]" = field(default=(), repr=False, compare=False)

    @property
    def passed(self) -> bool:
        """Whether every goal of the gate was reached."""
        return self.gate.reached(self.values)

    @property
    def measured(self) -> str:
        """What was measured, such as ``ptm 0.42, motif_rmsd 1.8``."""
        return ", ".join(f"{name} {value:.3g}" for name, value in self.values.items())

    def __str__(self) -> str:
        verdict = "reached" if self.passed else "missed"
        return (
            f"attempt {self.attempt + 1} of stage {self.stage + 1} {verdict} {self.gate}: "
            f"{self.measured}"
        )


def missed_gate(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The attempt that came closest at the last gate, the earliest of equals, where all missed it;
    None where one did not, or nothing was judged.
    """
    last = [outcome for outcome in outcomes if outcome.stage == outcomes[-1].stage]
    return None if not last or any(outcome.passed for outcome in last) else closest(last)


def closest(attempts: Sequence[Outcome]) -> Outcome:
    """The attempt at one gate that came closest to it, the earliest of equals."""
    return min(attempts, key=lambda outcome: outcome.gate.distance(outcome.values))


@dataclass(frozen=True, slots=True, eq=False)
class SamplingStep:
    """The values that one model pass filled, and how sure it was.

    ``entropy`` (nats) is NaN where nothing was predicted; ``probability`` is that of the value
    chosen on this track in this run, on the function and residue tracks that of the whole row.
    ``predicted_structure`` holds structure tokens with masks filled by the likeliest code, and
    ``predicted_probability`` how likely each is. ``reward`` is that of the candidate kept, where
    several were drawn; ``outcomes`` are those of all gates so far.
    """

    index: int
    stage: int
    track: Track
    positions: Int[np.ndarray, " filled"]
    entropy: Float[np.ndarray, " length"]
    probability: Float[np.ndarray, " length"]
    tokens: ResidueTokens
    predicted_structure: Int[np.ndarray, " length"] | None = None
    predicted_probability: Float[np.ndarray, " length"] | None = None
    reward: float | None = None
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"filled {len(self.positions)} of {self.track.value}"


Steps = tuple[SamplingStep, ...]
