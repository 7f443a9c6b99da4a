"""The first minutes with a bench: what to begin with, and a tour of six steps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .bench_page import BenchPage
from .lab import LabPage, LabServer

OPEN = "from widgets import Bench\nbench = Bench()\nbench"
TOUR = ".esm-tour >> visible=true"
NAMELESS = """() => [...document.querySelectorAll(
    '.esm-bench :is(button, input, select, textarea, canvas)')]
  .filter((one) => one.offsetParent && !one.closest('.js-plotly-plot, .esm-stage[aria-label]'))
  .filter((one) => ![one.getAttribute('aria-label'), one.title, one.labels?.[0]?.textContent,
    one.textContent].some((name) => name?.trim()))
  .map((one) => one.outerHTML.slice(0, 120))"""
APART = """() => {
  const [tour, part] = ['.esm-tour', '.esm-toured'].map((one) =>
    document.querySelector(one).getBoundingClientRect());
  return tour.top >= 0 && tour.left >= 0 && part.width > 0
    && tour.bottom <= innerHeight && tour.right <= innerWidth;
}"""


@pytest.fixture
def newcomer(lab_server: LabServer, browser: object) -> Iterator[LabPage]:
    """A page of somebody who has never seen a bench."""
    page = LabPage(lab_server, browser, newcomer=True)
    yield page
    blocked, errors = page.blocked, page.errors
    page.close()
    assert blocked == []
    assert errors == []


def test_a_newcomer_is_shown_around_and_begins_with_a_chain_of_their_length(
    newcomer: LabPage, artifacts: Path
):
    newcomer.open([OPEN], "first.ipynb").run_all()
    bench, page = BenchPage(newcomer), newcomer.page
    page.wait_for_selector(TOUR, timeout=60_000)
    bench.await_views()
    for step in range(1, 7):
        page.wait_for_selector(f'{TOUR} >> text="{step} of 6"')
        assert page.evaluate(APART)
        page.screenshot(path=artifacts / f"tour_{step}.png")
        page.click('[data-act="tour-next"]')
    page.wait_for_selector(".esm-tour", state="hidden")
    assert page.evaluate(NAMELESS) == []
    bench.picture(artifacts / "first_minutes.png")

    page.fill(".esm-begin input", "42")
    page.click('[data-act="begin-length"]')
    newcomer.ask_until("len(bench.prompt)", lambda length: length == 42)
    page.wait_for_selector(".esm-begin", state="hidden")
    newcomer.reload()
    newcomer.run_all()
    page.wait_for_selector(".esm-begin >> visible=true", timeout=60_000)
    assert not page.is_visible(TOUR)
    page.click('.esm-bench [data-act="help"]')
    page.click('[data-act="tour"]')
    page.wait_for_selector(f'{TOUR} >> text="1 of 6"')
    page.keyboard.press("Escape")
    page.wait_for_selector(".esm-tour", state="hidden")
