"""How fast the bench draws, in a real JupyterLab and Chromium.

``python -m benchmarks.bench_views``, run by hand on a calm machine, writes one JSON file and gates
nothing. The protein is copies of the embedded example on a grid. The model is loaded by the bench,
which leaves one core to the browser; runs without a view have the same cores. Scrubbing asks for
one step of the timeline after another, each when the one before is drawn. Paints go through
the same call as the mouse and end when tracks and structure have drawn the kernel's answer. Runs
with and without a view take turns, so that a busy machine slows both, each when page and autosave
have come to rest; ``load`` says how busy it was, ``niceness`` whether this went first.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.ui.bench_page import BenchPage
from tests.ui.lab import BROWSER_FLAGS, CHROMIUM, LabPage, LabServer
from workbench.atomic_files import write_file
from workbench.processor import instructions, processor

LENGTHS = (250, 1000)
PAINTS = 31
BETWEEN_PAINTS_MS = 600
"""The pace of a person who paints stroke after stroke."""
REST_MS = 2500
STEPS = 64
RUN_SECONDS = 300

PREPARE = """
import threading, time
import numpy as np
from widgets import Bench
from workbench import Protein
from workbench.embedded import example
one, length = example(), {length}
copies = -(-length // len(one))
places = [32.0 * np.array([k % 3, k // 3 % 3, k // 9], np.float32) for k in range(copies)]
grid = np.concatenate([one.coordinates + place for place in places])[:length]
protein = Protein((one.sequence * copies)[:length], coordinates=grid)
spans = []

def measured(work):
    def measure():
        began = time.perf_counter()
        work()
        spans.append(time.perf_counter() - began)
    threading.Thread(target=measure).start()

def bare(steps):
    from workbench.sampling.recipe import Recipe
    from workbench.sampling.trajectory import Trajectory
    recipe = Recipe.parse(f"sequence:{{steps}}")
    def work():
        run = Trajectory(bench.session.model, bench.prompt, recipe, 0, True)
        while not run.done:
            run.advance()
        bench.session.keep(run)
    measured(work)

def viewed(steps):
    measured(lambda: bench.run(f"sequence:{{steps}}").wait())
"""
OPEN = "bench = Bench(protein)\nbench"
DRAWN = """() => {
  const tracks = document.querySelector('.esm-tracks')?.trackView;
  const shape = document.querySelector('.esm-structure')?.structureView;
  return Boolean(tracks?.drawnSeq !== undefined && shape?.drawn > 0);
}"""
FIRST = """(drawn) => {
  const shown = eval(drawn);
  window.benchOpened = performance.now();
  const look = () => {
    if (shown()) window.benchShown = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
PAINT = """async (op) => {
  const tracks = document.querySelector('.esm-tracks').trackView;
  const shape = document.querySelector('.esm-structure').structureView;
  const frame = () => new Promise(requestAnimationFrame);
  const length = tracks.cells.length;
  const [drawn, ack, began] = [shape.drawn, tracks.model.get('ack'), performance.now()];
  const [start, stop] = [length >> 2, length >> 1];
  tracks.cells.commit([{op, tracks: ['sequence', 'structure'], start, stop}]);
  while (performance.now() - began < 20000) {
    await frame();
    const answered = tracks.model.get('ack') !== ack && tracks.drawnSeq === tracks.model.get('seq');
    if (answered && !tracks.unread && shape.drawn > drawn && shape.waiting === undefined) break;
  }
  return performance.now() - began;
}"""
SCRUB = """async (steps) => {
  const shape = document.querySelector('.esm-structure').structureView;
  const slider = document.querySelector('[aria-label="Step on view"]');
  const began = performance.now();
  for (let index = 1; index <= steps; index++) {
    const drawn = shape.drawn;
    slider.value = index;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (shape.drawn === drawn) await new Promise(requestAnimationFrame);
  }
  return steps / ((performance.now() - began) / 1000);
}"""
SHOWN = "() => document.querySelector('.esm-structure').structureView.drawn"


def measure(server: LabServer, browser: object, length: int, turns: int) -> dict:
    """Figures at one length: seconds, milliseconds and their ratios."""
    lab = LabPage(server, browser)
    bench = BenchPage(lab)
    cells = [PREPARE.format(length=length), OPEN]
    lab.open(cells, f"bench_{length}.ipynb")
    lab.command("notebook:run-cell-and-select-next")
    lab.ask_until("'protein' in globals()", bool, 120)
    lab.page.evaluate(FIRST, DRAWN)
    lab.command("notebook:run-cell")
    lab.page.wait_for_function(DRAWN, timeout=60_000)
    opened = lab.page.evaluate("() => (window.benchShown - window.benchOpened) / 1000")
    bench.await_views()
    lab.page.wait_for_timeout(4000)
    measured: dict = {"length": length, "first_display_s": opened}
    took = []
    for k in range(PAINTS):
        lab.page.wait_for_timeout(BETWEEN_PAINTS_MS)
        took.append(lab.page.evaluate(PAINT, ("mask", "restore")[k % 2]))
    measured["paint_ms"] = statistics.median(took[1:])
    measured["paint_ms_quartiles"] = statistics.quantiles(took[1:], n=4)[::2]
    print(measured, flush=True)
    if length == LENGTHS[0]:
        measured |= _stepping(bench, turns)
    measured["load"] = os.getloadavg()[0]
    lab.close()
    print(measured, flush=True)
    return measured


def _stepping(bench: BenchPage, turns: int) -> dict:
    lab = bench.lab
    lab.ask("str(setattr(bench, 'prompt', bench.prompt.mask('all', ['sequence'])))")
    times: dict[str, list[float]] = {"bare": [], "viewed": []}
    rates = []
    lab.ask("str(bench.run('sequence:2').wait())")
    for _ in range(turns):
        for kind, seconds in times.items():
            lab.page.wait_for_timeout(REST_MS)
            before = lab.page.evaluate(SHOWN)
            tasks = lab.ask("len(spans)")
            lab.ask(f"str({kind}({STEPS}))")
            deadline = time.monotonic() + RUN_SECONDS
            while lab.ask("len(spans)") == tasks:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"a {kind} run has not ended within {RUN_SECONDS} s")
                time.sleep(0.5)
            seconds.append(lab.ask("spans[-1]"))
            if kind == "viewed":
                rates.append((lab.page.evaluate(SHOWN) - before) / seconds[-1])
    lab.page.wait_for_timeout(12_000)
    scrubbed = [lab.page.evaluate(SCRUB, STEPS // 2) for _ in range(3)][-1]
    ratios = [b / a for a, b in zip(times["bare"], times["viewed"], strict=True)]
    return {
        "steps": STEPS,
        "bare_s": statistics.median(times["bare"]),
        "viewed_s": statistics.median(times["viewed"]),
        "view_costs_percent": 100 * (statistics.median(ratios) - 1),
        "structure_updates_per_s": statistics.median(rates),
        "scrubbed_updates_per_s": scrubbed,
        "steps_per_s": STEPS / statistics.median(times["viewed"]),
    }


def main() -> None:
    """Measure at every length and write the figures."""
    parser = argparse.ArgumentParser(description="how fast the bench draws")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("bench_views.json"))
    parser.add_argument("--turns", type=int, default=3, help="runs with and without a view")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = LabServer(Path(folder))
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(BROWSER_FLAGS)
        )
        try:
            results = [measure(server, browser, length, given.turns) for length in LENGTHS]
        finally:
            browser.close()
            server.close()
    machine = {
        "processor": processor(),
        "instructions": instructions(),
        "cores": os.cpu_count(),
        "niceness": os.nice(0),
        "drawing": "software WebGL",
    }
    write_file(given.out, json.dumps({**machine, "figures": results}, indent=2) + "\n")
    print(given.out.read_text())


if __name__ == "__main__":
    main()
