"""``workbench design``: parts of a protein filled by the model, every design with its metrics."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..atomic_files import make_folder, write_file
from ..embedded import DEFAULT_MODEL
from ..errors import PromptError, WorkbenchError
from .parser import Commands, add_input, choice_of, natural, path, positive

if TYPE_CHECKING:
    from ..prompt import Prompt
    from ..sampling.recipe import Recipe
    from ..sampling.trajectory import Trajectory
    from ..session import Design, Session

TABLE = "designs.csv"
DEFAULT_STEPS = 8
NOTHING_FINISHED = 3


def add(commands: Commands) -> None:
    """Register the command."""
    command = commands.add_parser(
        "design",
        help="redesign parts of a protein",
        description=run.__doc__,
        epilog="example: workbench design 1ubq.cif --mask sequence=20-40 --mask structure=20-40 "
        "--recipe sequence:8,structure:8 --designs 2 --seed 1 --out designs",
    )
    add_prompt_arguments(command)
    command.add_argument("--designs", metavar="N", type=positive, default=1, help="default: 1")
    command.add_argument(
        "--seed", metavar="N", type=natural, default=0, help="of the first design; the next adds 1"
    )
    command.add_argument(
        "--out", metavar="DIR", type=path, required=True, help="folder for the designs"
    )
    command.add_argument(
        "--record", metavar="FILE", type=path, help="keep everything in this .design file as well"
    )
    command.set_defaults(run=run)


def add_prompt_arguments(command: argparse.ArgumentParser) -> None:
    """Register what says which protein is redesigned, where, how and by which model."""
    add_input(command)
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
    command.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        help="name or checkpoint folder (default: %(default)s)",
    )
    command.add_argument(
        "--device", help="cpu, cuda or mps (default: cuda where there is one, else cpu)"
    )


def run(options: argparse.Namespace) -> int:
    """Mask parts of a protein, let the model fill them, and write every design with its metrics.

    Designs share model passes as far as memory allows; one that fails is named and the others stay.
    One that a gate stopped is written as NAME.stopped.cif and .pdb, with its reason on stderr, and
    has no line in the table. The exit code is 3 where no design was finished.
    """
    prompt, recipe = prompt_and_recipe(options)

    from ..model.checkpoint import load_model
    from ..opening import first_label
    from ..session import Session

    model = load_model(options.model, device=options.device)
    session = Session(prompt, model, first_label(prompt, choice_of(options)))
    out = _writable(options.out)
    seeds = range(options.seed, options.seed + options.designs)
    start = partial(session.start, recipe, predict_structure=False)
    finished = write_designs(session, [partial(start, seed) for seed in seeds], out, options.record)
    return 0 if finished else NOTHING_FINISHED


def write_designs(
    session: "Session",
    starts: "Sequence[Callable[[], Trajectory]]",
    out: Path,
    record: Path | None = None,
    together: int | None = None,
) -> list[str]:
    """Start these runs, write the design of each to a folder, and return names of the finished.

    ``together`` of them share model passes, None as many as memory allows. Raises RunsFailed at the
    end where runs failed; all others are written then.
    """
    from ..archive import save
    from ..sampling.batching import Batch, batch_size
    from ..sampling.trajectory import RunsFailed

    assert session.model is not None
    failures: dict[Trajectory, WorkbenchError] = {}
    finished: list[str] = []
    waiting = list(starts)
    while waiting:
        size = together or batch_size(session.model, len(session.prompt), len(waiting))
        batch = Batch([start() for start in waiting[:size]])
        del waiting[:size]
        try:
            while not batch.done:
                batch.advance()
        except RunsFailed as error:
            failures |= error.failures
        failures |= batch.failures
        for run in (run for run in batch.trajectories if run not in failures):
            design = session.keep(run)
            if run.stopped:
                where = _structures(design, out, ".stopped")
                message = f"{design.name}: seed {design.seed} stopped, {run.stopped} -> {where}"
                print(message, file=sys.stderr, flush=True)
            else:
                finished.append(design.name)
                print(f"{_summary(design)} -> {_structures(design, out)}", flush=True)
            _write_table(session, finished, out)
        if record is not None:
            save(session, record)
    if failures:
        raise RunsFailed(failures, [])
    return finished


def prompt_and_recipe(options: argparse.Namespace) -> "tuple[Prompt, Recipe]":
    """The prompt and the recipe that a command asks for; what reading it noted goes to stderr."""
    from ..opening import open_source

    opened = open_source(options.input, choice_of(options)).session.prompt
    prompt = _masked(opened, options.mask)
    recipe = _recipe(options.recipe, prompt, options.mask)
    for note in prompt.template.notes:
        print(f"workbench: note: {note}", file=sys.stderr)
    return prompt, recipe


def _mask(text: str) -> tuple[str, str]:
    track, equals, where = text.partition("=")
    if not (track.strip() and equals and where.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form TRACK=RESIDUES")
    return track, where


def _masked(prompt: "Prompt", masks: list[tuple[str, str]]) -> "Prompt":
    """The prompt with these residues masked; a track with nothing on it is given first."""
    for track in dict.fromkeys(track for track, _ in masks):
        if prompt.masked(track).all():
            prompt = prompt.restore(slice(None), track)
    for track, where in masks:
        prompt = prompt.mask(where, track)
    return prompt


def _recipe(text: str | None, prompt: "Prompt", masks: list[tuple[str, str]]) -> "Recipe":
    from ..sampling.recipe import SAMPLED_TRACKS, Recipe, Stage
    from ..tracks import Track

    if text is not None:
        return Recipe.parse(text)
    changed = {Track.SEQUENCE, Track.STRUCTURE, *(Track.named(track) for track, _ in masks)}
    tracks = [track for track in SAMPLED_TRACKS if track in changed and prompt.masked(track).any()]
    if not tracks:
        raise PromptError(
            "nothing is masked; say what the model may change, for example --mask sequence=20-40"
        )
    return Recipe(tuple(Stage(track, DEFAULT_STEPS) for track in tracks))


def _writable(folder: Path) -> Path:
    """The folder, made if need be, and tried before the model spends time on designs."""
    make_folder(folder)
    if (folder / TABLE).exists():
        raise WorkbenchError(
            f"{folder} already holds designs ({TABLE}); choose another folder with --out"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WorkbenchError(f"cannot write to the folder {folder}; choose another with --out")
    return folder


def _structures(design: "Design", folder: Path, mark: str = "") -> str:
    """Write the structure files of a design, and where they are."""
    from ..archive import write_design

    stem = f"{design.name}{mark}"
    for suffix in (".cif", ".pdb"):
        write_design(design, folder / f"{stem}{suffix}")
    return f"{folder / stem}.cif, .pdb"


def _write_table(session: "Session", finished: list[str], folder: Path) -> None:
    from ..session import csv_of

    table = session.table()
    write_file(folder / TABLE, csv_of(table.loc[table["design"].isin(finished)]))


def _summary(design: "Design") -> str:
    """A line about a design."""
    from ..metrics import summary

    parts = (f"seed {design.seed}", design.status, summary(design.metrics))
    return f"{design.name}: {', '.join(filter(None, parts))}"
