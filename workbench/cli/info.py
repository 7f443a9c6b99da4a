"""``workbench info``: which version, models, device and precision there are."""

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
    """Say which version, models, device and precision there are."""
    import torch

    from ..embedded import list_models
    from ..model.checkpoint import checked_device, checked_dtype

    device = torch.device(checked_device(None))
    found = {
        "version": __version__,
        "models": list_models(),
        "device": str(device),
        "dtype": str(checked_dtype(None, device)).removeprefix("torch."),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        for name, value in found.items():
            print(f"{name:8} {', '.join(value) or 'none' if isinstance(value, list) else value}")
