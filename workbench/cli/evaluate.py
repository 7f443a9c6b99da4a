"""``workbench evaluate``: how good a model is, as a table."""

import argparse
import json
import math
import sys

from .parser import Commands, path

LONGEST_TRAINED = 400


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "evaluate",
        help="measure a model on chains with known structure",
        description=run.__doc__,
        epilog="example: workbench evaluate --model esm3-nano --data valid_allatom.npz",
    )
    command.add_argument("--model", default="esm3-nano", help="name or folder of a model")
    command.add_argument(
        "--data", metavar="DATA", type=path, nargs="+", required=True,
        help="shards (.npz), or folders of shards or of structure files",
    )  # fmt: skip
    command.add_argument(
        "--max-length", metavar="N", type=int, default=256, help="longest chain (default 256)"
    )
    command.add_argument(
        "--train", metavar="DATA", type=path, nargs="+", default=[],
        help="what the model was trained on: shows what copying from the nearest chain would give",
    )  # fmt: skip
    command.add_argument(
        "--annotations", metavar="FOLDER", type=path,
        help="tables of `workbench train --annotations`: measures the function track",
    )  # fmt: skip
    command.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Measure round trip, inverse folding, secondary structure, accessibility and confidence."""
    from ..model.checkpoint import load_model
    from ..training.data import read_chains
    from ..training.evaluation import measure
    from ..training.families import Families
    from ..training.nearest import Neighbours
    from ..training.summary import summary

    chains = [
        chain for path in options.data for chain in read_chains(path, max(3, options.max_length))
    ]
    model = load_model(options.model, device=options.device)

    def report(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done + 1} of {len(chains)} chains", end="", file=sys.stderr, flush=True)

    trained = [chain for path in options.train for chain in read_chains(path, LONGEST_TRAINED)]
    families = None if options.annotations is None else Families.read(options.annotations)
    neighbours = Neighbours(trained) if trained else None
    measured = measure(model, chains, report, neighbours, families)
    table = summary(measured, model.config.used_codes)
    if options.json:
        found = {
            row.name: {"value": row.value, "low": row.low, "high": row.high,
                       "baseline": row.baseline, "copied": row.copied}
            for row in table
        }  # fmt: skip
        flat = {name: _plain(entry["value"]) for name, entry in found.items()}
        details = {
            name: {key: _plain(value) for key, value in entry.items()}
            for name, entry in found.items()
        }
        print(json.dumps({"n_chains": len(measured), **flat, "details": details}, indent=2))
        return
    print(f"{model.name}, {len(measured)} chains of at most {options.max_length} residues")
    columns = f"{'value':>8} {'95 % interval':>19} {'nearest chain':>14} {'without model':>14}"
    print(f"{'':26} {columns}")
    for row in table:
        interval = "" if math.isnan(row.low) else f"{row.low:.3f} – {row.high:.3f}"
        other = "" if math.isnan(row.baseline) else f"{row.baseline:.3f} ({row.against})"
        near = "" if math.isnan(row.copied) else f"{row.copied:.3f}"
        print(f"{row.name:26} {row.value:8.3f} {interval:>19} {near:>14} {other:>14}")


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
