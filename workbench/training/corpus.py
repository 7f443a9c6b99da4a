"""Corpus: chains as atoms and as tokens of every track; computed once and cached."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int, Int16, Shaped

from ..annotate import compute_sasa, compute_ss8
from ..atomic_files import replacing
from ..constants import ATOM37
from ..model.structure_encoder import StructureEncoder
from ..protein import Protein
from ..tokenizers.residue import encode_letters, encode_sasa
from ..tracks import TRACKS, Track
from .families import families_of
from .sites import site_bits

TOKENS = ("sequence", "structure", "ss8", "sasa")
ABSENT = -(1 << 15)
PER_ANGSTROM = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All chains joined end to end; ``offsets`` bounds each chain.

    ``atoms`` holds atom37 in 0.01 Å, ``ABSENT`` where there is no atom. ``families`` are each
    chain's, separated by ``;``, and empty where it is not known what it has. ``weights`` say how
    often each chain is drawn; ``sites`` are bits as ``sites.site_bits`` sets them.
    """

    offsets: Int[np.ndarray, " bounds"]
    tokens: dict[Track, Int[np.ndarray, " residues"]]
    atoms: Int16[np.ndarray, "residues 37 3"]
    families: Shaped[np.ndarray, " chains"]
    weights: Float[np.ndarray, " chains"]
    sites: Int[np.ndarray, " residues"]

    def drawn(self, size: int, random: np.random.Generator) -> Int[np.ndarray, " size"]:
        """Chains for a batch, each as often as its weight says."""
        bounds = np.cumsum(self.weights)
        return np.searchsorted(bounds, random.random(size) * bounds[-1], side="right")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def coordinates(self, residues: slice) -> Float[np.ndarray, "residues 37 3"]:
        """atom37 in Å, NaN where absent."""
        packed = self.atoms[residues]
        return np.where(packed == ABSENT, np.nan, packed / PER_ANGSTROM).astype(np.float32)

    def backbone(self, residues: slice) -> Float[np.ndarray, "residues 3 3"]:
        """N, CA and C in Å, NaN where absent."""
        packed = self.atoms[residues, :3]
        return np.where(packed == ABSENT, np.nan, packed / PER_ANGSTROM).astype(np.float32)

    @classmethod
    def load(cls, path: Path) -> "Corpus":
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            tokens = {Track(name): saved[name].astype(np.int64) for name in TOKENS}
            return cls(
                saved["offsets"],
                tokens,
                saved["atoms"],
                saved["families"],
                saved["weights"],
                saved["sites"].astype(np.int64),
            )

    def save(self, path: Path) -> None:
        """Write as .npz without pickles; the file appears only when it is whole."""
        tokens = {track.value: ids.astype(np.int16) for track, ids in self.tokens.items()}
        arrays = {
            "offsets": self.offsets,
            "atoms": self.atoms,
            "families": self.families,
            "weights": self.weights,
            "sites": self.sites.astype(np.int16),
        }
        with replacing(path) as file:
            np.savez(file, allow_pickle=False, **arrays, **tokens)

    def tokenized(self, encoder: StructureEncoder) -> "Corpus":
        """The corpus with the structure tokens that an encoder gives its chains."""
        ids = np.full(self.offsets[-1], TRACKS[Track.STRUCTURE].mask)
        encoder = encoder.eval()
        for start, stop in zip(self.offsets[:-1], self.offsets[1:], strict=True):
            with torch.inference_mode():
                codes = encoder(torch.from_numpy(self.backbone(slice(start, stop)))[None])[0]
            ids[start:stop] = np.where(codes >= 0, codes, ids[start:stop])
        return replace(self, tokens=self.tokens | {Track.STRUCTURE: ids})


def annotate_corpus(
    proteins: list[Protein], report: Callable[[int], None] = lambda done: None
) -> Corpus:
    """Atoms, sequence, SS8 and SASA of these proteins; structure tokens still masked."""
    ss8, sasa, atoms, sites = [], [], [], []
    for done, protein in enumerate(proteins):
        ss8.append(encode_letters(compute_ss8(protein), Track.SS8))
        sasa.append(encode_sasa(compute_sasa(protein)))
        sites.append(site_bits(protein))
        known = np.isfinite(protein.coordinates)
        packed = np.round(np.where(known, protein.coordinates, 0.0) * PER_ANGSTROM)
        furthest = -ABSENT - 1
        atoms.append(np.where(known, packed.clip(-furthest, furthest), ABSENT).astype(np.int16))
        report(done)
    sequence = np.concatenate([encode_letters(p.sequence, Track.SEQUENCE) for p in proteins])
    tokens = {
        Track.SEQUENCE: sequence,
        Track.STRUCTURE: np.full(len(sequence), TRACKS[Track.STRUCTURE].mask),
        Track.SS8: np.concatenate(ss8),
        Track.SASA: np.concatenate(sasa),
    }
    offsets = np.r_[0, np.cumsum([len(p) for p in proteins])]
    families = np.array([families_of(p) for p in proteins])
    packed = np.concatenate(atoms).reshape(-1, len(ATOM37), 3)
    weights = np.ones(len(proteins))
    return Corpus(offsets, tokens, packed, families, weights, np.concatenate(sites))
