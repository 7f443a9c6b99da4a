"""What a designer looks at and keeps: stars, notes and controls, torsions, bonds and distances."""

from pathlib import Path

import pytest

from .bench_page import ATOM, BenchPage
from .lab import LabPage

OPEN = """
from widgets import Bench
from workbench import example
bench = Bench(example())
bench.prompt = bench.prompt.mask("20-30", "sequence")
bench.run("sequence:1", designs=3).wait(240)
bench.show(None)
bench.look_at("prompt")
bench
"""
ROW = '.esm-gallery [data-key="{}"]'
MEASURED = "() => document.querySelector('.esm-structure').structureView.measure.text"
SURFACE = "() => document.querySelector('.esm-structure').structureView.parts.surface.number >= 0"
CAMERA = "() => [...document.querySelectorAll('.esm-structure')].at(-1).viewer.getView()"
AGAIN = "from widgets import Bench\nbench = Bench('turned.design')\nbench"
BONDS = "() => document.querySelector('.esm-structure').structureView.parts.bonds.lines.length"


@pytest.fixture
def bench(lab_page: LabPage) -> BenchPage:
    return BenchPage.opened(lab_page, "looking.ipynb", OPEN)


def test_designs_are_starred_noted_and_compared_with_a_control(bench: BenchPage, artifacts: Path):
    page, lab = bench.page, bench.lab
    page.locator(ROW.format("stars-design-2")).scroll_into_view_if_needed()
    page.click(ROW.format("stars-design-2"))
    lab.ask_until("bench.designs['stars'].tolist()", lambda stars: stars == [0, 1, 0])
    page.keyboard.press("3")
    lab.ask_until("bench.designs['stars'].tolist()", lambda stars: stars == [0, 3, 0])
    page.click(ROW.format("note-design-3"))
    page.keyboard.type("to order")
    page.keyboard.press("Enter")
    lab.ask_until("bench.designs['note'].tolist()", lambda notes: notes == ["", "", "to order"])
    bench.press("control")
    lab.ask_until("len(bench.designs)", lambda count: count == 4)
    page.wait_for_selector(".esm-control .esm-link")
    page.click('.esm-gallery [data-act="scatter"]')
    page.click('.esm-gallery [data-act="align"]')
    page.wait_for_selector(".esm-alignment-names div >> nth=4")
    page.locator(".esm-alignment").scroll_into_view_if_needed()
    page.screenshot(path=artifacts / "designs_beside.png")
    lab.theme("JupyterLab Dark")
    page.screenshot(path=artifacts / "designs_beside_dark.png")
    lab.theme("JupyterLab Light")
    page.fill(".esm-gallery input[type=search]", "stars>2")
    assert page.locator(".esm-gallery tbody tr").count() == 1
    bench.press("undo")
    lab.ask_until("bench.designs['note'].tolist()", lambda notes: notes[2] == "")


def test_an_outlier_is_found_and_the_selection_is_measured_and_bonded(
    bench: BenchPage, artifacts: Path
):
    page, lab = bench.page, bench.lab
    page.click('[data-tab="ramachandran"]')
    page.wait_for_selector(".esm-ramachandran canvas", state="visible")
    page.focus(".esm-ramachandran canvas")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    lab.ask_until("bench.selection", lambda text: text == "A:2")
    lab.ask("setattr(bench, 'selection', 'A:10-16')")
    page.click('[data-act="drawn"]')
    page.check('[data-field="bonds"]')
    page.wait_for_function(BONDS)
    page.locator('[data-field="surface"]').fill("40")
    page.wait_for_function(SURFACE, timeout=60_000)
    page.screenshot(path=artifacts / "drawn_box.png")
    page.keyboard.press("Escape")
    page.click('.esm-structure [data-act="measure"]')
    for residue in (10, 14):
        page.mouse.click(*page.evaluate(ATOM, residue))
    measured = page.wait_for_function(MEASURED).json_value()
    assert measured.endswith(" Å")
    assert float(measured[:-2]) > 2
    assert measured in page.inner_text(".esm-structure .esm-spoken")
    bench.picture(artifacts / "looking.png")
    box = page.locator(".esm-stage").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90, steps=3)
    page.mouse.up()
    turned = page.evaluate(CAMERA)
    lab.ask_until("bench.session.camera", lambda saved: saved == pytest.approx(turned, abs=1e-3))
    lab.ask("str(bench.save('turned.design'))")
    again = BenchPage.opened(lab, "again.ipynb", AGAIN)
    assert again.page.evaluate(CAMERA) == pytest.approx(turned, abs=1e-3)
