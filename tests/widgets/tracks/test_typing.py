"""Letters typed over a selection, and what is said before a model is loaded."""

from itertools import pairwise

import pytest

from widgets import Bench


def typed(bench: Bench, id: int, commands: list[tuple[int, int, str]], **more) -> None:
    strokes = [
        {"op": "write", "tracks": ["sequence"], "start": start, "stop": stop, "value": value}
        for start, stop, value in commands
    ]
    bench.tracks.comm.say({"type": "paint", "id": id, "commands": strokes, **more})


def test_a_word_typed_over_a_selection_is_one_undo_step(prompt):
    bench = Bench(prompt)
    before = bench.prompt
    typed(bench, 1, [(4, 8, "A")])
    assert "".join(bench.prompt.sequence[4:8]) == "AAAA"
    typed(bench, 2, [(4, 6, "AC")], instead=True)
    typed(bench, 3, [(4, 7, "ACD")], instead=True)
    assert "".join(bench.prompt.sequence[4:8]) == f"ACD{before.sequence[7]}"
    assert len(bench.session.history) == 2
    bench.undo()
    assert bench.prompt is before


def test_a_stroke_in_between_is_not_taken_back_by_a_word(prompt):
    bench = Bench(prompt)
    typed(bench, 1, [(4, 8, "A")])
    bench.prompt = bench.prompt.mask([0], "sequence")
    typed(bench, 2, [(4, 6, "AC")], instead=True)
    assert bench.prompt.sequence[0] == "_"
    assert len(bench.session.history) == 4


@pytest.mark.parametrize("track", ["function", "residue"])
def test_an_unknown_annotation_is_found_before_the_model_is_loaded(prompt, track):
    bench = Bench(prompt.annotate("frobnicase", "12-15", track))
    assert bench.session.model is None
    row = ("sequence", "structure", "ss8", "sasa", "function", "residue").index(track)
    assert [finding["severity"] for finding in bench.tracks.findings if finding["row"] == row]


def test_an_unreadable_selection_is_said_at_its_field_and_changes_nothing(prompt):
    bench = Bench(prompt)
    bench.selection = "A:12-14"
    bench._header.comm.say({"type": "select", "text": "A:12-"})
    assert "cannot read 'A:12-'" in bench._header.unreadable
    refusals = bench._header.refusals
    bench._header.comm.say({"type": "select", "text": "A:12-"})
    assert bench._header.refusals == refusals + 1
    assert (bench.selection, bench._panel.error) == ("A:12-14", "")
    bench._header.comm.say({"type": "select", "text": "A and not A:12–13"})
    assert bench._header.unreadable == ""
    assert len(bench._state.selection) == 18


def test_another_protein_is_set_and_seen_anew(prompt):
    bench = Bench(prompt)
    bench._panel.comm.say({"type": "settings", "changes": {"recipe": "ss8:3", "designs": 5}})
    opening = bench.tracks.axis["opening"]
    bench.insert("12", 2)
    assert bench.tracks.axis["opening"] == opening
    bench.open("MKTAYIAKQR")
    assert bench.tracks.axis["opening"] != opening
    assert bench.settings == type(bench.settings)()


def test_labels_of_inserted_residues_do_not_collide_in_the_plot(prompt):
    bench = Bench(60)
    bench.insert("20", 12)
    bench.confidence.figure  # noqa: B018
    at = list(bench.confidence.figure.layout.xaxis2.tickvals)
    assert min(b - a for a, b in pairwise(at)) > 2
