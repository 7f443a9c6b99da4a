"""Brush strokes as values."""

import numpy as np
import pytest

from widgets.tracks.painting import PaintCommand, paint
from workbench.errors import PromptError
from workbench.prompt import State


def stroke(op, tracks, start, stop, **more):
    return PaintCommand.parse({"op": op, "tracks": tracks, "start": start, "stop": stop, **more})


def test_a_drag_frees_the_residues_under_it(prompt):
    after, _ = paint(prompt, [stroke("mask", ["sequence", "structure"], 4, 9)])
    for track in ("sequence", "structure"):
        assert np.flatnonzero(after.masked(track)).tolist() == [4, 5, 6, 7, 8]


def test_restoring_brings_back_what_the_file_says(prompt, small):
    masked, _ = paint(prompt, [stroke("mask", ["sequence"], 0, 20)])
    after, _ = paint(masked, [stroke("restore", ["sequence"], 2, 6)])
    assert "".join(after.sequence) == "__" + small.sequence[2:6] + "_" * 14


@pytest.mark.parametrize(
    ("track", "value", "read"),
    [("sequence", "W", "sequence"), ("ss8", "E", "ss8"), ("sasa", 40, "sasa")],
)
def test_a_value_brush_writes_its_value(prompt, track, value, read):
    after, _ = paint(prompt, [stroke("write", [track], 3, 6, value=value)])
    assert set(getattr(after, read)[3:6].tolist()) == {value}


def test_typed_text_is_written_letter_by_letter(prompt):
    after, _ = paint(prompt, [stroke("write", ["sequence"], 0, 3, value="WWF")])
    assert "".join(after.sequence[:3]) == "WWF"


def test_none_says_that_a_site_carries_no_annotation(prompt):
    after, _ = paint(prompt, [stroke("none", ["function"], 5, 7)])
    assert after.state("function")[5:7].tolist() == [State.NONE, State.NONE]


def test_the_history_label_speaks_the_numbering_of_the_file(prompt):
    _, label = paint(prompt, [stroke("mask", ["sequence", "structure"], 0, 5)])
    assert label == "mask sequence+structure A:11-15"


def test_strokes_alike_are_told_together(prompt):
    strokes = [stroke("mask", ["sequence"], start, start + 2) for start in (8, 0, 2)]
    _, label = paint(prompt, [*strokes, stroke("write", ["ss8"], 4, 6, value="H")])
    assert label == "mask sequence A:11-14,A:19-20, write H ss8 A:15-16"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"op": "bleach", "tracks": ["sequence"], "start": 0, "stop": 1}, "no brush 'bleach'"),
        ({"op": "mask", "tracks": ["colour"], "start": 0, "stop": 1}, "no track 'colour'"),
        ({"op": "mask", "tracks": ["sequence"], "start": 3, "stop": 99}, "outside this prompt"),
        ({"op": "none", "tracks": ["sequence"], "start": 0, "stop": 1}, "no state 'none'"),
        ({"op": "write", "tracks": ["ss8"], "start": 0, "stop": 1, "value": "Q"}, "no letter"),
    ],
)
def test_a_stroke_that_makes_no_sense_is_refused(prompt, message, said):
    with pytest.raises(PromptError, match=said):
        paint(prompt, [PaintCommand.parse(message)])
