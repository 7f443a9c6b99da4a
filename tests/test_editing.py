"""Residues come, go and move; what they carry goes with them."""

import numpy as np
import pytest
from ideal_chains import wound_helix

from workbench.editing import copies_of, delete, duplicate, insert, move, resize
from workbench.errors import PromptError
from workbench.prompt import Prompt, State
from workbench.protein import Confidence, FunctionAnnotation, Protein


def labels(prompt: Prompt) -> list[str]:
    return [prompt.template.label(i) for i in range(len(prompt))]


@pytest.fixture
def dimer() -> Prompt:
    """Two chains, numbered from 11 with a hole after 14 and from 1; one domain, one site."""
    protein = Protein(
        "MKTAYIAKQRQG",
        coordinates=wound_helix(12),
        chain_id=np.array(list("AAAAAABBBBBB")),
        residue_number=np.array([11, 12, 13, 14, 20, 21, 1, 2, 3, 4, 5, 6]),
        ss8="HHHHHHEEEEEE",
        sasa=np.arange(12, dtype=np.float32),
        function=(FunctionAnnotation("kinase", 1, 5),),
        residue_annotations=(FunctionAnnotation("active site", 7, 8),),
        confidence=Confidence(np.linspace(0.1, 0.9, 12), np.ones((12, 12)), 0.5),
    )
    prompt = Prompt.from_protein(protein, ["sequence", "structure", "ss8"])
    prompt = prompt.restore("all", ["sasa", "function", "residue"])
    return prompt.forbid("A:12", "CP").without("B:5", "residue")


def test_inserted_residues_are_masked_everywhere_and_free(dimer):
    after = insert(dimer, "A:12", 3)
    new = [2, 3, 4]
    for track in ("sequence", "structure", "ss8", "sasa", "residue"):
        assert (after.state(track)[new] == State.MASKED).all()
    assert after.allowed[new].all()
    assert not after.allowed[1].all()
    assert after.template.sequence == "MK___TAYIAKQRQG"


def test_what_was_there_keeps_its_values_and_its_number(dimer):
    after = insert(dimer, "A:14", 4)
    kept = [i for i in range(16) if i not in (4, 5, 6, 7)]
    assert [labels(after)[i] for i in kept] == labels(dimer)
    assert "".join(after.sequence[kept]) == "".join(dimer.sequence)
    np.testing.assert_array_equal(after.coordinates[kept], dimer.coordinates)
    np.testing.assert_array_equal(after.template.confidence.plddt[kept], np.linspace(0.1, 0.9, 12))
    assert after.residue_none[12 + 2]


def test_new_residues_fill_a_hole_in_the_numbering(dimer):
    assert labels(insert(dimer, "A:14", 4))[4:8] == ["A:15", "A:16", "A:17", "A:18"]


def test_without_a_hole_they_take_insertion_codes(dimer):
    assert labels(insert(dimer, "A:12", 2))[2:4] == ["A:12A", "A:12B"]


def test_codes_that_are_taken_are_passed_over(dimer):
    twice = insert(insert(dimer, "A:12", 1), "A:12", 1)
    assert labels(twice)[1:4] == ["A:12", "A:12B", "A:12A"]


def test_where_codes_run_out_numbers_go_on_after_the_last_of_the_chain(dimer):
    inserted = labels(insert(dimer, "A:12", 40))[2:42]
    assert inserted[0] == "A:22"
    assert inserted[-1] == "A:61"
    assert len(set(inserted)) == 40


def test_residues_before_a_chain_count_down_to_it(dimer):
    assert labels(insert(dimer, "B:1", 2, before=True))[6:9] == ["B:-1", "B:0", "B:1"]


def test_residues_at_the_end_of_a_chain_belong_to_it(dimer):
    after = insert(dimer, "A:21", 2)
    assert labels(after)[5:9] == ["A:21", "A:22", "A:23", "B:1"]
    assert after.template.chain_ranges == ((0, 8), (8, 14))


def test_an_annotation_goes_on_over_residues_put_into_it(dimer):
    after = insert(dimer, "A:13", 2)
    assert after.function == (FunctionAnnotation("kinase", 1, 7),)
    assert after.residue == (FunctionAnnotation("active site", 9, 10),)
    assert insert(dimer, "B:2", 1).residue == dimer.residue


