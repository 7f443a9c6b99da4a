"""What is compared: the reference's networks and ours, sharing one copy of random weights."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from reference_networks import reference_decoder, reference_encoder, reference_trunk

from workbench.model.config import DecoderConfig, EncoderConfig, ModelConfig, TrunkConfig
from workbench.model.embedding import TrackTokens
from workbench.model.esm3 import ESM3
from workbench.model.model import Model
from workbench.model.reduced_precision import pack_layers
from workbench.model.structure_decoder import StructureDecoder
from workbench.model.structure_encoder import StructureEncoder
from workbench.tracks import TRACKS, Track

SIZES = {
    "nano": ModelConfig(
        "nano",
        TrunkConfig(144, 4, 16, 6),
        EncoderConfig(64, 16, 2, 32),
        DecoderConfig(144, 4, 6),
    ),
    "half": ModelConfig(
        "half",
        TrunkConfig(768, 12, 128, 24),
        EncoderConfig(512, 64, 2, 128),
        DecoderConfig(640, 10, 15),
    ),
    "full": ModelConfig("full"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Subjects:
    """The same weights twice: the reference's three networks and our model.

    On a processor ours are multiplied as ``load_model`` would have them.
    """

    size: str
    trunk: torch.nn.Module
    encoder: torch.nn.Module
    decoder: torch.nn.Module
    ours: Model


def subjects(size: str, device: str) -> Subjects:
    """Networks of one size with random weights on a device."""
    config = SIZES[size]
    torch.manual_seed(0)
    theirs = (
        reference_trunk(config.trunk),
        reference_encoder(config.encoder),
        reference_decoder(config.decoder),
    )
    theirs = [part.eval().to(device) for part in theirs]
    with torch.device("meta"):
        ours = (
            ESM3(config.trunk),
            StructureEncoder(config.encoder),
            StructureDecoder(config.decoder),
        )
    for mine, original in zip(ours, theirs, strict=True):
        mine.load_state_dict(original.state_dict(), assign=True)
        mine.eval().requires_grad_(False)
    if device == "cpu":
        ours = [pack_layers(mine) for mine in ours]
    return Subjects(size, *theirs, Model(config, *ours))


def row_of(length: int, *, coordinates: bool, device: str) -> TrackTokens:
    """A protein with its sequence given and its structure tokens masked."""
    random = np.random.default_rng(length)
    row = TrackTokens.masked(1, length)
    spec = TRACKS[Track.SEQUENCE]
    sequence = torch.from_numpy(random.integers(4, 24, (1, length)))
    sequence[0, 0], sequence[0, -1] = spec.bos, spec.eos
    backbone = row.backbone
    if coordinates:
        backbone = backbone_of(length)
        backbone[0, [0, -1]] = torch.nan
    row = replace(row, sequence=sequence, backbone=backbone)
    return TrackTokens(**{n: getattr(row, n).to(device) for n in TrackTokens.__dataclass_fields__})


def backbone_of(length: int) -> torch.Tensor:
    """A random compact chain: (1, length, 3, 3), Å."""
    random = np.random.default_rng(length)
    alpha = random.normal(size=(1, length, 1, 3)) * length ** (1 / 3) * 2.5
    return torch.from_numpy((alpha + random.normal(size=(1, length, 3, 3))).astype(np.float32))
