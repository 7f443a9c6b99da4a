"""``workbench open``: what a design record holds."""

import argparse
import os
import sys
from pathlib import Path

from ..atomic_files import write_file
from ..notebook import notebook_text
from .parser import Commands, path


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser("open", help="say what a record holds", description=run.__doc__)
    command.add_argument("record", metavar="RECORD", type=path, help="a .design file")
    command.add_argument("--lab", action="store_true", help="open it in JupyterLab")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Say what a design record holds: protein, history, designs and runs; or open it in Jupyter."""
    from ..archive import open_record
    from ..metrics import summary

    session = open_record(options.record)
    if options.lab:
        notebook = _notebook(options.record)
        os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", str(notebook)])
    template = session.prompt.template
    _print(f"{template.name or 'protein'}: {len(template)} residues")
    _print(f"history: {', '.join(session.history)}")
    for run in session.runs:
        _print(f"unfinished: {run.recipe}, seed {run.seed}, {len(run.steps)} steps made")
    for design in session.designs:
        model = f"{design.origin.get('model', 'unknown model')} {design.model_fingerprint}"
        origin = () if design.is_control else (design.recipe_text, f"seed {design.seed}", model)
        remark = session.remarks.get(design.name)
        known = (*origin, design.status, summary(design.metrics), str(remark) if remark else "")
        _print(f"{design.name}: {', '.join(filter(None, known))}")


def _print(text: str) -> None:
    """Print a line; what a stranger wrote cannot command the terminal."""
    print("".join(letter if letter.isprintable() else "�" for letter in text))


def _notebook(record: Path) -> Path:
    """A notebook beside the record that opens it; one that is there is left as it is."""
    notebook = record.with_suffix(".ipynb")
    if not notebook.exists():
        code = f"from widgets import Bench\n\nBench({record.name!r})"
        write_file(notebook, notebook_text(code))
    return notebook
