"""Confidence heads of the structure decoder: pLDDT, PAE and pTM [Hayes et al. 2025, A.1.7]."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import linear

PLDDT_BINS = 50
DISTOGRAM_BINS = 64
DIRECTION_BINS = 6 * 16
PAE_BINS = 64
MAX_PAE = 31.0
FEATURES_AT_ONCE = 1 << 20
"""Numbers of pairs in hand at once while PAE is computed, rows by rows: what stays near a core."""


class PLDDTHead(nn.Module):
    """Local confidence as a categorical over 50 bins of [0, 1]."""

    def __init__(self, width: int) -> None:
        """A head on a decoder of this width."""
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.output = nn.Linear(width, PLDDT_BINS)

    def forward(self, x: Float[Tensor, "batch length width"]) -> Float[Tensor, "batch length bins"]:
        """Logits over the bins."""
        return self.output(self.norm(nn.functional.gelu(self.dense(x))))


def expected_plddt(logits: Float[Tensor, "*batch bins"]) -> Float[Tensor, "*batch"]:
    """Mean of the categorical, 0–1."""
    edges = torch.linspace(0, 1, PLDDT_BINS + 1, device=logits.device)
    return (logits.float().softmax(-1) * ((edges[1:] + edges[:-1]) / 2)).sum(-1)


class PairHead(nn.Module):
    """Logits of every residue pair: distogram, relative directions and PAE."""

    def __init__(self, width: int) -> None:
        """A head on a decoder of this width."""
        super().__init__()
        self.downproject = nn.Linear(width, 128, bias=False)
        self.linear1 = nn.Linear(128, 128, bias=False)
        self.norm = nn.LayerNorm(128)
        self.linear2 = nn.Linear(128, DISTOGRAM_BINS + DIRECTION_BINS + PAE_BINS, bias=False)

    def forward(
        self, x: Float[Tensor, "batch length width"]
    ) -> Float[Tensor, "batch length length bins"]:
        """Logits of all pairs and all three kinds; row i, column j."""
        column, row = self.downproject(x).chunk(2, dim=-1)
        return self.linear2(self._pairs(column, row)).transpose(1, 2)

    def _pairs(
        self, column: Float[Tensor, "batch columns half"], row: Float[Tensor, "batch rows half"]
    ) -> Float[Tensor, "batch columns rows features"]:
        """The first layer's view of product and difference of both residues, and the norm.

        Each row's product goes into the weights, so that nothing but the answer is as large as all
        pairs.
        """
        of_product, of_difference = self.linear1.weight.chunk(2, dim=-1)
        weight = of_product * row[:, :, None] + of_difference
        shift = row @ of_difference.mT
        x = torch.baddbmm(shift.flatten(1)[:, None], column, weight.flatten(1, 2).mT, beta=-1)
        return self.norm(nn.functional.gelu(x.unflatten(-1, shift.shape[1:])))

    def aligned_error(
        self, x: Float[Tensor, "batch length width"], residues: Bool[Tensor, "batch length"]
    ) -> tuple[Float[Tensor, "batch length length"], Float[Tensor, " batch"]]:
        """PAE in Å and pTM, over real residues only."""
        each = zip(x.split(1), residues.split(1), strict=True)
        return _errors_and_ptm(
            torch.cat([self._expected(*arguments) for arguments in each]), residues
        )

    def _expected(
        self, x: Float[Tensor, "1 length width"], residues: Bool[Tensor, "1 length"]
    ) -> Float[Tensor, "1 length length 2"]:
        """What the PAE bins of one protein mean; block by block, so that memory stays small."""
        column, row = self.downproject(x).chunk(2, dim=-1)
        weight = self.linear2.weight[-PAE_BINS:]
        meaning = _meaning(residues)
        block = max(1, FEATURES_AT_ONCE // (residues.shape[1] * 128))
        blocks = []
        for some in row.split(block, dim=1):
            chance = linear(self._pairs(column, some), weight).float().softmax(-1)
            blocks.append((chance.flatten(1, 2) @ meaning).unflatten(1, chance.shape[1:3]))
        return torch.cat(blocks, dim=2).transpose(1, 2)


def _meaning(residues: Bool[Tensor, "batch length"]) -> Float[Tensor, "batch bins 2"]:
    """What a PAE bin means: an error in Å, and the TM-score's term for it."""
    centres = pae_centres(residues.device)
    closeness = 1 / (1 + (centres / tm_scale(residues.sum(-1))[:, None]) ** 2)
    return torch.stack([centres.expand_as(closeness), closeness], dim=-1)


def _errors_and_ptm(
    expected: Float[Tensor, "batch length length 2"], residues: Bool[Tensor, "batch length"]
) -> tuple[Float[Tensor, "batch length length"], Float[Tensor, " batch"]]:
    errors, close = expected.unbind(-1)
    ptm = (close * residues[:, None]).sum(-1) / residues.sum(-1)[:, None]
    return errors, ptm.masked_fill(~residues, 0.0).amax(-1)


def pae_centres(device: torch.device) -> Float[Tensor, " bins"]:
    """Centres of the PAE bins in Å; the last bin takes everything beyond 31 Å."""
    step = MAX_PAE / (PAE_BINS - 2)
    return torch.arange(PAE_BINS, device=device) * step + step / 2


def tm_scale(count: Tensor) -> Float[Tensor, " batch"]:
    """d0 of the TM-score in Å for proteins of ``count`` residues [Zhang & Skolnick 2004]."""
    return 1.24 * (count.clamp_min(19) - 15.0) ** (1 / 3) - 1.8
