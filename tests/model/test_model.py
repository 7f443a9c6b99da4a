"""Properties of the networks that hold for any weights."""

from dataclasses import replace

import pytest
import torch
from rows import padded, prompt_row, walk
from scipy.spatial.transform import Rotation
from toys import given_weights

from workbench.model.config import EncoderConfig, TrunkConfig
from workbench.model.esm3 import ESM3
from workbench.model.frames import frames_from_backbone
from workbench.model.geometric_attention import SCORES_AT_ONCE
from workbench.model.structure_encoder import StructureEncoder, nearest_residues
from workbench.tracks import Track


@pytest.fixture(scope="module")
def trunk() -> ESM3:
    return given_weights(ESM3(TrunkConfig(64, 2, 16, 3)), seed=0)


def moved(backbone: torch.Tensor, seed: int) -> torch.Tensor:
    """The same structure after an arbitrary rigid motion."""
    rotation = torch.from_numpy(Rotation.random(rng=seed).as_matrix()).float()
    return backbone @ rotation.T + torch.tensor([31.0, -12.0, 7.0])


@torch.inference_mode()
def test_a_rigid_motion_of_the_input_changes_no_logit(trunk):
    row = prompt_row(30, seed=4, coordinates=True)
    still = trunk(row)
    turned = trunk(replace(row, backbone=moved(row.backbone, seed=1)))
    for track in Track:
        torch.testing.assert_close(turned[track], still[track], atol=2e-4, rtol=0)


@torch.inference_mode()
def test_the_mirror_image_is_another_structure(trunk):
    row = prompt_row(30, seed=4, coordinates=True)
    mirrored = trunk(replace(row, backbone=row.backbone * torch.tensor([1.0, 1.0, -1.0])))
    assert (mirrored[Track.SEQUENCE] - trunk(row)[Track.SEQUENCE]).abs().max() > 0.01


@torch.inference_mode()
def test_a_rigid_motion_changes_no_structure_token():
    encoder = given_weights(StructureEncoder(EncoderConfig(64, 8, 2, 16, 256)), seed=1)
    backbone = walk(50, seed=3)
    backbone[0, 10:13] = torch.nan
    assert torch.equal(encoder(moved(backbone, seed=2)), encoder(backbone))


@pytest.mark.parametrize("there", [2e6, -2e6, torch.inf])
@torch.inference_mode()
def test_coordinates_out_of_all_reach_are_as_none(trunk, there):
    row = prompt_row(12, seed=4, coordinates=True)
    far = replace(row, backbone=torch.full_like(row.backbone, there))
    none = replace(row, backbone=torch.full_like(row.backbone, torch.nan))
    for track in Track:
        torch.testing.assert_close(trunk(far)[track], trunk(none)[track], atol=0, rtol=0)


def test_a_residue_is_its_own_first_neighbour_where_others_lie_in_the_same_place():
    ca = torch.zeros(1, 20, 3)
    ca[0, 10:] = torch.arange(10)[:, None] * 4.0
    known = torch.ones(1, 20, dtype=torch.bool)
    known[0, 5] = False
    near, _ = nearest_residues(ca, known, torch.ones_like(known), 16)
    assert near[0, :, 0].tolist() == list(range(20))


@torch.inference_mode()
def test_residues_without_a_backbone_get_no_code():
    encoder = given_weights(StructureEncoder(EncoderConfig(64, 8, 2, 16, 256)), seed=1)
    backbone = walk(20, seed=3)
    backbone[0, 5, 0] = torch.nan
    codes = encoder(backbone)[0]
    assert codes[5] == -1
    assert (codes[[4, 6]] >= 0).all()


@torch.inference_mode()
def test_peer_defect_1_a_short_protein_has_the_same_logits_alone_and_beside_a_long_one(trunk):
    short, long = (prompt_row(n, seed=n, coordinates=True) for n in (12, 70))
    together = trunk(padded([short, long]))
    for track, alone in trunk(short).items():
        torch.testing.assert_close(together[track][0, :14], alone[0], atol=1e-5, rtol=0)


@torch.inference_mode()
def test_only_the_heads_asked_for_are_computed(trunk):
    row = prompt_row(8, seed=1, coordinates=False)
    assert set(trunk(row, [Track.SASA])) == {Track.SASA}


@torch.inference_mode()
def test_other_chains_are_hidden_from_geometric_attention_only():
    # Far from chain A, chain B's coordinates may change: through geometry alone nothing reaches A.
    trunk = given_weights(ESM3(TrunkConfig(64, 2, 16, 1)), seed=0)
    row = prompt_row(30, seed=4, coordinates=True)
    chain = (torch.arange(32)[None] > 15).long()
    other = row.backbone.clone()
    other[0, 20:] = walk(12, seed=9)
    first = trunk(replace(row, chain=chain))[Track.SEQUENCE][0, :16]
    second = trunk(replace(row, chain=chain, backbone=other))[Track.SEQUENCE][0, :16]
    torch.testing.assert_close(first, second, atol=1e-5, rtol=0)
    together = replace(row, chain=torch.zeros_like(chain))
    mixed = trunk(replace(together, backbone=other))[Track.SEQUENCE][0, :16]
    assert (mixed - first).abs().max() > 1e-3


def test_frames_are_rotations_at_ca_with_n_in_the_xy_plane():
    backbone = walk(9, seed=0)
    frames = frames_from_backbone(backbone)
    identity = frames.rotation @ frames.rotation.mT
    torch.testing.assert_close(identity, torch.eye(3).expand_as(identity), atol=1e-5, rtol=0)
    assert (torch.linalg.det(frames.rotation) > 0).all()
    assert torch.equal(frames.origin, backbone[..., 1, :])
    local = (backbone - frames.origin[..., None, :]) @ frames.rotation
    assert local[..., 0, 2].abs().max() < 1e-4  # N has no z
    assert local[..., 2, 1:].abs().max() < 1e-4  # C lies on the x axis
    assert (local[..., 2, 0] < 0).all()  # its negative half


@torch.inference_mode()
@pytest.mark.parametrize("rows", [20, 200], ids=["heads apart", "residues apart"])
def test_splitting_the_work_changes_no_result(trunk, rows):
    row = prompt_row(40, seed=2, coordinates=True)
    heads, length = trunk.config.geometric_heads, row.valid.shape[1]
    whole, each = heads * length**2, SCORES_AT_ONCE["cpu"] // rows
    assert whole <= SCORES_AT_ONCE["cpu"]
    assert length**2 <= each < whole if rows == 20 else each < length**2
    together = trunk(padded([row] * rows))[Track.STRUCTURE]
    alone = trunk(row)[Track.STRUCTURE].expand_as(together)
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)
