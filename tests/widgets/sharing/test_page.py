"""One file for a colleague: what is in it, what is not, and how small it stays."""

import base64
import gzip
import hashlib
import html
import json
import re
import struct
from dataclasses import replace

import numpy as np
import pytest
from full_disk import no_room

from widgets import Bench
from widgets.frame import Frame
from widgets.sharing import summary as words
from widgets.sharing.pack import GRAIN, Pack
from widgets.sharing.page import Shared, page, share
from widgets.sharing.recording import record
from workbench.archive.record import record_bytes, session_of
from workbench.errors import FileError, WorkbenchError
from workbench.sampling.recipe import Recipe
from workbench.sampling.settings import RunSettings
from workbench.session import Session

HOSTILE = "</script><script>alert(1)</script><!--\"'&"


@pytest.fixture
def session(prompt, wordless) -> Session:
    """A run of four steps kept as a design, on a protein with a hostile name."""
    template = prompt.template.with_(name=HOSTILE)
    masked_prompt = type(prompt).from_protein(template).mask("15-24", ["sequence", "structure"])
    session = Session(masked_prompt, wordless)
    session.edit(masked_prompt.annotate(HOSTILE, "12-14"), HOSTILE)
    trajectory = session.start(Recipe.parse("structure:2,sequence:2"), seed=3)
    for _ in trajectory:
        pass
    session.keep(trajectory)
    return session


def opened(packed: bytes) -> tuple[dict, bytes]:
    data = gzip.decompress(packed)
    (length,) = struct.unpack("<I", data[:4])
    return json.loads(data[4 : 4 + length]), data[4 + length :]


def test_equal_values_are_stored_once():
    pack = Pack()
    numbers = [pack.keep(value) for value in ("a", {"b": 1}, b"xyz", "a", {"b": 1}, b"xyz")]
    assert numbers == [0, 1, 2, 0, 1, 2]
    head, data = opened(pack.compressed({}))
    assert (head["values"][:2], data) == (["a", {"b": 1}], b"xyz")


def test_coordinates_come_back_to_a_hundredth_of_an_angstrom():
    xyz = np.random.default_rng(0).normal(0, 30, (40, 4, 3)).astype(np.float32)
    pack = Pack()
    pack.keep_coordinates(xyz.tobytes())
    head, data = opened(pack.compressed({}))
    assert head["binary"]["0"][0] == "coordinates"
    planes = np.frombuffer(data, np.uint8).reshape(2, -1)
    steps = np.ascontiguousarray(planes.T).view("<i2").reshape(40, 12)
    assert np.abs(np.cumsum(steps, 0) * GRAIN - xyz.reshape(40, 12)).max() <= 0.51 * GRAIN


def test_coordinates_out_of_reach_are_kept_as_they_are():
    pack = Pack()
    pack.keep_coordinates(np.array([0, 1e6, np.nan] * 8, np.float32).tobytes())
    head, _ = opened(pack.compressed({}))
    assert head["binary"]["0"][0] == "bytes"


def test_a_heat_map_comes_back_to_half_a_step():
    pae = np.random.default_rng(0).uniform(0, 31, (9, 7))
    pae[2, 3] = np.nan
    pack = Pack()
    pack.keep(pae)
    head, data = opened(pack.compressed({}))
    _, _, _, rows, columns, low, grain = head["binary"]["0"]
    steps = np.frombuffer(data, np.uint8).reshape(rows, columns).astype(int)
    levels = np.cumsum(np.cumsum(steps, 0), 1) % 256
    assert levels[2, 3] == 63
    known = np.isfinite(pae)
    assert np.abs(low + levels[known] * grain - pae[known]).max() <= 0.51 * grain


def test_a_recording_holds_the_prompt_every_step_and_every_design_with_its_steps(session):
    recording = record(session, RunSettings(), "toy", Pack())
    steps = [f"step:{k}" for k in range(1, 5)]
    of_design = [f"design:design-1#{k}" for k in range(4)]
    assert list(recording.others) == [*steps, *of_design, "design:design-1"]
    assert set(recording.first) == {
        "header",
        "tracks",
        "structure",
        "run",
        "designs",
        "tabs",
        "whatif",
    }
    assert set(recording.colorings) == set(recording.plots) == {"prompt", *recording.others}


def test_a_picture_is_what_the_bench_shows_at_that_step(session):
    pack = Pack()
    recording = record(session, RunSettings(), "toy", pack)
    head, data = opened(pack.compressed({}))
    kind, at, length = head["binary"][str(recording.others["step:4"]["tracks"]["letters"])]
    assert kind == "bytes"
    filled = Frame.of(session.trajectory, 4).filled
    assert data[at : at + length].decode()[: len(filled)] == "".join(filled.sequence)


def test_sharing_leaves_the_session_as_it_was(session):
    before = (session.prompt, session.history, list(session.designs), session.trajectory)
    record(session, RunSettings(), "toy", Pack())
    assert (session.prompt, session.history, session.designs, session.trajectory) == before


