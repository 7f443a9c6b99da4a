"""Clicks at random, seeded; after each, what the bench shows is what the engine says."""

import os
from itertools import pairwise

import numpy as np
import pytest
from waiting import PATIENCE

from widgets import Bench
from workbench.errors import SamplingError
from workbench.prompt import Prompt
from workbench.sampling.trajectory import Trajectory
from workbench.session import Design
from workbench.tracks import Track

ACTIONS = int(os.environ.get("RANDOM_CLICKS", "80"))
"""Actions of each walk; more by hand: RANDOM_CLICKS=2000."""

ACTS = (
    "stroke", "stroke", "stroke", "undo", "redo", "run", "run", "step", "pause", "stop", "rest",
    "rewind", "scrub", "branch", "look", "show", "free", "set", "insert",
)  # fmt: skip
RECIPES = ("sequence:3", "structure:2,sequence:2", "ss8:2,sequence:2", "structure:3")
LETTERS = {"sequence": "ACDEFGHIKLMNPQRSTVWY", "ss8": "GHITEBSC"}


class Walk:
    """Presses what a person could press, and keeps its own account of the prompt's history."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench, self.random = bench, np.random.default_rng(seed)
        self.past: list[Prompt] = [bench.prompt]
        self.future: list[Prompt] = []
        self.said: list[str] = []
        self.number = 0

    def press(self, widget, **message: object) -> None:
        widget.comm.say(message)

    def stroke(self) -> None:
        length = self.bench.tracks.axis["length"]
        start = int(self.random.integers(length))
        stop = int(self.random.integers(start, length)) + 1
        op = str(self.random.choice(["mask", "restore", "write"]))
        track = str(self.random.choice(["sequence", "structure", "ss8", "sasa"]))
        command: dict[str, object] = {"op": op, "start": start, "stop": stop, "tracks": [track]}
        if op == "write":
            if track not in LETTERS:
                command["tracks"] = [track := "sequence"]
            command["value"] = str(self.random.choice(list(LETTERS[track])))
        self.number += 1
        before = self.bench.prompt
        self.press(self.bench.tracks, type="paint", id=self.number, commands=[command])
        question = self.bench._state.question
        if question is None:
            self.note(painted(before, command))
            return
        assert self.bench.prompt is before
        answer = str(self.random.choice([*(choice for choice, _ in question.choices), ""]))
        self.press(self.bench.tracks, type="answer", choice=answer)
        if answer:
            expected = question.frame.filled if answer == "continue" else before
            self.note(painted(expected, command), always=answer == "continue")

    def note(self, expected: Prompt, always: bool = False) -> None:
        """The prompt is as expected; where that is another, it is one step of the history more."""
        assert self.bench.prompt.same_as(expected)
        if self.bench.prompt is not self.past[-1]:
            self.past.append(self.bench.prompt)
            self.future.clear()
        else:
            assert not always

    def undo(self) -> None:
        self.press(self.bench._header, type="undo")
        if len(self.past) > 1:
            self.future.append(self.past.pop())

    def redo(self) -> None:
        self.press(self.bench._header, type="redo")
        if self.future:
            self.past.append(self.future.pop())

    def run(self) -> None:
        self.press(self.bench._panel, type="run")

    def step(self) -> None:
        self.press(self.bench._panel, type="step")

    def pause(self) -> None:
        self.press(self.bench._panel, type="pause")

    def stop(self) -> None:
        self.press(self.bench._panel, type="stop")

    def rest(self) -> None:
        """Wait for the run to rest; nothing to fill is the only error there may be."""
        try:
            assert self.bench.wait(PATIENCE)
        except SamplingError as error:
            if "nothing is masked" not in str(error):
                raise

    def rewind(self) -> None:
        self.rest()
        taken = self.bench._state.run.taken
        if taken:
            self.press(self.bench._panel, type="rewind", index=int(self.random.integers(taken + 1)))

    def scrub(self) -> None:
        total = self.bench._state.timeline[0]
        if total:
            self.press(self.bench._panel, type="show", index=int(self.random.integers(total + 1)))

    def branch(self) -> None:
        self.rest()
        frame = self.bench._state.frame
        if frame is not None:
            self.press(self.bench._panel, type="branch")
            self.note(frame.filled, always=True)

    def look(self) -> None:
        what = str(self.random.choice(["prompt", "result"]))
        self.press(self.bench.tracks, type="look", what=what)
        if what == "prompt" and not self.bench._state.run.active:
            self.rest()
            self.bench.look_at("prompt")
            assert not self.bench.tracks.on_view["result"]

    def show(self) -> None:
        if self.bench.session.designs:
            name = str(self.random.choice([design.name for design in self.bench.session.designs]))
            self.press(self.bench._table, type="show", name=name)

    def free(self) -> None:
        expected = self.bench.prompt.mask_sampled()
        self.press(self.bench.tracks, type="free")
        self.note(expected)

    def set(self) -> None:
        changes = {"recipe": str(self.random.choice(RECIPES)), "seed": int(self.random.integers(9))}
        changes["designs"] = int(self.random.choice([1, 1, 1, 5]))
        self.press(self.bench._panel, type="settings", changes=changes)

    def insert(self) -> None:
        if self.bench._state.frame is None and len(self.bench.prompt) < 26:
            self.press(self.bench.tracks, type="insert", ranges=[[3, 4]], count=1)
            self.past.append(self.bench.prompt)
            self.future.clear()

    def go(self) -> None:
        name = str(self.random.choice(ACTS))
        self.said.append(name)
        getattr(self, name)()
        self.compare()

    def compare(self) -> None:
        """What is on view is the engine's, whatever the run does meanwhile."""
        bench, state = self.bench, self.bench._state
        with state.lock:
            frame = state.frame
            shown = bench.prompt if frame is None else frame.filled
            states = np.frombuffer(bench.tracks.states, np.uint8).reshape(6, -1)
            letters = bench.tracks.letters.decode()
            assert bench.prompt is self.past[-1]
            assert bench.session.states[0][-1].prompt is self.past[-1]
            assert len(bench.session.history) == len(self.past)
            assert bench.tracks.on_view["result"] == (frame is not None)
            assert letters == "".join([*shown.sequence, *shown.ss8])
            for row, track in enumerate(Track):
                assert (states[row] == shown.state(track)).all()
            if frame is None and not bench.prompt.masked(Track.STRUCTURE).any():
                own = bench.prompt.own_coordinates
                owner = np.array(bench.structure.scene["owner"])
                atoms = np.frombuffer(bench.structure.coordinates, np.float32).reshape(-1, 3)
                first = [int(np.flatnonzero(owner == i)[1]) for i in np.unique(owner)]
                assert np.allclose(atoms[first], own[np.unique(owner), 1], atol=1e-3)
            run = state.run
            assert 0 <= run.taken <= run.total or run.total == 0
            assert run.designs_done <= max(run.designs_requested, 0)


