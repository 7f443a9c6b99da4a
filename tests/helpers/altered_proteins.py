"""Proteins turned, shifted and shaken, whose likeness to the original is known."""

import numpy as np

from workbench.protein import Protein


def moved(protein: Protein, seed: int = 0) -> Protein:
    """The same protein turned and shifted at random."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.linalg.det(turn)
    shifted = protein.coordinates @ turn + rng.normal(size=3) * 30
    return protein.with_(coordinates=shifted.astype(np.float32))


def shaken(protein: Protein, by: float, where=slice(None)) -> Protein:
    coordinates = np.array(protein.coordinates)
    noise = np.random.default_rng(5).normal(scale=by, size=coordinates.shape)
    coordinates[where] += noise[where].astype(np.float32)
    return protein.with_(coordinates=coordinates)
