"""Chains for training: read from shards or from structure files.

The shard format is described in ``data/README.md`` of the training data: one .npz without pickles.
Coordinates are in Å, NaN where an atom is absent.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from ..constants import ATOM37
from ..errors import StructureError
from ..io import read_protein
from ..paths import given_path
from ..protein import FunctionAnnotation, Protein

DESIGN = "design"
"""The kind that shards give models of designed proteins."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingChain:
    """A chain, its family (one of its own where none is known), and whether it was designed."""

    protein: Protein
    family: str
    designed: bool = False


def chain_weights(chains: list[TrainingChain], designed: float) -> Float[np.ndarray, " chains"]:
    """How often to draw each chain: every family alike, designed ones ``designed`` times as often
    together as natural ones, where there are both.
    """
    families = Counter(chain.family for chain in chains)
    weights = np.array([1.0 / families[chain.family] for chain in chains])
    is_designed = np.array([chain.designed for chain in chains])
    if is_designed.any() and not is_designed.all():
        weights[is_designed] *= designed * weights[~is_designed].sum() / weights[is_designed].sum()
    return weights


def read_shard(path: Path) -> list[TrainingChain]:
    """All chains of one shard by their ids, with the Pfam families they are known to have."""
    with np.load(path, allow_pickle=False) as shard:
        mask = np.unpackbits(shard["atom_mask"], axis=1)[:, : len(ATOM37)].astype(bool)
        residues = np.r_[0, np.cumsum(shard["length"])]
        atoms = np.r_[0, np.cumsum(mask.sum(1))]
        packed = shard["coords"]
        letters = np.array(list(str(shard["alphabet"])))[shard["seq"]]
        numbers, names, families = shard["resnum"], shard["id"], shard["pfam"]
        clusters, kinds = shard["cluster40"], shard["kind"]
        chains = []
        for k, name in enumerate(names):
            at = slice(residues[k], residues[k + 1])
            coordinates = np.full((at.stop - at.start, len(ATOM37), 3), np.nan, np.float32)
            coordinates[mask[at]] = packed[atoms[at.start] : atoms[at.stop]] / 100.0
            protein = Protein(
                "".join(letters[at]),
                coordinates,
                residue_number=numbers[at],
                function=tuple(
                    FunctionAnnotation(family, 0, len(letters[at]))
                    for family in str(families[k]).split(";")
                    if family
                ),
                name=str(name),
            )
            chains.append(TrainingChain(protein, str(clusters[k]), str(kinds[k]) == DESIGN))
    return chains


def read_chains(path: str | Path, longest: int) -> list[Protein]:
    """The proteins of ``read_training_chains``."""
    return [chain.protein for chain in read_training_chains(path, longest)]


def read_training_chains(path: str | Path, longest: int) -> list[TrainingChain]:
    """Chains of at most ``longest`` residues: of a shard, of a folder of shards, or of a folder of
    structure files.

    Of a structure file every chain counts. A StructureError says where nothing was found.
    """
    path = given_path(path, StructureError)
    if not path.exists():
        raise StructureError(f"there is no {path}: give a shard (.npz) or a folder")
    shards = [path] if path.is_file() else sorted(path.glob("*.npz"))
    if shards:
        chains = [chain for shard in shards for chain in read_shard(shard)]
    else:
        chains = [chain for file in sorted(path.iterdir()) for chain in _chains_of(file)]
    chosen = [chain for chain in chains if len(chain.protein) <= longest]
    if not chosen:
        raise StructureError(f"{path} holds no chain of at most {longest} residues")
    return chosen


def _chains_of(file: Path) -> list[TrainingChain]:
    try:
        protein = read_protein(file)
    except StructureError:
        return []
    chains = [protein.take(range(start, stop)) for start, stop in protein.chain_ranges]
    return [
        TrainingChain(chain.with_(name=f"{file.stem} {name}", notes=()), f"{file.stem} {name}")
        for chain, name in zip(chains, protein.chains, strict=True)
    ]
