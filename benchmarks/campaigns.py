"""``python -m benchmarks.campaigns``: a campaign beside a bare loop of the engine, and a large one.

The loop makes the same designs with the same shared passes and measures them; what a campaign adds
is the fingerprint of each prompt, the record of each design and the table on disk. Times are
processor seconds of this process, least of several turns that alternate.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import torch

from workbench import Prompt, load_model
from workbench.campaign import Campaign
from workbench.model.model import Model
from workbench.processor import instructions, processor
from workbench.sampling.batching import Batch
from workbench.sampling.recipe import Recipe
from workbench.session import Session

TOGETHER = 8


def main() -> None:
    """Measure and print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaigns", description=__doc__)
    parser.add_argument("--recipe", default="sequence:20,structure:20")
    parser.add_argument("--residues", type=int, default=100)
    parser.add_argument("--designs", type=int, default=32)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--many", type=int, default=10_000, help="designs of the large campaign")
    options = parser.parse_args()
    print(f"{processor()} ({instructions()}), {torch.get_num_threads()} threads")
    model = load_model("esm3-nano", device="cpu")
    beside_a_loop(model, options)
    if options.many:
        large(model, options.many)


def beside_a_loop(model: Model, options: argparse.Namespace) -> None:
    """Designs a second and core of both."""
    prompt, recipe = Prompt.blank(options.residues), Recipe.parse(options.recipe)

    def loop() -> None:
        for first in range(0, options.designs, TOGETHER):
            session = Session(prompt, model)
            seeds = range(first, min(first + TOGETHER, options.designs))
            batch = Batch([session.start(recipe, seed, False) for seed in seeds], TOGETHER)
            while not batch.done:
                batch.advance()
            for run in batch.trajectories:
                session.keep(run)

    def campaign() -> None:
        with tempfile.TemporaryDirectory() as folder:
            jobs = [(prompt, seed) for seed in range(options.designs)]
            Campaign(jobs, Path(folder) / "c", recipe, model, together=TOGETHER).run()

    least = {loop: float("inf"), campaign: float("inf")}
    for _ in range(options.turns):
        for work in least:
            least[work] = min(least[work], _processor_seconds(work))
    rates = {work: options.designs / seconds for work, seconds in least.items()}
    print(
        f"{options.designs} designs of {options.residues} residues, {options.recipe}: loop "
        f"{rates[loop]:.2f} designs a processor second, campaign {rates[campaign]:.2f}, "
        f"{rates[campaign] / rates[loop]:.0%} of it"
    )


def large(model: Model, many: int) -> None:
    """Growth of memory while many designs are made, then opening, going on and the table."""
    prompt = Prompt.blank(20)
    jobs = [(prompt, seed) for seed in range(many)]
    with tempfile.TemporaryDirectory() as folder:
        path, heights = Path(folder) / "c", []
        campaign = Campaign(jobs, path, "sequence:1", model, together=64)
        campaign.listen(lambda: heights.append(psutil.Process().memory_info().rss))
        campaign.run()
        tenth, last = heights[len(heights) // 10], heights[-1]
        print(
            f"{many} designs: {last / 2**20:.0f} MB at the end, {last / tenth - 1:+.1%} since the "
            f"first tenth"
        )
        opened: list[Campaign] = []
        seconds = _processor_seconds(
            lambda: opened.append(Campaign(jobs, path, "sequence:1", model).run())
        )
        table = _processor_seconds(opened[0].table)
        print(f"resumed with nothing left to do in {seconds:.2f} s, its table in {table:.2f} s")


def _processor_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
