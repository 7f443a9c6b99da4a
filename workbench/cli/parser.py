"""What the commands' parsers share: complaints in one line, whole numbers, paths and inputs."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ..paths import given_path

if TYPE_CHECKING:
    from ..io.chosen import Choice

Commands = argparse._SubParsersAction


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that complains in one line, like every other error here."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint and leave with exit code 2."""
        self.exit(2, f"workbench: error: {message}; see {self.prog} --help\n")


def natural(text: str) -> int:
    """Read a whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)


def path(text: str) -> Path:
    """Read a path, in which ``~`` is the home folder."""
    return given_path(text, argparse.ArgumentTypeError)


def add_input(command: argparse.ArgumentParser) -> None:
    """Register what is opened, and which part of it."""
    command.add_argument(
        "input",
        metavar="INPUT",
        help="a protein or .design file, a PDB or AlphaFold database id, a sequence with : between "
        "chains, or a length",
    )
    command.add_argument("--chain", help="read only this chain, or these: A,B")
    command.add_argument(
        "--fasta-record",
        metavar="N",
        type=positive,
        help="read only this record of a FASTA file of designs or aligned sequences",
    )
    command.add_argument(
        "--conformer",
        metavar="N",
        type=natural,
        help="read this model of an NMR ensemble or a trajectory (default: the first)",
    )


def choice_of(options: argparse.Namespace) -> "Choice":
    """What of the input is asked for."""
    from ..io.chosen import Choice

    return Choice(options.chain, options.fasta_record, options.conformer)


def positive(text: str) -> int:
    """Read a whole number from 1 on."""
    number = natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("there must be at least 1")
    return number
