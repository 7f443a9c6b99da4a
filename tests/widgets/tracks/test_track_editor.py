"""The track editor's messages: intent in, cells out."""

import numpy as np
import pytest

from widgets import Bench
from widgets.axis import ranges_of
from workbench.prompt import State


@pytest.fixture
def bench(prompt) -> Bench:
    return Bench(prompt)


def states(bench) -> np.ndarray:
    return np.frombuffer(bench.tracks.states, np.uint8).reshape(6, -1)


def stroke(op, tracks, start, stop):
    return {"op": op, "tracks": tracks, "start": start, "stop": stop}


def test_a_stroke_becomes_one_undo_step(bench):
    bench.tracks.comm.say(
        {
            "type": "paint",
            "id": 7,
            "commands": [stroke("mask", ["sequence"], 2, 5), stroke("mask", ["ss8"], 0, 1)],
        }
    )
    assert bench.session.history == ["open", "mask sequence A:13-15, mask ss8 A:11"]
    assert (states(bench)[0, 2:5] == State.MASKED).all()
    assert bench.tracks.ack == 7


def test_the_painted_cells_travel_as_bytes_in_one_message(bench):
    before = len(bench.tracks.comm.sent)
    bench.tracks.comm.say(
        {"type": "paint", "id": 1, "commands": [stroke("mask", ["sequence"], 0, 4)]}
    )
    cells = [
        message
        for message in bench.tracks.comm.sent[before:]
        if ["states"] in message["data"].get("buffer_paths", [])
    ]
    assert len(cells) == 1
    assert ["letters"] in cells[0]["data"]["buffer_paths"]


def test_a_paint_reaches_every_view_as_one_message(bench):
    views = (bench.tracks, bench.structure, bench._header, bench._panel)
    before = [len(view.comm.sent) for view in views]
    bench.tracks.comm.say(
        {"type": "paint", "id": 9, "commands": [stroke("mask", ["structure"], 0, 4)]}
    )
    sent = [view.comm.sent[count:] for view, count in zip(views, before, strict=True)]
    assert [len(messages) for messages in sent] == [1, 1, 1, 1]
    assert sent[0][0]["data"]["state"]["ack"] == 9
    assert sent[0][0]["data"]["state"].keys() >= {"seq", "findings"}


def test_a_refused_stroke_is_shown_acknowledged_and_changes_nothing(bench):
    bench.tracks.comm.say(
        {"type": "paint", "id": 3, "commands": [stroke("mask", ["sequence"], 0, 99)]}
    )
    assert "outside this prompt of 20" in bench._panel.error
    assert bench.tracks.ack == 3
    assert bench.session.history == ["open"]


def test_undo_and_redo_walk_through_the_strokes(bench):
    bench.tracks.comm.say(
        {"type": "paint", "id": 1, "commands": [stroke("mask", ["sequence"], 0, 4)]}
    )
    bench._header.comm.say({"type": "undo"})
    assert (states(bench)[0] == State.GIVEN).all()
    bench._header.comm.say({"type": "redo"})
    assert (states(bench)[0, :4] == State.MASKED).all()


def test_a_selection_in_the_tracks_is_seen_by_all_views_and_by_code(bench):
    bench.tracks.comm.say({"type": "select", "ranges": [[0, 3], [10, 12]]})
    assert bench.selection == "A:11-13,A:21-22"
    assert bench.structure.selection == [[0, 3], [10, 12]]
    assert bench._header.selection == "A:11-13,A:21-22"


def test_a_selection_is_acknowledged_after_it_was_made_and_when_it_is_refused(bench):
    before = len(bench.tracks.comm.sent)
    bench.tracks.comm.say({"type": "select", "ranges": [[1, 3]], "id": "first"})
    sent = [message["data"].get("state", {}) for message in bench.tracks.comm.sent[before:]]
    (chosen,) = [k for k, message in enumerate(sent) if message.get("selection") == [[1, 3]]]
    (acknowledged,) = [k for k, message in enumerate(sent) if message.get("select_ack") == "first"]
    assert chosen <= acknowledged
    bench.tracks.comm.say({"type": "select", "ranges": [[0, 9000]], "id": "second"})
    assert bench.tracks.select_ack == "second"
    assert bench.tracks.selection == [[1, 3]]


