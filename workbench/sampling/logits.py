"""Logits to choices: pure functions on (positions, ids) logits; no argument is changed."""

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from .stage_options import HOTTEST

Logits = Float[Tensor, "positions ids"]

COLDEST = 1e-30
ROWS_AT_ONCE = 64
"""Positions worked on together where copies are made: a processor takes longer to get memory for
all of them at once than to fill it.
"""


def restrict(logits: Logits, allowed: Bool[Tensor, "positions ids"]) -> Logits:
    """Only allowed ids keep a chance; always float32."""
    return logits.float().masked_fill(~allowed, -math.inf)


def entropy(logits: Logits) -> Float[Tensor, " positions"]:
    """Predictive entropy in nats."""
    return torch.cat([_entropy(some) for some in logits.split(ROWS_AT_ONCE)])


def _entropy(logits: Logits) -> Float[Tensor, " positions"]:
    below = logits - logits.amax(-1, keepdim=True)
    chance = below.softmax(-1)
    mean = torch.linalg.vecdot(chance, below.clamp_min_(torch.finfo(below.dtype).min))
    return (-chance.amax(-1).log() - mean).clamp_min(0.0)


def tempered(logits: Logits, temperature: float) -> Logits:
    """Logits at a temperature; at 0 only the likeliest id is left.

    So it is below ``COLDEST``, where quotients overflow; above ``HOTTEST`` all ids that are left
    are equally likely.
    """
    if temperature > COLDEST:
        return logits / min(temperature, HOTTEST)
    best = logits.argmax(-1, keepdim=True)
    return torch.full_like(logits, -math.inf).scatter(-1, best, 0.0)


def nucleus(logits: Logits, top_p: float) -> Logits:
    """Keep the smallest set of likeliest ids that reaches ``top_p`` [Holtzman et al. 2020]."""
    if top_p >= 1:
        return logits
    ordered, order = logits.softmax(-1).sort(dim=-1, descending=True, stable=True)
    reached_before = ordered.cumsum(-1) - ordered
    dropped = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, order, reached_before >= top_p)
    return logits.masked_fill(dropped, -math.inf)


def draw(logits: Logits, uniform: Float[Tensor, " positions"]) -> Int[Tensor, " positions"]:
    """The id that each number in [0, 1) falls on, by the inverse of the cumulative distribution."""
    cumulative = logits.double().softmax(-1).cumsum(-1)
    target = uniform.double()[:, None] * cumulative[:, -1:]
    return torch.searchsorted(cumulative, target, right=True)[:, 0].clamp(max=logits.shape[-1] - 1)
