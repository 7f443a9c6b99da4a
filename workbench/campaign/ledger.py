"""Ledger: the folder of a campaign, where every (prompt, seed) has one row or none.

``campaign.json`` says what is made; ``designs/`` is a Parquet dataset of small parts, each written
whole or not at all and never changed while the campaign runs. Only the process that holds the
folder's lock writes.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import nan
from pathlib import Path
from typing import Any

from ..errors import RecordError, SamplingError, WorkbenchError
from .work import Row

FORMAT = "esm3-workbench campaign"
VERSION = 1
METRICS = ("ptm", "plddt", "recovery", "rmsd", "tm_score", "lddt", "ss8_agreement", "sasa_rho")
MOST_TERMS = 1 << 20
"""Bytes of a ``campaign.json``."""
MOST_ROWS = 200_000
MOST_BYTES = 2 << 30
"""Rows and unpacked bytes of a part; a folder may come from anybody."""
_PART = re.compile(r"part-(\d{6,})\.parquet")


def parquet() -> Any:
    """pyarrow and its Parquet module."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise WorkbenchError(
            "a campaign needs pyarrow; install it with pip install 'esm3-workbench[cluster]'"
        ) from None
    return pyarrow


class Ledger:
    """Rows of finished designs, in memory without their records and on disk with them."""

    def __init__(self, folder: Path, recipe: str, scores: Sequence[str] = ()) -> None:
        """Read what the folder holds of this campaign; it may be absent."""
        self.folder = folder
        self.terms = {"format": FORMAT, "version": VERSION, "recipe": recipe,
                      "scores": sorted(scores)}  # fmt: skip
        self.metrics = (*METRICS, *(name for name in sorted(scores) if name not in METRICS))
        self.rows: list[Row] = []
        self.known: set[tuple[str, int]] = set()
        self._unwritten: list[Row] = []
        self._check_terms()
        self.read()

    @staticmethod
    def terms_in(folder: Path) -> dict[str, Any] | None:
        """What ``campaign.json`` of a folder says; None where there is none."""
        path = folder / "campaign.json"
        if not path.exists():
            return None
        try:
            if path.stat().st_size > MOST_TERMS:
                raise ValueError(f"it is larger than {MOST_TERMS >> 20} MiB")
            found = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise RecordError(f"{path} cannot be read ({error}); choose another folder") from None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise RecordError(f"{folder} is no folder of a campaign; choose another")
        if found.get("version") != VERSION:
            raise RecordError(
                f"{folder} holds a campaign of format version {str(found.get('version'))[:20]}, "
                f"this one reads {VERSION}; update esm3-workbench"
            )
        scores = found.get("scores")
        told = isinstance(scores, list) and all(isinstance(one, str) for one in scores)
        if not told or not isinstance(found.get("recipe"), str):
            raise RecordError(f"{path} names no recipe or no scores; choose another folder")
        return found

    @contextmanager
    def held(self) -> Iterator[None]:
        """The folder for this process alone, made if need be; what others wrote is read first."""
        (self.folder / "designs").mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            if not _lock(lock.fileno()):
                raise SamplingError(f"another campaign is at work in {self.folder}; wait for it")
            self._check_terms()
            text = json.dumps(self.terms, indent=1)
            _replace(self.folder / "campaign.json", lambda draft: draft.write_text(text, "utf-8"))
            self.read()
            try:
                yield
            finally:
                self.write()

    def read(self) -> None:
        """Take the rows from disk; nothing may be unwritten."""
        columns = [name for name in self._schema().names if name != "record"]
        self.rows = [row for path in self._parts() for row in self._read(path, columns)]
        self.known = {(row["prompt"], row["seed"]) for row in self.rows}

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows of finished jobs; a job that has its row already keeps that one."""
        for row in rows:
            identity = (row["prompt"], row["seed"])
            if identity in self.known:
                continue
            self.known.add(identity)
            own = row["metrics"]
            plain = {name: value for name, value in row.items() if name != "metrics"}
            self._unwritten.append(plain | {name: own.get(name, nan) for name in self.metrics})
            light = {name: v for name, v in self._unwritten[-1].items() if name != "record"}
            self.rows.append(light)

    @property
    def unwritten(self) -> int:
        """Rows that are in memory only."""
        return len(self._unwritten)

    def write(self) -> None:
        """Write rows that are in memory only as a new part."""
        if not self._unwritten:
            return
        taken = [int(match[1]) for path in self._parts() if (match := _PART.match(path.name))]
        self._write(self._unwritten, self._path(max(taken, default=0) + 1))
        self._unwritten = []

    def forget_failures(self) -> None:
        """Drop the rows of jobs that failed, so that they are tried again."""
        for path in self._parts():
            rows = self._read(path, self._schema().names)
            kept = [row for row in rows if not row["error"]]
            if not kept:
                path.unlink()
            elif len(kept) < len(rows):
                self._write(kept, path)
        self.read()

    def records(self, wanted: set[str]) -> dict[str, bytes]:
        """Design records by the design's name, of those wanted that have one."""
        held = {row["design"]: row["record"] for row in self._unwritten}
        for path in self._parts():
            names = [row["design"] for row in self._read(path, ["design"])]
            if wanted.intersection(names):
                found = self._read(path, ["design", "record"])
                held |= {row["design"]: row["record"] for row in found}
        return {name: held[name] for name in wanted if held.get(name) is not None}

    def _check_terms(self) -> None:
        found = self.terms_in(self.folder)
        for name in ("recipe", "scores"):
            if found is not None and found.get(name) != self.terms[name]:
                raise SamplingError(
                    f"the campaign in {self.folder} has {name} {found.get(name)}, not "
                    f"{self.terms[name]}; choose another folder for another campaign"
                )

    def _schema(self) -> Any:
        pa = parquet()
        text, number = pa.string(), pa.float64()
        return pa.schema(
            [("design", text), ("prompt", text), ("seed", pa.int64()), ("length", pa.int32())]
            + [(name, number) for name in self.metrics]
            + [("sequence", text), ("error", text), ("model", text), ("device", text),
               ("seconds", number), ("record", pa.large_binary())]
        )  # fmt: skip

    def _parts(self) -> list[Path]:
        return sorted(p for p in self.folder.glob("designs/*") if _PART.fullmatch(p.name))

    def _path(self, number: int) -> Path:
        return self.folder / "designs" / f"part-{number:06d}.parquet"

    def _read(self, path: Path, columns: Sequence[str]) -> list[Row]:
        pa = parquet()
        try:
            with path.open("rb") as opened:
                file = pa.parquet.ParquetFile(opened)
                _refuse_odd(file, self._schema(), columns)
                return file.read(columns=list(columns)).to_pylist()
        except (pa.ArrowException, OSError, ValueError) as error:
            raise RecordError(
                f"{path} cannot be read ({str(error).splitlines()[0][:120]}); delete it, and its "
                "designs will be made again"
            ) from None

    def _write(self, rows: list[Row], path: Path) -> None:
        pa = parquet()
        table = pa.Table.from_pylist(rows, schema=self._schema())
        _replace(path, lambda draft: pa.parquet.write_table(table, draft))


def _refuse_odd(file: Any, schema: Any, columns: Sequence[str]) -> None:
    """Raise ValueError where a part is not what ``_write`` writes, before anything is unpacked."""
    meta = file.metadata
    groups = [meta.row_group(k) for k in range(meta.num_row_groups)]
    size = sum(group.total_byte_size for group in groups)
    if meta.num_rows > MOST_ROWS or size > MOST_BYTES:
        raise ValueError(f"it unpacks to {meta.num_rows} rows of {size} bytes together")
    for name in columns:
        kinds = [one.type for one in file.schema_arrow if one.name == name]
        if kinds != [schema.field(name).type]:
            raise ValueError(f"column {name} is {kinds or 'absent'}, not {schema.field(name).type}")


def _replace(path: Path, write: Any) -> None:
    """Write a file whole or not at all, and down to the disk."""
    draft = path.with_name(f".{path.name}.part")
    try:
        write(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise RecordError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        draft.unlink(missing_ok=True)


def _lock(descriptor: int) -> bool:
    """Whether the lock could be had; it is given back when its file is closed, or at a crash."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
