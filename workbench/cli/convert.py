"""``workbench convert``: a checkpoint written in our own layout."""

import argparse

from .parser import Commands, path


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "convert",
        help="write a checkpoint as safetensors",
        description=run.__doc__,
        epilog="example: workbench convert esm3-sm-open-v1 esm3-bf16 --dtype bf16",
    )
    command.add_argument(
        "source",
        metavar="SOURCE",
        help="name or folder of a checkpoint; esm3-sm-open-v1 is downloaded if it is not here",
    )
    command.add_argument("out", metavar="OUT", type=path, help="new folder for what is written")
    command.add_argument(
        "--dtype",
        help="precision of trunk and function decoder: bf16 or fp16 (default: as they are)",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write a checkpoint as config.json and safetensors files, with the tables it has."""
    from ..model.checkpoint import convert_model

    convert_model(options.source, options.out, options.dtype)
    files = sorted(options.out.glob("*.safetensors"))
    size = sum(path.stat().st_size for path in files)
    print(f"{options.out}: {', '.join(path.stem for path in files)}, {size / 1e6:,.1f} MB")
