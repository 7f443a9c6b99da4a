"""Residues edited in a bench, findings, terms and copied code."""

import csv
import json

import numpy as np
import pytest

from widgets import Bench
from widgets.tracks.vocabulary_search import VocabularySearch
from workbench import vocabulary
from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.prompt import Prompt
from workbench.protein import Protein


@pytest.fixture
def bench(prompt) -> Bench:
    return Bench(prompt)


@pytest.fixture
def tables(tmp_path):
    """A model folder with some entries, keywords and sites; the function track stays off."""
    data = tmp_path / "data"
    data.mkdir()
    (data / vocabulary.KEYWORDS_FILE).write_text("kinase\nzinc\nkinase activity\n")
    with (data / vocabulary.ENTRIES_FILE).open("w", newline="") as file:
        rows = csv.writer(file, delimiter="\t")
        rows.writerow(["ENTRY_AC", "ENTRY_TYPE", "ENTRY_NAME"])
        rows.writerow(["IPR000719", "Domain", "Protein kinase domain"])
        rows.writerow(["IPR000001", "Domain", "Kringle"])
    with (data / vocabulary.RESIDUE_LABELS_FILE).open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["label", "label_clean", "count"])
        rows.writerow(["Zinc binding site", "zinc binding", "5000"])
    return tmp_path


def say(bench: Bench, **message: object) -> None:
    bench.tracks.comm.say(message)


def answer(bench: Bench, kind: str) -> dict:
    """The last custom message of a kind that went to the browser."""
    messages = [
        message["data"]["content"]
        for message in bench.tracks.comm.sent
        if "content" in message["data"]
    ]
    return [message for message in messages if message["type"] == kind][-1]


EDITS = [
    ({"type": "insert", "ranges": [[3, 5]], "count": 2}, 22, [5, 6], "insert 2 after A:15"),
    (
        {"type": "insert", "ranges": [[3, 5]], "count": 2, "before": True},
        22,
        [3, 4],
        "insert 2 before A:14",
    ),
    ({"type": "delete", "ranges": [[0, 2], [5, 6]]}, 17, [0], "delete A:11-12,A:16"),
    ({"type": "duplicate", "ranges": [[3, 5]]}, 22, [5, 6], "duplicate A:14-15"),
    ({"type": "move", "ranges": [[3, 5]], "offset": 4}, 20, [7, 8], "move A:14-15 by 4"),
    ({"type": "resize", "length": 23}, 23, [20, 21, 22], "length 23"),
    ({"type": "resize", "length": 18}, 18, [], "length 18"),
]


@pytest.mark.parametrize(("message", "length", "chosen", "label"), EDITS)
def test_an_edit_of_residues_is_one_undo_step_and_the_selection_follows(
    bench, message, length, chosen, label
):
    say(bench, type="select", ranges=[[3, 5]])
    say(bench, **message)
    assert bench._state.error == ""
    assert len(bench.prompt) == length
    assert bench.tracks.axis["length"] == length
    assert list(bench._state.selection) == chosen
    assert bench.session.history == ["open", label]
    bench.undo()
    assert len(bench.prompt) == bench.tracks.axis["length"] == 20
    bench.redo()
    assert len(bench.prompt) == bench.tracks.axis["length"] == length


def test_an_edit_that_cannot_be_is_shown_and_changes_nothing(bench):
    say(bench, type="move", ranges=[[3, 5]], offset=40)
    assert "leaves their chain" in bench._panel.error
    assert bench.session.history == ["open"]


def test_every_cell_that_is_drawn_has_the_new_length(bench):
    bench.insert("A:13", 4)
    assert len(bench.tracks.states) == 6 * 24
    assert len(bench.tracks.letters) == 2 * 24
    assert len(bench.tracks.areas) == len(bench.tracks.results) / 2 == 24 * 4


