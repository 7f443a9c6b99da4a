"""The record of a session: what ``record.json`` holds, written whole or not at all."""

import io
import os
import re
from pathlib import Path
from typing import Any

from .. import __version__
from ..atomic_files import PRIVATE, write_file
from ..errors import RecordError, WorkbenchError
from ..metrics import OLDER_COLUMNS
from ..paths import given_path
from ..regular_files import read_regular
from ..sampling.step import Outcome
from ..session import Design, Run, Session
from ..session.camera import camera_of
from .container import MAX_DECODED, Container, write_container
from .history import history_entries, history_of
from .steps import outcome_entry, outcome_of, run_entry, run_of
from .values import Reading, Values

FORMAT = "esm3-workbench design record"
VERSION = 1
SUFFIX = ".design"
MAX_FILE = 512 << 20
_NAME = re.compile(r"[\w.+-]{1,100}")


def save(
    session: Session,
    path: str | os.PathLike,
    *,
    mark: str = "",
    private: bool = False,
    memory: int = MAX_DECODED,
) -> Path:
    """Write all that a session holds to one file and return its path.

    A file of that name is replaced when all went well. No folder of this machine is named inside.
    ``mark`` stands at the file's end, for whoever wrote it to know it by; a ``private`` file only
    its owner may read. Raises RecordError where opening it would take more ``memory``, in bytes.
    """
    path = given_path(path, RecordError)
    write_file(path, record_bytes(session, mark, memory), PRIVATE if private else 0o666)
    return path


def open_record(path: str | os.PathLike, *, memory: int = MAX_DECODED) -> Session:
    """The session that a record holds, without a model; set ``session.model`` to go on.

    Raises RecordError for a file that is none, and for one that would take more ``memory``, in
    bytes.
    """
    path = given_path(path, RecordError)
    try:
        data = read_regular(path, MAX_FILE)
    except FileNotFoundError:
        raise RecordError(f"{path}: there is no such file; check the path") from None
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror or error}") from None
    return session_of(data, str(path), memory)


def record_bytes(session: Session, mark: str = "", memory: int = MAX_DECODED) -> bytes:
    """A session as the content of a record."""
    values = Values(memory)
    designs = list(session.designs)
    past, future = history_entries(*session.states, values)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "workbench": __version__,
        "past": past,
        "future": future,
        "designs": [_design_entry(design, values) for design in designs],
        "runs": [run_entry(run, values) for run in session.runs],
        "camera": [float(number) for number in session.camera],
        "proteins": values.proteins,
        "prompts": values.prompts,
    }
    file = io.BytesIO()
    write_container(file, document, values.arrays, mark)
    return file.getvalue()


def session_of(data: bytes, place: str, memory: int = MAX_DECODED) -> Session:
    """The session in the content of a record; ``place`` is what errors call it."""
    try:
        container = Container(io.BytesIO(data))
        return _session(container.document(), container, memory)
    except RecordError as error:
        raise RecordError(f"{place}: {error}") from None
    except WorkbenchError as error:
        raise RecordError(f"{place}: what it holds cannot be: {error}") from None
    except Exception as error:  # the border to bytes that anybody may have written
        reason = str(error).splitlines()[0][:120] if str(error) else ""
        raise RecordError(
            f"{place} is damaged, cut short or no design record ({type(error).__name__}: {reason});"
            " load the file again"
        ) from None


def _session(document: dict[str, Any], container: Container, memory: int) -> Session:
    if document.get("format") != FORMAT:
        raise RecordError("it is no design record")
    version = document.get("version")
    if version != VERSION:
        written = str(document.get("workbench"))[:20]
        older = type(version) is int and version < VERSION
        raise RecordError(
            f"it has format version {str(version)[:20]} (esm3-workbench {written}), this one reads "
            f"{VERSION}; "
            + (f"open it with esm3-workbench {written}" if older else "update esm3-workbench")
        )
    reading = Reading(container, document["proteins"], document["prompts"], memory)
    past, future = history_of(document["past"], document["future"], reading)
    designs = [_design(entry, reading) for entry in document["designs"]]
    names = [design.name for design in designs]
    if len(set(names)) < len(names):
        raise RecordError("two of its designs have the same name")
    runs = [run_of(entry, reading) for entry in document["runs"]]
    # Records of 0.1 do not say where the structure was looked at from.
    camera = document.get("camera", [])
    camera = camera_of(camera) if camera else ()
    return Session.restored(past, future, designs, runs, camera)


def _design_entry(design: Design, values: Values) -> dict[str, Any]:
    return {
        "name": design.name,
        "prompt": values.prompt(design.prompt),
        "recipe": design.recipe_text,
        "seed": design.seed,
        "model_fingerprint": design.model_fingerprint,
        "protein": values.protein(design.protein),
        "metrics": {name: values.any(float(value)) for name, value in design.metrics.items()},
        "run": None if design.run is None else run_entry(design.run, values),
        "origin": dict(design.origin),
        "outcomes": [outcome_entry(outcome, values) for outcome in design.outcomes],
    }


def _design(entry: dict[str, Any], reading: Reading) -> Design:
    from ..sampling.recipe import Recipe

    name, seed = entry["name"], entry["seed"]
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RecordError(f"{str(name)[:40]!r} is no name of a design")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise RecordError(f"the seed of {name} is no whole number of at least 0")
    prompt, protein = reading.prompt(entry["prompt"]), reading.protein(entry["protein"])
    if len(prompt) != len(protein):
        raise RecordError(f"{name} has {len(protein)} residues, its prompt {len(prompt)}")
    run = None if entry["run"] is None else run_of(entry["run"], reading)
    recipe = Recipe.parse(entry["recipe"]) if entry["recipe"] != "" else None
    if recipe is None and run is not None:
        raise RecordError(f"{name} has steps, but no recipe")
    return Design(
        name,
        prompt,
        recipe,
        seed,
        str(entry["model_fingerprint"]),
        protein,
        _metrics(entry["metrics"]),
        run,
        {str(key): str(value) for key, value in entry["origin"].items()},
        _outcomes(entry, run),
    )


def _metrics(entry: dict[str, Any]) -> dict[str, float]:
    """Metrics by their names of today; a record of before version 0.2 has no ``ca_rmsd``."""
    older = {} if set(OLDER_COLUMNS.values()) & set(entry) else OLDER_COLUMNS
    return {
        older.get(key, str(key)): float("nan") if value is None else float(value)
        for key, value in entry.items()
    }


def _outcomes(entry: dict[str, Any], run: Run | None) -> tuple[Outcome, ...]:
    """How gates were met; a record of before version 0.2 says so in the steps alone."""
    if "outcomes" in entry:
        return tuple(outcome_of(outcome, {}) for outcome in entry["outcomes"])
    return run.steps[-1].outcomes if run is not None and run.steps else ()
