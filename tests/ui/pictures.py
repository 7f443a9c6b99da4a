"""Pictures of the bench to look at: three sizes of the window, light and dark.

``PYTHONPATH=.:tests python -m ui.pictures FOLDER [SCENE ...]`` writes them into a folder.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from .bench_page import BenchPage
from .lab import BROWSER_FLAGS, CHROMIUM, LabPage, LabServer

SIZES = ((1280, 720), (1440, 900), (1920, 1080))
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
OPEN = "from widgets import Bench\nfrom workbench import example\nbench = Bench(example())\nbench"
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


SCENES = {"prompt": prompt, "result": result}


def main(folder: str, *names: str) -> None:
    """Take the pictures of these scenes, or of all."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        server = LabServer(Path(place))
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(BROWSER_FLAGS)
        )
        try:
            for name in names or SCENES:
                page = LabPage(server, chromium)
                page.open([OPEN], f"{name}.ipynb").run_all()
                bench = BenchPage(page)
                bench.await_views()
                page.command("application:toggle-left-area")
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
