"""Training on a few made-up helices and strands: the losses fall, and the noise is what the paper
says.
"""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from rows import walk
from scipy.spatial.transform import Rotation
from toys import CHAINED, TOY, given_weights
from windings import dressed, windings, wound_corpus

from workbench.errors import CheckpointError
from workbench.model.chain_codes import STEP, UNBROKEN, step_axes
from workbench.model.checkpoint import load_model
from workbench.model.embedding import TrackTokens
from workbench.model.esm3 import ESM3
from workbench.model.frames import frames_from_backbone
from workbench.model.model import Model
from workbench.model.structure_decoder import StructureDecoder
from workbench.model.structure_encoder import StructureEncoder
from workbench.protein import Protein
from workbench.rigid_groups import sequence_index
from workbench.tracks import CODEBOOK_SIZE, TRACKS, Track
from workbench.training import losses
from workbench.training import structure as joint
from workbench.training.corpus import Corpus, annotate_corpus
from workbench.training.curves import read_curve
from workbench.training.data import TrainingChain, chain_weights
from workbench.training.decoder import WEIGHTS, DecoderDraw, DecoderObjective, start_from_codes
from workbench.training.encoder_training import start_from_steps
from workbench.training.masking import (
    COORDINATE_NOISE,
    TASKS,
    TRACK_NOISE,
    Noise,
    masked_residues,
    masking_rate,
)
from workbench.training.plan import EMBEDDED_PLAN, Plan, TrainingConfig
from workbench.training.token_pools import sample_pools
from workbench.training.trainer import Trainer
from workbench.training.training_run import TrainingRun
from workbench.training.trunk import TrunkDraw, TrunkObjective

TRUNK_WEIGHTS = {"sequence": 1.0, "structure": 1.0, "ss8": 0.3, "sasa": 0.3}


@pytest.fixture
def chains() -> list[Protein]:
    return windings()


@pytest.fixture
def corpus(chains) -> Corpus:
    return wound_corpus(chains)


def mean(records: list[dict], key: str) -> float:
    return float(np.mean([record[key] for record in records]))


def train(objective, weights, draw, plan, state=None) -> list[dict]:
    records: list[dict] = []
    list(Trainer(objective, plan, weights, state).run(draw, records.append))
    return records


def test_fifty_steps_teach_the_autoencoder_something(corpus):
    torch.manual_seed(0)
    objective = joint.AutoencoderObjective(TOY, continuous=0.3)
    plan = Plan(50, residues=144, lengths=(24,), peak=5e-3, warm_up=5)
    records = train(objective, joint.WEIGHTS, DecoderDraw(corpus, plan, 64), plan)
    assert mean(records[-8:], "loss") < 0.8 * mean(records[:4], "loss")
    assert mean(records[-8:], "fape") < 0.8 * mean(records[:4], "fape")


def test_fifty_steps_teach_a_decoder_the_side_chains(chains):
    torch.manual_seed(0)
    corpus = annotate_corpus([dressed(chain) for chain in chains])
    encoder, decoder = StructureEncoder(CHAINED.encoder), StructureDecoder(CHAINED.decoder)
    start_from_steps(encoder, corpus, 64)
    start_from_codes(decoder, encoder, 64)
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    plan = Plan(50, residues=144, lengths=(24,), peak=5e-3, warm_up=5)
    draw = DecoderDraw(corpus.tokenized(encoder), plan, 64)
    records = train(DecoderObjective(decoder), WEIGHTS, draw, plan)
    assert mean(records[-8:], "torsion") < 0.9 * mean(records[:4], "torsion")
    assert all(torch.equal(v, before[k]) for k, v in encoder.state_dict().items())


def test_eighty_steps_teach_the_trunk_something(corpus):
    torch.manual_seed(0)
    plan = Plan(80, residues=156, lengths=(26,), peak=5e-3, warm_up=5)
    plan = replace(plan, options=dict.fromkeys(TASKS, 0.0))
    objective = TrunkObjective(ESM3(TOY.trunk))
    records = train(objective, TRUNK_WEIGHTS, TrunkDraw(corpus, plan), plan)
    known = [record for record in records if "ss8" in record]
    assert mean(records[-8:], "sequence") < 0.75 * mean(records[:4], "sequence")
    # What the letters say of the class is learnt, not only how common each class is (0.69 nats).
    assert mean(known[-8:], "ss8") < 0.3


def test_a_killed_run_goes_on_as_if_nothing_had_happened(corpus, tmp_path):
    plan = Plan(7, residues=52, lengths=(26,), warm_up=2, save_every=2)

    def fresh() -> TrunkObjective:
        torch.manual_seed(0)
        return TrunkObjective(ESM3(TOY.trunk))

    unbroken: list[dict] = []
    whole = Trainer(fresh(), plan, TRUNK_WEIGHTS, None)
    list(whole.run(TrunkDraw(corpus, plan), unbroken.append))

    state = tmp_path / "trunk.pt"
    first = Trainer(fresh(), plan, TRUNK_WEIGHTS, state).run(TrunkDraw(corpus, plan))
    while next(first) < 5:  # one step beyond what was kept
        pass
    del first
    torch.manual_seed(99)
    resumed, records = Trainer(fresh(), plan, TRUNK_WEIGHTS, state), []
    assert resumed.step == 4
    list(resumed.run(TrunkDraw(corpus, plan), records.append))

    assert records == unbroken[4:]
    for kept in ("objective", "average"):
        one, other = (getattr(run, kept).state_dict() for run in (whole, resumed))
        assert all(torch.equal(one[name], other[name]) for name in one)


