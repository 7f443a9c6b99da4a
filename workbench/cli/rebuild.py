"""``workbench rebuild``: the designs of a record made again, and compared."""

import argparse

from .parser import Commands, path


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "rebuild", help="make the designs of a record again", description=run.__doc__
    )
    command.add_argument("record", metavar="RECORD", type=path, help="a .design file")
    command.add_argument("--model", help="name or checkpoint folder (default: the record's own)")
    command.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make every design of a record again and say whether it is the same, or what differs.

    The exit code is 1 where tokens of any design differ.
    """
    from ..archive import open_record, rebuild
    from ..archive.rebuilding import recorded_model
    from ..model.checkpoint import load_model
    from ..session import made_designs

    designs = made_designs(open_record(options.record).designs)
    if not designs:
        print(f"{options.record} holds no designs")
        return 0
    model = None
    if options.model or options.device:
        model = load_model(options.model or recorded_model(designs[0]), device=options.device)
    rebuilt = rebuild(options.record, model)
    for result in rebuilt:
        print(result, flush=True)
    return 0 if all(result.same for result in rebuilt) else 1
