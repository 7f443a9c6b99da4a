import numpy as np
import pytest

from workbench.errors import SelectionError
from workbench.protein import Protein, same_residues
from workbench.selection import format_selection, parse_selection


def test_a_range_includes_both_ends_in_the_numbering_of_the_file():
    protein = Protein("MKTAYIAK", residue_number=np.arange(41, 49))
    assert parse_selection("43-45", protein).tolist() == [2, 3, 4]


def test_a_single_chain_need_not_be_named():
    protein = Protein("MKTAYIAK")
    assert parse_selection("3", protein).tolist() == parse_selection("A:3", protein).tolist() == [2]


def test_parts_are_joined_and_come_back_in_file_order(antibody_like):
    assert parse_selection("A-2:1-2, H:-2--1,H:-1", antibody_like).tolist() == [0, 1, 9, 10]


@pytest.mark.parametrize("everything", ["all", "*", " ALL "])
def test_all_means_every_residue_of_every_chain(antibody_like, everything):
    assert parse_selection(everything, antibody_like).tolist() == list(range(15))


def test_a_chain_alone_means_all_of_it(antibody_like):
    assert parse_selection("A-2:", antibody_like).tolist() == list(range(9, 15))


def test_an_insertion_code_names_its_own_residue(antibody_like):
    assert parse_selection("H:52A", antibody_like).tolist() == [5]
    assert parse_selection("H:52", antibody_like).tolist() == [4]


def test_a_range_up_to_a_number_stops_before_its_insertions(antibody_like):
    assert parse_selection("H:1-52", antibody_like).tolist() == [3, 4]
    assert parse_selection("H:1-52A", antibody_like).tolist() == [3, 4, 5]


def test_residues_the_file_lacks_inside_a_range_are_passed_over(antibody_like):
    assert parse_selection("H:50-58", antibody_like).tolist() == [4, 5, 6, 7]
    assert parse_selection("H:53-58", antibody_like).tolist() == [7]
    assert parse_selection("H:54-60", antibody_like).tolist() == [8]


def test_a_range_follows_the_file_where_insertion_codes_run_backwards(thrombin_like):
    assert parse_selection("1C-1A", thrombin_like).tolist() == [0, 1, 2]
    assert parse_selection("1-2", thrombin_like).tolist() == [3, 4]


@pytest.mark.parametrize("name", ["antibody_like", "thrombin_like", "annotated_protein"])
def test_what_is_written_reads_back_to_the_same_positions(name, request):
    protein = request.getfixturevalue(name)
    generator = np.random.default_rng(7)
    for _ in range(200):
        chosen = np.flatnonzero(generator.random(len(protein)) < generator.uniform(0.1, 0.9))
        if len(chosen):
            text = format_selection(chosen, protein)
            assert parse_selection(text, protein).tolist() == chosen.tolist(), text


def test_a_chain_without_a_name_reads_back_too():
    protein = Protein("MKTAYIAK", chain_id=np.full(8, ""))
    text = format_selection(np.array([1, 2, 5]), protein)
    assert parse_selection(text, protein).tolist() == [1, 2, 5]


def test_neighbours_are_written_as_one_range_and_chains_apart(antibody_like):
    text = format_selection(np.array([7, 8, 9, 10, 12]), antibody_like)
    assert text == "H:53-60,A-2:1-2,A-2:27"


@pytest.mark.parametrize("text", ["5-70", "0-3", "99", "-4"])
def test_a_range_outside_the_chain_is_refused_with_its_numbers_and_the_chain_s(text):
    with pytest.raises(SelectionError, match="A:1 to A:8") as refused:
        parse_selection(text, Protein("MKTAYIAK"))
    assert repr(text) in str(refused.value)


def test_a_number_in_a_gap_of_the_file_is_refused(antibody_like):
    with pytest.raises(SelectionError, match="'H:30'"):
        parse_selection("H:30", antibody_like)


def test_a_range_that_runs_backwards_is_refused():
    with pytest.raises(SelectionError, match="backwards"):
        parse_selection("5-3", Protein("MKTAYIAK"))


