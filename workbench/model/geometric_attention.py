"""Geometric attention: residues attend by direction and distance in space [Hayes et al. 2025, Alg.
6].

Invariant under any rigid motion of the input: the attention sees only relative rotations and
distances.
"""

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import softplus

from .frames import Frames

SCORES_AT_ONCE = 1 << 24
"""Attention scores held in memory at once; heads are processed in chunks of about this many."""


class GeometricAttention(nn.Module):
    """Heads of 3-vectors: query and key by rotation and by distance, and value."""

    def __init__(
        self, width: int, heads: int, *, bias: bool = False, zero_frameless: bool = True
    ) -> None:
        """``zero_frameless`` silences residues without a frame (the trunk does, the encoder does
        not).
        """
        super().__init__()
        self.heads = heads
        self.zero_frameless = zero_frameless
        self.s_norm = nn.LayerNorm(width, bias=bias)
        self.proj = nn.Linear(width, 15 * heads, bias=bias)
        self.out_proj = nn.Linear(3 * heads, width, bias=bias)
        self.distance_scale_per_head = nn.Parameter(torch.zeros(heads))
        self.rotation_scale_per_head = nn.Parameter(torch.zeros(heads))

    def forward(
        self,
        x: Float[Tensor, "batch length width"],
        frames: Frames,
        keys: Bool[Tensor, "batch length"],
        chain: Int[Tensor, "batch length"] | None = None,
        queries: int | None = None,
    ) -> Float[Tensor, "batch queries width"]:
        """The update added to ``x``; only ``keys`` of the same ``chain`` are attended to.

        ``queries`` asks for the update of the first few positions only.
        """
        vectors = self.proj(self.s_norm(x)).float().unflatten(-1, (-1, 3))
        by_rotation, by_distance = vectors.split([3 * self.heads, 2 * self.heads], dim=-2)
        turned = frames.rotate(by_rotation).transpose(1, 2)
        query_r, key_r, value = turned.chunk(3, dim=1)
        query_d, key_d = frames.place(by_distance).transpose(1, 2).chunk(2, dim=1)
        asked = slice(0, queries)
        query_r, query_d = query_r[:, :, asked], query_d[:, :, asked]
        scale_r, scale_d = (
            (softplus(scale.float()) / math.sqrt(3))[:, None, None]
            for scale in (self.rotation_scale_per_head, self.distance_scale_per_head)
        )
        hidden = ~keys[:, None, None, :]
        if chain is not None:
            hidden = hidden | (chain[:, None, asked, None] != chain[:, None, None, :])
        batch, length = keys.shape
        chunk = max(1, min(self.heads, SCORES_AT_ONCE // (batch * length * length)))
        parts = [
            _attend(query_r[:, at], key_r[:, at], query_d[:, at], key_d[:, at], value[:, at],
                    scale_r[at], scale_d[at], hidden)
            for at in (slice(start, start + chunk) for start in range(0, self.heads, chunk))
        ]  # fmt: skip
        out = (torch.cat(parts, dim=1).transpose(1, 2) @ frames.rotation[:, asked]).flatten(-2)
        if self.zero_frameless:
            out = out.masked_fill(~frames.known[:, asked, None], 0.0)
        return self.out_proj(out.to(x.dtype))


def _attend(
    query_r: Float[Tensor, "batch heads queries 3"],
    key_r: Float[Tensor, "batch heads length 3"],
    query_d: Float[Tensor, "batch heads queries 3"],
    key_d: Float[Tensor, "batch heads length 3"],
    value: Float[Tensor, "batch heads length 3"],
    scale_r: Float[Tensor, "heads 1 1"],
    scale_d: Float[Tensor, "heads 1 1"],
    hidden: Bool[Tensor, "batch 1 #queries length"],
) -> Float[Tensor, "batch heads queries 3"]:
    query_d, key_d = query_d * scale_d, key_d * scale_d
    x, y, z = ((query_d[..., axis, None] - key_d[..., None, :, axis]).square() for axis in range(3))
    distance = (x + y + z).clamp_min(1e-12).sqrt()
    score = (query_r * scale_r) @ key_r.transpose(-1, -2) - distance
    weight = score.masked_fill(hidden, torch.finfo(score.dtype).min).softmax(-1)
    return weight @ value
