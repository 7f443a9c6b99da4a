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
from .static_shapes import holds, shapes_are_static

SCORES_AT_ONCE = {"cpu": 1 << 18, "cuda": 1 << 26}
"""Attention scores in hand at once: what a processor's cache holds, or what fills a GPU.

A block's distances, softmax and value sum are done before the next block begins, so nothing of
heads × length × length is ever held.
"""


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
        if not self.zero_frameless or shapes_are_static():
            return self._update(x, frames, keys, chain, queries)
        taking_part = int(keys.sum(-1).max())
        if taking_part == keys.shape[1]:
            return self._update(x, frames, keys, chain, queries)
        at = (~keys).to(torch.uint8).argsort(dim=-1, stable=True)[:, :taking_part]
        row = torch.arange(len(x), device=x.device)[:, None]
        some = Frames(frames.rotation[row, at], frames.origin[row, at], keys[row, at])
        chain = None if chain is None else chain[row, at]
        update = self._update(x[row, at], some, keys[row, at], chain, None)
        return torch.zeros_like(x).index_put((row, at), update.to(x.dtype))[:, :queries]

    def _update(
        self,
        x: Float[Tensor, "batch length width"],
        frames: Frames,
        keys: Bool[Tensor, "batch length"],
        chain: Int[Tensor, "batch length"] | None,
        queries: int | None,
    ) -> Float[Tensor, "batch queries width"]:
        vectors = self.proj(self.s_norm(x)).float().unflatten(-1, (-1, 3))
        with torch.autocast(x.device.type, enabled=False):
            out = self._attended(vectors, frames, keys, chain, slice(0, queries))
        return self.out_proj(out.to(x.dtype))

    def _attended(
        self,
        vectors: Float[Tensor, "batch length vectors 3"],
        frames: Frames,
        keys: Bool[Tensor, "batch length"],
        chain: Int[Tensor, "batch length"] | None,
        span: slice,
    ) -> Float[Tensor, "batch queries values"]:
        by_rotation, by_distance = vectors.split([3 * self.heads, 2 * self.heads], dim=-2)
        turned = frames.rotate(by_rotation).transpose(1, 2).contiguous()
        query_r, key_r, value = turned.chunk(3, dim=1)
        points = frames.place(by_distance).transpose(1, 2).contiguous()
        query_d, key_d = points.chunk(2, dim=1)
        scale_r, scale_d = (
            (softplus(scale.float()) / math.sqrt(3))[:, None, None]
            for scale in (self.rotation_scale_per_head, self.distance_scale_per_head)
        )
        attended = _attend(
            query_r[:, :, span] * scale_r,
            key_r,
            query_d[:, :, span] * scale_d,
            key_d * scale_d,
            value,
            _hidden(keys, chain, span),
        )
        out = (attended.transpose(1, 2) @ frames.rotation[:, span]).flatten(-2)
        if self.zero_frameless:
            out = out.masked_fill(~frames.known[:, span, None], 0.0)
        return out


def _hidden(
    keys: Bool[Tensor, "batch length"], chain: Int[Tensor, "batch length"] | None, span: slice
) -> Bool[Tensor, "batch #queries length"] | None:
    """Which keys each query may not see; None where every query sees every key."""
    hidden = None if holds(keys.all()) else ~keys[:, None]
    if chain is not None and not holds((chain == chain[:, :1]).all()):
        elsewhere = chain[:, span, None] != chain[:, None]
        hidden = elsewhere if hidden is None else hidden | elsewhere
    return hidden


