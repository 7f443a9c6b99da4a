"""What the commands' parsers share: complaints in one line, and whole numbers."""

import argparse
from typing import NoReturn

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


def positive(text: str) -> int:
    """Read a whole number from 1 on."""
    number = natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("there must be at least 1")
    return number
