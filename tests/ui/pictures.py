"""Pictures of the bench to look at: three sizes of the window, light and dark.

``PYTHONPATH=.:tests python -m ui.pictures FOLDER [SCENE ...]`` writes them into a folder. The scene
``story`` writes ``hero.png`` and the frames of a moving picture instead, ``landscape`` one picture:
those of the README.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from .bench_page import BenchPage
from .lab import BROWSER_FLAGS, CHROMIUM, LabPage, LabServer

SIZES = ((1280, 720), (1440, 900), (1920, 1080))
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
OPEN = "from widgets import Bench\nfrom workbench import example\nbench = Bench(example())\nbench"
FITS = """() => {
  const drawing = document.querySelector('.esm-area-plot .main-svg');
  const room = drawing?.closest('.js-plotly-plot');
  const fits = (side) => Math.abs(drawing[side] - room[side]) < 5;
  return !room || ['clientWidth', 'clientHeight'].every(fits);
}"""
PAINT = (
    "bench.prompt.mask('20-40', ['sequence', 'structure']).paint('22-32', 'ss8', 'H')"
    ".paint('10-18', 'sasa', 90)"
)


def prompt(bench: BenchPage) -> None:
    """A painted prompt before any run."""
    bench.lab.ask(f"str(setattr(bench, 'prompt', {PAINT}))")


def result(bench: BenchPage) -> None:
    """The last step of a run with four designs, some residues selected."""
    prompt(bench)
    bench.lab.ask("str(bench.run('structure:8,sequence:8', designs=4))")
    bench.phase_until("done")
    bench.lab.ask("str(bench.show('design-2'))")
    bench.lab.ask("setattr(bench, 'selection', '24-28')")


def fresh(bench: BenchPage) -> None:
    """A bench as it opens."""
    bench.await_rest()


def midrun(bench: BenchPage) -> None:
    """A run of two designs that rests after eleven steps."""
    prompt(bench)
    bench.lab.ask("str(bench.step('structure:20,sequence:12', designs=2))")
    for taken in range(1, 12):
        bench.lab.ask_until("bench._state.run.taken", taken.__le__)
        bench.phase_until("paused")
        bench.lab.ask("str(bench.step())")
    bench.phase_until("paused")


def recipe(bench: BenchPage) -> None:
    """The form of a recipe's stage, open."""
    prompt(bench)
    bench.page.locator(".esm-stage-chip").first.click()


def designs(bench: BenchPage) -> None:
    """Twelve designs, some ticked, with stars and a note."""
    prompt(bench)
    bench.lab.ask("str(bench.run('structure:4,sequence:4', designs=12))")
    bench.phase_until("done")
    bench.lab.ask("str(bench.choose(['design-2', 'design-5']))")
    bench.lab.ask("str(bench.remark('design-2', stars=3, note='order this'))")


SCENES = {
    "fresh": fresh, "prompt": prompt, "midrun": midrun, "result": result, "recipe": recipe,
    "designs": designs,
}  # fmt: skip


def landscape(bench: BenchPage, target: Path) -> None:
    """The README's picture of the landscape, some residues selected."""
    page = bench.page
    page.set_viewport_size({"width": 1920, "height": 860})
    page.click('[data-tab="mutations"]')
    page.wait_for_selector(".esm-landscape canvas", state="visible", timeout=60_000)
    bench.lab.ask_until("'mutations' in bench._state.readings", bool)
    bench.lab.ask("setattr(bench, 'selection', '24-28')")
    page.evaluate("() => document.querySelector('.esm-bench').scrollIntoView()")
    bench.await_rest()
    page.locator(".esm-area-plot").screenshot(path=target / "landscape.png")


