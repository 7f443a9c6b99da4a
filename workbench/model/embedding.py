"""Input embedding: the sum of what every track says of a residue [Hayes et al. 2025, Alg. 1]."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import embedding

from ..tracks import CODEBOOK_SIZE, MAX_RESIDUE_LABELS, TRACKS, Track
from .static_shapes import holds

PLDDT_CENTRES = 16


@dataclass(frozen=True, slots=True, eq=False)
class TrackTokens:
    """One row of tokens per protein, BOS and EOS included; ids are those of ``TRACKS``.

    ``backbone`` holds N, CA, C in Å, NaN where unknown; ``chain`` numbers the chains; ``valid`` is
    False on padding.
    """

    sequence: Int[Tensor, "batch length"]
    structure: Int[Tensor, "batch length"]
    ss8: Int[Tensor, "batch length"]
    sasa: Int[Tensor, "batch length"]
    function: Int[Tensor, "batch length 8"]
    residue: Int[Tensor, "batch length labels"]
    average_plddt: Float[Tensor, "batch length"]
    residue_plddt: Float[Tensor, "batch length"]
    backbone: Float[Tensor, "batch length 3 3"]
    chain: Int[Tensor, "batch length"]
    valid: Bool[Tensor, "batch length"]

    @classmethod
    def masked(cls, batch: int, length: int, device: torch.device | str = "cpu") -> "TrackTokens":
        """Every track absent, in the model's own defaults; the caller sets BOS and EOS."""

        def full(value: float | int, *shape: int, dtype: torch.dtype = torch.long) -> Tensor:
            return torch.full((batch, length, *shape), value, dtype=dtype, device=device)

        return cls(
            sequence=full(TRACKS[Track.SEQUENCE].mask),
            structure=full(TRACKS[Track.STRUCTURE].mask),
            ss8=full(TRACKS[Track.SS8].mask),
            sasa=full(TRACKS[Track.SASA].mask),
            function=full(TRACKS[Track.FUNCTION].mask, TRACKS[Track.FUNCTION].width),
            residue=full(TRACKS[Track.RESIDUE].mask, MAX_RESIDUE_LABELS),
            average_plddt=full(1.0, dtype=torch.float32),
            residue_plddt=full(0.0, dtype=torch.float32),
            backbone=full(torch.nan, 3, 3, dtype=torch.float32),
            chain=full(0),
            valid=full(True, dtype=torch.bool),
        )


def drawn(*shape: int) -> Tensor:
    """Normally distributed numbers; a shape alone on the meta device.

    A draw there takes half a second of imports.
    """
    numbers = torch.empty(shape)
    return numbers if numbers.is_meta else numbers.normal_()


def embedding_table(rows: int, width: int, *, zero_row: bool = False) -> nn.Embedding:
    """An untrained table; with ``zero_row`` row 0 is zero and stays so."""
    weight = drawn(rows, width)
    if zero_row:
        weight[0] = 0.0
    return nn.Embedding.from_pretrained(weight, freeze=False, padding_idx=0 if zero_row else None)


class InputEmbedding(nn.Module):
    """Embeds all tracks into the width of the trunk."""

    def __init__(self, width: int, residue_labels: int) -> None:
        """Tables with one row per id of each track."""
        super().__init__()
        function = TRACKS[Track.FUNCTION]
        self.sequence_embed = embedding_table(TRACKS[Track.SEQUENCE].size, width)
        self.plddt_projection = nn.Linear(PLDDT_CENTRES, width)
        self.structure_per_res_plddt_projection = nn.Linear(PLDDT_CENTRES, width)
        self.structure_tokens_embed = embedding_table(CODEBOOK_SIZE + 5, width)
        self.ss8_embed = embedding_table(TRACKS[Track.SS8].size, width)
        self.sasa_embed = embedding_table(TRACKS[Track.SASA].size, width)
        self.function_embed = nn.ModuleList(
            embedding_table(function.size, width // function.width, zero_row=True)
            for _ in range(function.width)
        )
        self.residue_embed = embedding_table(residue_labels, width, zero_row=True)

    def forward(self, tokens: TrackTokens) -> Float[Tensor, "batch length width"]:
        """The sum of all tracks' embeddings."""
        dtype = self.sequence_embed.weight.dtype
        function = [
            table(ids)
            for table, ids in zip(self.function_embed, tokens.function.unbind(-1), strict=True)
        ]
        return (
            self.sequence_embed(tokens.sequence)
            + self.structure_tokens_embed(tokens.structure)
            + self.ss8_embed(tokens.ss8)
            + self.sasa_embed(tokens.sasa)
            + self.plddt_projection(_gaussians(tokens.average_plddt).to(dtype))
            + self.structure_per_res_plddt_projection(_gaussians(tokens.residue_plddt).to(dtype))
            + torch.cat(function, dim=-1)
            + self._residue_labels(tokens.residue)
        )

    def _residue_labels(self, ids: Int[Tensor, "batch length labels"]) -> Tensor:
        """Sum over a residue's labels; id 0 (no label in this place) adds nothing."""
        weight = self.residue_embed.weight
        if holds(~ids.any()):
            return weight.new_zeros(())
        return (embedding(ids, weight) * (ids != 0)[..., None]).sum(-2)


def _gaussians(values: Float[Tensor, "batch length"]) -> Float[Tensor, "batch length 16"]:
    centres = torch.linspace(0.0, 1.0, PLDDT_CENTRES, device=values.device)
    return torch.exp(-(((values[..., None] - centres) * PLDDT_CENTRES) ** 2))
