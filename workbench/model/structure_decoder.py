"""Structure-token decoder: tokens to backbone coordinates and confidence [A.1.7, Algorithm 8]."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..constants import BACKBONE_LOCAL
from ..tracks import CODEBOOK_SIZE
from .confidence import PairHead, PLDDTHead, expected_plddt
from .config import DecoderConfig
from .embedding import embedding_table
from .frames import Frames, gram_schmidt
from .transformer import Transformer, padding_mask

TRANSLATION_SCALE = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class DecodedStructure:
    """Backbone N, CA, C in Å; pLDDT 0–1; PAE in Å and pTM when they were asked for."""

    backbone: Float[Tensor, "batch length 3 3"]
    plddt: Float[Tensor, "batch length"]
    pae: Float[Tensor, "batch length length"] | None
    ptm: Float[Tensor, " batch"] | None


class FrameHead(nn.Module):
    """Absolute frame of each residue from its state, and 7 torsions that the open model leaves
    unused.
    """

    def __init__(self, width: int) -> None:
        """A head on a decoder of this width."""
        super().__init__()
        self.ffn1 = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.proj = nn.Linear(width, 9 + 14)

    def forward(self, x: Float[Tensor, "batch length width"]) -> Frames:
        """Frames in an arbitrary but common global system."""
        out = self.proj(self.norm(nn.functional.gelu(self.ffn1(x)))).float()
        origin, toward_c, toward_n = out[..., :9].split(3, dim=-1)
        origin = origin * TRANSLATION_SCALE
        toward_c, toward_n = (
            v / (v.norm(dim=-1, keepdim=True) + 1e-5) for v in (toward_c, toward_n)
        )
        rotation = gram_schmidt(-toward_c, toward_n)
        return Frames(rotation, origin, torch.ones_like(origin[..., 0], dtype=torch.bool))


class StructureDecoder(nn.Module):
    """A bidirectional transformer over structure tokens, with BOS and EOS at the ends."""

    def __init__(self, config: DecoderConfig) -> None:
        """Any size; parameter names and shapes are the published checkpoint's."""
        super().__init__()
        self.config = config
        self.embed = embedding_table(CODEBOOK_SIZE + 5, config.width)
        self.decoder_stack = Transformer(config.width, config.heads, config.layers, scaled=False)
        self.affine_output_projection = FrameHead(config.width)
        self.pairwise_classification_head = PairHead(config.width)
        self.plddt_head = PLDDTHead(config.width)

    def states(
        self,
        tokens: Int[Tensor, "batch length"],
        valid: Bool[Tensor, "batch length"] | None = None,
    ) -> Float[Tensor, "batch length width"]:
        """The normalised last state that every head reads."""
        x = self.decoder_stack(self.embed(tokens), padding_mask(valid))
        return self.decoder_stack.norm(x)

    def forward(
        self,
        tokens: Int[Tensor, "batch length"],
        valid: Bool[Tensor, "batch length"] | None = None,
        *,
        pairs: bool = True,
    ) -> DecodedStructure:
        """Coordinates and confidence at every token; ``pairs`` asks for PAE and pTM too."""
        x = self.states(tokens, valid)
        frames = self.affine_output_projection(x)
        backbone = frames.place(ideal_backbone(x.device).expand(*tokens.shape, 3, 3))
        plddt = expected_plddt(self.plddt_head(x))
        pae = ptm = None
        if pairs:
            residues = tokens < CODEBOOK_SIZE
            pae, ptm = self.pairwise_classification_head.aligned_error(x, residues)
        return DecodedStructure(backbone, plddt, pae, ptm)


def ideal_backbone(device: torch.device | str = "cpu") -> Float[Tensor, "3 3"]:
    """N, CA and C in the residue's own frame, in Å."""
    return torch.tensor(BACKBONE_LOCAL, device=device)
