"""Chains for training: read from shards, cropped and padded into batches.

The shard format is described in ``data/README.md`` of the training data: one .npz without pickles.
Coordinates are in Å, NaN where an atom is absent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..constants import ATOM37
from ..protein import Protein

SHARD_ALPHABET = "ACDEFGHIKLMNPQRSTVWYUOX"


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Crops of several chains, padded: backbone (NaN where absent), author numbers, validity."""

    chains: tuple[int, ...]
    starts: tuple[int, ...]
    backbone: Float[Tensor, "batch length 3 3"]
    number: Int[Tensor, "batch length"]
    letters: Int[Tensor, "batch length"]
    valid: Bool[Tensor, "batch length"]


def read_shard(path: Path) -> list[Protein]:
    """All chains of one shard, as proteins named by their chain id and cluster."""
    with np.load(path, allow_pickle=False) as shard:
        mask = np.unpackbits(shard["atom_mask"], axis=1)[:, : len(ATOM37)].astype(bool)
        residues = np.r_[0, np.cumsum(shard["length"])]
        atoms = np.r_[0, np.cumsum(mask.sum(1))]
        packed = shard["coords"]
        letters = np.array(list(str(shard["alphabet"])))[shard["seq"]]
        numbers, names = shard["resnum"], shard["id"]
        proteins = []
        for k, name in enumerate(names):
            at = slice(residues[k], residues[k + 1])
            coordinates = np.full((at.stop - at.start, len(ATOM37), 3), np.nan, np.float32)
            coordinates[mask[at]] = packed[atoms[at.start] : atoms[at.stop]] / 100.0
            proteins.append(
                Protein(
                    "".join(letters[at]), coordinates, residue_number=numbers[at], name=str(name)
                )
            )
    return proteins


def read_shards(paths: Iterable[Path], longest: int) -> list[Protein]:
    """Chains of several shards with at most ``longest`` residues."""
    return [p for path in paths for p in read_shard(path) if len(p) <= longest]


class Crops:
    """Random crops of chains, drawn with an explicit generator so that a run can be repeated."""

    def __init__(self, proteins: list[Protein], seed: int) -> None:
        """Draws chains uniformly; ``seed`` fixes every later batch."""
        self.proteins = proteins
        self.random = np.random.default_rng(seed)

    def batch(self, size: int, length: int) -> Batch:
        """``size`` crops of at most ``length`` residues."""
        chosen = self.random.integers(len(self.proteins), size=size)
        starts = [
            int(self.random.integers(max(1, len(self.proteins[k]) - length + 1))) for k in chosen
        ]
        return pad([self.proteins[k] for k in chosen], starts, length, tuple(chosen.tolist()))


def pad(
    proteins: list[Protein], starts: list[int], length: int, chains: tuple[int, ...] = ()
) -> Batch:
    """Crops of these proteins from these starts, padded to ``length``."""
    backbone = np.full((len(proteins), length, 3, 3), np.nan, np.float32)
    number = np.zeros((len(proteins), length), np.int64)
    letters = np.full((len(proteins), length), SHARD_ALPHABET.index("X"))
    valid = np.zeros((len(proteins), length), bool)
    for row, (protein, start) in enumerate(zip(proteins, starts, strict=True)):
        stop = min(len(protein), start + length)
        here = slice(0, stop - start)
        backbone[row, here] = protein.backbone[start:stop]
        number[row, here] = np.arange(start, stop)
        letters[row, here] = [max(0, SHARD_ALPHABET.find(a)) for a in protein.sequence[start:stop]]
        valid[row, here] = True
    return Batch(
        chains,
        tuple(starts),
        torch.from_numpy(backbone),
        torch.from_numpy(number),
        torch.from_numpy(letters),
        torch.from_numpy(valid),
    )
