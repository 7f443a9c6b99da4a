"""``workbench lab``: JupyterLab with a card for a new bench in view."""

import argparse
import os
import sys
from importlib.util import find_spec

from ..errors import WorkbenchError
from .parser import Commands
from .quickstart import quickstart

LAUNCHER = "/lab?esm3-launcher"
"""The address at which the extension shows JupyterLab's launcher, whatever was open before."""


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
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url={LAUNCHER}"]
    os.execv(sys.executable, [*command, *options.jupyter])