def jumps_predicted(model: Model) -> float:
    """Probability, at most, of a code whose step is longer than a bond, where all is masked."""
    codes = model.structure_encoder.codebook.embeddings[: model.config.used_codes].float()
    far = step_axes(codes[:, :STEP])[1].norm(dim=-1) >= UNBROKEN
    with torch.inference_mode():
        logits = model.trunk(TrackTokens.masked(1, 20), [Track.STRUCTURE])[Track.STRUCTURE]
    chances = logits[0].float().softmax(-1)
    assert far.any()
    return chances[:, : len(far)][:, far].sum(-1).max().item()


def test_a_run_ends_in_a_model_that_loads_and_curves_one_can_see(chains, tmp_path):
    plans = {
        name: Plan(3, residues=64, lengths=(24,), warm_up=1)
        for name in ("encoder", "decoder", "trunk")
    }
    config = TrainingConfig(replace(CHAINED, name="mine"), plans)
    run = TrainingRun(config, tmp_path, lambda line: None)
    with pytest.raises(CheckpointError, match="train structure"):
        run.train_trunk(chains)
    run.train_structure(chains)
    run.train_trunk(chains)
    model = load_model(tmp_path / "model")
    assert model.structure_decoder.config.frames == "chained"
    assert jumps_predicted(model) == 0
    assert [row["step"] for row in read_curve(tmp_path / "trunk.csv")] == [0, 1, 2]
    assert "<polyline" in (tmp_path / "trunk.svg").read_text()


def test_the_model_in_the_box_makes_chains_without_gaps():
    assert jumps_predicted(load_model()) == 0


def test_the_plan_of_the_embedded_model_is_the_embedded_model():
    assert TrainingConfig.read(EMBEDDED_PLAN).model == load_model().config


def test_a_plan_that_makes_no_sense_is_refused_by_name(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"model": {"name": "x"}, "stages": {"polish": {"steps": 1}}}))
    with pytest.raises(CheckpointError, match="no stage 'polish'"):
        TrainingConfig.read(path)
    path.write_text(json.dumps({"model": {"name": "x"}, "stages": {"trunk": {"stesp": 1}}}))
    with pytest.raises(CheckpointError, match="stage trunk holds"):
        TrainingConfig.read(path)


def test_a_batch_asks_only_for_what_it_hides(corpus):
    plan = Plan(1, residues=160, lengths=(20,))
    rows, truth = TrunkDraw(corpus, plan)(0, np.random.default_rng(0), torch.device("cpu"))
    for track in (Track.SEQUENCE, Track.SS8):
        masked = truth[track] >= 0
        assert masked.any()
        assert (getattr(rows, track.value)[masked] == TRACKS[track].mask).all()
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


def test_the_softened_lddt_and_the_torsion_loss_are_least_at_the_truth():
    true, known = walk(30, seed=2), torch.ones(1, 30, dtype=torch.bool)
    torch.manual_seed(0)
    shaken = true + torch.randn_like(true)
    at_truth = losses.smooth_lddt_loss(true, true, known)
    assert at_truth < losses.smooth_lddt_loss(shaken, true, known) - 0.1

    kinds = torch.from_numpy(sequence_index("DKF"))[None]
    angle = torch.rand(1, 3, 7) * 6
    torsions = torch.stack([angle.sin(), angle.cos()], dim=-1)
    measured = torch.ones(1, 3, 7, dtype=torch.bool)
    turned = torsions.clone()
    turned[:, 0, 4] *= -1  # aspartate's chi2 half a turn on is the same aspartate
    assert losses.torsion_loss(turned, torsions, measured, kinds) < 1e-4
    turned[:, 1, 4] *= -1  # lysine's is not
    assert losses.torsion_loss(turned, torsions, measured, kinds) > 0.1


def test_every_family_is_drawn_alike_and_designed_ones_as_often_as_asked():
    families = [("a", False), ("a", False), ("a", False), ("b", False), ("c", True), ("c", True)]
    chains = [TrainingChain(Protein("A"), name, made) for name, made in families]
    weights = chain_weights(chains, designed=0.5)
    assert weights[:3].sum() == pytest.approx(weights[3])
    assert weights[4:].sum() == pytest.approx(0.5 * weights[:4].sum())


def test_a_pool_that_was_cut_off_goes_on_and_ends_as_it_would_have(corpus, tmp_path):
    trunk = given_weights(ESM3(TOY.trunk), seed=3)
    whole = sample_pools(trunk, corpus, tmp_path / "whole.npy", 2, seed=1)
    assert (whole < CODEBOOK_SIZE).all()
    cut = sample_pools(trunk, corpus, tmp_path / "cut.npy", 2, seed=1)
    cut[1] = TRACKS[Track.STRUCTURE].mask
    assert np.array_equal(sample_pools(trunk, corpus, tmp_path / "cut.npy", 2, seed=1), whole)
