"""Journeys in the 3D view, on a bench of its own."""

from pathlib import Path

import pytest

from .bench_page import EXTENT, BenchPage
from .lab import colours, difference

DRAWN = "() => document.querySelector('.esm-structure').structureView.drawn"
TRACE = "() => document.querySelector('.esm-trace').toDataURL()"
PICTURES = """() => {
  const { viewer } = document.querySelector('.esm-structure');
  if (viewer.pictures === undefined) {
    const render = viewer.render.bind(viewer);
    viewer.pictures = 0;
    viewer.render = (...given) => { viewer.pictures += 1; return render(...given); };
  }
  return viewer.pictures;
}"""


def test_a_residue_clicked_in_3d_is_selected_in_tracks_and_kernel(
    bench: BenchPage, artifacts: Path
):
    before = bench.seen()
    (picked,) = bench.pick(30)
    assert abs(picked - 30) <= 1
    assert difference(before["tracks"], bench.seen()["tracks"]) > 0
    bench.lab.ask("setattr(bench, 'selection', '111-120')")
    bench.page.wait_for_function(
        "() => document.querySelector('[data-field=selection]').value === 'A:111-120'"
    )
    assert difference(before["structure"], bench.seen()["structure"]) > 10
    bench.picture(artifacts / "journey_selected.png")


def test_a_protein_is_seen_from_its_widest_side_and_the_next_one_too(bench: BenchPage):
    across, high, stage = bench.page.evaluate(EXTENT)
    assert 0.4 * stage < across < stage
    assert high < 0.3 * across
    place = bench.page.query_selector(".esm-stage canvas").bounding_box()
    bench.page.mouse.move(place["x"] + 60, place["y"] + 60)
    bench.page.mouse.down()
    bench.page.mouse.move(place["x"] + 160, place["y"] + 130, steps=5)
    bench.page.mouse.up()
    assert bench.page.evaluate(EXTENT)[1] > high
    drawn = bench.page.evaluate(DRAWN)
    bench.lab.ask("str(bench.open(__import__('workbench').example()))")
    bench.page.wait_for_function(f"(before) => ({DRAWN})() > before", arg=drawn)
    bench.await_rest()
    across, high, stage = bench.page.evaluate(EXTENT)
    assert 0.4 * stage < across < stage
    assert high < 1.02 * across
    bench.press("undo")


def test_the_camera_stays_while_the_structure_moves(bench: BenchPage):
    bench.lab.ask("str(setattr(bench, 'prompt', bench.prompt.mask('120-140', ['structure'])))")
    box = bench.page.query_selector(".esm-stage canvas").bounding_box()
    x, y = box["x"] + 40, box["y"] + box["height"] - 40
    bench.page.mouse.move(x, y)
    bench.page.mouse.down()
    bench.page.mouse.move(x + 60, y - 30, steps=5)
    bench.page.mouse.up()
    camera = "() => document.querySelector('.esm-structure').viewer.getView()"
    view = bench.page.evaluate(camera)
    bench.press("step")
    bench.phase_until("paused")
    bench.press("step")
    bench.lab.ask_until("bench._state.run.taken", lambda taken: taken == 2)
    bench.phase_until("paused")
    after = bench.seen()
    assert bench.page.evaluate(camera) == pytest.approx(view)
    assert colours(after["structure"]) > 4


def test_steps_that_fly_by_are_drawn_as_a_line_that_turns_and_the_last_one_as_ribbons(
    bench: BenchPage,
):
    bench.lab.ask(
        "str(setattr(bench, 'prompt', bench.prompt.mask('110-150', ['sequence', 'structure'])))"
    )
    bench.lab.ask("str(bench.run('structure:41,sequence:60'))")
    bench.page.wait_for_function(
        "() => document.querySelector('.esm-trace')?.hidden === false", polling=20
    )
    stage = bench.page.query_selector(".esm-stage").bounding_box()
    before, pictures = bench.page.evaluate(TRACE), bench.page.evaluate(PICTURES)
    bench.page.mouse.move(stage["x"] + 60, stage["y"] + 60)
    bench.page.mouse.down()
    bench.page.mouse.move(stage["x"] + 140, stage["y"] + 80, steps=3)
    bench.page.mouse.up()
    assert bench.page.evaluate(TRACE) != before
    assert bench.page.evaluate(PICTURES) == pictures
    bench.phase_until("done")
    bench.page.wait_for_function("() => document.querySelector('.esm-trace').hidden")
    assert bench.page.evaluate(PICTURES) > pictures
    assert colours(bench.seen()["structure"]) > 4


def test_a_box_drawn_in_3d_selects_residues_to_mask_and_leaves_the_camera_alone(
    bench: BenchPage, artifacts: Path
):
    camera = "() => document.querySelector('.esm-structure').viewer.getView()"
    view = bench.page.evaluate(camera)
    bench.press("box")
    bench.box_in_3d(20, 30)
    chosen = bench.lab.ask_until("list(bench._state.selection)", bool)
    assert set(range(20, 31)) <= set(chosen) < set(range(60))
    bench.picture(artifacts / "journey_box.png")
    bench.press("mask-selected")
    bench.lab.ask_until(
        "bench.prompt.masked('sequence').nonzero()[0].tolist()", lambda at: at == chosen
    )
    assert bench.masked("structure") == chosen
    bench.press("undo")
    bench.lab.ask_until("bench.session.history", lambda history: history == ["open"])
    bench.press("box")
    bench.page.keyboard.down("Shift")
    bench.box_in_3d(40, 45)
    bench.page.keyboard.up("Shift")
    others = bench.lab.ask_until("list(bench._state.selection)", lambda at: 42 in at)
    assert 20 not in others
    assert bench.page.evaluate(camera) == pytest.approx(view)
