"""Motifs that must not arise, letter by letter; every property holds in any order of filling."""

import re
from itertools import product

import numpy as np
import pytest

from workbench.constants import AMINO_ACIDS
from workbench.constraints import Constraints
from workbench.motif_guard import Found, MotifGuard

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


# -- against every way to fill a short sequence in -----------------------------------------------

MOTIFS = {
    "N-X-S/T": "N.[ST]",
    "N-{P}-[ST]": "N[^P][ST]",
    "N-S": "NS",
    "S-X-X-N": "S..N",
    "T-T": "TT",
    "{N}-S-T": "[^N]ST",
    "P": "P",
}


def arisen(sequence: str, motifs: tuple[str, ...]) -> int:
    return sum(len(re.findall(f"(?={MOTIFS[motif]})", sequence)) for motif in motifs)


def short_case(seed: int) -> tuple[str, tuple[str, ...], dict[int, str]]:
    """A short sequence, half masked, motifs, and what each masked residue may become."""
    random = np.random.default_rng(seed)
    length = int(random.integers(3, 8))
    sequence = "".join(random.choice(list("____NSTP"), length))
    count = int(random.integers(1, 4))
    motifs = tuple(str(motif) for motif in random.choice(list(MOTIFS), count, replace=False))
    masked = [i for i, letter in enumerate(sequence) if letter == "_"]
    size = int(random.integers(1, 4))
    allowed = {i: "".join(random.choice(list("NSTP"), size, replace=False)) for i in masked}
    return sequence, motifs, allowed


def filled_in(sequence: str, motifs: tuple[str, ...], allowed: dict[int, str], seed: int) -> str:
    """Every masked residue drawn by lot from what the guard leaves, in some order."""
    random = np.random.default_rng([seed, 1])
    watched = guard(sequence, *motifs, **{f"p{i}": may for i, may in allowed.items()})
    made = list(sequence)
    for position in random.permutation(sorted(allowed)).tolist():
        letter = int(random.choice(np.flatnonzero(watched.choices(position))))
        watched.place(position, letter)
        made[position] = AMINO_ACIDS[letter]
    return "".join(made)


def test_no_more_motifs_arise_than_in_the_best_of_all_ways_to_fill_a_sequence_in():
    for seed in range(1500):
        sequence, motifs, allowed = short_case(seed)
        at = sorted(allowed)
        every = []
        for letters_ in product(*(allowed[i] for i in at)):
            one = list(sequence)
            for i, letter in zip(at, letters_, strict=True):
                one[i] = letter
            every.append(arisen("".join(one), motifs))
        filled = filled_in(sequence, motifs, allowed, seed)
        assert arisen(filled, motifs) == min(every), (seed, sequence, motifs, allowed, filled)


def test_a_way_out_is_kept_far_along_a_chain_of_small_alphabets():
    """N and S must take turns, so what is given at the end decides what the first may be."""
    alphabets = {f"p{i}": "NS" for i in range(7)}
    assert letters(guard("_" * 7 + "S", "N-N", "S-S", **alphabets).choices(0)) == "N"
    assert letters(guard("_" * 7 + "N", "N-N", "S-S", **alphabets).choices(0)) == "S"
