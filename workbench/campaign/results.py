"""Results: the folder of a campaign, where every (prompt, seed) has one row or none.

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

from ..atomic_files import forget_drafts, lock, make_folder, write_file
from ..errors import RecordError, SamplingError
from ..regular_files import read_regular
from ..session.columns import measured_columns
from .parts import read_part, schema_of, write_part
from .work import Row

FORMAT = "esm3-workbench campaign"
VERSION = 1
MOST_TERMS = 1 << 20
"""Largest ``campaign.json`` that is read, in bytes."""
WRITE_ROWS, WRITE_BYTES = 64, 32 << 20
"""Rows of a part, and bytes of their records, that are worth a file."""
MOST_DESIGNS = 500_000
"""Rows of a folder, all of which are held in memory."""
_PART = re.compile(r"part-(\d{6,})\.parquet")


class Results:
    """Rows of finished designs, in memory without their records and on disk with them."""

    def __init__(self, folder: Path, recipe: str, scores: Sequence[str] = ()) -> None:
        """Read what the folder holds of this campaign; it may be absent."""
        reserved = sorted(set(scores) & (set(schema_of(()).names) | {"metrics"}))
        if reserved:
            raise SamplingError(
                f"a score cannot be called {reserved[0]!r}, which is a column of its own; rename it"
            )
        self.folder = folder
        self.terms = {"format": FORMAT, "version": VERSION, "recipe": recipe,
                      "scores": sorted(scores)}  # fmt: skip
        self.metrics = tuple(column.name for column in measured_columns(sorted(scores)))
        self.rows: list[Row] = []
        self.known: set[tuple[str, int]] = set()
        self._unwritten: list[Row] = []
        self._check_terms()
        self.read()

    @staticmethod
    def terms_in(folder: Path) -> dict[str, Any] | None:
        """What ``campaign.json`` of a folder says; None where there is none."""
        path = folder / "campaign.json"
        if not os.path.lexists(path):
            return None
        try:
            terms = json.loads(read_regular(path, MOST_TERMS, links=False).decode("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise RecordError(f"{path} cannot be read ({error}); choose another folder") from None
        if not isinstance(terms, dict) or terms.get("format") != FORMAT:
            raise RecordError(f"{folder} is no folder of a campaign; choose another")
        if terms.get("version") != VERSION:
            raise RecordError(
                f"{folder} holds a campaign of format version {str(terms.get('version'))[:20]}, "
                f"this one reads {VERSION}; update esm3-workbench"
            )
        scores = terms.get("scores")
        named = isinstance(scores, list) and all(isinstance(score, str) for score in scores)
        if not named or not isinstance(terms.get("recipe"), str):
            raise RecordError(f"{path} names no recipe or no scores; choose another folder")
        return terms

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process alone; make it if need be, and read what others wrote.

        Rows that a full disk left in memory are written as well.
        """
        designs = make_folder(self.folder / "designs")
        if designs.is_symlink():
            raise SamplingError(f"{designs} is a link; put the folder itself there")
        with lock(self.folder / ".lock") as had:
            if not had:
                raise SamplingError(f"another campaign is at work in {self.folder}; wait for it")
            self._check_terms()
            forget_drafts(designs)
            write_file(self.folder / "campaign.json", json.dumps(self.terms, indent=1))
            self.read()
            self._write_left_over()
            try:
                yield
            finally:
                self.write()

    def read(self) -> None:
        """Take the rows from disk; nothing may be unwritten."""
        columns = [name for name in schema_of(self.metrics).names if name != "record"]
        self.rows = []
        for path in self._parts():
            self.rows += read_part(path, self.metrics, columns, MOST_DESIGNS - len(self.rows))
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
    def enough(self) -> bool:
        """Whether the rows that are in memory only make a part."""
        size = sum(len(row["record"] or b"") for row in self._unwritten)
        return len(self._unwritten) >= WRITE_ROWS or size >= WRITE_BYTES

    def write(self) -> None:
        """Write rows that are in memory only as a new part."""
        if not self._unwritten:
            return
        numbers = [int(match[1]) for path in self._parts() if (match := _PART.match(path.name))]
        write_part(self._path(max(numbers, default=0) + 1), self.metrics, self._unwritten)
        self._unwritten = []

    def forget_failures(self) -> None:
        """Drop the rows of jobs that failed, so that they are tried again."""
        for path in self._parts():
            rows = read_part(path, self.metrics, schema_of(self.metrics).names)
            successes = [row for row in rows if not row["error"]]
            if not successes:
                path.unlink()
            elif len(successes) < len(rows):
                write_part(path, self.metrics, successes)
        self.read()

    def records(self, designs: set[str]) -> dict[str, bytes]:
        """Design records by the design's name, of those that have one."""
        records = {row["design"]: row["record"] for row in self._unwritten}
        for path in self._parts():
            names = [row["design"] for row in read_part(path, self.metrics, ["design"])]
            if designs.intersection(names):
                stored = read_part(path, self.metrics, ["design", "record"])
                records |= {row["design"]: row["record"] for row in stored}
        return {name: records[name] for name in designs if records.get(name) is not None}

    def _write_left_over(self) -> None:
        unwritten = [r for r in self._unwritten if (r["prompt"], r["seed"]) not in self.known]
        self._unwritten = unwritten
        if unwritten:
            self.write()
            self.read()

    def _check_terms(self) -> None:
        earlier = self.terms_in(self.folder)
        for name in ("recipe", "scores"):
            if earlier is not None and earlier.get(name) != self.terms[name]:
                raise SamplingError(
                    f"the campaign in {self.folder} has {name} {earlier.get(name)}, not "
                    f"{self.terms[name]}; choose another folder for another campaign"
                )

    def _parts(self) -> list[Path]:
        return sorted(p for p in self.folder.glob("designs/*") if _PART.fullmatch(p.name))

    def _path(self, number: int) -> Path:
        return self.folder / "designs" / f"part-{number:06d}.parquet"
