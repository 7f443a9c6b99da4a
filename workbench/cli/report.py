"""``workbench report``: a design record as one HTML page that opens anywhere."""

import argparse
import sys

from ..errors import WorkbenchError
from .parser import Commands, path


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "report", help="a record as one HTML page", description=run.__doc__
    )
    command.add_argument("record", metavar="RECORD", type=path, help="a .design file")
    command.add_argument(
        "--out", metavar="PAGE", type=path, help="default: the record's name with .html"
    )
    command.add_argument("--model", help="name or checkpoint folder (default: the record's own)")
    command.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write one HTML file with structures, tracks, plots, timeline and the record itself inside.

    It opens from disk without a network. The steps of a run are drawn by the model; without it
    the page has the designs alone.
    """
    from widgets.sharing.page import share_record

    from ..archive import open_record
    from ..model.checkpoint import load_model

    session = open_record(options.record)
    named = [design.origin.get("model") for design in session.designs if design.run is not None]
    name = options.model or next(filter(None, reversed(named)), None)
    if name is not None:
        try:
            session.model = load_model(name, device=options.device)
        except WorkbenchError as error:
            if options.model:
                raise
            print(f"workbench: note: no timeline: {error}", file=sys.stderr)
    print(share_record(session, options.out or options.record.with_suffix(".html"), name or ""))
