"""``workbench info``: which version, models, device, processor and precision there are."""

import argparse
import json
import platform

from .. import __version__
from .parser import Commands


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser("info", help="what is installed", description=run.__doc__)
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Say which version, models, device, processor and precision there are.

    ``linear`` says how many layers of the embedded model are packed because that is faster here.
    """
    import torch

    from ..embedded import list_models
    from ..model.checkpoint import checked_device, checked_dtype, load_model
    from ..processor import instructions, processor

    device = torch.device(checked_device(None))
    facts = {
        "version": __version__,
        "models": list_models(),
        "device": str(device),
        "dtype": str(checked_dtype(None, device)).removeprefix("torch."),
        "processor": f"{processor()} ({instructions()})",
        "threads": str(torch.get_num_threads()),
        "linear": load_model(device="cpu").linear,
        "torch": torch.__version__,
        "python": platform.python_version(),
    }
    if options.json:
        print(json.dumps(facts, indent=2))
    else:
        for name, value in facts.items():
            print(f"{name:9} {', '.join(value) or 'none' if isinstance(value, list) else value}")
