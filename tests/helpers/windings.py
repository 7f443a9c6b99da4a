"""Made-up helices and strands to train on, and their corpus."""

from dataclasses import replace

import numpy as np
import torch

from workbench.model.frames import frames_from_backbone
from workbench.model.sidechains import atoms_from_torsions
from workbench.protein import Protein
from workbench.rigid_groups import sequence_index
from workbench.tracks import Track
from workbench.training.corpus import Corpus, annotate_corpus


def helix(length: int, pitch: float) -> Protein:
    """A chain whose CA atoms wind along z, 2.3 Å from the axis; tight for a helix, wide for a
    strand.
    """
    angle = np.arange(length) * (np.deg2rad(100) if pitch < 2 else np.deg2rad(170))
    coordinates = np.full((length, 37, 3), np.nan, np.float32)
    for atom, shift in enumerate((-0.5, 0.0, 0.5)):
        turn = angle + shift * 0.6
        coordinates[:, atom] = np.stack(
            [2.3 * np.cos(turn), 2.3 * np.sin(turn), (np.arange(length) + shift) * pitch], axis=-1
        )
    return Protein(("AELK" if pitch < 2 else "VTIY") * (length // 4), coordinates)


def windings() -> list[Protein]:
    """Three helices and three strands of 24 to 32 residues, by turns."""
    return [helix(n, pitch) for n in (24, 28, 32) for pitch in (1.5, 3.3)]


def wound_corpus(chains: list[Protein]) -> Corpus:
    """Their corpus, with the SS8 that they are meant to have."""
    corpus = annotate_corpus(chains)
    ss8 = np.concatenate([np.full(len(p), 4 if "A" in p.sequence else 7) for p in chains])
    return replace(corpus, tokens=corpus.tokens | {Track.SS8: ss8})


def dressed(chain: Protein) -> Protein:
    """The chain with all heavy atoms; every type of residue has torsions of its own."""
    kinds = torch.from_numpy(sequence_index(chain.sequence))[None]
    angle = kinds[..., None] * torch.ones(7)
    frames = frames_from_backbone(torch.from_numpy(chain.backbone)[None])
    torsions = torch.stack([angle.sin(), angle.cos()], dim=-1)
    atoms, present = atoms_from_torsions(frames, torsions, kinds)
    return chain.with_(coordinates=atoms.masked_fill(~present[..., None], torch.nan)[0].numpy())