def test_a_range_against_the_file_s_own_order_is_refused(thrombin_like):
    with pytest.raises(SelectionError, match="backwards"):
        parse_selection("1A-1C", thrombin_like)


def test_a_chain_must_be_named_where_there_are_several(antibody_like):
    with pytest.raises(SelectionError, match="H, A-2, so write H:5"):
        parse_selection("5", antibody_like)


def test_an_unknown_chain_is_refused_with_the_chains_there_are(antibody_like):
    with pytest.raises(SelectionError, match=r"no chain 'L'.*H, A-2"):
        parse_selection("L:5", antibody_like)


@pytest.mark.parametrize("text", ["", " ", "5,", "A:5-", "5-6-7", "five", "A:B:5", "5.5", "A 5"])
def test_what_is_no_selection_is_refused_in_its_own_words(text):
    with pytest.raises(SelectionError, match="cannot read"):
        parse_selection(text, Protein("MKTAYIAK"))


def test_residues_near_others_are_found_in_space_and_keep_them():
    from ideal_chains import wound_helix

    helix = Protein("A" * 30, coordinates=wound_helix(30), residue_number=np.arange(41, 71))
    near = parse_selection("within 4 Å of A:50-51", helix).tolist()
    assert {9, 10} < set(near) < set(range(3, 18))
    assert parse_selection("within 0 of 50", helix).tolist() == [9]
    assert parse_selection("Within 500 of 50", helix).tolist() == list(range(30))


def test_nothing_is_near_a_residue_without_coordinates():
    with pytest.raises(SelectionError, match="none of these residues has coordinates"):
        parse_selection("within 5 of 2", Protein("MKT"))


@pytest.mark.parametrize("dash", "\u2010\u2011\u2012\u2013\u2014\u2212")
def test_every_dash_of_a_paper_is_a_hyphen(antibody_like, dash):
    assert parse_selection(f"H:{dash}2{dash}{dash}1", antibody_like).tolist() == [0, 1]
    assert parse_selection(f"H:1{dash}52A", antibody_like).tolist() == [3, 4, 5]


def test_a_name_of_two_residues_is_refused_with_both_places():
    """No file is read so; a protein made in Python may have such names."""
    twice = Protein("MKTAMKTA", residue_number=np.tile(np.arange(1, 5), 2))
    for text in ("2", "A:2", "2-4", "1-4"):
        with pytest.raises(SelectionError, match=r"is the name of 2 residues \(. at position \d"):
            parse_selection(text, twice)
    assert parse_selection("A:", twice).tolist() == list(range(8))
    with pytest.raises(SelectionError, match=r"A:2 .* \(K at position 1, K at position 5\)"):
        parse_selection("2", twice)


def test_residues_are_paired_by_names_that_are_theirs_alone():
    one = Protein("MKTAY", residue_number=np.array([1, 2, 3, 4, 9]))
    other = Protein("AYMKK", residue_number=np.array([4, 9, 1, 2, 2]))
    here, there = same_residues(one, other)
    assert here.tolist() == [0, 3, 4]
    assert there.tolist() == [2, 0, 1]


@pytest.fixture
def pair():
    """Two helices side by side, chains A and E, 20 Å apart at one end's tip only."""
    from ideal_chains import wound_helix

    helix = wound_helix(12)
    return Protein(
        "A" * 24,
        coordinates=np.concatenate([helix, helix + np.array([12.0, 0, 0], np.float32)]),
        chain_id=np.repeat(["A", "E"], 12),
        residue_number=np.tile(np.arange(1, 13), 2),
    )


def test_what_is_near_a_chain_is_joined_with_and_or_and_not(pair):
    near = parse_selection("within 9 of E", pair).tolist()
    assert set(range(12, 24)) < set(near)
    inside = parse_selection("A and within 9 of chain E", pair).tolist()
    assert inside == [i for i in near if i < 12]
    rest = parse_selection("A and not within 9 of E", pair).tolist()
    assert rest == [i for i in range(12) if i not in near]
    assert parse_selection("within 9 of E:1,2 or A:12", pair).tolist() == sorted(
        {*parse_selection("within 9 of E:1-2", pair).tolist(), 11}
    )