def test_a_design_of_another_length_is_drawn_on_its_own_axis_and_not_painted(model):
    bench = Bench("MKTAYIAKQRQGHMKTAYIA", model=model)
    bench.prompt = bench.prompt.mask("3-5", "sequence")
    assert bench.run("sequence:1").wait(60)
    bench.insert("A:13", 4)
    assert bench.tracks.axis["length"] == 24
    bench.show("design-1")
    assert bench.tracks.axis["length"] == 20
    say(bench, type="insert", ranges=[[0, 1]], count=1)
    assert [answer for answer, _ in bench.tracks.question["choices"]] == ["continue"]
    assert len(bench.prompt) == 24
    bench._state.show(None)
    assert bench.tracks.axis["length"] == 24


def test_an_annotation_brush_writes_its_label_in_one_undo_step(bench):
    stroke = {"op": "annotate", "tracks": ["function"], "start": 2, "stop": 6, "value": "kinase"}
    say(bench, type="paint", id=1, commands=[stroke])
    (drawn,) = bench.tracks.annotations
    assert [drawn[key] for key in ("row", "label", "start", "stop")] == [4, "kinase", 2, 6]
    assert not drawn["sampled"]
    assert bench.session.history[-1] == "annotate kinase function A:13-16"
    bench.undo()
    assert bench.tracks.annotations == []


def test_a_limit_brush_narrows_the_choice_and_any_takes_it_back(bench):
    stroke = {"op": "allow", "tracks": ["sequence"], "start": 2, "stop": 4, "value": "VA"}
    say(bench, type="paint", id=1, commands=[stroke])
    assert bench.tracks.limits == [{"start": 2, "stop": 4, "label": "only AV", "letters": "AV"}]
    say(bench, type="paint", id=2, commands=[stroke | {"op": "forbid", "value": "V"}])
    assert bench.tracks.limits == [{"start": 2, "stop": 4, "label": "only A", "letters": "A"}]
    say(bench, type="paint", id=3, commands=[stroke | {"value": AMINO_ACIDS}])
    assert bench.tracks.limits == []
    assert bench.session.history[-1] == "allow any residue A:13-14"


def test_near_selects_in_space(bench):
    say(bench, type="near", ranges=[[10, 11]], distance=5)
    assert 10 in bench._state.selection
    assert 3 < len(bench._state.selection) < 15
    assert bench.near(0.0, "A:12") == "A:12"


def test_findings_follow_the_prompt_and_name_their_row(bench):
    assert [finding["severity"] for finding in bench.tracks.findings] == ["note"]
    bench.prompt = bench.prompt.mask("A:11-13").paint("A:20-22", "sasa", 900)
    (found,) = bench.tracks.findings
    assert found["row"] == 3
    assert found["ranges"] == [[9, 12]]
    assert [str(finding) for finding in bench.findings] == [f"warning: {found['message']}"]


def test_terms_are_found_by_name_accession_and_part_before_a_model_is_loaded(tables):
    terms = VocabularySearch(lambda: str(tables))
    assert {"kinase", "kinase activity", "IPR000719"} <= {
        term["label"] for term in terms.search("kinase")
    }
    assert terms.search("ipr000001")[0]["name"] == "Kringle"
    assert terms.search("binding")[0] == {
        "label": "zinc binding",
        "name": "zinc binding",
        "kind": "site",
        "row": 5,
    }
    assert "the function track is off" in terms.notes[0]


def test_terms_of_all_vocabularies_come_in_one_order_the_best_fit_first(tables):
    words = tables / "data" / vocabulary.KEYWORDS_FILE
    words.write_text("kinase with zinc\nzincate\nhydrozinc\n")
    terms = VocabularySearch(lambda: str(tables)).search("zinc")
    assert [term["name"] for term in terms] == [
        "zinc binding",
        "zincate",
        "kinase with zinc",
        "hydrozinc",
    ]


