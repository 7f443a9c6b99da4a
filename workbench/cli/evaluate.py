"""``workbench evaluate``: how good a model is, as a table."""

import argparse
import json
import math
import sys
from typing import TYPE_CHECKING

from ..embedded import DEFAULT_MODEL
from .parser import Commands, path

if TYPE_CHECKING:
    from ..model.model import Model
    from ..protein import Protein
    from ..training.summary import Measure

LONGEST_TRAINED = 400
LONG_ENOUGH, SCAFFOLDED = 60, 4
"""Fewest residues of a chain that motifs are taken of, and how many such chains."""


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "evaluate",
        help="measure a model on chains with known structure",
        description=run.__doc__,
        epilog="example: workbench evaluate --model esm3-mini --data valid_allatom.npz",
    )
    command.add_argument("--model", default=DEFAULT_MODEL, help="name or folder of a model")
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
    command.add_argument(
        "--designs", action="store_true",
        help="measure what the model invents as well: designs from nothing, folds, motifs (long)",
    )  # fmt: skip
    command.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Measure round trip, inverse folding, secondary structure, accessibility and confidence; with
    --designs also what the model invents.
    """
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
    tables = {"": table}
    if options.designs:
        tables |= _designs(model, chains)
    if options.json:
        print(json.dumps(_as_json(tables, len(measured)), indent=2))
        return
    print(f"{model.name}, {len(measured)} chains of at most {options.max_length} residues")
    columns = f"{'value':>8} {'95 % interval':>19} {'nearest chain':>14} {'without model':>14}"
    for group, rows in tables.items():
        print(f"{group:26} {columns}" if not group else f"\n{group}")
        for row in rows:
            interval = "" if math.isnan(row.low) else f"{row.low:.3f} – {row.high:.3f}"
            other = "" if math.isnan(row.baseline) else f"{row.baseline:.3f} ({row.against})"
            near = "" if math.isnan(row.copied) else f"{row.copied:.3f}"
            print(f"{row.name:26} {row.value:8.3f} {interval:>19} {near:>14} {other:>14}")


def _designs(model: "Model", chains: "list[Protein]") -> "dict[str, list[Measure]]":
    """Tables of what the model invents, by group."""
    from ..training import design_evaluation as invented
    from ..training import design_summary

    tables, known = {}, []
    for recipe in invented.FROM_NOTHING:
        designs = invented.designs_from_nothing(model, recipe)
        tables[f"from nothing, {recipe}"] = design_summary.summary_of_designs(designs)
    for group, predict in (("folded", invented.folds), ("refolded", invented.refolds)):
        results = predict(model, chains, group)
        tables[group] = design_summary.summary_of_folds(results)
        known += results
    tables["confidence of all that have a truth"] = design_summary.summary_of_confidence(known)
    long = [chain for chain in chains if len(chain) >= LONG_ENOUGH][:SCAFFOLDED]
    for group in invented.MOTIFS if long else ():
        results = invented.scaffolds(model, long, group)
        tables[f"motif, {group}"] = design_summary.summary_of_scaffolds(results)
    return tables


def _as_json(tables: "dict[str, list[Measure]]", count: int) -> dict:
    details = {
        group: {
            row.name: {
                "value": _plain(row.value), "low": _plain(row.low), "high": _plain(row.high),
                "baseline": _plain(row.baseline), "copied": _plain(row.copied),
            }
            for row in rows
        }
        for group, rows in tables.items()
    }  # fmt: skip
    first = details.pop("")
    flat = {name: entry["value"] for name, entry in first.items()}
    summary = {"n_chains": count, **flat, "details": first}
    return summary | ({"designs": details} if details else {})


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
