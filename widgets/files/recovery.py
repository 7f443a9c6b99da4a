"""Recovery: the session that another bench on the same protein left behind, to go on with.

A cell that is run again makes a new bench, and a kernel that died leaves none; what was made there
is in saved sessions. It is offered and never opened by itself: a notebook run from top to bottom
makes the same again.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from workbench.archive import open_record
from workbench.errors import RecordError
from workbench.prompt import Prompt
from workbench.session import Session

from ..messages import many
from .autosave import left_behind

UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class EarlierSession:
    """A saved session and what it holds, in words."""

    path: Path
    text: str


def earlier_session(prompt: Prompt) -> EarlierSession | None:
    """The session begun with this prompt that was saved last, of those no bench has open."""
    for path in left_behind(prompt.template.name):
        try:
            session = open_record(path)
            age = time.time() - path.stat().st_mtime
        except (RecordError, OSError):
            continue
        changes = summary(session)
        if changes and session.opened.same_as(prompt):
            return EarlierSession(path, f"{ago(age)}: {changes}")
    return None


def summary(session: Session) -> str:
    """How much was made in a session; empty for nothing."""
    edits, designs, runs = len(session.history) - 1, len(session.designs), session.runs
    parts = [many(edits, "edit"), many(designs, "design")]
    parts += [f"a run of {many(len(run.steps), 'step')}" for run in runs[:1]]
    return ", ".join(part for part in parts if not part.startswith("0 "))


def ago(seconds: float) -> str:
    """How long ago that was."""
    for unit, size in UNITS:
        if seconds >= size:
            return f"{many(int(seconds // size), unit)} ago"
    return "just now"
