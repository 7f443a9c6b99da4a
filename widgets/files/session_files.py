"""Session files: what is in the folder of saved sessions, whose it is, and what may go.

The folder may hold records of the person's own. So a bench marks each file that it writes, and only
files with such a mark ever leave, into a bounded trash beside them; none that a kernel which may
still live has open.
"""

import os
import platform
import re
import stat
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import psutil

from workbench.archive.record import SUFFIX
from workbench.atomic_files import make_folder
from workbench.errors import PromptError, RecordError
from workbench.paths import cache_folder
from workbench.regular_files import open_regular

KEPT = 20
"""Session files that stay in the folder, beside those in use."""

Opened = TypeVar("Opened")

KEPT_IN_TRASH = 40
TRASH = "trash"
NAMED = re.compile(r"\d{8}-\d{6}-(?P<protein>.*)-(?P<process>\d+)-\d+")
_MARK = re.compile(rb"esm3-workbench autosave ([0-9a-f]{12}) (\d{1,10})")
_TAIL = 64


@dataclass(frozen=True, slots=True)
class Mark:
    """Who wrote a session file: a machine, known by a digest of its name, and a process there."""

    machine: str
    process: int

    @classmethod
    def own(cls) -> "Mark":
        """That of this process."""
        return cls(sha256(platform.node().encode()).hexdigest()[:12], os.getpid())

    @classmethod
    def of(cls, path: Path) -> "Mark | None":
        """That of a file; None where no bench wrote it."""
        try:
            with open_regular(path, links=False) as file:
                file.seek(-_TAIL, os.SEEK_END)
                match = _MARK.search(file.read())
        except OSError:
            return None
        return None if match is None else cls(match[1].decode(), int(match[2]))

    def __str__(self) -> str:
        return f"esm3-workbench autosave {self.machine} {self.process}"

    @property
    def may_live(self) -> bool:
        """Whether another process may be at work on it; of other machines nobody knows."""
        own = Mark.own()
        if self.machine != own.machine:
            return True
        return self.process != own.process and psutil.pid_exists(self.process)


def session_folder() -> Path:
    """Where benches write their sessions."""
    folder = os.environ.get("ESM3_WORKBENCH_SESSIONS")
    return Path(folder) if folder else cache_folder() / "sessions"


def prepared(folder: Path) -> Path:
    """The folder, made if need be, and then for its owner alone."""
    if not folder.is_dir():
        make_folder(folder)
        folder.chmod(stat.S_IRWXU)
    return folder


def session_files() -> list[Path]:
    """Session files, the one written last first; names that lead nowhere are passed over."""
    dated = []
    for path in session_folder().glob(f"*{SUFFIX}"):
        with suppress(OSError):
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and (NAMED.fullmatch(path.stem) or Mark.of(path)):
                dated.append((status.st_mtime_ns, path))
    return [path for _, path in sorted(dated, reverse=True)]


def opened_session(
    path: str | os.PathLike | None, opened: Callable[[Path], Opened]
) -> tuple[Opened, str]:
    """This session opened, or else the one written last that can be; and why not a later one."""
    if path is not None:
        return opened(Path(path)), ""
    problem = ""
    for path in session_files():
        try:
            return opened(path), problem
        except (RecordError, OSError) as error:
            problem = problem or f"a later session could not be opened: {error}"
    raise PromptError(problem or "no session was saved on this machine yet; open a protein instead")


def make_room(in_use: Collection[Path]) -> None:
    """Move the oldest files of benches that are gone into the trash, and empty that of its oldest.

    Whatever another kernel moves at the same time is its own business.
    """
    closed = [path for path in session_files() if path not in in_use and _may_go(path)]
    trash = session_folder() / TRASH
    for path in closed[KEPT:]:
        with suppress(OSError):
            os.replace(path, prepared(trash) / path.name)
    dropped = [path for path in trash.glob(f"*{SUFFIX}") if _may_go(path)]
    for path in sorted(dropped)[:-KEPT_IN_TRASH]:
        path.unlink(missing_ok=True)


def _may_go(path: Path) -> bool:
    mark = Mark.of(path)
    return mark is not None and not mark.may_live
