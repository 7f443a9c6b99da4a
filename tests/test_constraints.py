from dataclasses import replace

import numpy as np
import pytest

from workbench.constants import AMINO_ACIDS
from workbench.constraints import Constraints
from workbench.errors import PromptError
from workbench.prompt import Prompt

N, G, S, P = (AMINO_ACIDS.index(letter) for letter in "NGSP")


def letters(choices: np.ndarray) -> str:
    return "".join(np.array(list(AMINO_ACIDS))[choices])


@pytest.mark.parametrize(
    ("motif", "words"),
    [
        ("", "cannot read '' in the motif"),
        ("N-", "cannot read ''"),
        ("n-x-s", "cannot read 'n'"),
        ("N-J", "'J' is no standard amino acid"),
        ("X-X", "is everywhere"),
        ("N-{" + AMINO_ACIDS + "}", "is nowhere"),
    ],
)
def test_nonsense_in_a_motif_is_named(motif, words):
    with pytest.raises(PromptError, match=words):
        Prompt.blank(5).forbid_motif(motif)


def test_a_bias_is_set_per_residue_and_letter_and_can_be_taken_back():
    prompt = Prompt.blank(6).bias([1, 3], {"A": 1.5, "GP": -2})
    assert prompt.constraints.bias[1, AMINO_ACIDS.index("A")] == 1.5
    assert prompt.constraints.bias[3, [G, P]].tolist() == [-2, -2]
    assert not prompt.constraints.bias[[0, 2, 4, 5]].any()
    assert not prompt.bias(slice(None), {"AGP": 0}).constraints.bias.any()


def test_a_pssm_has_a_row_for_each_residue_or_one_for_all():
    pssm = np.arange(60, dtype=np.float32).reshape(3, 20) / 60
    assert np.array_equal(Prompt.blank(6).bias("2-4", pssm).constraints.bias[1:4], pssm)
    same = Prompt.blank(6).bias("2-4", pssm[0]).constraints.bias
    assert (same[1:4] == pssm[0]).all()
    assert not same[[0, 4, 5]].any()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"A": float("nan")}, "the bias of A is nan"),
        ({"A": 1e9}, "the bias of A is 1000000000.0; give nats from -1000"),
        ({"J": 1}, "'J' is no standard amino acid"),
        (np.zeros((2, 20)), "does not fit 3 residues"),
        (np.full(20, -np.inf), "not finite.*use forbid"),
    ],
)
def test_a_bias_that_makes_no_sense_is_refused(values, words):
    with pytest.raises(PromptError, match=words):
        Prompt.blank(6).bias("2-4", values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bias": np.full((4, 20), np.nan)}, "the bias is no number of nats at position 0"),
        ({"bias": np.full((4, 20), 1e30)}, "the bias is no number of nats at position 0"),
        ({"allowed": np.arange(4)[:, None] < [[3] * 20]}, "no amino acid is allowed at position 3"),
    ],
)
def test_constraints_made_by_hand_are_checked_as_well(change, words):
    with pytest.raises(PromptError, match=words):
        replace(Constraints.free(4), **change)


def test_a_forbidden_motif_is_listed_once_and_can_be_permitted():
    prompt = Prompt.blank(4).forbid_motif("N-X-S/T").forbid_motif("N-X-S/T")
    assert prompt.constraints.forbidden == ("N-X-S/T",)
    assert prompt.permit_motif("N-X-S/T").constraints.forbidden == ()
    with pytest.raises(PromptError, match="'K-R' is not forbidden; forbidden are: N-X-S/T"):
        prompt.permit_motif("K-R")


def test_constraints_move_with_their_residues_and_new_ones_are_free():
    constraints = Constraints.free(3).allow(np.array([0]), "A").favour(np.array([2]), {"W": 2.0})
    moved = constraints.at_positions(np.array([2, -1, 0]))
    assert len(moved) == 3
    assert letters(moved.allowed[2]) == "A"
    assert moved.allowed[:2].all()
    assert moved.bias[0].max() == 2.0
    assert not moved.bias[1:].any()
