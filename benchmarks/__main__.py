"""``python -m benchmarks``: the whole table, or the part asked for."""

import argparse
import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))

from workbench.atomic_files import write_file
from workbench.processor import instructions, processor

from . import cases
from .subjects import SIZES, subjects
from .timing import markdown

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Measure and write a table and a JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["nano", "half"])
    parser.add_argument("--lengths", nargs="+", type=int, default=[64, 256])
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--no-runs", action="store_true", help="leave out 8- and 64-step runs")
    parser.add_argument("--no-starts", action="store_true", help="leave out fresh interpreters")
    parser.add_argument("--out", type=Path, help="folder for NAME.md and NAME.json")
    parser.add_argument("--name", help="what to call the result; default is the device")
    options = parser.parse_args()
    out = options.out or RESULTS
    out.mkdir(parents=True, exist_ok=True)
    name = options.name or options.device
    machine = _machine(options.device)
    rows = []
    for row in _rows(options):
        rows.append(row)
        print(markdown([row]).splitlines()[-1], flush=True)
        document = {"machine": machine, "rows": [row.as_json() for row in rows]}
        write_file(out / f"{name}.md", f"{machine}\n\n{markdown(rows)}")
        write_file(out / f"{name}.json", json.dumps(document, indent=1) + "\n")


def _rows(options: argparse.Namespace):
    if options.device == "cpu" and not options.no_starts:
        yield from cases.starts(options.turns)
        yield from cases.function_tokens(options.turns)
    with torch.inference_mode():
        for size in options.sizes:
            two = subjects(size, options.device)
            for length in options.lengths:
                yield from cases.memory(two, length, options.device)
                if length > cases.LONGEST_OF_REFERENCE:
                    continue
                common = (two, length, options.turns, options.device)
                yield from cases.forward(*common)
                if options.device == "cuda":
                    yield from cases.graphics(two, length, options.turns)
                if size != "nano" and options.device == "cpu":
                    yield from cases.reduced_precision(*common)
                yield from cases.step(*common)
                yield from cases.tokens(*common)
                if size != "full":
                    yield from cases.batch(*common)
                if not options.no_runs:
                    yield from cases.generation(*common, steps=8)
                    if size == "nano":
                        yield from cases.generation(*common, steps=64)
            del two


def _machine(device: str) -> str:
    own = f"{processor()} ({instructions()})"
    name = torch.cuda.get_device_name() if device == "cuda" else own
    return f"{name}, {torch.get_num_threads()} threads, torch {torch.__version__}"


if __name__ == "__main__":
    main()
