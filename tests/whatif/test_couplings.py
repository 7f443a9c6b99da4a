"""Couplings against an independent calculation: one mutant a pass, sums written out."""

import numpy as np
import pytest
from esm_tables import COLUMNS
from ideal_chains import ideal_chain
from toys import SEQUENCE

from workbench.constants import AMINO_ACIDS, CA, CB
from workbench.errors import PromptError
from workbench.protein import Protein
from workbench.tracks import Track
from workbench.whatif.asking import Stopped
from workbench.whatif.couplings import (
    average_product_corrected,
    coupling_strengths,
    couplings,
    jacobian,
    refuse_too_many,
)
from workbench.whatif.distances import contact_distances

WHERE = range(6, 11)


def test_the_jacobian_is_the_change_of_the_reference_s_logits(reference, mixed):
    ours = jacobian(reference.model, mixed, WHERE)
    columns = COLUMNS[Track.SEQUENCE]
    before = reference.forward(mixed).sequence[list(WHERE)][:, columns].numpy()
    for i, position in enumerate(WHERE):
        for a in (0, 7, 19):
            mutant = mixed.paint([position], "sequence", AMINO_ACIDS[a])
            after = reference.forward(mutant).sequence[list(WHERE)][:, columns].numpy()
            assert np.allclose(ours[i, a], after - before, atol=1e-4)


def test_couplings_are_centred_norms_less_the_average_product():
    random = np.random.default_rng(4)
    changes = random.normal(size=(4, 20, 4, 20)).astype(np.float32)
    centred = changes.astype(float)
    for axis in range(4):
        centred = centred - centred.mean(axis=axis, keepdims=True)
    expected = np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            if i != j:
                pair = (centred[i, :, j, :] + centred[j, :, i, :].T) / 2
                expected[i, j] = np.linalg.norm(pair)
    assert np.allclose(coupling_strengths(changes, corrected=False), expected, atol=1e-4)
    sums = expected.sum(0)
    for i in range(4):
        for j in range(4):
            expected[i, j] -= sums[i] * sums[j] / sums.sum() if i != j else 0
    assert np.allclose(coupling_strengths(changes), expected, atol=1e-4)


def test_residues_that_only_share_with_all_others_are_not_coupled():
    weight = np.array([1.0, 2.0, 3.0, 4.0])
    shared = np.outer(weight, weight)
    assert np.allclose(average_product_corrected(shared), 0, atol=1e-6)


def test_couplings_are_symmetric_and_nothing_is_coupled_to_itself(model, given):
    matrix = couplings(model, given)
    assert matrix.shape == (len(SEQUENCE), len(SEQUENCE))
    assert np.allclose(matrix, matrix.T, atol=1e-5)
    assert (np.diag(matrix) == 0).all()


def test_couplings_can_be_stopped_and_tell_their_progress(model, given):
    with pytest.raises(Stopped):
        couplings(model, given, progress=lambda done, rows: done == rows)


@pytest.mark.parametrize(("residues", "memory"), [(250, 2 << 30), (2046, 120 << 30)])
def test_more_residues_than_memory_holds_are_refused(residues, memory):
    refuse_too_many(residues, memory)
    with pytest.raises(PromptError, match=f"of {residues} residues take .* choose fewer residues"):
        refuse_too_many(residues, memory // 8)


def test_contact_distances_are_those_of_beta_carbons_also_of_glycine():
    chain = ideal_chain("AAAAAAGA")
    whole = ideal_chain("AAAAAAAA")
    distances = contact_distances(Protein("AAAAAAGA", chain))
    assert distances[0, 3] == pytest.approx(np.linalg.norm(chain[0, CB] - chain[3, CB]), abs=1e-3)
    assert distances[0, 6] == pytest.approx(np.linalg.norm(whole[0, CB] - whole[6, CB]), abs=1e-2)
    hidden = chain.copy()
    hidden[2, [CA, CB]] = np.nan
    assert np.isnan(contact_distances(Protein("AAAAAAGA", hidden))[2]).all()