def test_nothing_hostile_gets_out_of_its_place(session):
    text = page(session, Shared(RunSettings(), HOSTILE, f"Bench({HOSTILE!r})"))
    assert "alert(1)</script>" not in text
    assert text.count("<script") == text.count("</script>") == 2
    assert "&lt;script&gt;alert(1)" in text


def test_only_the_pages_own_script_may_run_and_nothing_be_fetched(session):
    text = page(session, Shared(RunSettings()))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    script = re.search(r'<script type="module">(.*?)</script>', text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}' blob:;" in policy
    assert policy.startswith("default-src 'none';")
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:|//)""", text)


def test_code_names_files_without_their_folders(session):
    text = words.session_html(session, RunSettings(), "toy", "Bench('/home/ann/secret/1abc.cif')")
    assert "secret" not in text
    assert "1abc.cif" in text


def test_the_record_inside_a_page_opens_again(session):
    text = page(session, Shared(RunSettings()), "mine")
    packed = re.search(r'<script id="pack"[^>]*>([^<]*)</script>', text)[1]
    head, data = opened(base64.b85decode(packed.replace(",", "<")))
    inside = head["main"]["record"]
    assert inside["name"] == "mine.design"
    _, at, length = head["binary"][str(inside["data"])]
    again = session_of(data[at : at + length], "the page")
    assert [design.protein.sequence for design in again.designs] == [
        design.protein.sequence for design in session.designs
    ]


def test_a_record_just_opened_has_the_timeline_of_its_last_design(session):
    again = session_of(record_bytes(session), "memory")
    assert list(record(again, RunSettings(), "toy", Pack()).others) == ["design:design-1"]
    again.model = session.model
    assert "step:4" in record(again, RunSettings(), "toy", Pack()).others


def test_a_page_needs_a_name_and_a_folder(session, tmp_path):
    with pytest.raises(WorkbenchError, match=r"x\.pdf is no name for a page"):
        share(session, tmp_path / "x.pdf", Shared(RunSettings()))
    with pytest.raises(WorkbenchError, match="there is no folder"):
        share(session, tmp_path / "none" / "x.html", Shared(RunSettings()))


def test_a_page_replaces_the_one_before_it_and_leaves_no_scraps(session, tmp_path):
    path = tmp_path / "x.html"
    path.write_text("old")
    assert share(session, path, Shared(RunSettings())) == path
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == ["x.html"]


def test_a_page_that_a_full_disk_does_not_take_leaves_the_one_before_it(session, tmp_path):
    path = tmp_path / "x.html"
    path.write_text("old")
    with no_room(100_000), pytest.raises(FileError, match=r"x\.html cannot be written"):
        share(session, path, Shared(RunSettings()))
    assert path.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.html"]


@pytest.mark.parametrize("score", [np.nan, np.inf, -np.inf])
def test_scores_that_are_no_numbers_are_empty_on_a_page(session, score):
    (design,) = session.designs
    session.designs[0] = replace(design, metrics={**design.metrics, "mine": score})
    rows = json.dumps(record(session, RunSettings(), "toy", Pack()).data())
    assert "NaN" not in rows
    assert "Infinity" not in rows
    assert page(session, Shared(RunSettings())).startswith("<!DOCTYPE html>")


def test_a_bench_shares_the_code_that_makes_its_prompt(small, tmp_path):
    bench = Bench(small)
    bench.prompt = bench.prompt.mask("A:15-24", "sequence")
    text = bench.share(tmp_path / "x.html").read_text("utf-8")
    assert ".mask(" in bench.code()
    assert all(html.escape(line) in text for line in bench.code().splitlines())


def test_the_words_say_what_was_asked(session):
    words_of = dict(words.prompt_words(session.prompt))
    assert words_of["sequence"] == "given A:11-14,A:25-30; masked A:15-24"
    assert words_of["function label"].endswith("on A:12-14")


def test_designs_of_one_recipe_share_a_line_with_all_their_seeds(session):
    design = session.designs[0]
    other = replace(design, name="design-3", seed=9, recipe=Recipe.parse("ss8:2"))
    designs = [design, replace(design, name="design-2", seed=7), other]
    assert words.recipes_of(designs) == [
        ("recipe of design-1 to design-2", f"{design.recipe}, seeds {design.seed}, 7"),
        ("recipe of design-3", "ss8:2, seed 9"),
    ]


def test_the_run_at_hand_is_whole_however_few_steps_other_designs_may_have(session):
    run = session.start(Recipe.parse("sequence:4"), 8)
    list(run)
    session.keep(run)
    keys = list(record(session, RunSettings(), "toy", Pack(), steps_of_designs=1).others)
    assert [key for key in keys if "#" in key] == [f"design:design-2#{k}" for k in range(4)]
    assert keys[-2:] == ["design:design-1", "design:design-2"]
