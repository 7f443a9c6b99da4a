"""Pair track: features of every two stretches of a chain, and the blocks that update them.

A stretch is ``PATCH`` residues in a row, so that there are four times fewer pairs than of residues.
Triangle multiplication and the transition follow Jumper et al. 2021 (supplement, Algorithms 11, 12
and 15), without attention along triangles. Pairs are (row i, column j).
"""

import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor, nn
from torch.nn.functional import pad, scaled_dot_product_attention

from ..constants import BACKBONE_LOCAL
from .frames import Frames, in_full_precision
from .transformer import swiglu_mlp

PATCH = 2
MAX_OFFSET = 32
"""Offsets, in stretches, that are told apart; one more stands for another chain."""
DISTANCES = 12
"""Gaussians, from 2 to 24 Å, that a distance is seen through."""
GEOMETRY = DISTANCES + 12
"""Numbers that say how two frames lie to each other."""

Singles = Float[Tensor, "batch length width"]
Pairs = Float[Tensor, "batch patches patches pair"]
PairMask = Bool[Tensor, "batch patches patches"]


@in_full_precision
def pair_geometry(frames: Frames) -> Float[Tensor, "batch length length 24"]:
    """How every residue lies as seen from every other, unchanged by a rigid motion of all.

    The distance of the two CB atoms, the direction to the other's, and the turn between both.
    """
    cb = frames.place(ideal_cb(frames.origin).expand(*frames.origin.shape[:2], 1, 3))[..., 0, :]
    apart = cb[:, None] - cb[:, :, None]
    distance = (apart.square().sum(-1, keepdim=True) + 1e-8).sqrt()
    direction = (apart / distance) @ frames.rotation
    axes = frames.rotation.mT.flatten(1, 2)
    turn = (axes @ axes.mT).unflatten(1, (-1, 3)).unflatten(3, (-1, 3)).transpose(2, 3)
    spacing = 22.0 / (DISTANCES - 1)
    centres = torch.linspace(2.0, 24.0, DISTANCES, device=cb.device)
    gaussians = torch.exp(-(((distance - centres) / spacing) ** 2))
    return torch.cat([gaussians, direction, turn.flatten(-2)], dim=-1)


def ideal_cb(like: Tensor) -> Float[Tensor, "3"]:
    """CB in its residue's own frame where ideal geometry puts it, in Å."""
    n, _, c = torch.tensor(BACKBONE_LOCAL, device=like.device, dtype=torch.float32)
    return -0.58273431 * torch.linalg.cross(-n, c) - 0.56802827 * n - 0.54067466 * c


def by_patches(
    pairs: Float[Tensor, "batch length length features"],
) -> Float[Tensor, "batch patches patches more"]:
    """Features of residue pairs side by side for their stretches; an odd end is padded."""
    odd = pairs.shape[1] % PATCH
    if odd:
        pairs = pad(pairs, (0, 0, 0, PATCH - odd, 0, PATCH - odd))
    parts = pairs.unflatten(2, (-1, PATCH)).unflatten(1, (-1, PATCH))
    return parts.permute(0, 1, 3, 2, 4, 5).flatten(3)


def by_residues(
    pairs: Float[Tensor, "batch patches patches more"], length: int
) -> Float[Tensor, "batch length length features"]:
    """The other way round."""
    parts = pairs.unflatten(3, (PATCH, PATCH, -1)).permute(0, 1, 3, 2, 4, 5)
    return parts.flatten(3, 4).flatten(1, 2)[:, :length, :length]


def patches(x: Shaped[Tensor, "batch length features"]) -> Shaped[Tensor, "batch patches more"]:
    """Singles side by side for their stretches; an odd end is padded with zeros."""
    odd = x.shape[1] % PATCH
    if odd:
        x = pad(x, (0, 0, 0, PATCH - odd))
    return x.unflatten(1, (-1, PATCH)).flatten(2)


