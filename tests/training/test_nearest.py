"""The baseline that copies from the nearest training chain."""

import numpy as np
import pytest

from workbench.embedded import example
from workbench.protein import Protein
from workbench.training.nearest import Neighbours, measure_copied


@pytest.fixture(scope="module")
def bundle() -> Protein:
    return example()


@pytest.fixture(scope="module")
def other(bundle) -> Protein:
    """The same fold backwards: as long, of the same letters, but with other triplets."""
    return bundle.with_(sequence=bundle.sequence[::-1])


def test_a_chain_that_was_trained_on_is_its_own_neighbour_and_all_right(bundle, other):
    copied = measure_copied(bundle, Neighbours([other, bundle]))
    assert copied.recovered.all()
    assert copied.ss8.all()
    assert copied.ss3.all()
    assert copied.lddt == pytest.approx(1.0)
    assert copied.rmsd == pytest.approx(0.0, abs=1e-3)
    assert copied.sasa == pytest.approx(1.0)


def test_residues_that_the_neighbour_lacks_count_as_wrong(bundle):
    half = bundle.take(np.arange(len(bundle) // 2, len(bundle)))
    copied = measure_copied(bundle, Neighbours([half]))
    share = len(half) / len(bundle)
    assert copied.recovered.mean() == pytest.approx(share, abs=0.05)
    assert copied.recovered[-len(half) :].mean() > 0.9
    assert copied.lddt < share


def test_the_nearest_chain_shares_most_triplets_for_its_length(bundle, other):
    longer = bundle.with_()
    joined = Protein(bundle.sequence + other.sequence)
    assert Neighbours([other, joined, longer]).nearest(bundle) is longer
