"""Nobody is kept out: every control has a name, a grey one a reason, and axe-core finds nothing."""

import pytest

from .accessible import complaints, prepare
from .bench_page import BenchPage
from .lab import LabPage

THEMES = ("JupyterLab Light", "JupyterLab Dark")
BENCH = ".esm-bench"
OPEN = "from widgets import Bench\nbench = Bench()\nbench"
BOXES = ("drawn", "help", "open", "save", "share", "rules", "residues", "add-stage")
MASK = "str(setattr(bench, 'prompt', bench.prompt.mask('20-40', ['sequence', 'structure'])))"
CARD = '.jp-LauncherCard[data-category="ESM3 bench"] >> visible=true'


class Watched:
    """A bench whose page is looked at in every state it comes into."""

    def __init__(self, bench: BenchPage) -> None:
        self.bench, self.page, self.lab = bench, bench.page, bench.lab
        self.wrong: dict[str, list[str]] = {}

    def look(self, state: str, within: str = BENCH) -> None:
        """Note what is wrong in this state, under the complaint."""
        for complaint in complaints(self.page, within):
            self.wrong.setdefault(complaint, []).append(state)

    def press(self, act: str) -> None:
        self.page.click(f'{BENCH} [data-act="{act}"] >> visible=true')

    def boxes(self) -> None:
        """Every box that a button opens."""
        for box in BOXES:
            self.press(box)
            self.look(box)
            self.page.keyboard.press("Escape")
        self.page.click('[data-stage="0"]')
        self.look("form of a stage")
        self.page.keyboard.press("Escape")
        self.page.focus(".esm-canvas")
        self.page.keyboard.press("/")
        self.page.keyboard.type("kin")
        self.page.wait_for_selector("[role=option] >> visible=true")
        self.look("search")
        self.page.keyboard.press("Escape")

    def plots(self) -> None:
        """Every plot, and the designs as points and side by side."""
        for tab in self.page.query_selector_all(f"{BENCH} [role=tab]"):
            tab.click()
            self.bench.await_rest()
            self.look(tab.inner_text())


@pytest.fixture
def watched(lab_page: LabPage) -> Watched:
    prepare(lab_page.page)
    return Watched(BenchPage.opened(lab_page, "accessible.ipynb", OPEN))


def test_every_state_of_a_bench_is_open_to_everybody(watched: Watched):
    bench, page, lab = watched.bench, watched.page, watched.lab
    watched.look("example")
    watched.press("begin-tour")
    watched.look("tour")
    watched.press("tour-skip")
    for theme in THEMES:
        lab.theme(theme)
        watched.boxes()
    lab.ask(MASK)
    lab.ask("str(bench.run('structure:20,sequence:20', designs=3))")
    bench.phase_until("running")
    watched.look("running")
    bench.phase_until("done")
    lab.ask("str(bench.show('design-1'))")
    lab.ask("str(bench.choose(['design-1', 'design-2']))")
    bench.await_rest()
    for theme in reversed(THEMES):
        lab.theme(theme)
        watched.look("result")
        watched.plots()
    bench.brush("mask")
    bench.drag("sequence", 2, 6)
    page.wait_for_selector(".esm-question >> visible=true")
    watched.look("question")
    page.keyboard.press("Escape")
    lab.ask("str(bench.show(None))")
    bench.press("step")
    lab.ask("str(bench.wait(60))")
    bench.await_rest()
    watched.look("paused")
    page.fill("[aria-label=Recipe]", "nonsense:4")
    page.keyboard.press("Enter")
    page.wait_for_selector(".esm-run [role=alert] >> visible=true")
    watched.look("refused")
    assert watched.wrong == {}
