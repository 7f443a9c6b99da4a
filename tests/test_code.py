"""Copied code makes the same prompt when it is executed."""

from dataclasses import fields

import numpy as np
import pytest
from ideal_chains import wound_helix

from workbench import editing
from workbench.code import Edit, changes, code_for
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import FunctionAnnotation, Protein


@pytest.fixture
def opened() -> Prompt:
    """Two chains, sequence and structure given."""
    protein = Protein(
        "MKTAYIAKQRQGHMKTAYIA",
        coordinates=wound_helix(20),
        chain_id=np.array(list("A" * 12 + "B" * 8)),
        residue_number=np.arange(11, 31),
        ss8="H" * 20,
        sasa=np.linspace(0, 150, 20, dtype=np.float32),
        function=(FunctionAnnotation("kinase", 2, 6), FunctionAnnotation("ligase", 4, 9)),
    )
    return Prompt.from_protein(protein)


def same(one: Prompt, other: Prompt) -> None:
    """Every field of two prompts is equal, numbering and template included."""
    for entry in fields(Prompt):
        a, b = getattr(one, entry.name), getattr(other, entry.name)
        if isinstance(a, np.ndarray):
            np.testing.assert_array_equal(a, b, entry.name)
        elif entry.name == "constraints":
            np.testing.assert_array_equal(a.allowed, b.allowed)
            np.testing.assert_array_equal(a.bias, b.bias)
            assert a.forbidden == b.forbidden
        elif entry.name == "template":
            np.testing.assert_array_equal(a.residue_number, b.residue_number)
            assert a.sequence == b.sequence
        else:
            assert a == b, entry.name


def executed(text: str, opened: Prompt) -> Prompt:
    names: dict = {"opened": opened}
    exec(text, names)
    return names["prompt"]


PAINTINGS = {
    "nothing": lambda p: p,
    "mask": lambda p: p.mask("A:13-17,B:25").mask("B:", "structure"),
    "one letter": lambda p: p.paint("A:12-14", "sequence", "W"),
    "a text": lambda p: p.paint("A:12-19", "sequence", "WYWFACDE"),
    "restored": lambda p: p.restore("A:", "ss8").restore("all", "sasa").mask("A:15", "sasa"),
    "areas": lambda p: p.paint("A:11-13", "sasa", 40).paint("B:25", "sasa", 1.5),
    "many areas": lambda p: p.paint("A:11-17", "sasa", [0.1, 2.2, 3.3, 4.4, 5.5, 6.6, 7.7]),
    "annotations": lambda p: p.restore("all", "function").annotate("zinc", "A:12", "residue"),
    "an annotation cut": lambda p: p.annotate("kinase", "A:12-16").mask("A:14", "function"),
    "none": lambda p: p.annotate("x", "A:12-16").without("A:14-19", "function"),
    "tokens": lambda p: p.with_tokens("A:12-14", np.array([7, 8, 9])),
    "allowed": lambda p: p.allow("A:12-14", "AVLI").forbid("B:25-26", "C").allow("A:12", "W"),
    "forbidden twice": lambda p: p.forbid("all", "C").forbid("A:12-16", "P").allow("A:14", "CW"),
    "pLDDT": lambda p: p.with_plddt("A:12-14", 0.9).with_plddt("A:20", 0.35),
    "bias": lambda p: p.bias("A:12-13", {"A": 1.5, "W": -2}).forbid_motif("N-X-S/T"),
}


@pytest.mark.parametrize("name", PAINTINGS)
def test_what_was_painted_is_painted_again(opened, name):
    after = PAINTINGS[name](opened)
    same(executed(code_for(after, opened, "prompt = opened"), opened), after)


@pytest.mark.parametrize("name", PAINTINGS)
def test_and_taken_back_again(opened, name):
    before = PAINTINGS[name](opened)
    text = "\n".join(["import numpy as np", "prompt = opened", *changes(before, opened)])
    same(executed(text, before), opened)


def test_all_paintings_at_once(opened):
    after = opened
    for painting in PAINTINGS.values():
        after = painting(after)
    same(executed(code_for(after, opened, "prompt = opened"), opened), after)


def test_a_hundred_strokes_are_told_by_what_came_of_them(opened):
    after = opened
    for i in range(11, 21):
        after = after.mask(f"A:{i}", "sequence").restore("A:11", "sequence")
    assert code_for(after, opened, "prompt = opened").splitlines() == [
        "prompt = opened",
        "prompt = prompt.mask('A:12-20', 'sequence')",
    ]


def test_residues_that_came_and_went_are_told_in_order(opened):
    painted = opened.mask("A:13-14", "sequence")
    longer = editing.insert(painted, "A:13", 2)
    between = longer.paint("A:13A", "sequence", "W")
    shorter = editing.delete(between, "B:23-24")
    after = shorter.mask("A:11", "structure")
    edits = [
        Edit(painted, longer, "insert", "'A:13', 2"),
        Edit(opened, editing.delete(opened, "A:11"), "delete", "'A:11'"),
        Edit(between, shorter, "delete", "'B:23-24'"),
    ]
    text = code_for(after, opened, "prompt = opened", edits)
    assert "A:11')" not in text.split("structure")[0]
    same(executed(text, opened), after)


def test_a_prompt_on_other_residues_than_known_is_refused(opened):
    with pytest.raises(PromptError, match="edited in code on other residues"):
        code_for(Prompt.blank(7), opened, "prompt = opened")


def test_coordinates_that_no_call_gives_are_refused(opened):
    from dataclasses import replace

    strange = replace(opened, coordinates=opened.coordinates + 1)
    with pytest.raises(PromptError, match="come neither from what was opened nor from a design"):
        code_for(strange, opened, "prompt = opened")
