"""What the model might have chosen: seen, asked, painted and stopped with mouse and keys."""

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
LONG = "example().sequence * 12"
CARD = """([label, note]) => {
  const card = document.querySelector('.esm-card:not([hidden])');
  const says = (name, text) => card.querySelector(name).textContent.startsWith(text);
  return card && says('.esm-card-title', label) && says('.esm-card-note', note)
    && card.querySelectorAll('.esm-card-bar').length === 20;
}"""
FOCUSED = "() => document.activeElement?.classList.contains('esm-card-bar')"
ALONG = ".esm-why canvas"
SAID = "(text) => document.querySelector('.esm-whatif .esm-spoken').textContent.startsWith(text)"
PART = "() => / [1-9]\\d? %/.test(document.querySelector('.esm-whatif-words').textContent)"
WORDS = "(text) => document.querySelector('.esm-whatif-words').textContent.startsWith(text)"
EXPLAINED = "() => document.querySelector('.esm-why-number')?.textContent"


@pytest.fixture
def bench(lab_page: LabPage) -> BenchPage:
    return BenchPage.opened(lab_page, "whatif.ipynb", OPEN)


def test_the_model_s_choice_at_a_cell_is_seen_and_painted(bench: BenchPage, artifacts: Path):
    page, lab = bench.page, bench.lab
    page.mouse.move(*bench.spot("sequence", 9))
    page.wait_for_function(CARD, arg=["A:10 Sequence", "given; read as masked"], timeout=60_000)
    page.screenshot(path=artifacts / "card.png")
    page.mouse.click(*bench.spot(-1, 9))
    page.mouse.move(*bench.spot("sequence", 20))
    page.wait_for_function(CARD, arg=["A:21 Sequence", "given; read as masked"])
    page.keyboard.press("Alt+KeyW")
    page.wait_for_function(FOCUSED)
    names = page.locator(".esm-card-bar .esm-card-name").all_inner_texts()
    given = lab.ask("str(bench.prompt.sequence[20])")
    letter = next(name for name in names if name not in given)
    page.locator(".esm-card-bar").nth(names.index(letter)).click()
    lab.ask_until("str(bench.prompt.sequence[20])", lambda value: value == letter)
    assert len(bench.history()) == 2
    page.keyboard.press("Escape")
    page.wait_for_selector(".esm-card", state="hidden")
    page.mouse.move(2, 2)
    page.keyboard.press("Alt+KeyW")
    page.wait_for_function(CARD, arg=["A:10 Sequence", ""])
    page.wait_for_function(FOCUSED)
    page.keyboard.press("ArrowDown")
    letter = page.evaluate(
        "() => document.activeElement.querySelector('.esm-card-name').textContent"
    )
    page.keyboard.press("Enter")
    lab.ask_until("str(bench.prompt.sequence[9])", lambda value: value == letter)


def test_reasons_and_pairs_are_asked_by_click_and_stopped(bench: BenchPage, artifacts: Path):
    page, lab = bench.page, bench.lab
    lab.ask("setattr(bench, 'selection', 'A:10-14')")
    page.click('[data-tab="why"]')
    page.wait_for_function(EXPLAINED, timeout=60_000)
    page.click('.esm-why-bar[data-reason="structure"]')
    page.wait_for_selector(ALONG, state="visible", timeout=60_000)
    bench.picture(artifacts / "why.png")
    page.focus(ALONG)
    page.keyboard.press("End")
    page.wait_for_function(SAID, arg=f"A:{lab.ask('len(bench.prompt)')}: ")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(SAID, arg="A:4: ")
    lab.ask_until("bench._state.hovered", lambda at: at == 3)
    bench.await_rest()
    page.wait_for_function(WORDS, arg="A:4: ")
    page.screenshot(path=artifacts / "influence_by_keys.png")
    page.keyboard.press("Enter")
    lab.ask_until("bench.selection", lambda text: text == "A:4")
    page.wait_for_function(WORDS, arg="A:4: ")
    page.click('[data-tab="pairs"]')
    page.wait_for_selector(".esm-pairs canvas", state="visible")
    page.click('.esm-whatif [data-act="ask"]')
    page.click('.esm-whatif [data-act="stop-asking"]')
    page.wait_for_selector('.esm-whatif [data-act="ask"]', state="visible")
    assert "pairs" not in lab.ask("list(bench._state.readings)")
    page.click('.esm-whatif [data-act="ask"]')
    lab.ask_until("list(bench._state.readings)", lambda known: "pairs" in known, 120)
    bench.picture(artifacts / "pairs.png")


def test_mutations_of_a_long_protein_tell_how_far_they_are_and_stop_at_once(
    lab_page: LabPage, artifacts: Path
):
    bench = BenchPage.opened(lab_page, "long.ipynb", OPEN.replace("example()", LONG))
    page, lab = bench.page, bench.lab
    page.click('[data-tab="mutations"]')
    page.wait_for_function(PART, timeout=60_000)
    assert lab.ask("1 + 1") == 2
    bench.drag(-1, 2, 5)
    lab.ask_until("bench.selection", lambda text: text == "A:3-6")
    page.wait_for_selector('.esm-whatif [data-act="stop-asking"]', state="visible")
    page.screenshot(path=artifacts / "mutations_under_way.png")
    page.click('.esm-whatif [data-act="stop-asking"]')
    page.wait_for_selector('.esm-whatif [data-act="ask"]', state="visible")
    assert lab.ask("bench._what_if.asker.wait(30)")
    assert "mutations" not in lab.ask("list(bench._state.readings)")
