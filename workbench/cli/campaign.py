"""``workbench campaign``: many designs of one prompt, on this machine or a Dask cluster."""

import argparse
import re
import sys

from .design import add_prompt_arguments, prompt_and_recipe
from .parser import Commands, natural, path, positive

EVERY_SECONDS = 10


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "campaign",
        help="thousands of designs, here or on a cluster",
        description=run.__doc__,
        epilog="example: workbench campaign 1ubq.cif --mask sequence=20-40 --recipe sequence:8 "
        "--seeds 0-999 --out folder --scheduler tcp://10.0.0.5:8786",
    )
    add_prompt_arguments(command)
    command.add_argument(
        "--seeds", metavar="FIRST-LAST", type=_seeds, required=True, help="one design for each"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="Dask cluster with one worker per GPU, such as tcp://10.0.0.5:8786",
    )  # fmt: skip
    command.add_argument(
        "--workers", metavar="N", type=natural,
        help="processes on this machine (default: one per GPU where there are several)",
    )  # fmt: skip
    command.add_argument(
        "--together", metavar="N", type=positive, default=8,
        help="designs that share model passes, as far as memory allows (default: 8)",
    )  # fmt: skip
    command.add_argument("--retry", action="store_true", help="try designs that failed again")
    command.add_argument(
        "--out", metavar="DIR", type=path, required=True,
        help="folder of the campaign; one that is there goes on with what is missing",
    )  # fmt: skip
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Make one design for each seed and add it to the Parquet files in a folder.

    A campaign that was stopped, or lost a worker or its scheduler, goes on when the same command
    is given again.
    """
    prompt, recipe = prompt_and_recipe(options)

    from ..campaign import Campaign
    from ..campaign.workers import OPEN, is_open

    campaign = Campaign(
        ((prompt, seed) for seed in options.seeds), options.out, recipe, options.model,
        scheduler=options.scheduler, workers=options.workers, device=options.device,
        together=options.together,
    )  # fmt: skip
    if options.retry:
        campaign.retry()
    if options.scheduler is not None and is_open(options.scheduler):
        print(f"workbench: note: {OPEN}", file=sys.stderr)
    with campaign.interruptible():
        campaign.start()
        while campaign.wait(EVERY_SECONDS).running:
            print(campaign.progress, flush=True)
    print(f"{campaign.progress} -> {options.out / 'designs'}")


def _seeds(text: str) -> range:
    from ..selection import plain_dashes

    match = re.fullmatch(r"(\d{1,18})(?:-(\d{1,18}))?", plain_dashes(text))
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form 0-999")
    first = int(match[1])
    last = first if match[2] is None else int(match[2])
    if last < first:
        raise argparse.ArgumentTypeError(f"{text} runs backwards; write {last}-{first}")
    return range(first, last + 1)
