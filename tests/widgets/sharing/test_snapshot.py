"""The still picture beside a bench: what a colleague without a kernel sees."""

import base64
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import zmq
from waiting import until

from widgets.frame import Frame
from widgets.run_status import RunStatus
from widgets.sharing import svg
from widgets.sharing.snapshot import Snapshot, snapshot_html
from widgets.state import BenchState
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.settings import RunSettings
from workbench.session import Session

HOSTILE = "<img src=x onerror=alert(1)>"


def pictures(text: str) -> list[str]:
    """The SVG drawings in a snapshot."""
    return [
        base64.b64decode(picture).decode() for picture in re.findall(r"base64,([\w+/=]+)", text)
    ]


@pytest.fixture
def session(small, wordless) -> Session:
    """A design on a protein with a hostile name and a hostile label."""
    prompt = Prompt.from_protein(small.with_(name=HOSTILE)).annotate(HOSTILE, "12-28")
    session = Session(prompt.mask("15-24", ["sequence", "structure"]), wordless)
    trajectory = session.start(Recipe.parse("structure:2,sequence:2"))
    for _ in trajectory:
        pass
    session.keep(trajectory)
    return session


def test_a_snapshot_shows_tracks_structure_and_designs(session):
    text = snapshot_html(session, Frame.of_design(session.designs[0]), "toy", "abc")
    tracks, structure = pictures(text)
    assert {"Sequence", "Structure", "pLDDT"} <= set(re.findall(r">([\w]+)</text>", tracks))
    assert structure.count("<path") == 2 * 20
    assert "<td>design-1</td>" in text


def test_nothing_in_a_snapshot_can_run_or_be_fetched(session):
    text = snapshot_html(session, None, HOSTILE, "abc")
    assert "<script" not in text
    assert HOSTILE not in "".join([text, *pictures(text)])
    assert "&lt;img src=x" in text
    assert re.findall(r'(?:src|href)="([^d][^"]*)"', text) == []


def test_a_drawing_takes_its_letters_in_the_order_of_the_residues(session):
    drawing = svg.tracks_svg(session.prompt, None)
    letters = re.findall(r'class="l"[^>]*>([^<]+)<', drawing)
    assert letters[0] == "".join(session.prompt.sequence).replace("_", " ")


def test_a_chain_break_is_a_gap_in_the_drawing(small):
    whole = small.coordinates.copy()
    whole[10:] += 60
    colors = np.zeros((20, 3), np.uint8)
    ends = re.findall(
        r'stroke="#[^"]+" stroke-width="4" d="M(\d+ \d+)Q(\d+ \d+) (\d+ \d+)"',
        svg.structure_svg(small.with_(coordinates=whole), colors, "C" * 20),
    )
    loose = [(first, middle, last) for first, middle, last in ends if middle in (first, last)]
    assert len(loose) == 4


@pytest.mark.parametrize(("length", "most"), [(250, 60_000), (1000, 150_000), (4000, 150_000)])
def test_a_snapshot_stays_small(length, most):
    rng = np.random.default_rng(1)
    coordinates = np.full((length, 37, 3), np.nan, np.float32)
    coordinates[:, :3] = np.cumsum(rng.normal(0, 2.2, (length, 1, 3)), 0)
    protein = Protein(
        "".join(rng.choice(list("ACDEFGHIKL"), length)), coordinates, ss8="H" * length
    )
    prompt = Prompt.from_protein(protein, ["sequence", "structure", "ss8"])
    assert len(snapshot_html(Session(prompt), None, "toy", "abc")) < most


def test_a_protein_without_coordinates_has_tracks_and_no_structure():
    text = snapshot_html(Session(Prompt.blank(30)), None, "toy", "abc")
    assert len(pictures(text)) == 1


@pytest.fixture
def published(shell) -> Iterator[Callable[[], list[dict]]]:
    """All messages that the kernel has sent to the notebook so far."""
    with zmq.Context() as context, context.socket(zmq.PUSH) as kernel:
        kernel.bind("inproc://notebook")
        shell.display_pub.pub_socket = kernel
        with context.socket(zmq.PULL) as notebook:
            notebook.connect("inproc://notebook")
            published: list[dict] = []

            def messages() -> list[dict]:
                session = shell.display_pub.session
                while notebook.poll(0):
                    _, parts = session.feed_identities(notebook.recv_multipart())
                    published.append(session.deserialize(parts))
                return published

            yield messages


def test_a_snapshot_follows_when_a_run_rests_and_not_at_each_step(session, published):
    state = BenchState(session, RunSettings())
    snapshot = Snapshot(state)
    snapshot.publish()
    state.update(run=RunStatus("running"))
    for index in (1, 2, 3):
        state.show(Frame.of(session.trajectory, index))
    assert len(published()) == 1
    state.update(run=RunStatus("done"))
    assert len(published()) == 2
    last = published()[-1]
    assert last["msg_type"] == "update_display_data"
    assert last["content"]["transient"] == {"display_id": snapshot.name}
    assert "step 3 on view" in last["content"]["data"]["text/html"]


def test_a_snapshot_follows_an_edit_once_the_person_rests(session, published):
    state = BenchState(session, RunSettings())
    snapshot = Snapshot(state)
    snapshot.publish()
    for _ in range(3):
        state.edit(state.prompt.mask("11", "sequence"), "mask")
    assert len(published()) == 1
    until(lambda: len(published()) > 1)
    assert [message["msg_type"] for message in published()] == [
        "display_data",
        "update_display_data",
    ]


def test_without_a_notebook_nothing_is_displayed(session, capsys):
    Snapshot(BenchState(session, RunSettings())).publish()
    assert capsys.readouterr().out == ""
