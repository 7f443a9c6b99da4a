"""``workbench lab``: JupyterLab with a card for a new bench in view."""

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from ..errors import WorkbenchError
from .parser import Commands
from .quickstart import quickstart

CONFIGURATION = Path(__file__).parent / "jupyter"
"""Settings of JupyterLab's pages: the extension shows the launcher, whatever was open before."""


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "lab",
        help="open JupyterLab, ready for a new bench",
        description=run.__doc__,
        epilog="other arguments go to JupyterLab as they are",
    )
    command.set_defaults(run=run, jupyter=[])


def run(options: argparse.Namespace) -> None:
    """Open JupyterLab on its launcher, with the quickstart in the working directory."""
    if find_spec("jupyterlab") is None:
        raise WorkbenchError(
            "JupyterLab is not installed here, as on a worker; pip install esm3-workbench brings it"
        )
    quickstart()
    places = [os.environ.get("JUPYTER_CONFIG_PATH", ""), str(CONFIGURATION)]
    paths = {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, places))}
    command = [sys.executable, "-m", "jupyterlab", *options.jupyter]
    os.execve(sys.executable, command, os.environ | paths)
