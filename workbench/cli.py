"""The ``workbench`` command: designs without a notebook, what is installed, and JupyterLab.

Everything a person can get wrong ends in one line on stderr and exit code 2. The model and its
libraries are imported by the commands that need them, so that ``--help`` answers at once.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import warnings
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from . import __version__
from .errors import PromptError, WorkbenchError

if TYPE_CHECKING:
    from .prompt import Prompt
    from .protein import Protein
    from .sampling.recipe import Recipe
    from .session import Design, Session

QUICKSTART = "01_quickstart.ipynb"
TABLE = "designs.csv"
DEFAULT_STEPS = 8
DISTRIBUTION = "esm3-workbench"


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that complains in one line, like every other error here."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint and leave with exit code 2."""
        self.exit(2, f"workbench: error: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 2 for what the person can put right."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if options.run is lab:
        options.jupyter = rest
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            options.run(options)
    except (WorkbenchError, OSError) as error:
        print(f"workbench: error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("workbench: stopped", file=sys.stderr)
        return 130
    return 0


def design(options: argparse.Namespace) -> None:
    """Mask parts of a protein, let the model fill them, and write every design with its metrics."""
    from .io import read_protein

    protein = read_protein(options.input, options.chain)
    prompt = _prompt(protein, options.mask)
    recipe = _recipe(options.recipe, prompt, options.mask)

    from .model.checkpoint import load_model
    from .session import Session

    session = Session(prompt, load_model(options.model, device=options.device))
    out = _writable(options.out)
    for note in protein.notes:
        print(f"workbench: note: {note}", file=sys.stderr)
    for seed in range(options.seed, options.seed + options.designs):
        trajectory = session.start(recipe, seed, ghost=False)
        for _ in trajectory:
            pass
        print(_written(session, session.keep(trajectory), out), flush=True)


def info(options: argparse.Namespace) -> None:
    """Say which version, models, device and precision there are."""
    import torch

    from .embedded import list_models
    from .model.checkpoint import checked_device, checked_dtype

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


def lab(options: argparse.Namespace) -> None:
    """Open JupyterLab on the quickstart, copied into the working directory if it is not there."""
    notebook = _quickstart()
    command = [sys.executable, "-m", "jupyterlab", str(notebook), *options.jupyter]
    os.execv(sys.executable, command)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="workbench", description="Protein design with ESM3.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser(
        "design",
        help="redesign parts of a protein",
        description=design.__doc__,
        epilog="example: workbench design 1ubq.cif --mask sequence=20-40 --mask structure=20-40 "
        "--recipe sequence:8,structure:8 --designs 2 --seed 1 --out designs",
    )
    command.add_argument(
        "input", metavar="INPUT", type=Path, help="PDB, mmCIF, BinaryCIF or FASTA file"
    )
    command.add_argument(
        "--mask",
        metavar="TRACK=RESIDUES",
        action="append",
        default=[],
        type=_mask,
        help="leave these residues of a track to the model, in the file's numbering: "
        "sequence=20-40, structure=A:20-40,B:3, ss8=all; repeat it for more tracks",
    )
    command.add_argument(
        "--recipe",
        metavar="TRACK:STEPS,...",
        help=f"which tracks to fill, in order, and in how many steps (default: every track that "
        f"has something masked, {DEFAULT_STEPS} steps each)",
    )
    command.add_argument("--designs", metavar="N", type=_positive, default=1, help="default: 1")
    command.add_argument(
        "--seed", metavar="N", type=_natural, default=0, help="of the first design; the next adds 1"
    )
    command.add_argument(
        "--model", default="esm3-nano", help="name or checkpoint folder (default: esm3-nano)"
    )
    command.add_argument("--chain", help="read only this chain of the file")
    command.add_argument(
        "--device", help="cpu, cuda or mps (default: cuda where there is one, else cpu)"
    )
    command.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="folder for the designs"
    )
    command.set_defaults(run=design)

    command = commands.add_parser("info", help="what is installed", description=info.__doc__)
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=info)

    command = commands.add_parser(
        "lab",
        help="open JupyterLab on the quickstart",
        description=lab.__doc__,
        epilog="other arguments go to JupyterLab as they are",
    )
    command.set_defaults(run=lab)
    return parser


def _mask(text: str) -> tuple[str, str]:
    track, equals, where = text.partition("=")
    if not (track.strip() and equals and where.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form TRACK=RESIDUES")
    return track, where


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)


def _positive(text: str) -> int:
    number = _natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("there must be at least 1")
    return number


def _prompt(protein: "Protein", masks: list[tuple[str, str]]) -> "Prompt":
    """Sequence, structure and every masked track are given, but for the residues masked."""
    from .prompt import Prompt
    from .tracks import Track

    tracks = {Track.SEQUENCE, Track.STRUCTURE, *(Track.named(track) for track, _ in masks)}
    if tracks & {Track.SS8, Track.SASA}:
        from .annotate import annotated

        protein = annotated(protein)
    prompt = Prompt.from_protein(protein, sorted(tracks))
    for track, where in masks:
        prompt = prompt.mask(where, track)
    return prompt


def _recipe(text: str | None, prompt: "Prompt", masks: list[tuple[str, str]]) -> "Recipe":
    from .sampling.recipe import SAMPLED_TRACKS, Recipe, Stage
    from .tracks import Track

    if text is not None:
        return Recipe.parse(text)
    wanted = {Track.SEQUENCE, Track.STRUCTURE, *(Track.named(track) for track, _ in masks)}
    tracks = [track for track in SAMPLED_TRACKS if track in wanted and prompt.masked(track).any()]
    if not tracks:
        raise PromptError(
            "nothing is masked; say what the model may change, for example --mask sequence=20-40"
        )
    return Recipe(tuple(Stage(track, DEFAULT_STEPS) for track in tracks))


def _writable(folder: Path) -> Path:
    """The folder, made if need be, and tried before the model spends time on designs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkbenchError(f"cannot make the folder {folder}: {error.strerror}") from None
    if (folder / TABLE).exists():
        raise WorkbenchError(
            f"{folder} already holds designs ({TABLE}); choose another folder with --out"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WorkbenchError(f"cannot write to the folder {folder}; choose another with --out")
    return folder


def _written(session: "Session", one: "Design", folder: Path) -> str:
    """Write a design and the table so far; a line about it."""
    from .io import write_protein

    for suffix in (".cif", ".pdb"):
        write_protein(one.protein, folder / f"{one.name}{suffix}")
    session.table().to_csv(folder / TABLE, index=False)
    known = [f"{name} {value:.3g}" for name, value in one.metrics.items() if not isnan(value)]
    return f"{one.name}: {', '.join([f'seed {one.seed}', *known])} -> {folder / one.name}.cif, .pdb"


def _quickstart() -> Path:
    """The notebook in or below the working directory, else a copy of the shipped one."""
    for there in (Path("notebooks", QUICKSTART), Path(QUICKSTART)):
        if there.is_file():
            return there
    shutil.copyfile(_shipped(QUICKSTART), QUICKSTART)
    return Path(QUICKSTART)


def _shipped(name: str) -> Path:
    """A notebook of this installation: beside the package in a checkout, else where pip put it."""
    from importlib.metadata import PackageNotFoundError, files

    beside = Path(__file__).parents[1] / "notebooks" / name
    if beside.is_file():
        return beside
    try:
        installed = [Path(str(f.locate())) for f in files(DISTRIBUTION) or () if f.name == name]
    except PackageNotFoundError:
        installed = []
    for path in installed:
        if path.is_file():
            return path
    raise WorkbenchError(f"this installation came without {name}; open a notebook of your own")
