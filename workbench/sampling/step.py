"""SamplingStep: one step of a run, as it is drawn, kept and looked at again."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import Track
from .goals import Outcome


@dataclass(frozen=True, slots=True, eq=False)
class SamplingStep:
    """What one model pass decided, and how sure it was.

    ``entropy`` (nats) is NaN where the model was not asked; ``probability`` is that of the value
    chosen on this track in this run, on the function and residue tracks that of the whole row.
    ``ghost`` holds structure tokens with masks filled by the likeliest code, and
    ``ghost_probability`` how likely each is. ``reward`` is that of the candidate kept, where
    several were drawn; ``outcomes`` are those of all gates so far.
    """

    index: int
    stage: int
    track: Track
    positions: Int[np.ndarray, " filled"]
    entropy: Float[np.ndarray, " length"]
    probability: Float[np.ndarray, " length"]
    tokens: ResidueTokens
    ghost: Int[np.ndarray, " length"] | None = None
    ghost_probability: Float[np.ndarray, " length"] | None = None
    reward: float | None = None
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()
