"""Where biotite's parsers are called: whatever they raise becomes one StructureError."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import StructureError

_LONGEST = 160


@contextmanager
def refused_clearly(what: str) -> Iterator[None]:
    """Turn any failure to parse foreign content into a StructureError that says what was read.

    A damaged file makes a parser raise nearly anything (ValueError, KeyError, struct.error, and
    msgpack's own), so this place catches broadly. Warnings of the parser are its own business.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except StructureError:
        raise
    except Exception as error:
        reason = brief(error)
        raise StructureError(
            f"its {what} cannot be read ({reason}); the file may be damaged or cut short"
        ) from error


def brief(error: BaseException) -> str:
    """One short line of what an exception says."""
    lines = str(error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
