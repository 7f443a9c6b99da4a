"""Corpus: chains as tokens of every track, ready for trunk training; computed once and cached."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int

from ..annotate import compute_sasa, compute_ss8
from ..model.structure_encoder import StructureEncoder
from ..protein import Protein
from ..tokenizers.residue import encode_letters, encode_sasa
from ..tracks import TRACKS, Track

TOKENS = ("sequence", "structure", "ss8", "sasa")


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Tokens of all chains joined end to end; ``offsets`` bounds each chain."""

    offsets: Int[np.ndarray, " bounds"]
    tokens: dict[Track, Int[np.ndarray, " residues"]]
    backbone: Float[np.ndarray, "residues 3 3"]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def load(cls, path: Path) -> "Corpus":
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            tokens = {Track(name): saved[name].astype(np.int64) for name in TOKENS}
            return cls(saved["offsets"], tokens, saved["backbone"])

    def save(self, path: Path) -> None:
        """Write as .npz without pickles."""
        tokens = {track.value: ids.astype(np.int16) for track, ids in self.tokens.items()}
        np.savez(path, allow_pickle=False, offsets=self.offsets, backbone=self.backbone, **tokens)


def annotate_corpus(proteins: list[Protein], report: Callable[[int], None]) -> Corpus:
    """Sequence, SS8 and SASA tokens of these proteins; structure tokens still masked."""
    ss8, sasa = [], []
    for done, protein in enumerate(proteins):
        ss8.append(encode_letters(compute_ss8(protein), Track.SS8))
        sasa.append(encode_sasa(compute_sasa(protein)))
        report(done)
    sequence = np.concatenate([encode_letters(p.sequence, Track.SEQUENCE) for p in proteins])
    tokens = {
        Track.SEQUENCE: sequence,
        Track.STRUCTURE: np.full(len(sequence), TRACKS[Track.STRUCTURE].mask),
        Track.SS8: np.concatenate(ss8),
        Track.SASA: np.concatenate(sasa),
    }
    offsets = np.r_[0, np.cumsum([len(p) for p in proteins])]
    return Corpus(offsets, tokens, np.concatenate([p.backbone for p in proteins]))


@torch.inference_mode()
def with_structure_tokens(corpus: Corpus, encoder: StructureEncoder) -> Corpus:
    """The corpus with the codes that an encoder gives its chains."""
    ids = np.full(corpus.offsets[-1], TRACKS[Track.STRUCTURE].mask)
    for start, stop in zip(corpus.offsets[:-1], corpus.offsets[1:], strict=True):
        codes = encoder(torch.from_numpy(corpus.backbone[start:stop])[None])[0].numpy()
        ids[start:stop] = np.where(codes >= 0, codes, ids[start:stop])
    return Corpus(corpus.offsets, corpus.tokens | {Track.STRUCTURE: ids}, corpus.backbone)
