import numpy as np
import pytest
from ideal_chains import strand
from toys import SEQUENCE

from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.whatif import batches
from workbench.whatif.likelihood import pseudo_likelihood, residue_log_probabilities


@pytest.fixture
def given() -> Prompt:
    return Prompt.from_protein(Protein(SEQUENCE, strand(len(SEQUENCE))))


def test_chances_at_every_residue_add_up_to_one(model, given):
    chances = residue_log_probabilities(model, given)
    assert chances.shape == (len(SEQUENCE), 20)
    assert np.allclose(np.exp(chances).sum(-1), 1, atol=1e-5)


def test_a_residue_is_judged_without_looking_at_it(model, given):
    # Whatever stands at a position, the chances there are the same: it is hidden.
    other = given.paint(5, "sequence", "W")
    before = residue_log_probabilities(model, given, [5, 6])
    after = residue_log_probabilities(model, other, [5, 6])
    assert np.allclose(before[0], after[0], atol=1e-6)
    assert np.abs(before[1] - after[1]).max() > 1e-4


def test_scores_do_not_depend_on_how_many_share_a_pass(model, given, monkeypatch):
    whole = pseudo_likelihood(model, given)
    monkeypatch.setitem(batches.TOKENS_AT_ONCE, "cpu", 3 * (len(SEQUENCE) + 2))
    assert np.allclose(pseudo_likelihood(model, given), whole, atol=1e-5)


def test_masked_and_unknown_residues_have_no_score(model, given):
    scores = pseudo_likelihood(model, given.paint(3, "sequence", "X").mask(4, "sequence"))
    assert np.flatnonzero(np.isnan(scores)).tolist() == [3, 4]
