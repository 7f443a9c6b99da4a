"""What a model invents is judged as a chain, and its confidence by what is true."""

import numpy as np
import pytest
from toys import FOLDED, given_weights

from workbench.embedded import example_path
from workbench.geometry import natural_gyration
from workbench.io import read_protein
from workbench.model.model import Model, build_part
from workbench.training.design_evaluation import (
    MOTIFS,
    designs_from_nothing,
    fold_clusters,
    folds,
    motif_of,
    shape_of,
)
from workbench.training.design_summary import (
    summary_of_confidence,
    summary_of_designs,
    summary_of_folds,
)


@pytest.fixture(scope="module")
def bundle():
    return read_protein(example_path())


@pytest.fixture(scope="module")
def model() -> Model:
    parts = {name: given_weights(build_part(FOLDED, name), seed=4) for name in FOLDED.parts}
    return Model(FOLDED, **parts)


def test_a_helix_bundle_looks_like_one(bundle):
    shape = shape_of(bundle)
    assert shape.helix > 0.6
    assert shape.strand == 0
    assert (shape.breaks, shape.clashes) == (0, 0)
    assert shape.contacts > 2
    assert 0.7 < shape.gyration / natural_gyration(len(bundle)) < 1.5


def test_real_chains_hold_together_and_are_as_compact_as_the_rule_says(shared):
    from workbench.training.data import read_chains

    chains = read_chains(shared / "data" / "valid_allatom.npz", 150)[:30]
    shapes = [shape_of(chain) for chain in chains]
    assert np.mean([shape.outliers for shape in shapes]) < 0.02
    assert np.median([shape.contacts for shape in shapes]) > 3.0
    ratios = [s.gyration / natural_gyration(len(c)) for s, c in zip(shapes, chains, strict=True)]
    assert 0.9 < np.median(ratios) < 1.1


def test_designs_that_differ_by_a_rigid_motion_are_one_fold(bundle):
    moved = bundle.with_(coordinates=bundle.coordinates[..., [1, 2, 0]] + 5)
    stretched = bundle.with_(coordinates=bundle.coordinates * np.float32([1, 1, 6]))
    assert fold_clusters([bundle, moved]) == 1
    assert fold_clusters([bundle, stretched, moved]) == 2


@pytest.mark.parametrize("pieces", MOTIFS.values(), ids=MOTIFS)
def test_the_pieces_of_a_motif_are_inside_and_apart(pieces):
    for seed in range(20):
        motif = motif_of(60, pieces, np.random.default_rng(seed))
        assert len(set(motif.tolist())) == sum(pieces)
        assert 0 <= motif.min() <= motif.max() < 60
        assert len(np.flatnonzero(np.diff(motif) > 1)) == len(pieces) - 1


def test_a_table_tells_what_a_model_invents_and_how_honest_it_is(model, bundle):
    designs = designs_from_nothing(model, "structure:2,sequence:2", length=12, count=3)
    table = {row.name: row for row in summary_of_designs(designs)}
    assert 1 <= table["fold_clusters"].value <= 3
    assert table["gyration_median"].low <= table["gyration_median"].value
    short = [bundle.take(range(start, start + 15)) for start in (0, 10, 20)]
    found = folds(model, short, "folded")
    table = {row.name: row.value for row in summary_of_folds(found)}
    assert 0 < table["tm_median"] < 1
    predicted, true = (
        np.mean([getattr(figures, name) for figures in found]) for name in ("ptm", "tm")
    )
    assert table["ptm_minus_tm_mean"] == pytest.approx(predicted - true)
    assert {row.name for row in summary_of_confidence(found)} == {
        "ptm_correlation", "plddt_correlation",
    }  # fmt: skip