class ChainOffsets(nn.Module):
    """Where two stretches stand to each other along the chain."""

    def __init__(self, pair: int) -> None:
        """A row for every offset."""
        super().__init__()
        self.table = nn.Linear(2 * MAX_OFFSET + 2, pair, bias=False)

    def forward(self, chain: Int[Tensor, "batch length"]) -> Pairs:
        """What every pair starts from."""
        chain = patches(chain[..., None])[..., 0]
        index = torch.arange(chain.shape[1], device=chain.device)
        offset = (index - index[:, None]).clamp(-MAX_OFFSET, MAX_OFFSET) + MAX_OFFSET
        elsewhere = chain[:, None] != chain[:, :, None]
        return self.table.weight.T[torch.where(elsewhere, 2 * MAX_OFFSET + 1, offset)]


class TriangleMultiplication(nn.Module):
    """Every pair from the two others of each triangle: over the edges that leave both, or over
    those that reach them.
    """

    def __init__(self, pair: int, *, outgoing: bool) -> None:
        """As wide inside as the pairs are."""
        super().__init__()
        self.outgoing = outgoing
        self.norm = nn.LayerNorm(pair)
        self.edges = nn.Linear(pair, 3 * pair)
        self.norm_out = nn.LayerNorm(pair)
        self.out = nn.Linear(pair, pair)
        nn.init.zeros_(self.out.weight)

    def forward(self, z: Pairs, mask: PairMask) -> Pairs:
        """The update added to ``z``; pairs outside the mask say nothing."""
        first, second, gate = self.edges(self.norm(z)).chunk(3, dim=-1)
        first = (first * mask[..., None]).permute(0, 3, 1, 2)
        second = second.permute(0, 3, 1, 2)
        product = first @ second.mT if self.outgoing else first.mT @ second
        count = mask.diagonal(dim1=1, dim2=2).sum(-1)[:, None, None, None]
        product = product.permute(0, 2, 3, 1) / count.clamp_min(1).sqrt()
        return gate.sigmoid() * self.out(self.norm_out(product))


class OuterSum(nn.Module):
    """Pairs told of both their stretches."""

    def __init__(self, width: int, pair: int) -> None:
        """Two projections."""
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.sides = nn.Linear(PATCH * width, 2 * pair)

    def forward(self, x: Singles) -> Pairs:
        """What is added to the pairs."""
        row, column = self.sides(patches(self.norm(x))).chunk(2, dim=-1)
        return row[:, :, None] + column[:, None]


class BiasedAttention(nn.Module):
    """Self-attention of residues whose scores the pairs shift."""

    def __init__(self, width: int, heads: int, pair: int) -> None:
        """``heads`` of ``width / heads`` each."""
        super().__init__()
        self.heads = heads
        self.layernorm_qkv = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 3 * width))
        self.bias = nn.Sequential(nn.LayerNorm(pair), nn.Linear(pair, PATCH**2 * heads, bias=False))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Singles, z: Pairs, residues: Bool[Tensor, "batch length"]) -> Singles:
        """The update added to ``x``."""
        qkv = self.layernorm_qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        bias = by_residues(self.bias(z), x.shape[1]).permute(0, 3, 1, 2)
        bias = bias.float().masked_fill(~residues[:, None, None], -1e4)
        with torch.autocast(x.device.type, enabled=False):
            out = scaled_dot_product_attention(*qkv.float(), attn_mask=bias)
        return self.out_proj(out.transpose(1, 2).flatten(-2).to(x.dtype))


class PairBlock(nn.Module):
    """Pairs, then residues that attend as the pairs tell them."""

    def __init__(self, width: int, heads: int, pair: int) -> None:
        """Singles of ``width``, pairs of ``pair`` numbers."""
        super().__init__()
        self.outer = OuterSum(width, pair)
        self.outgoing = TriangleMultiplication(pair, outgoing=True)
        self.incoming = TriangleMultiplication(pair, outgoing=False)
        self.transition = nn.Sequential(
            nn.LayerNorm(pair), nn.Linear(pair, 2 * pair), nn.GELU(), nn.Linear(2 * pair, pair)
        )
        self.attn = BiasedAttention(width, heads, pair)
        self.ffn = swiglu_mlp(width, 4 / 3)

    def forward(
        self, x: Singles, z: Pairs, residues: Bool[Tensor, "batch length"], mask: PairMask
    ) -> tuple[Singles, Pairs]:
        """Both tracks after this block."""
        z = z + self.outer(x)
        z = z + self.outgoing(z, mask)
        z = z + self.incoming(z, mask)
        z = z + self.transition(z)
        x = x + self.attn(x, z, residues)
        return x + self.ffn(x), z
