"""Noise of the training objective: how much of each track is hidden [Hayes et al. 2025, A.2].

Each track is masked on its own, at a rate drawn from its own schedule, and some tracks are at
times left out whole.
"""

import math
from collections.abc import Mapping
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
HIDDEN, SHOWN = Noise("cosine", 1.0), Noise("seldom")


@dataclass(frozen=True, slots=True)
class Task:
    """What one crop is for: the noise of every track, and of the coordinates."""

    tracks: dict[Track, Noise]
    coordinates: Noise


ANYTHING = Task(TRACK_NOISE, COORDINATE_NOISE)
"""The paper's noise: every track on its own."""
TASKS = {
    "inverse_folding": Task(
        TRACK_NOISE
        | {Track.SEQUENCE: Noise("uniform", 0.5), Track.STRUCTURE: Noise("seldom", 0.2)},
        Noise("seldom", 0.15),
    ),
    "folding": Task(
        TRACK_NOISE | {Track.SEQUENCE: SHOWN, Track.STRUCTURE: Noise("cosine", 0.3)}, HIDDEN
    ),
    "from_nothing": Task(
        TRACK_NOISE
        | {
            Track.SEQUENCE: HIDDEN,
            Track.STRUCTURE: Noise("cosine", 0.1),
            Track.SS8: Noise("square_root", 0.6),
        },
        HIDDEN,
    ),
}
"""What people ask for most, and the paper's noise seldom draws. A plan's options give the share of
crops of each; the rest are for anything.
"""


def drawn_task(shares: Mapping[str, float], random: np.random.Generator) -> Task:
    """The task of one crop."""
    remainder = random.random()
    for name, task in TASKS.items():
        remainder -= shares.get(name, 0.0)
        if remainder < 0:
            return task
    return ANYTHING


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
        "uniform": t,
        "square_root": 1 - math.sqrt(t),
        "seldom": max(0.0, t - 0.7),
    }
    return rates[noise.schedule]


def masked_residues(
    noise: Noise, length: int, random: np.random.Generator
) -> Bool[np.ndarray, " length"]:
    """Which of ``length`` residues to hide: each on its own, or, as often, pieces of the chain."""
    rate = masking_rate(noise, random)
    if random.random() < 0.5 or not 0 < rate < 1:
        return random.random(length) < rate
    pieces = 1 + int(random.integers(max(1, length // 16)))
    bounds = np.sort(random.integers(length + 1, size=pieces))
    piece = np.searchsorted(bounds, np.arange(length), side="right")
    return (random.random(pieces + 1) < rate)[piece]
