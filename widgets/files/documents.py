"""Files: what Open, Save and Share in the header do, in the folder of the notebook."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from workbench.archive.record import SUFFIX
from workbench.atomic_files import write_file
from workbench.errors import WorkbenchError
from workbench.io.chosen import ALL, Choice
from workbench.io.files import SUFFIXES as STRUCTURES
from workbench.io.files import is_known, stem_of
from workbench.opening import Opened, open_source, short
from workbench.paths import given_path

PACKED = ".gz"
ACCEPTED = (*STRUCTURES, PACKED, SUFFIX)
"""Ends of the names of files that a person may bring."""

SUFFIXES = {"save": SUFFIX, "share": ".html"}


class Documents(Protocol):
    """What is opened and written; the bench is one."""

    @property
    def opened(self) -> Opened: ...  # noqa: D102
    def open(self, source: Opened) -> object: ...  # noqa: D102
    def add_control(self, source: Opened) -> object: ...  # noqa: D102
    def save(self, path: str | os.PathLike) -> Path: ...  # noqa: D102
    def share(self, path: str | os.PathLike) -> Path: ...  # noqa: D102


class Files:
    """Writes over no file that it has not written itself."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._written: dict[str, Path] = {}

    def drafts(self, protein: str) -> dict[str, str]:
        """Names to propose: that of the last time, or a free one after the protein."""
        stem = stem_for(protein)
        return {
            act: str(self._written[act]) if act in self._written else str(free_path(stem, suffix))
            for act, suffix in SUFFIXES.items()
        }

    @property
    def opened(self) -> Opened:
        """What the prompt at hand was opened from."""
        return self._documents.opened

    def open(
        self,
        name: str,
        data: bytes | None = None,
        choice: Choice = ALL,
        *,
        control: bool = False,
    ) -> str:
        """Open what a person typed, or a file that they have brought; says what came of it.

        A ``control`` comes beside the designs.
        """
        take = self._documents.add_control if control else self._documents.open
        source = name if data is None else _written(name, data)
        take(open_source(source, choice))
        return f"{short(name)} is {'beside the designs' if control else 'open'}"

    def take_model(self, number: int) -> str:
        """Open another model of the file that the prompt at hand is from."""
        opened = self.opened
        self._documents.open(open_source(opened.source, replace(opened.choice, conformer=number)))
        return f"model {number} is open"

    def save(self, name: str) -> str:
        """Write the design record; says where and how large."""
        return self._write("save", name, self._documents.save)

    def share(self, name: str) -> str:
        """Write the page; says where and how large."""
        return self._write("share", name, self._documents.share)

    def _write(self, act: str, name: str, write: Callable[[Path], Path]) -> str:
        path, suffix = given_path(name), SUFFIXES[act]
        if path.suffix.lower() != suffix:
            path = path.with_name(path.name + suffix)
        if path.exists() and path != self._written.get(act):
            raise WorkbenchError(
                f"{path} is there already; choose another name, such as "
                f"{free_path(path.stem, suffix, path.parent).name}"
            )
        write(path)
        self._written[act] = path
        return f"written: {path}, {_size(path.stat().st_size)}"


def choice_of(chain: str, conformer: str) -> Choice:
    """What a person's fields choose: chains, as ``A,B``, and a model by its number."""
    return Choice(chain.strip() or None, conformer=_whole(conformer))


def _whole(text: str) -> int | None:
    if text.strip() and not (text.strip().isascii() and text.strip().isdecimal()):
        raise WorkbenchError(
            f"{short(text)!r} is no number of a model; give one such as 3, or none"
        )
    return int(text) if text.strip() else None


def _written(name: str, data: bytes) -> Path:
    """A file from the person's own computer, beside the notebook."""
    bare = Path(name.replace("\\", "/")).name
    stem = stem_of(Path(bare))
    suffix = bare[len(stem) :].lower()
    if suffix != SUFFIX and not is_known(Path(bare)):
        raise WorkbenchError(f"{bare} is none of the files to open: {', '.join(ACCEPTED)}")
    stem = re.sub(r"[^\w.+-]+", "_", stem)[:60]
    path = Path(f"{stem}{suffix}")
    if not (path.is_file() and path.read_bytes() == data):
        path = free_path(stem, suffix)
        write_file(path, data)
    return path


def stem_for(protein: str) -> str:
    """A file name, without its end, for what is made of a protein of this name."""
    return re.sub(r"[^\w.+-]+", "_", protein)[:40] or "protein"


def free_path(stem: str, suffix: str, folder: Path = Path()) -> Path:
    """A path in this folder that nothing has."""
    path, number = folder / f"{stem}{suffix}", 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
