"""The ``workbench`` command: designs without a notebook, records, what is installed, JupyterLab.

Everything a person can get wrong ends in one line on stderr and exit code 2. Each command has a
module whose ``add`` registers its parser and whose ``run`` does it. The model and its libraries are
imported by the commands that need them, so that ``--help`` answers at once.
"""

import io
import sys
import warnings
from collections.abc import Callable, Sequence

from .. import __version__
from ..errors import WorkbenchError, is_out_of_memory
from . import (
    campaign,
    convert,
    design,
    embed,
    evaluate,
    info,
    lab,
    mcp,
    open,
    precision,
    rebuild,
    report,
    train,
)
from .parser import OneLineParser

COMMANDS = (
    design, campaign, open, rebuild, report, embed, convert, train, evaluate, precision, info, lab,
    mcp,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0; 1 where a rebuilt design differs; 2 for what the person can put right; 3 where no design was
    finished.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if "jupyter" in options:
        options.jupyter = rest
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return exit_code(lambda: options.run(options))


def exit_code(command: Callable[[], int | None]) -> int:
    """Run what a command does and return its exit code, as ``main`` does."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return command() or 0
    except (WorkbenchError, OSError) as error:
        print(f"workbench: error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        print(
            "workbench: error: there is not enough memory for this; give fewer residues or designs "
            "at a time, or a smaller --model",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("workbench: stopped", file=sys.stderr)
        return 130


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="workbench", description="Protein design with ESM3.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
