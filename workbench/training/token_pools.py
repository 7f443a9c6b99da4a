"""Pools: structure tokens that a trunk samples for the chains of a corpus from sequence alone.

They are what a folding decoder will be given in earnest: right here and there, and at odds with
each other.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from ..model.embedding import TrackTokens
from ..model.esm3 import ESM3
from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from .corpus import Corpus

STEPS = (1, 4, 10, 20)
"""Steps in which a pool's tokens are chosen, one after another of these for each pool."""
COLDEST, HOTTEST = 0.3, 1.0
RESIDUES_AT_ONCE = 4096
STRUCTURE, SEQUENCE = TRACKS[Track.STRUCTURE], TRACKS[Track.SEQUENCE]


def sample_pools(
    trunk: ESM3,
    corpus: Corpus,
    path: Path,
    pools: int,
    seed: int,
    report: Callable[[int], None] = lambda done: None,
) -> Int[np.ndarray, "pools residues"]:
    """Fill the file, an array of ``pools`` rows over the corpus' residues, and return it.

    What a file has from before, up to the kill, is kept: masked tokens are what is left to do.
    """
    shape = (pools, int(corpus.offsets[-1]))
    if path.is_file():
        tokens = np.lib.format.open_memmap(path, "r+")
        if tokens.shape != shape:
            raise ValueError(f"{path} is of shape {tokens.shape}, not {shape}: remove it")
    else:
        tokens = np.lib.format.open_memmap(path, "w+", np.int16, shape)
        tokens[:] = STRUCTURE.mask
    lengths = np.diff(corpus.offsets)
    order = np.argsort(lengths, kind="stable")
    for batch, chains in enumerate(_batches(order, lengths)):
        spans = [slice(*corpus.offsets[chain : chain + 2]) for chain in chains]
        for pool in range(pools):
            if all((tokens[pool, span] != STRUCTURE.mask).all() for span in spans):
                continue
            random = torch.Generator().manual_seed(seed + (batch << 20) + pool)
            letters = [corpus.tokens[Track.SEQUENCE][span] for span in spans]
            sampled = _sampled(trunk, letters, STEPS[pool % len(STEPS)], random)
            for span, ids in zip(spans, sampled, strict=True):
                tokens[pool, span] = ids
        tokens.flush()
        report(batch)
    return tokens


def _batches(order: np.ndarray, lengths: np.ndarray) -> list[list[int]]:
    batches: list[list[int]] = [[]]
    for chain in order.tolist():
        if (len(batches[-1]) + 1) * lengths[chain] > RESIDUES_AT_ONCE and batches[-1]:
            batches.append([])
        batches[-1].append(chain)
    return batches


@torch.inference_mode()
def _sampled(
    trunk: ESM3, letters: list[np.ndarray], steps: int, random: torch.Generator
) -> list[Int[np.ndarray, " residues"]]:
    """Tokens of some chains, chosen in random order, each at a temperature of its own."""
    device = next(trunk.parameters()).device
    longest = max(map(len, letters)) + 2
    rows = TrackTokens.masked(len(letters), longest)
    for i, ids in enumerate(letters):
        rows.sequence[i, 1 : len(ids) + 1] = torch.from_numpy(ids)
        rows.sequence[i, 0], rows.sequence[i, len(ids) + 1] = SEQUENCE.bos, SEQUENCE.eos
        rows.sequence[i, len(ids) + 2 :] = SEQUENCE.pad
        rows.valid[i, len(ids) + 2 :] = False
    open_residues = rows.valid & (rows.sequence != SEQUENCE.bos) & (rows.sequence != SEQUENCE.eos)
    rank = (
        torch.rand(rows.sequence.shape, generator=random)
        .masked_fill(~open_residues, 2.0)
        .argsort(-1)
    )
    place = torch.empty_like(rank).scatter_(
        1, rank, torch.arange(longest).expand_as(rank).contiguous()
    )
    when = place * steps // open_residues.sum(-1, keepdim=True)
    heat = COLDEST + (HOTTEST - COLDEST) * torch.rand(len(letters), 1, 1, generator=random)
    for step in range(steps):
        now = open_residues & (when == step)
        moved = {name: getattr(rows, name).to(device) for name in TrackTokens.__dataclass_fields__}
        logits = trunk(TrackTokens(**moved), (Track.STRUCTURE,))[Track.STRUCTURE].float().cpu()
        rows.structure[now] = _drawn(logits[..., :CODEBOOK_SIZE] / heat, random)[now]
    return [rows.structure[i, 1 : len(ids) + 1].numpy() for i, ids in enumerate(letters)]


def _drawn(logits: Tensor, random: torch.Generator) -> Tensor:
    noise = torch.empty_like(logits).exponential_(generator=random)
    return (logits - noise.log()).argmax(-1)
