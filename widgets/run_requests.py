"""What a person asks of the runner: frozen values in one queue, taken in their order."""

from dataclasses import dataclass

from .run_job import RunJob


@dataclass(frozen=True, slots=True)
class Run:
    """Go on with the run at hand where it was asked the same, or start another.

    ``job`` is what to start, as prompt and settings were when this was asked. ``steps`` None runs
    to the end. ``anew`` starts where the settings differ from those of the run at hand.
    ``goes_on`` says that a step of the run at hand was on view, whatever its prompt is.
    """

    job: RunJob
    steps: int | None = None
    anew: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Rest after the model step in hand."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run and keep what it sampled."""


@dataclass(frozen=True, slots=True)
class Rewind:
    """Forget the steps after this one."""

    index: int


@dataclass(frozen=True, slots=True)
class Show:
    """Put this step on view."""

    index: int


Request = Run | Pause | Stop | Rewind | Show
