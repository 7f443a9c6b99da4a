"""Residues that a network has placed are joined by real peptide bonds, and good ones are left."""

import numpy as np
import pytest
import torch

from workbench.embedded import example
from workbench.metrics.chains import broken_after, clashing_pairs
from workbench.model.frames import Frames, frames_from_backbone
from workbench.model.peptide_relaxation import relaxed
from workbench.protein import Protein


@pytest.fixture(scope="module")
def bundle() -> Protein:
    return example()


def moved(protein: Protein, shift: np.ndarray) -> tuple[Frames, Frames]:
    """Frames of a protein and the same ones with each residue shifted, in Å."""
    frames = frames_from_backbone(torch.from_numpy(protein.backbone.copy())[None])
    origin = frames.origin + torch.from_numpy(shift.astype(np.float32))[None]
    return frames, Frames(frames.rotation, origin, frames.known)


def built(protein: Protein, frames: Frames) -> Protein:
    backbone = frames.backbone()[0].numpy()
    atoms = np.full_like(protein.coordinates, np.nan)
    atoms[:, :3] = backbone
    return protein.with_(coordinates=atoms)


def every_bond(protein: Protein) -> torch.Tensor:
    return torch.ones(1, len(protein) - 1, dtype=torch.bool)


def test_a_chain_that_gapes_is_joined_and_keeps_its_shape(bundle):
    shift = np.zeros((len(bundle), 3))
    shift[len(bundle) // 2 :] = [2.0, -1.5, 1.0]  # one gap
    shift += np.random.default_rng(0).normal(scale=0.5, size=shift.shape)
    true, torn = moved(bundle, shift)
    assert broken_after(built(bundle, torn)).any()
    whole = relaxed(torn, every_bond(bundle))
    assert not broken_after(built(bundle, whole)).any()
    before, after = (torch.cdist(x.origin, x.origin) for x in (true, whole))
    assert (before - after).abs().mean() < 1.5
    turned = whole.rotation[0] @ whole.rotation[0].mT
    torch.testing.assert_close(turned, torch.eye(3).expand_as(turned), rtol=0, atol=1e-4)


def test_a_chain_whose_bonds_are_real_is_left_as_it_is(bundle):
    true, _ = moved(bundle, np.zeros((len(bundle), 3)))
    same = relaxed(true, every_bond(bundle))
    assert (same.origin - true.origin).norm(dim=-1).max() < 0.1


def test_a_chain_that_runs_through_itself_makes_way(bundle):
    half = len(bundle) // 2
    shift = np.zeros((len(bundle), 3))
    ca = bundle.coordinates[:, 1]
    shift[half:] = ca[:half].mean(0) - ca[half:].mean(0)
    _, through = moved(bundle, shift)
    assert len(clashing_pairs(through.origin[0].numpy(), bundle.chain_id))
    apart = relaxed(through, every_bond(bundle))
    assert not len(clashing_pairs(apart.origin[0].numpy(), bundle.chain_id))
