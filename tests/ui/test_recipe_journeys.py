"""Journeys of the recipe: stages as chips, their form, and the text that is the same thing."""

from pathlib import Path

import pytest

from .bench_page import BenchPage
from .lab import LabPage

OPEN = "from widgets import Bench\nimport workbench\nbench = Bench(workbench.example())\nbench"
INSIDE = """() => {
  const box = document.querySelector('.esm-stage-form').getBoundingClientRect();
  const inside = box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
  return inside && box.top >= 0 && box.height > 90 && box.height < 170;
}"""


@pytest.fixture
def bench(lab_page: LabPage) -> BenchPage:
    return BenchPage.opened(lab_page, "recipe.ipynb", OPEN)


def chip(bench: BenchPage, number: int):
    return bench.page.locator(".esm-stage-chip").nth(number)


def recipe(bench: BenchPage, wanted: str) -> None:
    """The kernel and the text field have this recipe."""
    bench.lab.ask_until("bench.settings.recipe", wanted.__eq__)
    bench.page.wait_for_function(
        "(wanted) => document.querySelector('[aria-label=Recipe]').value === wanted", arg=wanted
    )


def test_a_recipe_is_put_together_from_chips_and_their_form(bench: BenchPage, artifacts: Path):
    page = bench.page
    bench.press("add-stage")
    recipe(bench, "structure:8,sequence:8,structure:8")
    page.wait_for_selector(".esm-stage-form:visible")
    assert page.evaluate(INSIDE)
    bench.press("stage-more")
    page.fill('[data-option="gate"]', "ptm>0.6")
    page.keyboard.press("Tab")
    recipe(bench, "structure:8,sequence:8,structure:8(gate=ptm>0.6)")
    page.fill('[data-option="temperature"]', "1")
    page.keyboard.press("Tab")
    recipe(bench, "structure:8,sequence:8,structure:8(temperature=1;gate=ptm>0.6)")
    assert bench.lab.ask("bench.settings.with_(temperature=0.1).plan().stages[2].temperature") == 1
    page.screenshot(path=artifacts / "recipe_form.png")
    page.fill('[data-option="gate"]', "ptm>high")
    page.keyboard.press("Tab")
    page.wait_for_selector('.esm-stage-form .esm-wrong:has-text("cannot read the goal")')
    assert page.input_value('[data-option="gate"]') == "ptm>high"
    page.fill('[data-option="gate"]', "")
    page.keyboard.press("Tab")
    recipe(bench, "structure:8,sequence:8,structure:8(temperature=1.0)")
    page.keyboard.press("Escape")
    page.wait_for_selector(".esm-stage-form", state="hidden")
    page.keyboard.press("Alt+ArrowLeft")
    recipe(bench, "structure:8,structure:8(temperature=1.0),sequence:8")
    page.keyboard.press("Delete")
    recipe(bench, "structure:8,sequence:8")
    chip(bench, 1).drag_to(chip(bench, 0), target_position={"x": 3, "y": 8})
    recipe(bench, "sequence:8,structure:8")
    field = page.locator('[aria-label="Recipe"]')
    field.fill("ss8:3")
    field.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.esm-stage-chip').length === 1")
    assert chip(bench, 0).inner_text().split() == ["ss8", "3"]
    bench.await_room()


def test_areas_are_split_anew_and_shown_over_the_whole_screen(bench: BenchPage, artifacts: Path):
    page = bench.page
    width = "() => document.querySelector('.esm-area-tracks').clientWidth"
    before = page.evaluate(width)
    box = page.locator(".esm-splitter-columns").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] - 150, box["y"] + 80, steps=4)
    page.mouse.up()
    page.wait_for_function(f"(before) => before - ({width})() > 120", arg=before)
    line = page.locator(".esm-splitter-side")
    high = "() => document.querySelector('.esm-stage').clientHeight"
    tall = page.evaluate(high)
    line.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_function(f"(before) => ({high})() !== before", arg=tall)
    bench.press("full-structure")
    page.wait_for_function(f"() => document.fullscreenElement && ({high})() > 500")
    bench.press("full-structure")
    page.wait_for_function("() => !document.fullscreenElement")
    bench.press("full")
    page.wait_for_function("() => document.fullscreenElement?.matches('.esm-bench')")
    bench.press("add-stage")
    page.wait_for_selector(".esm-stage-form:visible")
    page.screenshot(path=artifacts / "full_screen.png")
    page.keyboard.press("Escape")
    bench.press("full")
    page.wait_for_function("() => !document.fullscreenElement")
