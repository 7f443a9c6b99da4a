from dataclasses import replace

import numpy as np
import pytest
from ideal_chains import strand
from invented_tables import write_function_tables
from toys import SEQUENCE

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling import likelihood
from workbench.sampling.likelihood import (
    attribution,
    mutation_scan,
    pseudo_likelihood,
    residue_log_probabilities,
)
from workbench.tracks import Track


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
    monkeypatch.setattr(likelihood, "TOKENS_AT_ONCE", 3 * (len(SEQUENCE) + 2))
    assert np.allclose(pseudo_likelihood(model, given), whole, atol=1e-5)


def test_masked_and_unknown_residues_have_no_score(model, given):
    scores = pseudo_likelihood(model, given.paint(3, "sequence", "X").mask(4, "sequence"))
    assert np.flatnonzero(np.isnan(scores)).tolist() == [3, 4]


def test_a_scan_gives_log_odds_against_the_residue_that_is_there(model, given):
    scan = mutation_scan(model, given, "3-6")
    assert scan.index.tolist() == ["A:3", "A:4", "A:5", "A:6"]
    assert scan.columns.tolist() == list(AMINO_ACIDS)
    for label, letter in zip(scan.index, SEQUENCE[2:6], strict=True):
        assert scan.loc[label, letter] == 0
    chances = residue_log_probabilities(model, given, "3")
    expected = chances[0] - chances[0, AMINO_ACIDS.index(SEQUENCE[2])]
    assert np.allclose(scan.loc["A:3"], expected, atol=1e-6)


def test_a_masked_residue_cannot_be_scanned(model, given):
    with pytest.raises(PromptError, match="A:4 has no standard residue"):
        mutation_scan(model, given.mask("4", "sequence"), "3-6")


def test_attribution_is_what_dropping_a_track_costs(model, given):
    table = attribution(model, given, "5-7")
    assert table.columns.tolist() == ["sequence", "structure"]
    whole = pseudo_likelihood(model, given)
    bare = pseudo_likelihood(model, given.mask(slice(None), Track.STRUCTURE))
    assert np.allclose(table["structure"], (whole - bare)[4:7], atol=1e-5)


def test_attribution_tells_two_annotations_apart(model, given, tmp_path):
    reading = replace(model, folder=write_function_tables(tmp_path, seed=0))
    prompt = given.annotate("word3", "4-9").annotate("word5", "8-15")
    table = attribution(reading, prompt, "5-7")
    assert table.columns.tolist() == ["sequence", "structure", "function", "word3", "word5"]
    only = given.annotate("word5", "8-15")
    drop = pseudo_likelihood(reading, prompt) - pseudo_likelihood(reading, only)
    assert np.allclose(table["word3"], drop[4:7], atol=1e-5)
    assert np.abs(table["word3"] - table["word5"]).max() > 1e-4
