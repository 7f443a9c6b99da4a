"""Random chains and rows of tokens with something on every track."""

from dataclasses import replace

import numpy as np
import torch

from workbench.model.embedding import TrackTokens
from workbench.tracks import TRACKS, Track


def walk(length: int, seed: int) -> torch.Tensor:
    """Backbone of a random chain, far from the origin, in Å: (1, length, 3, 3)."""
    random = np.random.default_rng(seed)
    ca = np.cumsum(random.normal(size=(1, length, 1, 3)) * 2.2, axis=1) + 50.0
    return torch.from_numpy((ca + random.normal(size=(1, length, 3, 3))).astype(np.float32))


def prompt_row(residues: int, seed: int, *, coordinates: bool) -> TrackTokens:
    """A row with every track given in part, a chain break, missing residues and masked tokens."""
    torch.manual_seed(seed)
    length = residues + 2
    row = TrackTokens.masked(1, length)
    sequence = torch.randint(4, 33, (1, length))
    sequence[:, 0], sequence[:, -1], sequence[0, length // 3] = 0, 2, 31
    backbone = walk(length, seed)
    backbone[0, [0, -1, length // 3]] = torch.nan
    backbone[0, length // 2, 1] = torch.inf
    sparse = torch.rand(1, length, 16) < 0.2
    return replace(
        row,
        sequence=sequence,
        structure=torch.randint(0, 4097, (1, length)),
        ss8=torch.randint(0, 11, (1, length)),
        sasa=torch.randint(0, 19, (1, length)),
        function=torch.randint(0, 260, (1, length, 8)),
        residue=torch.randint(0, 1478, (1, length, 16)) * sparse,
        residue_plddt=torch.rand(1, length),
        average_plddt=torch.rand(1, length),
        backbone=backbone if coordinates else row.backbone,
        chain=(torch.arange(length)[None] > length // 3).long(),
    )


def padded(rows: list[TrackTokens]) -> TrackTokens:
    """Rows of different lengths as one batch, padding marked as not valid."""
    longest = max(row.valid.shape[1] for row in rows)
    batch = TrackTokens.masked(len(rows), longest)
    for name in TrackTokens.__dataclass_fields__:
        for i, row in enumerate(rows):
            here = getattr(row, name)
            getattr(batch, name)[i, : here.shape[1]] = here[0]
            if name == "valid":
                batch.valid[i, here.shape[1] :] = False
            elif name in ("sequence", "structure"):
                getattr(batch, name)[i, here.shape[1] :] = TRACKS[Track(name)].pad
    return batch
