"""Reading of regular files only: a name may stand for a pipe or an endless device."""

import os
import stat
from typing import BinaryIO

LFS_POINTER = b"version https://git-lfs"
"""How a file begins that stands in the place of one that Git LFS keeps elsewhere."""

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: str | os.PathLike, links: bool = True) -> BinaryIO:
    """A regular file opened for reading; ``links`` says whether its name may be a symbolic link.

    Raises OSError, which says in words what the name is instead.
    """
    if not links and os.path.islink(path):
        raise OSError("it is a link to somewhere else")
    descriptor = os.open(path, _READ | (0 if links else getattr(os, "O_NOFOLLOW", 0)))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError("it is a folder")
    raise OSError("it is a device or a pipe, not a file")


def read_regular(path: str | os.PathLike, most: int, links: bool = True) -> bytes:
    """All of a regular file; raises OSError if that is more than ``most`` bytes."""
    with open_regular(path, links) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(f"it holds more than {_size(most)}")
    return data


def _size(size: int) -> str:
    return f"{size >> 20} MiB" if size >> 20 else f"{size} bytes"
