"""Training on a few made-up helices and strands: the losses fall, and the noise is what the paper
says.
"""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from test_parity import walk
from toys import TOY

from workbench.model.esm3 import ESM3
from workbench.model.frames import frames_from_backbone
from workbench.protein import Protein
from workbench.tracks import TRACKS, Track
from workbench.training import losses
from workbench.training.corpus import Corpus, with_structure_tokens
from workbench.training.data import Crops
from workbench.training.masking import (
    COORDINATE_NOISE,
    TRACK_NOISE,
    Noise,
    masked_residues,
    masking_rate,
)
from workbench.training.structure import (
    StructureAutoencoder,
    StructureTraining,
    train_decoder,
    train_structure,
)
from workbench.training.trunk import TrunkTraining, draw_batch, train_trunk


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


@pytest.fixture
def chains() -> list[Protein]:
    return [helix(n, pitch) for n in (24, 28, 32) for pitch in (1.5, 3.3)]


@pytest.fixture
def corpus(chains) -> Corpus:
    ids = {"A": 5, "E": 9, "L": 4, "K": 15, "V": 7, "T": 11, "I": 12, "Y": 19}
    sequence = np.array([ids[letter] for chain in chains for letter in chain.sequence])
    size = len(sequence)
    ss8 = np.concatenate([np.full(len(p), 4 if "A" in p.sequence else 7) for p in chains])
    tokens = {
        Track.SEQUENCE: sequence,
        Track.STRUCTURE: np.full(size, TRACKS[Track.STRUCTURE].mask),
        Track.SS8: ss8,
        Track.SASA: np.full(size, TRACKS[Track.SASA].mask),
    }
    offsets = np.r_[0, np.cumsum([len(p) for p in chains])]
    return Corpus(offsets, tokens, np.concatenate([p.backbone for p in chains]))


def mean(records: list[dict], key: str) -> float:
    return float(np.mean([record[key] for record in records]))


def test_fifty_steps_teach_the_structure_tokenizer_something(chains):
    records: list[dict] = []
    torch.manual_seed(0)
    model = StructureAutoencoder(TOY)
    plan = StructureTraining(
        steps=50, continuous=15, batch=6, lengths=(24,), peak=5e-3, warm_up=5, paired=16
    )
    list(train_structure(model, Crops(chains, 0), plan, records.append))
    assert mean(records[-8:], "loss") < 0.8 * mean(records[:4], "loss")
    assert mean(records[-8:], "lddt") > mean(records[:4], "lddt") + 0.1


def test_the_second_stage_leaves_the_encoder_as_it_is(chains, corpus):
    torch.manual_seed(0)
    model = StructureAutoencoder(TOY)
    before = {name: value.clone() for name, value in model.encoder.state_dict().items()}
    with_tokens = with_structure_tokens(corpus, model.encoder)
    records: list[dict] = []
    plan = StructureTraining(steps=50, batch=6, lengths=(24,), peak=5e-3, warm_up=5, paired=16)
    list(train_decoder(model, with_tokens, plan, records.append))
    assert mean(records[-8:], "loss") < 0.85 * mean(records[:4], "loss")
    assert all(torch.equal(v, before[k]) for k, v in model.encoder.state_dict().items())


def test_fifty_steps_teach_the_trunk_something(corpus):
    torch.manual_seed(0)
    trunk, records = ESM3(TOY.trunk), []
    plan = TrunkTraining(steps=50, batch=6, length=26, peak=5e-3, warm_up=5)
    list(train_trunk(trunk, corpus, plan, records.append))
    assert mean(records[-8:], "sequence") < 0.75 * mean(records[:4], "sequence")
    # What the letters say of the class is learnt, not only how common each class is (0.69 nats).
    assert mean(records[-8:], "ss8") < 0.3


def test_the_same_seed_trains_the_same_trunk(corpus):
    trained = []
    for _ in range(2):
        torch.manual_seed(0)
        trunk = ESM3(TOY.trunk)
        list(train_trunk(trunk, corpus, TrunkTraining(steps=3, batch=2, length=26), lambda r: None))
        trained.append(trunk.state_dict())
    assert all(torch.equal(trained[0][name], trained[1][name]) for name in trained[0])


def test_a_batch_asks_only_for_what_it_hides(corpus):
    plan = TrunkTraining(batch=8, length=20)
    rows, truth = draw_batch(corpus, plan, np.random.default_rng(0))
    for track in (Track.SEQUENCE, Track.SS8):
        asked = truth[track] >= 0
        assert asked.any()
        assert (getattr(rows, track.value)[asked] == TRACKS[track].mask).all()
    cut_left = rows.sequence[:, 0] != TRACKS[Track.SEQUENCE].bos
    assert cut_left.any()  # a crop from the middle carries no BOS


@pytest.mark.parametrize("noise", [*TRACK_NOISE.values(), COORDINATE_NOISE])
def test_noise_covers_everything_from_nothing_to_all(noise: Noise):
    random = np.random.default_rng(0)
    rates = [masking_rate(noise, random) for _ in range(600)]
    assert min(rates) < 0.1
    assert max(rates) > 0.9
    assert abs(np.mean([rate == 1.0 for rate in rates]) - noise.dropped) < 0.06
    assert masked_residues(noise, 200, random).shape == (200,)


def test_no_structure_loss_sees_a_rigid_motion_and_each_sees_a_mirror():
    true, known = walk(20, seed=1), torch.ones(1, 20, dtype=torch.bool)
    rotation = torch.from_numpy(Rotation.random(rng=0).as_matrix()).float()
    moved = true @ rotation.T + 9.0
    mirrored = true * torch.tensor([1.0, 1.0, -1.0])
    everywhere = torch.arange(20)

    def values(backbone: torch.Tensor) -> list[float]:
        frames = [frames_from_backbone(b) for b in (backbone, true)]
        return [
            float(losses.direction_loss(backbone, true, known, everywhere)),
            float(losses.frame_aligned_loss(*frames, known)),
            float(losses.distance_loss(backbone, true, known)),
        ]

    assert max(values(moved)) < 0.01
    direction, aligned, distance = values(mirrored)
    assert direction > 0.1
    assert aligned > 0.1
    assert distance < 0.01  # distances alone cannot tell a mirror image


def test_lddt_of_a_structure_with_itself_is_one_and_falls_with_noise():
    true, known = walk(30, seed=2), torch.ones(1, 30, dtype=torch.bool)
    assert losses.residue_lddt(true, true, known).min() == 1.0
    torch.manual_seed(0)
    shaken = true + torch.randn_like(true)
    assert losses.residue_lddt(shaken, true, known).mean() < 0.9
