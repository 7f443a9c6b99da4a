"""Random clicks: real mouse and keys by a seed; after each, the page shows what the engine has.

``PYTHONPATH=.:tests python -m ui.random_clicks 2000 [SEED]`` walks longer than the suite does.
"""

import random
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from .bench_page import BenchPage
from .lab import BROWSER_FLAGS, CHROMIUM, LabPage, LabServer

OPEN = """
import numpy as np
from widgets import Bench
from workbench import Protein, Track, example
bench = Bench(example().take(range(24)))

def truth():
    state = bench._state
    with state.lock:
        frame = state.frame
        shown = bench.prompt if frame is None else frame.filled
        states = np.array([shown.state(track) for track in Track], np.uint8)
        return {
            "states": states.ravel().tolist(),
            "letters": "".join([*shown.sequence, *shown.ss8]),
            "history": len(bench.session.history),
            "result": frame is not None,
            "asked": bool(bench.tracks.question),
            "active": state.run.active,
            "ack": bench.tracks.ack,
            "designs": len(bench.session.designs),
            "selection": list(state.selection),
            "recipe": state.settings.recipe,
            "error": state.error,
        }
bench
"""
SHOWN = """() => {
  const view = document.querySelector('.esm-tracks').trackView;
  const held = view.cells.shown;
  const side = document.querySelector('[data-side="result"]');
  return {
    states: [...held.states],
    letters: new TextDecoder().decode(held.letters),
    pending: view.cells.pending.length,
    last: view.cells.last,
    result: side.getAttribute('aria-checked') === 'true',
    designs: document.querySelectorAll('.esm-gallery tbody tr').length,
    recipe: document.querySelector('[aria-label="Recipe"]').value,
    asked: !document.querySelector('.esm-question').hidden,
  };
}"""
LENGTH = 24
ROWS = ("sequence", "structure", "ss8", "sasa", "function", "residue")
ACTS = (
    "stroke", "stroke", "stroke", "stroke_taken_back", "stroke_taken_back", "keys", "undo", "redo",
    "press_run", "press_step", "press_pause", "press_stop", "look", "show", "scrub", "branch",
    "stage", "elsewhere", "erase",
)  # fmt: skip
CHIPS = ("mask", "restore", "none", "ss8-H", "ss8-E", "ss8-C")


