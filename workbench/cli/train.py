"""``workbench train``: a model of your own, from structures."""

import argparse

from .parser import Commands, path


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "train",
        help="train a structure tokenizer, a trunk, or a decoder on what the trunk makes up",
        description=run.__doc__,
        epilog="example: workbench train structure --data shards --out run && "
        "workbench train trunk --data shards --out run; on several GPUs: "
        "torchrun --nproc-per-node 4 -m workbench train structure …",
    )
    command.add_argument(
        "part", choices=["structure", "trunk", "repair"],
        help="in this order; repair teaches a folding decoder from what the trunk samples",
    )  # fmt: skip
    command.add_argument(
        "--data", metavar="DATA", type=path, nargs="+", required=True,
        help="shards (.npz), or folders of shards or of structure files",
    )  # fmt: skip
    command.add_argument(
        "--out", metavar="RUN", type=path, required=True,
        help="folder of the run; a run that was stopped goes on where it was",
    )  # fmt: skip
    command.add_argument(
        "--config", metavar="FILE", type=path,
        help="sizes and plan as JSON (default: those of the embedded model)",
    )  # fmt: skip
    command.add_argument(
        "--start", metavar="MODEL",
        help="train this model's trunk on, and keep its structure tokenizer",
    )  # fmt: skip
    command.add_argument(
        "--annotations", metavar="FOLDER", type=path,
        help="tables pfam2go, interpro2go and interpro_entry.list: the trunk learns the function "
        "track of chains whose Pfam families are known",
    )  # fmt: skip
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Train one part of a model; in the end RUN/model is a checkpoint for --model."""
    from ..model.checkpoint import load_model
    from ..training.data import chain_weights, read_training_chains
    from ..training.plan import EMBEDDED_PLAN, TrainingConfig
    from ..training.training_run import TrainingRun

    config = TrainingConfig.read(options.config or EMBEDDED_PLAN)
    chains = [c for path in options.data for c in read_training_chains(path, config.longest)]
    proteins, weights = [c.protein for c in chains], chain_weights(chains, config.designed)
    training = TrainingRun(config, options.out, lambda line: print(line, flush=True))
    if options.part == "structure":
        training.train_structure(proteins, weights)
    elif options.part == "repair":
        training.train_repair(proteins, weights)
    else:
        start = None if options.start is None else load_model(options.start, device="cpu")
        training.train_trunk(proteins, start, options.annotations, weights)
