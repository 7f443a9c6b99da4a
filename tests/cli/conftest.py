"""A file and a record to work on, and commands that must be refused."""

import os
from pathlib import Path

import numpy as np
import pytest

from workbench.cli import main
from workbench.io import write_protein

NUMBERS = np.arange(101, 113)


@pytest.fixture
def file(tmp_path, annotated_protein) -> Path:
    """Twelve residues, numbered 101 to 112 in chain A."""
    return write_protein(annotated_protein.with_(residue_number=NUMBERS), tmp_path / "twelve.cif")


@pytest.fixture
def refused(capsys):
    """Runs a command that must fail as a person expects; gives its one line."""

    def run(*arguments: object) -> str:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code
        output = capsys.readouterr()
        assert code == 2
        assert output.out == ""
        assert output.err.count("\n") == 1
        assert output.err.startswith("workbench: error: ")
        return output.err

    return run


@pytest.fixture
def started(monkeypatch) -> list[list[str]]:
    """Commands that would have replaced this process."""
    commands: list[list[str]] = []
    for name in ("execv", "execve"):
        monkeypatch.setattr(os, name, lambda program, command, *_: commands.append(command))
    return commands


@pytest.fixture
def record(file, tmp_path) -> Path:
    """A record of one design, made by the command line."""
    path = tmp_path / "x.design"
    options = ["--mask", "sequence=103-106", "--recipe", "sequence:2"]
    out = ["--out", str(tmp_path / "designs"), "--record", str(path)]
    assert main(["design", str(file), *options, *out]) == 0
    return path
