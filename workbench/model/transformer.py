"""Pre-norm transformer blocks and stacks, as the trunk, the encoder and the decoder use them.

Module names follow the published checkpoint, so that its parameters load by name.
"""

import math
from itertools import islice

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import silu

from .attention import Attention, Rotary
from .frames import Frames
from .geometric_attention import GeometricAttention
from .static_shapes import holds


class SwiGLU(nn.Module):
    """Gated activation: silu of the first half times the second half."""

    def forward(self, x: Float[Tensor, "*batch twice"]) -> Float[Tensor, "*batch once"]:
        """Halve the width."""
        gate, value = x.chunk(2, dim=-1)
        return silu(gate) * value


def swiglu_mlp(width: int, ratio: float, *, bias: bool = False) -> nn.Sequential:
    """LayerNorm and gated MLP; the hidden width is ``ratio`` × width rounded up to 256."""
    hidden = math.ceil(int(ratio * width) / 256) * 256
    return nn.Sequential(
        nn.LayerNorm(width),
        nn.Linear(width, 2 * hidden, bias=bias),
        SwiGLU(),
        nn.Linear(hidden, width, bias=bias),
    )


class Block(nn.Module):
    """Self-attention, geometric attention where there is one, and MLP, each added to the stream."""

    def __init__(
        self, width: int, heads: int, geometric_heads: int = 0, scale: float = 1.0
    ) -> None:
        """Every update is divided by ``scale`` before it is added."""
        super().__init__()
        self.scale = scale
        self.attn = Attention(width, heads)
        self.geom_attn = GeometricAttention(width, geometric_heads) if geometric_heads else None
        self.ffn = swiglu_mlp(width, 8 / 3)

    def forward(
        self,
        x: Float[Tensor, "batch length width"],
        rotary: Rotary,
        valid: Bool[Tensor, "batch length"] | None,
        frames: Frames | None,
        chain: Int[Tensor, "batch length"] | None,
    ) -> Float[Tensor, "batch length width"]:
        """The stream after this block."""
        x = x + self.attn(x, rotary, valid) / self.scale
        if self.geom_attn is not None and frames is not None:
            keys = frames.known if valid is None else frames.known & valid
            x = x + self.geom_attn(x, frames, keys, chain) / self.scale
        return x + self.ffn(x) / self.scale


class Transformer(nn.Module):
    """A stack of blocks with a final norm; the first ones may have geometric attention."""

    def __init__(
        self,
        width: int,
        heads: int,
        layers: int,
        *,
        geometric_heads: int = 0,
        geometric_layers: int = 1,
        scaled: bool = True,
    ) -> None:
        """``scaled`` divides every update by sqrt(layers / 36), as the trunk does."""
        super().__init__()
        scale = math.sqrt(layers / 36) if scaled else 1.0
        self.head_width = width // heads
        self.blocks = nn.ModuleList(
            Block(width, heads, geometric_heads if layer < geometric_layers else 0, scale)
            for layer in range(layers)
        )
        self.norm = nn.LayerNorm(width, bias=False)

    def forward(
        self,
        x: Float[Tensor, "batch length width"],
        valid: Bool[Tensor, "batch length"] | None = None,
        frames: Frames | None = None,
        chain: Int[Tensor, "batch length"] | None = None,
        depth: int | None = None,
    ) -> Float[Tensor, "batch length width"]:
        """The stream after the last block, or after the first ``depth``; before the final norm."""
        rotary = Rotary(x.shape[1], self.head_width, x.device)
        for block in islice(self.blocks, depth):
            x = block(x, rotary, valid, frames, chain)
        return x


def padding_mask(valid: Bool[Tensor, "batch length"] | None) -> Bool[Tensor, "batch length"] | None:
    """``valid``, or None where nothing is padded, which lets attention take its fastest path."""
    return None if valid is None or holds(valid.all()) else valid
