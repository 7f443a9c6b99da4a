"""Paths as people write them, where ``~`` is their home folder."""

import os
from pathlib import Path

from .errors import WorkbenchError


def given_path(path: object, error: type[Exception] = WorkbenchError) -> Path:
    """Return the path that a person gave; raises ``error`` if it cannot be a path."""
    try:
        text = os.fsdecode(path)  # type: ignore[arg-type]
    except TypeError:
        raise error(f"{path!r} is no path; give the name of a file or folder") from None
    if "\0" in text:
        raise error(f"{text!r} holds a zero byte and so is no path; write it again")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise error(
            f"there is no home folder for {Path(text).parts[0]!r}; write the path of {text} in full"
        ) from None


def is_file(text: str | os.PathLike) -> bool:
    """Whether there is a file of this name; what is too long for a name is none."""
    try:
        return Path(text).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def cache_folder() -> Path:
    """The folder for what can be downloaded or measured again."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "esm3-workbench"