def painted(prompt: Prompt, command: dict) -> Prompt:
    """This stroke, by the engine's own words."""
    where, (track,) = slice(command["start"], command["stop"]), command["tracks"]
    if command["op"] == "write":
        return prompt.paint(where, track, command["value"])
    return getattr(prompt, command["op"])(where, track)


def made_again(design: Design, model) -> bool:
    """Whether the engine alone makes this design's steps of its prompt, recipe and seed."""
    again = Trajectory(model, design.prompt, design.recipe, design.seed, predict_structure=True)
    for step in design.steps:
        mine = again.advance().tokens
        if not all(
            np.array_equal(getattr(mine, track.value), getattr(step.tokens, track.value))
            for track in Track
        ):
            return False
    return True


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_pressed_the_bench_shows_what_the_engine_has(prompt, model, seed):
    bench = Bench(prompt.mask(slice(6, 14), ["sequence", "structure"]), model=model)
    walk = Walk(bench, seed)
    try:
        for _ in range(ACTIONS):
            walk.go()
        walk.rest()
        walk.compare()
    except AssertionError as error:
        raise AssertionError(f"after {len(walk.said)} actions: {walk.said[-12:]}") from error
    designs = bench.session.designs
    assert len(designs) > ACTIONS / 40
    assert all(made_again(design, model) for design in designs[:: max(1, len(designs) // 10)])
    for earlier, later in pairwise(designs):
        assert earlier.name != later.name