def _attend(
    query_r: Float[Tensor, "batch heads queries 3"],
    key_r: Float[Tensor, "batch heads length 3"],
    query_d: Float[Tensor, "batch heads queries 3"],
    key_d: Float[Tensor, "batch heads length 3"],
    value: Float[Tensor, "batch heads length 3"],
    hidden: Bool[Tensor, "batch #queries length"] | None,
) -> Float[Tensor, "batch heads queries 3"]:
    """Attention block by block: some heads, and some queries where one head is too large."""
    batch, heads, queries, _ = query_r.shape
    length = key_r.shape[2]
    budget = SCORES_AT_ONCE.get(query_r.device.type, SCORES_AT_ONCE["cpu"]) // (batch * length)
    rows = min(queries, max(1, budget))
    at_once = max(1, min(heads, budget // rows))
    block = _TrainedBlock.apply if query_r.requires_grad else _block
    columns = []
    for first in range(0, heads, at_once):
        head = slice(first, first + at_once)
        done = []
        for start in range(0, queries, rows):
            row = slice(start, start + rows)
            shade = hidden if hidden is None or hidden.shape[1] == 1 else hidden[:, row]
            done.append(
                block(query_r[:, head, row], key_r[:, head], query_d[:, head, row],
                      key_d[:, head], value[:, head], shade)
            )  # fmt: skip
        columns.append(torch.cat(done, dim=2))
    return torch.cat(columns, dim=1)


def _block(
    query_r: Float[Tensor, "batch heads queries 3"],
    key_r: Float[Tensor, "batch heads length 3"],
    query_d: Float[Tensor, "batch heads queries 3"],
    key_d: Float[Tensor, "batch heads length 3"],
    value: Float[Tensor, "batch heads length 3"],
    hidden: Bool[Tensor, "batch #queries length"] | None,
) -> Float[Tensor, "batch heads queries 3"]:
    score = _distances(query_d, key_d)
    score.flatten(0, 1).baddbmm_(query_r.flatten(0, 1), key_r.flatten(0, 1).mT, beta=-1)
    return _shares(score, hidden) @ value


def _distances(
    query: Float[Tensor, "batch heads queries 3"], key: Float[Tensor, "batch heads length 3"]
) -> Float[Tensor, "batch heads queries length"]:
    apart = query[..., 0, None] - key[..., None, :, 0]
    square = apart * apart
    for axis in (1, 2):
        torch.sub(query[..., axis, None], key[..., None, :, axis], out=apart)
        square.addcmul_(apart, apart)
    return square.clamp_min_(1e-12).sqrt_()


def _distances_by_product(
    query: Float[Tensor, "batch heads queries 3"], key: Float[Tensor, "batch heads length 3"]
) -> Float[Tensor, "batch heads queries length"]:
    """The same in fewer walks over all pairs, and less exact where two points nearly meet."""
    middle = key.mean(-2, keepdim=True)
    query, key = (query - middle).flatten(0, 1), (key - middle).flatten(0, 1)
    rows, columns = (x.square().sum(-1) for x in (query, key))
    square = torch.baddbmm(rows[..., None] + columns[:, None], query, key.mT, alpha=-2)
    return square.clamp_(min=1e-4).sqrt_().unflatten(0, middle.shape[:2])


def _shares(
    score: Float[Tensor, "batch heads queries length"],
    hidden: Bool[Tensor, "batch #queries length"] | None,
) -> Float[Tensor, "batch heads queries length"]:
    """How much each query takes of each key; changes ``score``."""
    if hidden is not None:
        score.masked_fill_(hidden[:, None], torch.finfo(score.dtype).min)
    return score.softmax(-1)


class _TrainedBlock(torch.autograd.Function):
    """The same block with its gradient written out: matrix products over the three axes in place of
    what autograd keeps of every pair, which takes less than half the time.
    """

    @staticmethod
    def forward(ctx, query_r, key_r, query_d, key_d, value, hidden):
        distance = _distances_by_product(query_d, key_d)
        score = torch.baddbmm(
            distance.flatten(0, 1), query_r.flatten(0, 1), key_r.flatten(0, 1).mT, beta=-1
        )
        weights = _shares(score.view_as(distance), hidden)
        out = weights @ value
        ctx.save_for_backward(query_r, key_r, query_d, key_d, value, distance, weights, out)
        return out

    @staticmethod
    def backward(ctx, gradient):
        query_r, key_r, query_d, key_d, value, distance, weights, out = ctx.saved_tensors
        to_value = weights.mT @ gradient
        mean = (gradient * out).sum(-1, keepdim=True)
        to_score = (gradient @ value.mT).sub_(mean).mul_(weights)
        to_query_r, to_key_r = to_score @ key_r, to_score.mT @ query_r
        pull = to_score.div_(distance)
        to_query_d = pull @ key_d - pull.sum(-1)[..., None] * query_d
        to_key_d = pull.mT @ query_d - pull.sum(-2)[..., None] * key_d
        return to_query_r, to_key_r, to_query_d, to_key_d, to_value, None
