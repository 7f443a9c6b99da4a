"""The folding decoder: one consistent chain from tokens of any quality."""

import math

import pytest
import torch
from ideal_chains import ideal_chain
from rows import walk
from scipy.spatial.transform import Rotation
from toys import FOLDED, given_weights
from windings import dressed, windings

from workbench.embedded import example
from workbench.model.descent import STEPS, descended
from workbench.model.folding_decoder import FoldingDecoder
from workbench.model.frames import Frames, frames_from_backbone
from workbench.model.pair_views import (
    BINS,
    PairView,
    agreement,
    expected_errors,
    expected_lddt,
)
from workbench.model.structure_encoder import StructureEncoder
from workbench.tracks import TRACKS, Track
from workbench.training import folding_training
from workbench.training.corpus import annotate_corpus
from workbench.training.encoder_training import start_from_steps
from workbench.training.folding_training import FoldingDraw, FoldingObjective, start_from_codes
from workbench.training.plan import Plan
from workbench.training.trainer import Trainer


def row(length: int, seed: int) -> dict[str, torch.Tensor]:
    """Tokens and letters between BOS and EOS."""
    random = torch.Generator().manual_seed(seed)
    decoded = {}
    for name, track in (("tokens", Track.STRUCTURE), ("sequence", Track.SEQUENCE)):
        spec = TRACKS[track]
        ids = torch.randint(spec.values.start, spec.values.stop, (1, length), generator=random)
        ids[0, 0], ids[0, -1] = spec.bos, spec.eos
        decoded[name] = ids
    return decoded


@pytest.fixture
def decoder() -> FoldingDecoder:
    return given_weights(FoldingDecoder(FOLDED.decoder), seed=0)


def distances(points: torch.Tensor) -> torch.Tensor:
    return torch.cdist(points[0, :, 1], points[0, :, 1])


def view_of(frames: Frames, sure: float) -> PairView:
    """The view of somebody who saw these frames, and is so sure of them."""
    length = frames.known.shape[1]
    nothing = PairView(
        torch.full((1, length, length, BINS), -math.log(BINS)), torch.zeros(1, length, length, 3)
    )
    return nothing.believing(frames, torch.full((1, 1, 1), sure))


def test_a_short_protein_folds_the_same_alone_and_beside_a_long_one(decoder):
    short, long = row(13, seed=1), row(24, seed=2)
    alone = decoder(**short)
    both = {}
    for name, track in (("tokens", Track.STRUCTURE), ("sequence", Track.SEQUENCE)):
        rest = torch.full((1, 11), TRACKS[track].pad)
        both[name] = torch.cat([torch.cat([short[name], rest], dim=1), long[name]])
    valid = both["tokens"] != TRACKS[Track.STRUCTURE].pad
    together = decoder(valid=valid, **both)
    residues = slice(1, 12)
    here, there = (distances(decoded.backbone[:1, residues]) for decoded in (together, alone))
    assert torch.equal(here, there)
    assert torch.equal(together.plddt[0, residues], alone.plddt[0, residues])
    assert torch.equal(together.ptm[0], alone.ptm[0])
    assert together.pae.shape == (2, 24, 24)


def test_given_coordinates_are_kept_and_how_they_lie_in_space_does_not_matter(decoder):
    tokens, motif = row(20, seed=3), slice(3, 15)
    given = torch.full((1, 20, 3, 3), torch.nan)
    given[:, motif] = walk(12, seed=4)
    turn, _ = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(5)))
    there = torch.ones(1, 20, dtype=torch.bool)
    views = [
        decoder.view(tokens["tokens"], there, tokens["sequence"], x)[0]
        for x in (given, given @ (turn * torch.det(turn)) + 7.0)
    ]
    assert torch.allclose(views[0].chances, views[1].chances, atol=1e-2)
    expected = distances(given[:, motif])
    informed, alone = (
        (distances(decoder(given=x, **tokens).backbone[:, motif]) - expected).abs().mean()
        for x in (given, None)
    )
    assert informed < 0.8 * alone