def test_motifs_and_preferences_are_set_in_the_bench_and_refused_in_place(bench):
    say(bench, type="motif", motif="N-X-S/T", forbidden=True)
    say(bench, type="bias", ranges=[[0, 2]], text="A 1.5, C -2", factor=2)
    constraints = bench.prompt.constraints
    assert constraints.forbidden == ("N-X-S/T",)
    assert constraints.bias[:3, AMINO_ACIDS.index("A")].tolist() == [3, 3, 0]
    assert bench.tracks.rules == {"motifs": ["N-X-S/T"], "biased": 2, "wrong": ""}
    rows = "\n".join(" ".join(["1"] * 20) for _ in range(3))
    say(bench, type="bias", ranges=[], text=rows, factor=1)
    assert "does not fit 20 residues" in bench.tracks.rules["wrong"]
    assert bench._state.error == ""
    say(bench, type="bias", ranges=[], text="", factor=1)
    say(bench, type="motif", motif="N-X-S/T", forbidden=False)
    assert bench.prompt.constraints.forbidden == ()
    assert not bench.prompt.constraints.bias.any()
    assert bench.session.history[-2:] == ["bias A:11-30", "permit motif N-X-S/T"]


def test_an_entry_is_drawn_with_its_name(prompt, tables):
    bench = Bench(prompt, model=str(tables))
    bench.prompt = bench.prompt.annotate("IPR000001", "12-14").annotate("alchemy", "15")
    assert [annotation["name"] for annotation in bench.tracks.annotations] == ["Kringle", "alchemy"]


def test_a_search_is_answered_with_its_number(prompt, tables):
    bench = Bench(prompt, model=str(tables))
    say(bench, type="search", id=7, text="kringle")
    answered = answer(bench, "found")
    assert answered["id"] == 7
    assert answered["terms"][0]["label"] == "IPR000001"
    json.dumps(answered)


def test_a_bench_whose_model_has_no_tables_says_why_nothing_is_found(prompt, tmp_path):
    bench = Bench(prompt, model=str(tmp_path))
    say(bench, type="search", id=1, text="kinase")
    answered = answer(bench, "found")
    assert answered["terms"] == []
    assert "function track is off" in answered["notes"][0]


def painted(bench: Bench) -> Bench:
    """A bench after edits of every kind."""
    bench.prompt = bench.prompt.mask("14-18", "sequence").paint("12", "ss8", "E")
    bench.insert("A:14", 3)
    bench.prompt = bench.prompt.annotate("kinase", "15-16").allow("12", "AV")
    bench.undo()
    bench.redo()
    bench.delete("A:20-21")
    bench.undo()
    bench.duplicate("A:20-21")
    bench.move("A:16-17", 2)
    bench.prompt = bench.prompt.mask("22-23", "structure")
    return bench


def test_copied_code_opens_paints_and_runs_the_same(model):
    bench = painted(Bench("MKTAYIAKQRQGHMKTAYIAKQRQ", model=model))
    recipe = "sequence:3,structure:2"
    bench.run(recipe, seed=5, temperature=0.7).wait(120)
    text = bench.code()
    assert "insert(prompt, 'A:14', 3)" in text
    assert "delete(" not in text
    names: dict = {"model": model}
    exec(text, names)
    again = names["bench"]
    assert again.wait(120)
    assert again.prompt.sequence.tolist() == bench.prompt.sequence.tolist()
    assert again.prompt.function == bench.prompt.function
    assert again.prompt.template.residue_number.tolist() == (
        bench.prompt.template.residue_number.tolist()
    )
    (one,), (other,) = bench.session.designs, again.session.designs
    assert str(one.recipe) == str(other.recipe)
    for step, same in zip(
        bench.session.trajectory.steps, again.session.trajectory.steps, strict=True
    ):
        for track in ("sequence", "structure", "ss8", "sasa"):
            np.testing.assert_array_equal(getattr(step.tokens, track), getattr(same.tokens, track))
    assert one.protein.sequence == other.protein.sequence


def test_code_goes_to_the_browser_on_request():
    bench = Bench(12)
    say(bench, type="code")
    assert answer(bench, "code")["text"] == bench.code()
    assert "bench = Bench(12)" in bench.code()


def test_code_of_a_bench_on_an_object_names_it(small):
    assert "Bench(source)  # the Protein given to Bench" in Bench(small).code()


def test_a_prompt_set_on_other_residues_has_no_code(bench):
    bench.prompt = Prompt.blank(Protein("AAAA"))
    with pytest.raises(PromptError, match="edited in code on other residues"):
        bench.code()
    say(bench, type="code")
    assert "edited in code" in bench._panel.error
