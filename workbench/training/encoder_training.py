"""Training of a chained encoder: it learns every residue's step, and the steps become codes.

The target of each token is known here, so no decoder is needed yet: the encoder's vector is to be
the residue's step (``model.chain_codes``), and the codebook is where the steps of real chains
gather.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..model.chain_codes import chain_steps
from ..model.frames import Frames, frames_from_backbone
from ..model.structure_encoder import MAX_OFFSET, StructureEncoder, nearest_residues
from .corpus import Corpus
from .losses import masked_mean
from .plan import Plan

PER_CHAIN = 48
"""Residues of one chain in a batch; their neighbours are those of the whole chain."""
ROUNDS = 14


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhoods:
    """Frames around some residues, the residue itself first, and the step that leads to it."""

    frames: Frames
    offset: Int[Tensor, "residues near"]
    step: Float[Tensor, "residues 12"]
    known: Bool[Tensor, " residues"]


class StepObjective(nn.Module):
    """Distance between the encoder's vectors and the true steps."""

    def __init__(self, encoder: StructureEncoder) -> None:
        """Trains everything of the encoder but its codebook."""
        super().__init__()
        self.encoder = encoder

    def forward(self, batch: Neighbourhoods, progress: float) -> dict[str, Tensor]:
        """The loss; ``progress`` changes nothing."""
        z = self.encoder.pre_vq_proj(self.encoder.describe(batch.frames, batch.offset))
        error = ((z.float() - batch.step).square().sum(-1) + 0.01).sqrt()
        return {"step": masked_mean(error, batch.known)}


WEIGHTS = {"step": 1.0}


class NeighbourhoodDraw:
    """Some residues of some whole chains."""

    def __init__(self, corpus: Corpus, plan: Plan, near: int) -> None:
        """``near`` neighbours of each residue."""
        self.corpus, self.plan, self.near = corpus, plan, near

    def __call__(
        self, step: int, random: np.random.Generator, device: torch.device
    ) -> Neighbourhoods:
        """The batch of one step."""
        chains = random.integers(len(self.corpus), size=max(1, self.plan.residues // PER_CHAIN))
        parts = [self._of_chain(int(chain), random) for chain in chains]
        rotation, origin, known, offset, vectors, bonded = (
            torch.cat(part).to(device) for part in zip(*parts, strict=True)
        )
        return Neighbourhoods(Frames(rotation, origin, known), offset, vectors, bonded)

    def _of_chain(self, chain: int, random: np.random.Generator) -> tuple[Tensor, ...]:
        first, last = (int(bound) for bound in self.corpus.offsets[chain : chain + 2])
        at = torch.from_numpy(random.permutation(last - first)[:PER_CHAIN])
        backbone = torch.from_numpy(self.corpus.backbone(slice(first, last)))[None]
        frames = frames_from_backbone(backbone)
        near, usable = nearest_residues(
            frames.origin, frames.known, torch.ones_like(frames.known), self.near
        )
        vectors, bonded = chain_steps(frames)
        near, usable = near[0, at], usable[0, at]
        origin = frames.origin[0]
        return (
            frames.rotation[0][near],
            origin[near] - origin[at][:, None],
            frames.known[0][near] & usable,
            (near - at[:, None]).clamp(-MAX_OFFSET, MAX_OFFSET),
            vectors[0, at],
            bonded[0, at],
        )


def corpus_steps(corpus: Corpus, most: int, seed: int) -> Float[Tensor, "steps 12"]:
    """Up to ``most`` steps of real chains, in random order."""
    steps_of_chains = []
    for first, last in zip(corpus.offsets[:-1], corpus.offsets[1:], strict=True):
        frames = frames_from_backbone(
            torch.from_numpy(corpus.backbone(slice(int(first), int(last))))[None]
        )
        vectors, bonded = chain_steps(frames)
        steps_of_chains.append(vectors[bonded])
    steps = torch.cat(steps_of_chains)
    order = torch.randperm(len(steps), generator=torch.Generator().manual_seed(seed))
    return steps[order[:most]]


def start_from_steps(encoder: StructureEncoder, corpus: Corpus, used: int, seed: int = 0) -> None:
    """Place the first ``used`` codes by k-means over the steps of real chains."""
    steps = corpus_steps(corpus, 40 * used, seed)
    if len(steps) < used:
        steps = steps.repeat(-(-used // len(steps)), 1)
    codes = steps[:used].clone()
    for _ in range(ROUNDS):
        nearest = torch.cat([torch.cdist(part, codes).argmin(-1) for part in steps.split(4096)])
        hits = torch.bincount(nearest, minlength=used)[:, None].float()
        sums = torch.zeros_like(codes).index_add_(0, nearest, steps)
        codes = torch.where(hits > 0, sums / hits.clamp_min(1), codes)
    with torch.no_grad():
        encoder.codebook.embeddings[:used] = codes
        encoder.codebook.embeddings[used:] = 1e4
        encoder.pre_vq_proj.bias.copy_(steps.mean(0))
