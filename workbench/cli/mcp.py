"""``workbench mcp``: the workbench as tools for an agent, within a budget."""

import argparse

from ..embedded import DEFAULT_MODEL
from ..errors import WorkbenchError
from .parser import Commands, natural, path


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "mcp", help="offer the workbench to an agent, within a budget", description=run.__doc__
    )
    command.add_argument(
        "--budget", metavar="PASSES", type=natural, default=0,
        help="passes through the model that the agent may spend in all (default: 0, no runs)",
    )  # fmt: skip
    command.add_argument(
        "--desk", metavar="FOLDER", type=path,
        help="folder in which a bench that called bench.invite(FOLDER) meets the agent",
    )  # fmt: skip
    command.add_argument("--model", default=DEFAULT_MODEL, help="name or checkpoint folder")
    command.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Serve the Model Context Protocol on standard input and output, for one client.

    An agent's program starts this command itself. It may open, describe, check and edit prompts,
    propose edits to a bench, where a person accepts or rejects them, and run designs as long as the
    budget lasts.
    """
    try:
        from ..agent.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("mcp"):
            raise
        raise WorkbenchError(
            "the protocol's SDK is not installed; pip install 'esm3-workbench[agent]'"
        ) from None
    from ..agent.desk import Desk
    from ..agent.tools import Tools

    desk = None if options.desk is None else Desk(options.desk)
    serve(Tools(options.model, options.device, options.budget, desk))