def test_the_selection_is_masked_from_the_structure_as_one_undo_step(bench):
    bench.structure.comm.say({"type": "mask"})
    assert "no residue is selected" in bench._state.error
    bench.selection = [2, 3, 7]
    bench.structure.comm.say({"type": "mask"})
    assert bench.prompt.masked("sequence").nonzero()[0].tolist() == [2, 3, 7]
    assert bench.prompt.masked("structure").nonzero()[0].tolist() == [2, 3, 7]
    bench.undo()
    assert bench.session.history == ["open"]


def test_a_selection_by_code_reaches_the_tracks(bench):
    bench.selection = "12-14"
    assert bench.tracks.selection == [[1, 4]]
    bench.selection = None
    assert bench.tracks.selection == []


def test_a_selection_outside_the_protein_is_refused_where_it_was_typed(bench):
    bench._header.comm.say({"type": "select", "text": "900-950"})
    assert "900-950" in bench._header.unreadable


def test_the_axis_carries_the_numbers_of_the_file(bench):
    assert bench.tracks.axis["numbers"][:2] == ["11", "12"]
    assert bench.tracks.axis["chains"] == [{"name": "A", "start": 0, "stop": 20}]


def test_confidence_of_the_file_is_drawn_before_any_run(bench):
    results = np.frombuffer(bench.tracks.results, np.float32).reshape(2, -1)
    assert results[0, 0] == pytest.approx(0.3)
    assert np.isnan(results[1]).all()


def test_the_plot_comes_when_a_browser_can_draw_it_and_follows_its_theme(bench):
    bench.tracks.comm.say({"type": "theme", "dark": True})
    figure = bench.confidence.figure
    assert figure.layout.font.color == "#e6ebf0"
    assert figure not in bench._grid.plot_box.children
    bench._tabs.comm.say({"type": "ready"})
    assert figure in bench._grid.plot_box.children


def test_a_stroke_that_changes_nothing_is_answered_and_makes_no_undo_step(bench):
    commands = [stroke("mask", ["ss8"], 3, 6)]
    bench.tracks.comm.say({"type": "paint", "id": 7, "commands": commands})
    assert bench.tracks.ack == 7
    assert bench.session.history == ["open"]
    assert "so already" in bench._state.notice


def test_an_unknown_message_is_ignored(bench):
    bench.tracks.comm.say({"type": "explode"})
    assert bench.session.history == ["open"]


def test_runs_join_neighbours():
    assert ranges_of((1, 2, 3, 7, 9, 10)) == [[1, 4], [7, 8], [9, 11]]


def test_a_view_that_loaded_late_gets_its_state_again(bench):
    pushes = bench.tracks.pushes
    bench._state.select([2])
    before = len(bench.tracks.comm.sent)
    bench.tracks.comm.say({"type": "hello", "pushes": pushes})
    (message,) = bench.tracks.comm.sent[before:]
    assert message["data"]["method"] == "update"
    assert message["data"]["state"]["axis"] == bench.tracks.axis
    assert "_esm" not in message["data"]["state"]


def test_a_view_that_has_heard_everything_is_sent_nothing_again(bench):
    before = len(bench.tracks.comm.sent)
    bench.tracks.comm.say({"type": "hello", "pushes": bench.tracks.pushes})
    assert bench.tracks.comm.sent[before:] == []


def test_a_push_that_changes_nothing_is_not_sent(bench):
    before = len(bench._table.comm.sent)
    bench._table.push(shown=bench._table.shown)
    assert bench._table.comm.sent[before:] == []
    bench._table.push(shown="design-7")
    (message,) = bench._table.comm.sent[before:]
    assert set(message["data"]["state"]) == {"shown", "pushes"}
