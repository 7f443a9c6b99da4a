import re
from dataclasses import replace

import numpy as np
import pytest

from workbench.constants import AMINO_ACIDS
from workbench.constraints import Constraints, Found, MotifGuard
from workbench.errors import PromptError
from workbench.prompt import Prompt

N, G, S, P = (AMINO_ACIDS.index(letter) for letter in "NGSP")


def guard(sequence: str, *motifs: str, chains=None, **allowed: str) -> MotifGuard:
    constraints = Constraints.free(len(sequence))
    for at, letters in allowed.items():
        constraints = constraints.allow(np.array([int(at[1:])]), letters)
    for motif in motifs:
        constraints = constraints.forbid_motif(motif)
    return MotifGuard(constraints, sequence, chains)


def letters(choices: np.ndarray) -> str:
    return "".join(np.array(list(AMINO_ACIDS))[choices])


def test_the_last_residue_of_a_motif_may_not_complete_it():
    assert set(letters(guard("AN_A", "N-P").choices(2))) == set(AMINO_ACIDS) - {"P"}
    assert set(letters(guard("ANG_", "N-X-S/T").choices(3))) == set(AMINO_ACIDS) - {"S", "T"}


def test_a_motif_that_nothing_can_break_any_more_counts_as_made():
    # Whatever comes between N and S completes N-X-S/T, so S is already refused.
    assert "S" not in letters(guard("N__", "N-X-S/T").choices(2))
    assert "N" not in letters(guard("__S", "N-X-S/T").choices(0))
    assert "S" in letters(guard("N__", "N-{P}-[ST]").choices(2))
    assert letters(guard("N_S", "N-{P}-[ST]").choices(1)) == "P"
    assert "S" not in letters(guard("N__", "N-{P}-[ST]", p1="AG").choices(2))


def test_placing_a_residue_is_seen_by_the_next():
    watched = guard("___", "N-G-S")
    watched.place(0, N)
    watched.place(2, S)
    assert "G" not in letters(watched.choices(1))
    watched.place(0, P)
    assert "G" in letters(watched.choices(1))


@pytest.mark.parametrize("seed", range(12))
def test_no_motif_arises_however_a_sequence_is_filled_in(seed):
    random = np.random.default_rng(seed)
    motifs = ("N-X-S/T", "K-R", "{A}-W-X-[FWY]")
    watched, order = guard("_" * 60, *motifs), random.permutation(60)
    sequence = ["_"] * 60
    for position in order.tolist():
        choice = int(random.choice(np.flatnonzero(watched.choices(position))))
        watched.place(position, choice)
        sequence[position] = AMINO_ACIDS[choice]
    assert not re.search(r"N.[ST]|KR|[^A]W.[FWY]", "".join(sequence))


def test_motifs_do_not_reach_over_a_chain_break():
    assert "P" in letters(guard("AN_A", "N-P", chains=[(0, 2), (2, 4)]).choices(2))


def test_motifs_of_the_prompt_itself_are_told_and_not_guarded():
    watched = guard("NGSAN_SA", "N-X-S/T", "A-N")
    assert watched.given == (Found("N-X-S/T", 0, 3), Found("A-N", 3, 5))
    assert watched.forced == (Found("N-X-S/T", 4, 7),)
    assert letters(watched.choices(5)) == AMINO_ACIDS


def test_a_non_standard_residue_matches_only_any():
    assert guard("NXS", "N-X-S").given
    assert not guard("NXS", "N-A/G-S").given
    assert not guard("NBS", "N-D-S").given


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
    assert prompt.bias(slice(None), {"AGP": 0}).constraints.is_free


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
    moved = constraints.taken(np.array([2, -1, 0]))
    assert len(moved) == 3
    assert letters(moved.allowed[2]) == "A"
    assert moved.allowed[:2].all()
    assert moved.bias[0].max() == 2.0
    assert not moved.bias[1:].any()