def test_a_protein_bent_at_a_hinge_descends_to_what_is_expected_of_it():
    true = frames_from_backbone(torch.from_numpy(example().backbone)[None])
    hinge = slice(true.known.shape[1] // 2, None)
    turn = torch.from_numpy(Rotation.from_rotvec([1.0, 1.5, 0.5]).as_matrix()).float()
    rotation, origin = true.rotation.clone(), true.origin.clone()
    pivot = origin[:, hinge.start, None]
    rotation[:, hinge] = turn @ rotation[:, hinge]
    origin[:, hinge] = (origin[:, hinge] - pivot) @ turn.mT + pivot
    bent = Frames(rotation, origin, true.known)
    result = descended(bent, true.known[:, 1:], view_of(true, sure=0.9999), STEPS)
    before, after = (
        (distances(x.backbone()) - distances(true.backbone())).abs().mean() for x in (bent, result)
    )
    assert before > 3.0
    assert after < 0.5


def test_two_given_pieces_come_to_lie_to_each_other_as_given():
    true = frames_from_backbone(torch.from_numpy(example().backbone)[None])
    length = true.known.shape[1]
    pieces = torch.zeros(1, length, dtype=torch.bool)
    pieces[:, 10:20] = pieces[:, -20:-10] = True
    straight = frames_from_backbone(torch.from_numpy(ideal_chain("A" * length)[None, :, :3]))
    given = Frames(true.rotation, true.origin, pieces)
    unsure = view_of(true, sure=1e-6)
    apart = torch.cdist(true.origin[pieces], true.origin[pieces])

    def missed(known: Frames | None) -> float:
        origins = descended(straight, straight.known[:, 1:], unsure, STEPS, known).origin[pieces]
        return float((torch.cdist(origins, origins) - apart).abs().mean())

    assert missed(None) > 2.0
    assert missed(given) < 0.5


def test_confidence_is_as_high_as_the_view_is_sure_and_the_structure_agrees():
    frames, other = (frames_from_backbone(walk(60, seed=seed)) for seed in (1, 2))
    sure, unsure = view_of(frames, 0.999), view_of(frames, 0.3)
    confidences = [
        (float(expected_lddt(view, origins).mean()), float(expected_errors(view, origins)[1]))
        for view, origins in ((sure, frames), (unsure, frames), (sure, other))
    ]
    assert min(confidences[0]) > 0.7
    assert confidences[1][0] < confidences[0][0] - 0.2
    assert confidences[1][1] < confidences[0][1] - 0.2
    assert confidences[2][0] < 0.6
    assert float(agreement(sure, frames, 12)) > 0.9
    assert float(agreement(sure, other, 12)) < 0.5


def test_fifty_steps_teach_a_decoder_how_residues_lie(tmp_path):
    torch.manual_seed(0)
    corpus = annotate_corpus([dressed(chain) for chain in windings()])
    encoder, decoder = StructureEncoder(FOLDED.encoder), FoldingDecoder(FOLDED.decoder)
    start_from_steps(encoder, corpus, 64)
    start_from_codes(decoder, encoder, 64)
    plan = Plan(50, residues=96, lengths=(24,), peak=5e-3, warm_up=5)
    draw = FoldingDraw(corpus.tokenized(encoder), plan, encoder.codebook.embeddings[:64].float())
    records: list[dict] = []
    weights = folding_training.WEIGHTS
    list(Trainer(FoldingObjective(decoder), plan, weights, None).run(draw, records.append))

    def mean(part: list[dict], name: str) -> float:
        return sum(record[name] for record in part) / len(part)

    for name in ("near", "direction", "torsion"):
        assert mean(records[-8:], name) < 0.8 * mean(records[:8], name), name


def test_a_model_with_a_folding_decoder_is_kept_and_loaded(tmp_path):
    from workbench.model.checkpoint import load_model, save_model
    from workbench.model.model import Model, build_part

    parts = {name: build_part(FOLDED, name) for name in FOLDED.parts}
    save_model(Model(FOLDED, **parts), tmp_path / "folding")
    assert load_model(tmp_path / "folding").config.decoder == FOLDED.decoder


def test_even_an_untaught_decoder_makes_chains_that_hold_together(decoder):
    for seed in range(6, 10):
        tokens = row(30, seed)
        with torch.no_grad():  # every token is a step between neighbours
            decoder.step_embed.weight[:, :3] *= 0.38 / decoder.step_embed.weight[:, :3].norm(
                dim=-1, keepdim=True
            )
        backbone = decoder(**tokens).backbone[0, 1:-1]
        reach = (backbone[1:, 0] - backbone[:-1, 2]).norm(dim=-1)
        assert reach.max() < 2.5
