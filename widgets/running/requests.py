"""Wishes: what the worker of a run should do next, as callers leave it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Wishes:
    """What the worker should do next."""

    running: bool = False
    steps: int = 0
    pause: bool = False
    stop: bool = False
    anew: bool = False
    rewind: int | None = None
    show: int | None = None

    def any(self) -> bool:
        """Whether there is something to do."""
        return (
            self.running
            or self.steps > 0
            or self.pause
            or self.stop
            or self.rewind is not None
            or self.show is not None
        )
