"""Function-token decoder: what the 8 function tokens of a residue stand for [A.1.8].

The 64 bits of a residue's tokens are a sequence of their own, each bit with its own embedding.
Module names follow the published checkpoint, so that its parameters load by name.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..tracks import FUNCTION_NONE, TRACKS, Track
from .attention import Attention, Rotary
from .config import FunctionDecoderConfig
from .embedding import embedding_table
from .heads import regression_head

TABLES = TRACKS[Track.FUNCTION].width
BITS = 8
FIRST_BYTE = FUNCTION_NONE + 1
KEYWORD_THRESHOLD = 0.5
ENTRY_THRESHOLD = 0.1
ROWS_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class FunctionReading:
    """Labels of each distinct row of tokens, and the ``row`` of each residue (-1: it has none)."""

    row: Int[np.ndarray, " length"]
    keywords: Bool[np.ndarray, "rows keywords"]
    entries: Bool[np.ndarray, "rows entries"]


class FunctionBlock(nn.Module):
    """Self-attention without norms on queries and keys, and a GELU MLP, with biases."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attn = Attention(width, heads, bias=True, qk_norm=False)
        self.ffn = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(
        self, x: Float[Tensor, "batch bits width"], rotary: Rotary
    ) -> Float[Tensor, "batch bits width"]:
        """The stream after this block."""
        x = x + self.attn(x, rotary)
        return x + self.ffn(x)


class FunctionTransformer(nn.Module):
    """Blocks and a final norm."""

    def __init__(self, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.head_width = width // heads
        self.blocks = nn.ModuleList(FunctionBlock(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width, bias=False)

    def forward(self, x: Float[Tensor, "batch bits width"]) -> Float[Tensor, "batch bits width"]:
        """The normalised stream after the last block."""
        rotary = Rotary(x.shape[1], self.head_width, x.device)
        for block in self.blocks:
            x = block(x, rotary)
        return self.norm(x)


class FunctionDecoder(nn.Module):
    """Reads keywords, their TF-IDF and InterPro entries from function tokens."""

    def __init__(self, config: FunctionDecoderConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = embedding_table(2 * TABLES * BITS, config.width)
        self.decoder = FunctionTransformer(config.width, config.heads, config.layers)
        outputs = {
            "keyword_logits": config.keywords,
            "keyword_tfidf": config.keywords,
            "interpro_logits": config.entries,
        }
        self.heads = nn.ModuleDict(
            {
                name: regression_head(config.width, size, hidden=4 * config.width)
                for name, size in outputs.items()
            }
        )

    def forward(self, tokens: Int[Tensor, "rows 8"]) -> dict[str, Float[Tensor, "rows labels"]]:
        """The three outputs by the name of their head; rows with special tokens mean nothing."""
        pooled = self._pooled(tokens)
        return {name: head(pooled) for name, head in self.heads.items()}

    @torch.inference_mode()
    def read(self, tokens: Int[Tensor, "length 8"]) -> FunctionReading:
        """Labels that reach their thresholds; every distinct row is decoded once."""
        known = (tokens >= FIRST_BYTE).all(-1)
        rows, inverse = torch.unique(tokens[known], dim=0, return_inverse=True)
        row = torch.full((len(tokens),), -1)
        row[known.cpu()] = inverse.cpu()
        device = self.embedding.weight.device
        keywords = np.zeros((len(rows), self.config.keywords), bool)
        entries = np.zeros((len(rows), self.config.entries), bool)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            pooled = self._pooled(rows[part].to(device))
            for present, head, threshold in (
                (keywords, "keyword_logits", KEYWORD_THRESHOLD),
                (entries, "interpro_logits", ENTRY_THRESHOLD),
            ):
                chance = self.heads[head](pooled).float().sigmoid()
                present[part] = (chance >= threshold).cpu().numpy()
        return FunctionReading(row.numpy(), keywords, entries)

    def _pooled(self, tokens: Int[Tensor, "rows 8"]) -> Float[Tensor, "rows width"]:
        shifts = torch.arange(BITS, device=tokens.device)
        bits = ((tokens - FIRST_BYTE)[:, None, :] >> shifts[:, None] & 1).flatten(1)
        places = 2 * torch.arange(TABLES * BITS, device=tokens.device) + bits
        special = (tokens < FIRST_BYTE).any(-1, keepdim=True)
        return self.decoder(self.embedding(places.masked_fill(special, 0))).mean(1)
