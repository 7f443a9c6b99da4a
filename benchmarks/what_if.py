"""How long what-if questions take with the embedded model, without and with a browser.

``python -m benchmarks.what_if`` writes one JSON file and gates nothing. Wall time is what a person
waits; processor time is what it would be on a machine with nothing else to do, up to memory. A card
is timed in Chromium from the last movement of the mouse to the drawn card, rest included, over
given cells that nobody has asked about. ``load`` says how busy the machine was.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from workbench import Prompt, Protein, couplings, embed, landscape, load_model, why
from workbench.atomic_files import write_file
from workbench.constants import AMINO_ACIDS
from workbench.model.model import Model
from workbench.processor import instructions, processor

OUT = Path(__file__).parent / "what_if.json"
CARDS = 25
OPEN = """
from widgets import Bench
bench = Bench({sequence!r})
bench
"""


SHOWN = """(label) => {
  const card = document.querySelector('.esm-card');
  return !card.hidden && card.textContent.startsWith(label);
}"""


def engine(model: Model) -> dict[str, dict[str, float]]:
    """Seconds of each question, the model at hand."""
    long, short = _prompt(250), _prompt(100)
    questions = {
        "landscape, masked-marginal, 250 residues": lambda: landscape(model, long),
        "landscape, wild-type-marginal, 250 residues": lambda: landscape(
            model, long, method="wild-type-marginal"
        ),
        "why, one residue of 250": lambda: why(model, long, [120]),
        "couplings, 100 residues": lambda: couplings(model, short),
        "embeddings of 32 proteins of 250 residues": lambda: embed(model, [long] * 32, pooled=True),
    }
    return {name: _timed(ask) for name, ask in questions.items()}


def cards() -> dict[str, object]:
    """Milliseconds from resting the mouse to the card, in a real JupyterLab."""
    sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "helpers")]
    from playwright.sync_api import sync_playwright

    from tests.ui.bench_page import BenchPage
    from tests.ui.lab import BROWSER_FLAGS, CHROMIUM, LabPage, LabServer

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = LabServer(Path(folder))
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(BROWSER_FLAGS)
        )
        lab = LabPage(server, browser)
        page = lab.page
        bench = BenchPage.opened(lab, "cards.ipynb", OPEN.format(sequence=_sequence(250)))
        lab.ask("bench._source.load().name")
        took = []
        for turn in range(CARDS + 1):
            position = (turn * 97) % 250
            page.mouse.move(*bench.spot("sequence", position))
            page.wait_for_function(SHOWN, arg=f"A:{position + 1} ", timeout=30_000)
            took.append(page.evaluate("() => document.querySelector('.esm-card').card.took"))
        lab.close()
        browser.close()
        server.close()
    return {"median_ms": statistics.median(took[1:]), "slowest_ms": max(took[1:]), "cards": CARDS}


def _timed(ask) -> dict[str, float]:
    ask()
    began, used = time.perf_counter(), time.process_time()
    ask()
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "processor_seconds": round(time.process_time() - used, 3),
    }


def _prompt(length: int) -> Prompt:
    return Prompt.from_protein(Protein(_sequence(length)))


def _sequence(length: int) -> str:
    return "".join(np.random.default_rng(0).choice(list(AMINO_ACIDS), length))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    found = {
        "processor": processor(),
        "instructions": instructions(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "model": "esm3-nano",
        "load": os.getloadavg()[0],
        "engine": engine(load_model("esm3-nano")),
    }
    print(json.dumps(found, indent=1), flush=True)
    if not options.no_browser:
        found["card"] = cards()
    write_file(options.out, json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
