"""Log-odds of mutations, and what speaks for a residue, against plain passes of the reference."""

from dataclasses import replace

import numpy as np
import pytest
from esm_tables import COLUMNS
from invented_tables import write_function_tables
from toys import SEQUENCE

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.sampling.guidance import reasons_of
from workbench.tracks import Track
from workbench.whatif.landscape import landscape
from workbench.whatif.likelihood import pseudo_likelihood, residue_log_probabilities
from workbench.whatif.why import influence, why

LETTERS = list(AMINO_ACIDS)


def log_chances(reference, prompt) -> np.ndarray:
    logits = reference.forward(prompt).sequence[:, COLUMNS[Track.SEQUENCE]]
    return logits.log_softmax(-1).numpy()


def test_masked_marginals_hide_each_residue(reference, given):
    table = landscape(reference.model, given)
    for i, letter in enumerate(SEQUENCE):
        logs = log_chances(reference, given.mask([i], "sequence"))[i]
        expected = logs - logs[AMINO_ACIDS.index(letter)]
        assert np.allclose(table.iloc[i][LETTERS].astype(float), expected, atol=5e-5)
        assert table["entropy"].iloc[i] == pytest.approx(-(np.exp(logs) * logs).sum(), abs=5e-5)


def test_wild_type_marginals_see_every_residue(reference, given):
    table = landscape(reference.model, given, method="wild-type-marginal")
    logs = log_chances(reference, given)
    own = [AMINO_ACIDS.index(letter) for letter in SEQUENCE]
    expected = logs - logs[np.arange(len(own)), own][:, None]
    assert np.allclose(table[LETTERS], expected, atol=5e-5)


def test_a_mutation_is_held_against_the_letter_that_stands_there(model, given):
    table = landscape(model, given, "3-6")
    assert table.index.tolist() == ["A:3", "A:4", "A:5", "A:6"]
    assert table["letter"].tolist() == list(SEQUENCE[2:6])
    for label, letter in zip(table.index, SEQUENCE[2:6], strict=True):
        assert table.loc[label, letter] == 0


def test_a_masked_residue_is_held_against_the_template_s_and_a_new_one_against_the_likeliest(
    model, given
):
    masked = given.mask("4", "sequence")
    assert landscape(model, masked, "4")["letter"].tolist() == [SEQUENCE[3]]
    table = landscape(model, Prompt.blank(8))
    assert (table[LETTERS].max(axis=1) == 0).all()


def test_an_unknown_method_is_refused(model, given):
    with pytest.raises(PromptError, match="use masked-marginal or wild-type-marginal"):
        landscape(model, given, method="guess")


def test_a_track_speaks_for_a_letter_by_what_leaving_it_out_costs(reference, mixed):
    table = why(reference.model, mixed, range(9, 12))
    assert table.columns.tolist() == ["letter", "sequence", "structure", "ss8", "sasa"]
    for track in table.columns[1:]:
        for row, i in enumerate(range(9, 12)):
            hidden = mixed.mask([i], "sequence")
            letter = AMINO_ACIDS.index(SEQUENCE[i])
            whole, less = (
                log_chances(reference, prompt)[i, letter]
                for prompt in (hidden, hidden.mask(slice(None), track))
            )
            assert table[track].iloc[row] == pytest.approx(whole - less, abs=5e-5)


def test_annotations_are_told_apart(model, given, tmp_path):
    reading = replace(model, folder=write_function_tables(tmp_path, seed=0))
    prompt = given.annotate("word3", "4-9").annotate("word5", "8-15")
    table = why(reading, prompt, "5-7")
    assert table.columns.tolist()[1:] == ["sequence", "structure", "function", "word3", "word5"]
    only = given.annotate("word5", "8-15")
    drop = pseudo_likelihood(reading, prompt) - pseudo_likelihood(reading, only)
    assert np.allclose(table["word3"], drop[4:7], atol=1e-5)
    assert np.abs(table["word3"] - table["word5"]).max() > 1e-4


def test_influence_is_the_divergence_from_what_the_model_says_without_it(reference, mixed):
    ours = influence(reference.model, mixed, "ss8")
    for i in range(len(mixed)):
        hidden = mixed.mask([i], "sequence")
        p, q = (
            np.exp(log_chances(reference, prompt)[i].astype(float))
            for prompt in (hidden, hidden.mask(slice(None), "ss8"))
        )
        assert ours[i] == pytest.approx((p * np.log(p / q)).sum(), abs=5e-5)
    assert (ours > 0).all()


def test_what_a_prompt_does_not_give_changes_nothing(model, mixed):
    assert reasons_of(mixed) == ("sequence", "structure", "ss8", "sasa")
    with pytest.raises(PromptError, match="gives no 'function' to leave out"):
        influence(model, mixed, "function")


def test_a_masked_residue_is_explained_by_its_likeliest_letter(model):
    prompt = Prompt.blank(8).paint(0, "sequence", "W")
    letters = why(model, prompt)["letter"].tolist()
    likeliest = residue_log_probabilities(model, prompt).argmax(-1)
    assert letters == ["W", *(AMINO_ACIDS[i] for i in likeliest[1:])]
