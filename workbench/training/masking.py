"""Noise of the training objective: how much of each track is hidden [Hayes et al. 2025, A.2].

Each track is masked on its own, at a rate drawn from its own schedule, and some tracks are at
times left out whole.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from ..tracks import Track


@dataclass(frozen=True, slots=True)
class Noise:
    """``schedule`` draws the share hidden; ``dropped`` is the chance that all of it is."""

    schedule: str
    dropped: float = 0.0


TRACK_NOISE = {
    Track.SEQUENCE: Noise("beta_linear_30"),
    Track.STRUCTURE: Noise("cosine", 0.25),
    Track.SS8: Noise("square_root", 0.9),
    Track.SASA: Noise("square_root", 0.9),
}
COORDINATE_NOISE = Noise("cubic", 0.5)
WHOLE = Noise("cosine", 1.0)
SHOWN = Noise("seldom")
"""Of inverse folding: what is asked for is hidden whole, what is given is mostly seen."""


def masking_rate(noise: Noise, random: np.random.Generator) -> float:
    """Share of the residues to hide in one protein, 0–1."""
    if random.random() < noise.dropped:
        return 1.0
    t = random.random()
    if noise.schedule == "beta_linear_30":
        return random.beta(3, 9) if random.random() < 0.8 else t
    rates = {
        "cosine": math.cos(math.pi * t / 2),
        "cubic": 1 - t**3,
        "square_root": 1 - math.sqrt(t),
        "seldom": max(0.0, t - 0.7),
    }
    return rates[noise.schedule]


def masked_residues(
    noise: Noise, length: int, random: np.random.Generator
) -> Bool[np.ndarray, " length"]:
    """Which of ``length`` residues to hide."""
    return random.random(length) < masking_rate(noise, random)
