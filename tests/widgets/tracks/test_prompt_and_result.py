"""Prompt and result are two things: which is on view is said, and strokes on a result ask first."""

import numpy as np
import pytest
from waiting import PATIENCE

from widgets import Bench
from workbench.annotate import compute_ss8
from workbench.errors import SamplingError
from workbench.prompt import State
from workbench.tracks import Track


@pytest.fixture
def bench(prompt, model) -> Bench:
    bench = Bench(prompt.mask(slice(4, 16), ["sequence", "structure"]), model=model)
    assert bench.run("structure:3,sequence:4", seed=2).wait(PATIENCE)
    return bench


def stroke(bench: Bench, op="mask", start=6, stop=8, **value) -> None:
    command = {"op": op, "tracks": ["sequence"], "start": start, "stop": stop, **value}
    bench.tracks.comm.say({"type": "paint", "id": 1, "commands": [command]})


def answers(bench: Bench) -> list[str]:
    return [answer for answer, _ in bench.tracks.question.get("choices", [])]


def test_which_is_on_view_is_always_said(bench):
    total = bench.session.trajectory.total
    assert bench.tracks.on_view["title"] == f"step {total} of {total} · seed 2"
    bench.tracks.comm.say({"type": "look", "what": "prompt"})
    assert not bench.tracks.on_view["result"]
    bench.tracks.comm.say({"type": "look", "what": "result"})
    assert bench.wait(PATIENCE)
    assert bench.tracks.on_view["result"]
    bench.show("design-1")
    assert bench.tracks.on_view["title"] == "design-1"
    bench.look_at("prompt")
    bench.look_at("result")
    assert bench.tracks.on_view["title"] == "design-1"


def test_before_the_first_run_there_is_no_result_to_look_at(prompt):
    bench = Bench(prompt)
    assert not bench.tracks.on_view["ready"]
    with pytest.raises(SamplingError, match="no result yet"):
        bench.look_at("result")


def test_a_stroke_on_a_result_changes_nothing_before_it_is_answered(bench):
    before, frame = bench.prompt, bench._state.frame
    stroke(bench)
    assert answers(bench) == ["prompt", "continue"]
    assert (bench.prompt, bench._state.frame) == (before, frame)
    bench.tracks.comm.say({"type": "answer", "choice": ""})
    assert answers(bench) == []
    assert (bench.prompt, bench._state.frame) == (before, frame)


def test_the_stroke_goes_to_the_prompt_and_the_result_stays(bench):
    stroke(bench, "write", value="W")
    bench.tracks.comm.say({"type": "answer", "choice": "prompt"})
    assert bench.prompt.sequence[4:16].tolist() == ["_", "_", "W", "W", *"_" * 8]
    assert not bench.tracks.on_view["result"]
    stroke(bench, "write", value="Y")
    assert answers(bench) == []
    assert bench.prompt.sequence[6] == "Y"
    bench.look_at("result")
    assert bench.wait(PATIENCE)
    assert "_" not in bench._state.frame.filled.sequence.tolist()


def test_going_on_from_a_result_is_one_undo_step_that_names_it_and_marks_what_was_filled(bench):
    before, steps = bench.prompt, len(bench.session.history)
    stroke(bench, "mask")
    bench.tracks.comm.say({"type": "answer", "choice": "continue"})
    states = bench.prompt.state("sequence")
    assert [states[i] for i in (3, 4, 6, 7, 8)] == [
        State.GIVEN, State.SAMPLED, State.MASKED, State.MASKED, State.SAMPLED,
    ]  # fmt: skip
    assert bench.tracks.on_view["origin"] == f"continue from step {bench.session.trajectory.total}"
    assert len(bench.session.history) == steps + 1
    bench.tracks.comm.say({"type": "free"})
    assert bench.prompt.mask("all", "structure").same_as(before.mask("all", "structure"))
    bench.undo()
    bench.undo()
    assert bench.prompt is before


def test_letters_typed_on_a_result_wait_for_one_answer(bench):
    for at, letter in enumerate("ACDE"):
        stroke(bench, "write", 6 + at, 7 + at, value=letter)
    steps = len(bench.session.history)
    bench.tracks.comm.say({"type": "answer", "choice": "prompt"})
    assert "".join(bench.prompt.sequence[6:10]) == "ACDE"
    assert len(bench.session.history) == steps + 1


def test_a_result_on_other_residues_is_only_gone_on_from(bench):
    bench.insert("11", 3)
    bench.look_at("result")
    assert bench.wait(PATIENCE)
    bench.tracks.comm.say({"type": "delete", "ranges": [[0, 2]]})
    assert answers(bench) == ["continue"]
    bench.tracks.comm.say({"type": "answer", "choice": "continue"})
    assert len(bench.prompt) == 18


def test_a_result_shows_what_it_got_of_each_track_that_was_asked_for(prompt, model):
    given = prompt.mask("15-25", ["sequence", "structure"]).paint("12-14", "ss8", "E")
    bench = Bench(given.paint("12-13", "sasa", 120), model=model)
    assert bench.tracks.achieved == []
    assert bench.run("structure:3,sequence:4", seed=2).wait(PATIENCE)
    got = {achieved["row"]: achieved for achieved in bench.tracks.achieved}
    structure, ss8, sasa = (list(Track).index(name) for name in ("structure", "ss8", "sasa"))
    assert sorted(got) == [structure, ss8, sasa]
    design = bench.session.designs[0]
    share = np.mean([letter == "E" for letter in compute_ss8(design.protein)[1:4]])
    assert got[ss8]["letters"][1:4] == compute_ss8(design.protein)[1:4]
    assert got[ss8]["label"] == f"{share:.0%}"
    assert set(got[ss8]["letters"][4:]) == {"_"}
    assert got[structure]["label"] == f"{design.metrics['motif_rmsd']:.1f} Å"
    assert [i for i, area in enumerate(got[sasa]["values"]) if area is not None] == [1, 2]
    bench.look_at("prompt")
    assert bench.tracks.achieved == []


def test_the_selection_is_the_same_residues_on_a_result_of_another_length(bench):
    """Its result has the residues of before; the prompt has got two more in front of them."""
    bench.show("design-1")
    bench.selection = "A:20-22"
    bench.look_at("prompt")
    bench.insert("A:12", 2)
    bench.selection = "A:20-22"
    assert bench.tracks.selection == [[11, 14]]
    bench.show("design-1")
    assert bench.tracks.selection == bench.structure.selection == [[9, 12]]
    bench.tracks.comm.say({"type": "select", "ranges": [[15, 18]], "id": "one"})
    assert bench.selection == "A:26-28"
    assert bench.tracks.selection == [[15, 18]]
    bench.near(5)
    assert set(bench.prompt.positions("A:26-28")) < set(bench._state.selection)
    bench.tracks.comm.say({"type": "hover", "position": 19})
    assert bench._state.hovered == 19
