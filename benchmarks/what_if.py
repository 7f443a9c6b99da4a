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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from workbench import Prompt, Protein, couplings, embed, landscape, load_model, why
from workbench.atomic_files import write_file
from workbench.constants import AMINO_ACIDS
from workbench.model.model import Model
from workbench.processor import instructions, processor

if TYPE_CHECKING:
    from tests.ui.lab import LabPage

OUT = Path(__file__).parent / "what_if.json"
CARDS = 25
OPEN = """
from widgets import Bench
bench = Bench({sequence!r})
bench
"""


CAMPAIGN = """
import numpy as np
from workbench.metrics import OF_DESIGNS
from workbench.session.columns import DESIGN, SEQUENCE, measured_columns
from widgets.designs.campaign_table import CampaignTable
random = np.random.default_rng(0)
columns = [DESIGN, *measured_columns(()), SEQUENCE]
values = random.random((10_000, len(OF_DESIGNS)))
rows = [
    {"design": f"design-{i}", "sequence": "MKTAYIAKQR" * 25,
     **dict(zip((one.name for one in OF_DESIGNS), row))}
    for i, row in enumerate(values.tolist())
]
table = CampaignTable("ptm", False)
table.fill(columns, rows)
table
"""
HELD = """async () => {
  const gallery = document.querySelector('.esm-gallery');
  const median = (took) => Math.round(10 * took.sort((a, b) => a - b)[took.length >> 1]) / 10;
  const times = async (act, turns, end = () => {}) => {
    const took = [];
    for (let turn = 0; turn < turns; turn++) {
      const began = performance.now();
      const ended = end();
      act(turn);
      await ended;
      took.push(performance.now() - began);
      await new Promise(requestAnimationFrame);
    }
    return median(took);
  };
  const picture = gallery.querySelector('.esm-scatter .js-plotly-plot');
  const drawn = () => new Promise((done) => picture.once('plotly_afterplot', done));
  const color = gallery.querySelector('[data-axis="color"]');
  const plot = await times(() => color.dispatchEvent(new Event('change')), 9, drawn);
  color.value = 'tm_score';
  const colored = await times(() => color.dispatchEvent(new Event('change')), 9, drawn);
  const point = (turn) => [{curveNumber: 1, pointNumber: 97 * turn}];
  const hover = await times((turn) => Plotly.Fx.hover(picture, point(turn)), 25);
  const field = gallery.querySelector('input[type=search]');
  const filter = await times((turn) => {
    field.value = `ptm>0.${turn % 9}`;
    field.dispatchEvent(new Event('input'));
  }, 9, drawn);
  field.value = '';
  field.dispatchEvent(new Event('input'));
  return {plot_ms: plot, coloured_plot_ms: colored, hover_ms: hover, filter_ms: filter};
}"""
SHOWN = """(label) => {
  const card = document.querySelector('.esm-card');
  return !card.hidden && card.textContent.startsWith(label) && card.querySelector('.esm-card-bar');
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


@contextmanager
def notebook() -> "Iterator[LabPage]":
    """A page of a real JupyterLab in Chromium."""
    sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "helpers")]
    from playwright.sync_api import sync_playwright

    from tests.ui.lab import BROWSER_FLAGS, CHROMIUM, LabPage, LabServer

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = LabServer(Path(folder))
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(BROWSER_FLAGS)
        )
        lab = LabPage(server, browser)
        yield lab
        lab.close()
        browser.close()
        server.close()


def cards(lab: "LabPage") -> dict[str, object]:
    """Milliseconds from resting the mouse to the card."""
    from tests.ui.bench_page import BenchPage

    page = lab.page
    bench = BenchPage.opened(lab, "cards.ipynb", OPEN.format(sequence=_sequence(250)))
    lab.ask("bench._source.load().name")
    took = []
    for turn in range(CARDS + 1):
        position = (turn * 97) % 250
        page.mouse.move(*bench.spot("sequence", position))
        page.wait_for_function(SHOWN, arg=f"A:{position + 1} ", timeout=30_000)
        took.append(page.evaluate("() => document.querySelector('.esm-card').card.waited"))
    return {"median_ms": statistics.median(took[1:]), "slowest_ms": max(took[1:]), "cards": CARDS}


def scatter(lab: "LabPage") -> dict[str, object]:
    """Milliseconds until 10,000 rows of a campaign are drawn, by WebGL on the processor."""
    page = lab.page
    lab.open([CAMPAIGN], "scatter.ipynb").run_all(240)
    page.wait_for_selector(".esm-gallery tbody tr", timeout=120_000)
    page.click('.esm-gallery [data-act="scatter"]')
    page.wait_for_selector(".esm-scatter .gl-canvas-context", timeout=60_000)
    element = page.evaluate(HELD)
    return {**element, "points": page.get_attribute(".esm-scatter-stage", "aria-label")[:60]}


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
    document = {
        "processor": processor(),
        "instructions": instructions(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "model": "esm3-nano",
        "load": os.getloadavg()[0],
        "engine": engine(load_model("esm3-nano")),
    }
    print(json.dumps(document, indent=1), flush=True)
    if not options.no_browser:
        for name, measure in (("card", cards), ("campaign_of_10000", scatter)):
            with notebook() as lab:
                document[name] = measure(lab)
    write_file(options.out, json.dumps(document, indent=1) + "\n")
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