def test_deleted_residues_take_their_annotations_with_them(dimer):
    after = delete(dimer, "A:12-13,B:2")
    assert labels(after) == [
        label for label in labels(dimer) if label not in ("A:12", "A:13", "B:2")
    ]
    assert after.function == (FunctionAnnotation("kinase", 1, 3),)
    assert after.residue == ()
    assert after.allowed.all()


def test_inserting_and_deleting_again_gives_the_prompt_back(dimer):
    after = delete(insert(dimer, "A:13", 5), range(3, 8))
    assert labels(after) == labels(dimer)
    assert after.function == dimer.function
    for name in ("sequence", "ss8", "sasa", "coordinates", "residue_none"):
        np.testing.assert_array_equal(getattr(after, name), getattr(dimer, name))
    np.testing.assert_array_equal(after.allowed, dimer.allowed)


def test_a_copy_has_the_values_but_not_the_place_of_its_original(dimer):
    after = duplicate(dimer, "A:12-13,B:2")
    copies = copies_of(dimer, "A:12-13,B:2")
    assert copies.tolist() == [3, 4, 10]
    assert "".join(after.sequence[copies]) == "KTK"
    assert after.ss8[copies].tolist() == ["H", "H", "E"]
    assert after.masked("structure")[copies].all()
    assert not after.template.has_backbone[copies].any()
    assert (~after.masked("structure")).sum() == 12
    assert not after.allowed[3].all()
    assert len(set(labels(after))) == 15


def test_a_run_over_a_chain_break_is_duplicated_chain_by_chain(dimer):
    after = duplicate(dimer, [5, 6])
    assert "".join(after.template.chain_id) == "A" * 7 + "B" * 7


def test_a_motif_moves_with_all_it_carries_and_the_rest_closes_up(dimer):
    after = move(dimer, "A:12-13", 2)
    assert labels(after)[:6] == ["A:11", "A:14", "A:20", "A:12", "A:13", "A:21"]
    np.testing.assert_array_equal(after.coordinates[3:5], dimer.coordinates[1:3])
    assert not after.allowed[3].all()
    assert after.positions("A:12-13").tolist() == [3, 4]
    back = move(after, "A:12-13", -2)
    assert labels(back) == labels(dimer)
    assert back.function == dimer.function


def test_a_motif_stays_in_its_chain(dimer):
    with pytest.raises(PromptError, match="leaves their chain"):
        move(dimer, "A:20-21", 1)


def test_a_chain_made_from_nothing_counts_through():
    grown = insert(Prompt.blank(5), 1, 2)
    assert labels(grown) == [f"A:{n}" for n in range(1, 8)]
    assert labels(delete(grown, [0])) == [f"A:{n}" for n in range(1, 7)]


def test_the_total_length_is_set_at_the_end(dimer):
    assert labels(resize(dimer, 14))[-2:] == ["B:7", "B:8"]
    assert labels(resize(dimer, 8)) == labels(dimer)[:8]
    assert resize(dimer, 12) is dimer


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda p: insert(p, "A:12", 0), "0 residues; give 1"),
        (lambda p: insert(p, [], 1), "no residue is chosen"),
        (lambda p: insert(p, "A:12", 10**9), "give 1 to 100000"),
        (lambda p: delete(p, "all"), "at least one residue"),
        (lambda p: resize(p, 0), "0 residues"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(dimer, change, complaint):
    with pytest.raises(PromptError, match=complaint):
        change(dimer)


def test_structure_tokens_and_every_other_field_have_the_new_length(dimer):
    tokens = dimer.with_tokens("A:13", np.array([77]))
    after = duplicate(insert(tokens, "A:11", 2), "A:13")
    assert after.structure_tokens[[4, 5]].tolist() == [77, 77]
    for name in ("sequence", "coordinates", "structure_tokens", "ss8", "sasa", "function_none"):
        assert len(getattr(after, name)) == len(after) == 15


def test_a_number_that_stands_elsewhere_in_the_chain_is_not_given_twice(dimer):
    moved = move(dimer, "A:13", 3)
    inserted = labels(insert(moved, "A:12", 1))
    assert inserted[:7] == ["A:11", "A:12", "A:12A", "A:14", "A:20", "A:21", "A:13"]
    assert len(set(labels(insert(moved, "A:13", 9)))) == 21
