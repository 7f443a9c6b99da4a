"""Training on what proteins do: what is shown, what is asked, and the decoder of its tokens."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from annotation_tables import CHAINS, write_tables
from toys import TOY
from windings import windings, wound_corpus

from workbench.model.esm3 import ESM3
from workbench.model.function_decoder import FunctionDecoder
from workbench.model.model import Model, build_part
from workbench.protein import FunctionAnnotation, Protein
from workbench.tracks import FUNCTION_NONE, TRACKS, Track
from workbench.training.families import Families, build_vocabulary, save_vocabulary
from workbench.training.function import (
    NOT_ASKED,
    WEIGHTS,
    FunctionDraw,
    LabelDraw,
    LabelObjective,
)
from workbench.training.keywords import common_keywords, f1, measure_keywords
from workbench.training.plan import Plan
from workbench.training.trainer import Trainer
from workbench.training.trunk import TrunkDraw, TrunkObjective

MASK = TRACKS[Track.FUNCTION].mask


@pytest.fixture
def draw(tmp_path) -> FunctionDraw:
    families = Families.read(write_tables(tmp_path / "annotations"))
    return FunctionDraw(build_vocabulary(CHAINS, families), families)


def test_what_is_asked_is_not_shown_and_what_is_shown_is_not_asked(draw):
    random = np.random.default_rng(0)
    whole = draw.tokens(draw.keywords("PF00001"))
    counts = {"masked": 0, "shown": 0, "in part": 0}
    for _ in range(200):
        given, target = draw("PF00001", random)
        if (given == MASK).all():
            assert np.array_equal(target, whole)
            counts["masked"] += 1
        else:
            assert (target == NOT_ASKED).all()
            counts["shown" if np.array_equal(given, whole) else "in part"] += 1
    assert counts["masked"] > 100
    assert min(counts.values()) > 10


def test_of_a_chain_of_unknown_families_nothing_is_asked(draw):
    random = np.random.default_rng(0)
    for _ in range(50):
        given, wanted = draw("", random)
        assert (given == MASK).all()
        assert (wanted == NOT_ASKED).all()


def test_few_of_the_chains_without_keywords_count_as_having_no_function(draw):
    random = np.random.default_rng(0)
    targets = np.array([draw("PF99999", random)[1] for _ in range(400)])
    none = (targets == FUNCTION_NONE).all(1)
    assert 0.02 < none.mean() < 0.15
    assert (targets[~none] == NOT_ASKED).all()


def test_the_decoder_learns_to_read_the_tokens_of_a_vocabulary(draw):
    vocabulary = draw.vocabulary
    torch.manual_seed(0)
    size = replace(
        TOY.function_decoder, keywords=len(vocabulary.keywords), entries=len(vocabulary.accessions)
    )
    objective = LabelObjective(FunctionDecoder(size))
    plan = Plan(120, residues=16, peak=1e-2, warm_up=5)
    list(Trainer(objective, plan, WEIGHTS, None).run(LabelDraw(vocabulary, plan)))
    for accession in ("IPR000001", "IPR000003"):
        tokens = draw.tokens(frozenset(vocabulary.keywords_of(accession)))
        annotations = objective.decoder.eval().read(torch.from_numpy(tokens)[None])
        read = {vocabulary.keywords[k] for k in np.flatnonzero(annotations.keywords[0])}
        assert read == set(vocabulary.keywords_of(accession))
        assert np.flatnonzero(annotations.entries[0]).tolist() == [
            vocabulary.accessions.index(accession)
        ]


def test_the_trunk_is_shown_a_function_on_residues_alone(draw):
    corpus = wound_corpus(_annotated(windings()))
    plan = Plan(1, residues=1040, lengths=(26,))
    rows, truth = TrunkDraw(corpus, plan, draw)(0, np.random.default_rng(0), torch.device("cpu"))
    shown = (rows.function != MASK).all(-1)
    masked = (truth[Track.FUNCTION] != NOT_ASKED).all(-1)
    amino_acids = rows.valid & (rows.sequence != 0) & (rows.sequence != 2)
    assert 0.1 < shown[amino_acids].float().mean() < 0.5
    assert torch.equal(shown | masked, amino_acids)
    assert not (shown & masked).any()


def test_the_trunk_learns_families_from_sequences_and_the_reverse(draw, tmp_path):
    corpus = wound_corpus(_annotated(windings()))
    torch.manual_seed(0)
    options = {"inverse_folding": 0.0, "folding": 0.0, "from_nothing": 0.5}
    plan = Plan(80, residues=104, lengths=(26,), peak=8e-3, warm_up=5, options=options)
    weights = {track.value: 1.0 for track in Track}
    records: list[dict] = []
    objective = TrunkObjective(ESM3(TOY.trunk))
    drawn = TrunkDraw(corpus, plan, draw)
    list(Trainer(objective, plan, weights, None).run(drawn, records.append))
    losses = [record["function"] for record in records if "function" in record]
    # Half of the bytes differ between the two families; knowing neither costs ln 257 = 5.5 nats.
    assert np.mean(losses[-8:]) < 0.5 < 4.0 < losses[0]

    vocabulary = draw.vocabulary
    size = replace(
        TOY.function_decoder, keywords=len(vocabulary.keywords), entries=len(vocabulary.accessions)
    )
    config = replace(TOY, function_decoder=size)
    parts = {name: build_part(config, name).eval() for name in config.parts[1:]}
    save_vocabulary(vocabulary, tmp_path)
    model = Model(config, objective.trunk.eval(), **parts, folder=tmp_path)
    for chain, family in zip(windings()[:2], ("PF00001", "PF00003"), strict=True):
        true, random = draw.keywords(family), np.random.default_rng(0)
        measured = measure_keywords(model, chain, true, true, draw.tokens(true), random, 1.0)
        assert measured.gain > 0.1
        assert (measured.true, measured.common) == (len(true), len(true))


def _annotated(chains: list[Protein]) -> list[Protein]:
    """Helices are kinases here, and strands hold zinc."""
    return [
        chain.with_(
            function=(FunctionAnnotation("PF00001" if "A" in chain.sequence else "PF00003", 0, 8),)
        )
        for chain in chains
    ]


def test_the_commonest_keywords_are_as_many_as_a_chain_has(draw):
    common = common_keywords(_annotated(windings()), draw.families, draw.vocabulary)
    sizes = [len(draw.keywords("PF00001")), len(draw.keywords("PF00003"))]
    assert min(sizes) <= len(common) <= max(sizes)
    assert "binding" in common


def test_f1_is_the_harmonic_mean():
    assert f1(3, 6, 4) == pytest.approx(2 * 0.5 * 0.75 / (0.5 + 0.75))
    assert f1(0, 6, 4) == 0.0
