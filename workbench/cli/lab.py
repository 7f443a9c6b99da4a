"""``workbench lab``: JupyterLab on the quickstart."""

import argparse
import os
import sys

from .parser import Commands
from .quickstart import quickstart


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "lab",
        help="open JupyterLab on the quickstart",
        description=run.__doc__,
        epilog="other arguments go to JupyterLab as they are",
    )
    command.set_defaults(run=run, jupyter=[])


def run(options: argparse.Namespace) -> None:
    """Open JupyterLab on the quickstart, copied into the working directory if it is not there."""
    notebook = quickstart()
    command = [sys.executable, "-m", "jupyterlab", str(notebook), *options.jupyter]
    os.execv(sys.executable, command)
