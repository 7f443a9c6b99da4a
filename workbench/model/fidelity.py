"""Fidelity: what reduced precision costs, against the same model in float32."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import CheckpointError
from ..tracks import TRACKS, Track
from .embedding import TrackTokens
from .model import Model

COMPARED = (Track.SEQUENCE, Track.STRUCTURE, Track.SS8, Track.SASA, Track.FUNCTION)


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What changed on a track, over all residues: mean Kullback–Leibler divergence of the exact
    model's distribution from the reduced one's (nats), and the share of likeliest ids, 0–1.
    """

    divergence: float
    changed: float


@torch.inference_mode()
def compare_precision(reduced: Model, exact: Model, row: TrackTokens) -> dict[Track, Fidelity]:
    """What two models that differ in precision alone say of the same row, by track.

    Raises CheckpointError for models of different sizes.
    """
    if reduced.config != exact.config:
        raise CheckpointError(
            f"{reduced.name} and {exact.name} have different sizes; compare a model with itself"
        )
    logits = (model.trunk(_moved(row, model.device), COMPARED) for model in (reduced, exact))
    ours, truth = logits
    return {track: _fidelity(ours[track], truth[track], track) for track in COMPARED}


def _fidelity(reduced: Tensor, exact: Tensor, track: Track) -> Fidelity:
    ids = slice(TRACKS[track].values.start, min(TRACKS[track].values.stop, exact.shape[-1]))
    p, q = (x[..., ids].double().cpu().log_softmax(-1) for x in (exact, reduced))
    return Fidelity(
        divergence=float((p.exp() * (p - q)).sum(-1).mean()),
        changed=float((p.argmax(-1) != q.argmax(-1)).double().mean()),
    )


def _moved(row: TrackTokens, device: torch.device) -> TrackTokens:
    return TrackTokens(
        **{name: getattr(row, name).to(device) for name in TrackTokens.__dataclass_fields__}
    )
