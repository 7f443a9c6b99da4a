"""Files written whole or not at all, and locks: the only module that opens files for writing.

A folder may come from anybody, and names in it may be links. So a file is written under a random
name that is opened exclusively, reaches the disk, and only then takes the place of the old one;
a link of that name is replaced, never followed.
"""

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from .errors import FileError

PRIVATE = 0o600
"""Mode of a file that only its owner may read."""

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINKS
_DRAFT = re.compile(r"\.esm3-[0-9a-f]{24}\.part")


@contextmanager
def replacing(path: str | os.PathLike, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``path`` when the block ends well, and else goes away.

    Its ``name`` is where it lies until then, for libraries that write by name. ``mode`` is less the
    umask. Raises FileError where it cannot be written, and for any OSError of the block.
    """
    path = Path(path)
    draft = path.with_name(f".esm3-{secrets.token_hex(12)}.part")
    try:
        with open(draft, "w+b", opener=lambda name, _: os.open(name, _NEW, mode)) as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            yield file
        _flush(draft, mode)
        draft.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {_reason(error, path)}") from None
    finally:
        with suppress(OSError):
            draft.unlink()


def write_file(path: str | os.PathLike, data: bytes | str, mode: int = 0o666) -> None:
    """Write bytes, or text as UTF-8; raises FileError where that cannot be done."""
    with replacing(path, mode) as file:
        file.write(data.encode() if isinstance(data, str) else data)


def appending(path: str | os.PathLike) -> TextIO:
    """Open a text file to add lines, such as a log; raises FileError if that is impossible."""
    try:
        return open(path, "a", encoding="utf-8", newline="", opener=_regular)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {_reason(error, Path(path))}") from None


def make_folder(path: str | os.PathLike) -> Path:
    """Make a folder and those above it, if need be; raises FileError if that is impossible."""
    path = Path(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"the folder {path} cannot be made: {error.strerror or error}") from None
    return path


@contextmanager
def lock(path: str | os.PathLike) -> Iterator[bool]:
    """Take the lock of this name if it is free, and say whether; a crash releases it too.

    What the file holds is left as it is. Raises FileError where the name is a link or no file.
    """
    try:
        descriptor = _regular(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise FileError(f"{path} is no lock: {_reason(error, Path(path))}") from None
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)


def forget_drafts(folder: Path) -> None:
    """Remove unfinished files of killed processes; only where no other process can be writing."""
    for path in folder.iterdir():
        if _DRAFT.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _regular(path: str | os.PathLike, flags: int) -> int:
    """A descriptor of a file that is there already or is made; a link, device or pipe is none."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | _NO_LINKS, 0o666)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError("it is a device or a pipe, not a file")


def _locked(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:  # not on Windows
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _flush(path: Path, mode: int) -> None:
    """Have a file reach the disk, in this mode, though a library put one of its own there."""
    descriptor = os.open(path, os.O_RDWR | _NO_LINKS)
    try:
        os.chmod(descriptor if os.chmod in os.supports_fd else path, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    """Have the new name reach the disk, where the file system knows how."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError, path: Path) -> str:
    if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
        return f"there is no folder {path.parent}; create it first"
    if error.errno == errno.ELOOP:
        return "it is a link to somewhere else; delete it"
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room, or choose another folder"
    return error.strerror or str(error)
