"""The folding decoder: one consistent chain from tokens of any quality."""

import pytest
import torch
from rows import walk
from toys import FOLDED, given_weights
from windings import dressed, windings

from workbench.model.folding_decoder import FoldingDecoder
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
    found = {}
    for name, track in (("tokens", Track.STRUCTURE), ("sequence", Track.SEQUENCE)):
        spec = TRACKS[track]
        ids = torch.randint(spec.values.start, spec.values.stop, (1, length), generator=random)
        ids[0, 0], ids[0, -1] = spec.bos, spec.eos
        found[name] = ids
    return found


@pytest.fixture
def decoder() -> FoldingDecoder:
    return given_weights(FoldingDecoder(FOLDED.decoder), seed=0)


def distances(points: torch.Tensor) -> torch.Tensor:
    return torch.cdist(points[0, :, 1], points[0, :, 1])


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
    here, there = (distances(found.backbone[:1, residues]) for found in (together, alone))
    assert torch.allclose(here, there, atol=1e-3)
    assert torch.allclose(together.plddt[0, residues], alone.plddt[0, residues], atol=1e-5)
    assert torch.allclose(together.ptm[0], alone.ptm[0], atol=1e-5)


def test_given_coordinates_shape_the_fold_and_how_they_lie_in_space_does_not(decoder):
    asked = row(20, seed=3)
    given = torch.full((1, 20, 3, 3), torch.nan)
    given[:, 3:9] = walk(6, seed=4)
    turn, _ = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(5)))
    turn = turn * torch.det(turn)
    told, moved = (decoder(given=x, **asked).backbone for x in (given, given @ turn + 7.0))
    assert torch.allclose(distances(told), distances(moved), atol=1e-2)
    assert not torch.allclose(distances(told), distances(decoder(**asked).backbone), atol=0.1)


def test_fifty_steps_teach_a_decoder_to_repair(tmp_path):
    torch.manual_seed(0)
    corpus = annotate_corpus([dressed(chain) for chain in windings()])
    encoder, decoder = StructureEncoder(FOLDED.encoder), FoldingDecoder(FOLDED.decoder)
    start_from_steps(encoder, corpus, 64)
    start_from_codes(decoder, encoder, 64)
    plan = Plan(50, residues=144, lengths=(24,), peak=5e-3, warm_up=5)
    draw = FoldingDraw(corpus.tokenized(encoder), plan, 64)
    records: list[dict] = []
    weights = folding_training.WEIGHTS
    list(Trainer(FoldingObjective(decoder), plan, weights, None).run(draw, records.append))

    def mean(part: list[dict], name: str) -> float:
        return sum(record[name] for record in part) / len(part)

    for name in ("near", "distogram", "torsion"):
        assert mean(records[-8:], name) < 0.8 * mean(records[:8], name), name


def test_a_model_with_a_folding_decoder_is_kept_and_loaded(tmp_path):
    from workbench.model.checkpoint import load_model, save_model
    from workbench.model.model import Model, build_part

    parts = {name: build_part(FOLDED, name) for name in FOLDED.parts}
    save_model(Model(FOLDED, **parts), tmp_path / "folding")
    assert load_model(tmp_path / "folding").config.decoder == FOLDED.decoder


def test_even_an_untaught_decoder_makes_chains_that_hold_together(decoder):
    for seed in range(6, 10):
        asked = row(30, seed)
        with torch.no_grad():  # every token is a step between neighbours
            decoder.step_embed.weight[:, :3] *= 0.38 / decoder.step_embed.weight[:, :3].norm(
                dim=-1, keepdim=True
            )
        backbone = decoder(**asked).backbone[0, 1:-1]
        reach = (backbone[1:, 0] - backbone[:-1, 2]).norm(dim=-1)
        assert reach.max() < 2.5
