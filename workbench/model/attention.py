"""Self-attention with rotary positions, normalised queries and keys [Hayes et al. 2025, A.1.4]."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

ROTARY_BASE = 10_000.0


class Rotary:
    """Cosines and sines of the rotary angles of positions 0 … length-1, in float32."""

    def __init__(self, length: int, head_width: int, device: torch.device) -> None:
        """Tables for heads of ``head_width``, rotated in half-split pairs."""
        exponent = torch.arange(0, head_width, 2, device=device, dtype=torch.float32) / head_width
        angle = torch.outer(
            torch.arange(length, device=device, dtype=torch.float32), ROTARY_BASE**-exponent
        )
        self.cos = angle.cos().repeat(1, 2)
        self.sin = angle.sin()

    def __call__(
        self, x: Float[Tensor, "batch heads length width"]
    ) -> Float[Tensor, "batch heads length width"]:
        """Rotate each head's vector by its position's angles."""
        cos, sin = self.cos.to(x.dtype), self.sin.to(x.dtype)
        half = x.shape[-1] // 2
        turned = x * cos
        turned[..., :half].addcmul_(x[..., half:], sin, value=-1)
        turned[..., half:].addcmul_(x[..., :half], sin)
        return turned


class Attention(nn.Module):
    """All-to-all attention; ``valid`` masks padding out as keys."""

    def __init__(self, width: int, heads: int, *, bias: bool = False, qk_norm: bool = True) -> None:
        """``qk_norm`` normalises queries and keys over the full width before heads are split."""
        super().__init__()
        self.heads = heads
        self.layernorm_qkv = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 3 * width, bias=bias)
        )
        self.out_proj = nn.Linear(width, width, bias=bias)
        self.q_ln = nn.LayerNorm(width, bias=bias) if qk_norm else nn.Identity()
        self.k_ln = nn.LayerNorm(width, bias=bias) if qk_norm else nn.Identity()

    def forward(
        self,
        x: Float[Tensor, "batch length width"],
        rotary: Rotary,
        valid: Bool[Tensor, "batch length"] | None = None,
    ) -> Float[Tensor, "batch length width"]:
        """The update that attention adds to ``x``."""
        query, key, value = self.layernorm_qkv(x).chunk(3, dim=-1)
        query, key, value = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in (self.q_ln(query), self.k_ln(key), value)
        )
        mask = None if valid is None else valid[:, None, None, :]
        query, key = rotary(query), rotary(key)
        if torch.is_autocast_enabled("cpu"):
            # The gradient of this very operation is slower in bfloat16 than in float32.
            with torch.autocast("cpu", enabled=False):
                out = scaled_dot_product_attention(
                    query.float(), key.float(), value.float(), attn_mask=mask
                )
        else:
            out = scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.out_proj(out.transpose(1, 2).flatten(-2))