class Story:
    """Frames of a short visit: a stroke, a class of SS8, a run, a design from all sides."""

    def __init__(self, bench: BenchPage, target: Path) -> None:
        self.bench, self.page, self.target = bench, bench.page, target
        self.frames = 0

    def shot(self, times: int = 1) -> None:
        """The bench as it is now, for so many frames."""
        box = self.page.locator(".esm-bench").bounding_box()
        clip = {"x": box["x"], "y": max(0, box["y"]), "width": box["width"], "height": 690}
        for _ in range(times):
            self.page.screenshot(path=self.target / f"frame_{self.frames:03}.png", clip=clip)
            self.frames += 1

    def stroke(self, brush: str, row: str, first: int, last: int, *, down_to: str = "") -> None:
        """A slow drag, over several rows with ``down_to``."""
        mouse, keyboard = self.page.mouse, self.page.keyboard
        self.bench.brush(brush)
        if down_to:
            mouse.move(*self.bench.spot(row, first))
            mouse.down()
            keyboard.down("Shift")
        else:
            mouse.move(*self.bench.spot(row, first))
            mouse.down()
        for position in range(first, last + 1, 3):
            mouse.move(*self.bench.spot(down_to or row, position))
            self.bench.lab.await_frame()
            self.shot()
        mouse.move(*self.bench.spot(down_to or row, last))
        mouse.up()
        keyboard.up("Shift")
        self.bench.await_rest()
        self.shot(2)

    def tell(self) -> None:
        """Everything, in about ninety frames."""
        page, bench = self.page, self.bench
        page.set_viewport_size({"width": 1440, "height": 860})
        page.evaluate("() => document.querySelector('.esm-bench').scrollIntoView()")
        bench.await_rest()
        self.shot(5)
        self.stroke("mask", "sequence", 19, 41, down_to="structure")
        self.stroke("ss8-H", "ss8", 21, 33)
        bench.lab.ask("str(bench._panel.on_settings({'recipe': 'structure:20,sequence:12'}))")
        bench.lab.ask("str(bench._panel.on_settings({'designs': 3}))")
        self.shot(3)
        bench.press("step")
        for taken in range(1, 12):
            bench.lab.ask_until("bench._state.run.taken", taken.__le__)
            bench.phase_until("paused")
            bench.await_rest()
            self.shot()
            bench.press("step")
        bench.phase_until("paused")
        bench.await_rest()
        box = page.locator(".esm-bench").bounding_box()
        clip = {"x": box["x"], "y": max(0, box["y"]), "width": box["width"], "height": 690}
        page.screenshot(path=self.target / "hero.png", clip=clip)
        bench.press("run")
        while bench.lab.ask("bench._state.run.active"):
            self.shot()
        bench.phase_until("done")
        bench.await_rest()
        self.shot(4)
        page.locator(".esm-gallery .esm-link").nth(1).click()
        bench.lab.ask_until("bench._table.shown", "design-2".__eq__)
        bench.await_rest()
        self.shot(4)
        stage = page.locator(".esm-stage").bounding_box()
        x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for turn in range(1, 13):
            page.mouse.move(x + 14 * turn, y + 3 * turn)
            bench.lab.await_frame()
            self.shot()
        page.mouse.up()
        page.click('[data-side="prompt"]')
        bench.await_rest()
        self.shot(6)


def story(bench: BenchPage, target: Path) -> None:
    """The frames of the README's moving picture, and its still one."""
    Story(bench, target).tell()


ALONE = {"story": story, "landscape": landscape}
"""Scenes of the README, which write files of their own."""


def main(folder: str, *names: str) -> None:
    """Take the pictures of these scenes, or of all."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        os.environ["ESM3_WORKBENCH_SESSIONS"] = str(Path(place) / "sessions")
        server = LabServer(Path(place))
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(BROWSER_FLAGS)
        )
        try:
            for name in names or SCENES:
                page = LabPage(server, chromium)
                bench = BenchPage.opened(page, f"{name}.ipynb", OPEN)
                page.command("application:toggle-left-area")
                if name in ALONE:
                    ALONE[name](bench, target)
                else:
                    SCENES[name](bench)
                    take(bench, target, name)
                page.close()
        finally:
            chromium.close()
            server.close()


def take(bench: BenchPage, target: Path, name: str) -> None:
    """One picture for each size and theme."""
    for theme, title in THEMES.items():
        bench.lab.theme(title)
        for width, height in SIZES:
            bench.page.set_viewport_size({"width": width, "height": height})
            bench.page.evaluate("() => document.querySelector('.esm-bench').scrollIntoView()")
            bench.page.wait_for_function(FITS)
            (target / f"{name}_{width}_{theme}.png").write_bytes(at_rest(bench.page))
    bench.lab.theme(THEMES["light"])


def at_rest(page: Page) -> bytes:
    """A picture of the page once nothing in it moves: two in a row that are equal."""
    before, now = b"", page.screenshot()
    while now != before:
        before, now = now, page.screenshot()
    return now


if __name__ == "__main__":
    main(*sys.argv[1:])
