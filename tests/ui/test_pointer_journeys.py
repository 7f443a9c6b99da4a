"""Journeys of the wheel over 3D, the view after a delete, typing over a selection, and fields."""

import pytest

from .bench_page import EXTENT, STAGE, BenchPage

TOP = "() => document.querySelector('.esm-bench').getBoundingClientRect().top"


def over_structure(bench: BenchPage) -> tuple[float, float]:
    """A corner of the 3D view where no atom is."""
    box = bench.page.locator(STAGE).first.bounding_box()
    bench.page.mouse.move(box["x"] + 8, box["y"] + 8)
    return box["x"] + 8, box["y"] + 8


def test_the_wheel_over_3d_scrolls_the_page_and_zooms_once_the_view_was_pressed(bench: BenchPage):
    top, extent = bench.page.evaluate(TOP), bench.page.evaluate(EXTENT)
    over_structure(bench)
    bench.page.mouse.wheel(0, 60)
    bench.page.wait_for_function(f"(top) => ({TOP})() < top - 20", arg=top)
    assert bench.page.evaluate(EXTENT) == pytest.approx(extent)
    bench.page.mouse.click(*over_structure(bench))
    top = bench.page.evaluate(TOP)
    bench.page.mouse.wheel(0, 60)
    changed = "(before) => Math.abs(({extent})()[0] - before) > 2"
    bench.page.wait_for_function(changed.replace("{extent}", EXTENT), arg=extent[0])
    assert bench.page.evaluate(TOP) == top


def test_what_is_left_after_a_delete_fills_the_3d_view_again(bench: BenchPage):
    across, _, stage = bench.page.evaluate(EXTENT)
    bench.lab.ask("setattr(bench, 'selection', '121-160')")
    bench.page.locator(".esm-canvas").focus()
    bench.page.keyboard.press("Control+Delete")
    bench.lab.ask_until("len(bench.prompt)", (20).__eq__)
    bench.await_rest()
    left, _, _ = bench.page.evaluate(EXTENT)
    assert 0.6 * across < left < stage


@pytest.mark.parametrize("typed", ["W", "ACD", "ACDEFG"])
def test_what_is_typed_over_a_selection_is_one_undo_step(bench: BenchPage, typed: str):
    """One letter fills the selection; of more letters each has a residue, and the rest stays."""
    before = bench.lab.ask("''.join(bench.prompt.sequence)")
    bench.brush("select")
    bench.drag("sequence", 3, 8)
    bench.lab.ask_until("bench.selection", "A:104-109".__eq__)
    bench.page.keyboard.type(typed)
    written = typed * 6 if len(typed) == 1 else typed + before[3 + len(typed) : 9]
    bench.lab.ask_until("''.join(bench.prompt.sequence)[3:9]", written.__eq__)
    bench.await_rest()
    assert len(bench.history()) == 2
    bench.page.keyboard.press("Control+z")
    bench.lab.ask_until("''.join(bench.prompt.sequence)", before.__eq__)


@pytest.mark.parametrize("text", ["A:45-", "within 5 of XYZ", "C"])
def test_a_selection_that_cannot_be_read_is_said_at_its_field(bench: BenchPage, text: str):
    field = bench.page.locator('[data-field="selection"]')
    for _ in range(2):
        field.fill("")
        bench.page.wait_for_selector(".esm-unreadable", state="hidden")
        field.fill(text)
        field.press("Enter")
        refusal = bench.page.wait_for_selector(".esm-unreadable:visible")
    assert len(refusal.inner_text()) > 10
    at, line = field.bounding_box(), refusal.bounding_box()
    assert 0 <= line["y"] - (at["y"] + at["height"]) < 12
    assert abs((line["x"] + line["width"]) - (at["x"] + at["width"])) < 12
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("A:110-112")
    field.press("Enter")
    bench.lab.ask_until("bench.selection", "A:110-112".__eq__)
    bench.page.wait_for_selector(".esm-unreadable", state="hidden")
