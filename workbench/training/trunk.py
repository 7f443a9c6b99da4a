"""Training of the trunk: hide part of every track, predict what was hidden [Hayes et al. 2025,
A.2].
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from ..model.embedding import TrackTokens
from ..model.esm3 import ESM3
from ..tracks import TRACKS, Track
from .corpus import Corpus
from .descent import Descent
from .masking import COORDINATE_NOISE, TRACK_NOISE, masked_residues

WEIGHTS = {Track.SEQUENCE: 1.0, Track.STRUCTURE: 1.0, Track.SS8: 0.3, Track.SASA: 0.3}


@dataclass(frozen=True, slots=True)
class TrunkTraining:
    """What to train and for how long."""

    steps: int = 2000
    seconds: float = float("inf")
    batch: int = 8
    length: int = 192
    peak: float = 2e-3
    warm_up: int = 100
    seed: int = 0


def draw_batch(
    corpus: Corpus, plan: TrunkTraining, random: np.random.Generator
) -> tuple[TrackTokens, dict[Track, Tensor]]:
    """Crops with their noise, and the true ids where a track was hidden (-100 elsewhere).

    A crop carries BOS or EOS only where the protein really begins or ends.
    """
    rows = TrackTokens.masked(plan.batch, plan.length)
    truth = {track: torch.full((plan.batch, plan.length), -100) for track in TRACK_NOISE}
    for i, chain in enumerate(random.integers(len(corpus), size=plan.batch)):
        first, last = int(corpus.offsets[chain]), int(corpus.offsets[chain + 1])
        whole = last - first + 2
        start = int(random.integers(max(1, whole - plan.length + 1)))
        stop = min(whole, start + plan.length)
        begins, ends = start == 0, stop == whole
        residues = slice(first + max(0, start - 1), first + stop - 1 - ends)
        at = slice(int(begins), stop - start - int(ends))
        count = at.stop - at.start
        for track, noise in TRACK_NOISE.items():
            spec, ids = TRACKS[track], corpus.tokens[track][residues]
            values = (ids >= spec.values.start) & (ids < spec.values.stop)
            hidden = masked_residues(noise, count, random)
            row = getattr(rows, track.value)[i]
            row[at] = torch.from_numpy(np.where(hidden, spec.mask, ids))
            truth[track][i, at] = torch.from_numpy(np.where(hidden & values, ids, -100))
            if begins:
                row[0] = spec.bos
            if ends:
                row[at.stop] = spec.eos
            row[stop - start :] = spec.pad
        shown = ~masked_residues(COORDINATE_NOISE, count, random)
        backbone = np.where(shown[:, None, None], corpus.backbone[residues], np.nan)
        rows.backbone[i, at] = torch.from_numpy(backbone.astype(np.float32))
        rows.valid[i, stop - start :] = False
    return rows, truth


def train_trunk(
    trunk: ESM3, corpus: Corpus, plan: TrunkTraining, report: Callable[[dict[str, float]], None]
) -> Iterator[int]:
    """Train; yields after every step, so that the caller may save and stop where it likes."""
    random = np.random.default_rng(plan.seed)
    descent = Descent(
        trunk, peak=plan.peak, warm_up=plan.warm_up, steps=plan.steps, seconds=plan.seconds
    )
    for step, _ in descent:
        rows, truth = draw_batch(corpus, plan, random)
        values = descent.descend(hidden_losses(trunk, rows, truth), WEIGHTS)
        report({"step": step, **values})
        yield step


def hidden_losses(
    trunk: ESM3, rows: TrackTokens, truth: dict[Track, Tensor]
) -> dict[Track, Tensor]:
    """Cross-entropy of each track over its hidden residues; heads see only those."""
    x = trunk.transformer.norm(trunk.embed(rows))
    losses = {}
    for track, ids in truth.items():
        hidden = ids >= 0
        if hidden.any():
            logits = trunk.output_heads(x[hidden], track)
            losses[track] = cross_entropy(logits, ids[hidden])
    return losses