class Walk:
    """Presses what a person could press, chosen by a seed."""

    def __init__(self, bench: BenchPage, seed: int) -> None:
        self.bench, self.page, self.random = bench, bench.page, random.Random(seed)
        self.said: list[str] = []

    def go(self) -> None:
        """One action, and a look at whether page and engine agree."""
        name = self.random.choice(ACTS)
        self.said.append(name)
        getattr(self, name)()
        self.agree()

    def truth(self) -> dict:
        return self.bench.lab.ask("truth()")

    def agree(self) -> dict:
        """The page shows what the engine has; while a run goes on, once it rests."""
        for _ in range(400):
            truth, shown = self.truth(), self.page.evaluate(SHOWN)
            if truth["asked"]:
                self.answer()
            elif not truth["active"] and not shown["pending"] and self.same(truth, shown):
                return truth
            self.bench.lab.await_frame()
        wrong = [key for key in shown if key in truth and shown[key] != truth[key]]
        raise AssertionError(f"page and engine differ in {wrong}: {shown} {truth}")

    @staticmethod
    def same(truth: dict, shown: dict) -> bool:
        keys = ("states", "letters", "result", "designs", "recipe", "asked")
        return shown["last"] <= truth["ack"] and all(shown[key] == truth[key] for key in keys)

    def answer(self) -> None:
        """Answer the question about a stroke on a result."""
        choice = self.random.choice(["prompt", "continue", ""])
        self.page.wait_for_selector(".esm-question:visible")
        button = self.page.locator(f'.esm-question [data-answer="{choice}"]')
        if choice and button.count():
            button.click()
        else:
            self.page.keyboard.press("Escape")
        self.page.wait_for_selector(".esm-question", state="hidden")

    def place(self) -> tuple[int, int]:
        first = self.random.randrange(LENGTH)
        return first, min(LENGTH - 1, first + self.random.randrange(6))

    def drag(self) -> None:
        self.bench.brush(self.random.choice(CHIPS))
        self.bench.drag(self.random.choice(ROWS), *self.place())

    def stroke(self) -> None:
        self.drag()

    def erase(self) -> None:
        self.bench.drag(self.random.choice(ROWS[:4]), *self.place(), modifiers=("Alt",))

    def stroke_taken_back(self) -> None:
        """A stroke that changes something and Ctrl+Z right after it leave everything as it was."""
        self.page.click('[data-side="prompt"]')
        before = self.agree()
        if before["result"]:
            return
        first, last = self.place()
        at = 2 * LENGTH + first
        masked = not before["states"][at]
        self.bench.brush("ss8-G" if masked else "mask")
        self.bench.drag("ss8", first, last)
        self.page.keyboard.press("Control+z")
        kept = ("states", "letters", "history")
        for _ in range(200):
            after = self.agree()
            if all(after[key] == before[key] for key in kept):
                return
            self.bench.lab.await_frame()
        wrong = [key for key in kept if after[key] != before[key]]
        raise AssertionError(f"Ctrl+Z after a drag left another {wrong}")

    def keys(self) -> None:
        self.page.locator(".esm-canvas").focus()
        for _ in range(self.random.randrange(1, 5)):
            names = ["ArrowLeft", "ArrowRight", "Shift+ArrowRight", "ArrowUp", "ArrowDown"]
            names += ["w", "a", "Delete", "Escape", "Enter"]
            self.page.keyboard.press(self.random.choice(names))
        if self.page.evaluate("document.activeElement.dataset.brush === 'annotate'"):
            self.page.keyboard.press("Escape")
        # Where W writes nothing it asks the model; the card lies on the tracks until it is closed.
        for close in self.page.locator('.esm-kept [data-act="close-card"]').all():
            close.click()

    def undo(self) -> None:
        self.page.locator(".esm-canvas").focus()
        self.page.keyboard.press("Control+z")

    def redo(self) -> None:
        self.page.locator(".esm-canvas").focus()
        self.page.keyboard.press("Control+y")

    def press(self, act: str) -> None:
        button = self.page.locator(f'.esm-run [data-act="{act}"]:enabled')
        if button.count():
            button.first.evaluate("(one) => one.click()")

    def press_run(self) -> None:
        self.press("run")

    def press_step(self) -> None:
        self.press("step")

    def press_pause(self) -> None:
        self.press("run")
        self.press("pause")

    def press_stop(self) -> None:
        self.press("stop")

    def branch(self) -> None:
        self.press("branch")

    def look(self) -> None:
        side = self.random.choice(["prompt", "result"])
        button = self.page.locator(f'[data-side="{side}"]:enabled')
        if button.count():
            button.click()

    def show(self) -> None:
        rows = self.page.locator(".esm-gallery tbody .esm-link")
        if rows.count():
            rows.nth(self.random.randrange(rows.count())).evaluate("(one) => one.click()")

    def scrub(self) -> None:
        slider = self.page.locator('[aria-label="Step on view"]')
        top = int(slider.get_attribute("max") or 0)
        if top and slider.is_enabled():
            slider.fill(str(self.random.randrange(top + 1)))

    def stage(self) -> None:
        chips = self.page.locator(".esm-stage-chip")
        chip = chips.nth(self.random.randrange(chips.count()))
        chip.focus()
        if chips.count() > 3:
            self.page.keyboard.press("Delete")
        elif chips.count() > 1 and self.random.random() < 0.5:
            self.page.keyboard.press(self.random.choice(["Alt+ArrowLeft", "Alt+ArrowRight"]))
        else:
            self.page.locator('[data-act="add-stage"]').evaluate("(one) => one.click()")
            self.bench.lab.await_frame()
        self.page.keyboard.press("Escape")

    def elsewhere(self) -> None:
        """Another cell becomes the active one, as where somebody reads on."""
        self.page.locator(".jp-Cell").last.locator(".jp-InputPrompt").click()


def walk(lab: LabPage, actions: int, seed: int) -> Walk:
    """Open a small bench and press so many things."""
    bench = BenchPage.opened(lab, f"walk_{seed}.ipynb", OPEN, "1 + 1")
    lab.ask("str(bench._state.update(settings=bench.settings.with_(recipe='sequence:2')))")
    walked = Walk(bench, seed)
    for done in range(actions):
        try:
            walked.go()
        except BaseException as error:
            where = f"seed {seed}, after {done + 1} actions: {walked.said[-8:]}"
            raise AssertionError(f"{where}: {error}") from error
        if lab.errors:
            raise AssertionError(f"seed {seed}, {walked.said[-8:]}: {lab.errors}")
    return walked


def main(actions: str = "2000", seed: str = "1") -> None:
    """Walk in pieces of 250 actions, each on a page of its own."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        server = LabServer(Path(place))
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(BROWSER_FLAGS)
        )
        try:
            for piece, done in enumerate(range(0, int(actions), 250)):
                lab = LabPage(server, chromium)
                walk(lab, min(250, int(actions) - done), int(seed) + piece)
                print(f"{min(int(actions), done + 250)} actions agree", flush=True)
                lab.close()
        finally:
            chromium.close()
            server.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
