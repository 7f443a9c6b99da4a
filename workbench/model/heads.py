"""Output heads: one small MLP per track [Hayes et al. 2025, Algorithm 2]."""

from jaxtyping import Float
from torch import Tensor, nn

from ..tracks import CODEBOOK_SIZE, TRACKS, Track


def regression_head(width: int, outputs: int, hidden: int | None = None) -> nn.Sequential:
    """Linear, GELU, LayerNorm, Linear."""
    hidden = hidden or width
    return nn.Sequential(
        nn.Linear(width, hidden), nn.GELU(), nn.LayerNorm(hidden), nn.Linear(hidden, outputs)
    )


class OutputHeads(nn.Module):
    """Logits of every track over the ids of ``TRACKS``; structure only over codebook entries."""

    def __init__(self, width: int, residue_labels: int) -> None:
        """Heads for a trunk of this width."""
        super().__init__()
        function = TRACKS[Track.FUNCTION]
        self.sequence_head = regression_head(width, TRACKS[Track.SEQUENCE].size)
        self.structure_head = regression_head(width, CODEBOOK_SIZE)
        self.ss8_head = regression_head(width, TRACKS[Track.SS8].size)
        self.sasa_head = regression_head(width, TRACKS[Track.SASA].size)
        self.function_head = regression_head(width, function.size * function.width)
        self.residue_head = regression_head(width, residue_labels)

    def forward(self, x: Float[Tensor, "*batch width"], track: Track) -> Float[Tensor, "..."]:
        """Logits of one track: (…, ids), for function (…, 8, 260)."""
        logits = getattr(self, f"{track.value}_head")(x)
        if track is Track.FUNCTION:
            return logits.unflatten(-1, (TRACKS[track].width, TRACKS[track].size))
        return logits
