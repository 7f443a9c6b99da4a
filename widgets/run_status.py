"""RunStatus: how far the run at hand is, as every view reads it."""

from dataclasses import dataclass, replace
from typing import Literal

Phase = Literal["idle", "loading", "running", "pausing", "paused", "stopped", "done", "error"]
ACTIVE = ("loading", "running", "pausing")
"""Phases in which the worker makes steps or is about to."""


@dataclass(frozen=True, slots=True)
class RunStatus:
    """``taken`` of ``total`` steps of the run on the timeline; ``remaining`` seconds or None.

    ``designs_done`` of ``designs_requested`` are kept, ``batch`` share a model pass. ``open`` says
    that a run is there to go on with.
    """

    phase: Phase = "idle"
    taken: int = 0
    total: int = 0
    designs_done: int = 0
    designs_requested: int = 0
    batch: int = 1
    open: bool = False
    remaining: float | None = None
    message: str = ""

    @property
    def active(self) -> bool:
        """Whether a run is under way."""
        return self.phase in ACTIVE

    def with_(self, **changes: object) -> "RunStatus":
        """The same but for these."""
        return replace(self, **changes)
