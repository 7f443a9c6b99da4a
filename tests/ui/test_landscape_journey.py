"""Mutations: asked by opening the tab, pointed at, walked by keys, painted, saved and stopped."""

from pathlib import Path

import pytest

from .bench_page import BenchPage
from .lab import LabPage

OPEN = """
from widgets import Bench
from workbench import example
bench = Bench(example())
bench
"""
CELL = """([residue, letter]) => {
  const canvas = document.querySelector('.esm-landscape canvas');
  const letters = [...document.querySelectorAll('.esm-landscape-letters span')];
  const row = letters.find((one) => one.textContent === letter).getBoundingClientRect();
  const box = canvas.getBoundingClientRect();
  const x = box.left + ((residue + 0.5) / Number(canvas.dataset.residues)) * box.width;
  return [x, row.top + row.height / 2];
}"""
SAYS = "(words) => document.querySelector('.esm-whatif-words').textContent.includes(words)"
LANDSCAPE = ".esm-landscape canvas"


@pytest.fixture
def bench(lab_page: LabPage) -> BenchPage:
    return BenchPage.opened(lab_page, "landscape.ipynb", OPEN)


def test_the_landscape_is_read_and_painted_on_with_mouse_and_keys(
    bench: BenchPage, artifacts: Path, tmp_path: Path
):
    page, lab = bench.page, bench.lab
    page.click('[data-tab="mutations"]')
    page.wait_for_selector(LANDSCAPE, state="visible", timeout=60_000)
    page.wait_for_function(SAYS, arg="masked-marginal", timeout=60_000)
    bench.picture(artifacts / "landscape.png")
    page.click('[data-tab="residues"]')
    page.wait_for_selector(".esm-whatif", state="hidden")
    page.click('[data-tab="mutations"]')
    page.wait_for_selector(LANDSCAPE, state="visible")
    page.mouse.move(*page.evaluate(CELL, [9, "W"]))
    lab.ask_until("bench._state.hovered", lambda at: at == 9)
    assert "to W: log-odds" in page.get_attribute(LANDSCAPE, "title")
    page.mouse.click(*page.evaluate(CELL, [9, "W"]))
    lab.ask_until("str(bench.prompt.sequence[9])", lambda letter: letter == "W")
    page.wait_for_function(SAYS, arg="of an earlier prompt")
    for key in ("ArrowRight", "P", "Enter"):
        page.keyboard.press(key)
    lab.ask_until("str(bench.prompt.sequence[10])", lambda letter: letter == "P")
    with page.expect_download() as waiting:
        page.click('[data-act="save-landscape"]')
    waiting.value.save_as(tmp_path / "landscape.csv")
    table = (tmp_path / "landscape.csv").read_text().splitlines()
    assert table[0] == "# log-odds in nats, masked-marginal"
    assert len(table) == 2 + lab.ask("len(bench.prompt)")
    page.select_option(".esm-whatif-bar select", "wild-type-marginal")
    page.wait_for_function(SAYS, arg="wild-type-marginal", timeout=60_000)
    assert bench.history()[1:] == ["write W sequence A:10", "write P sequence A:11"]
