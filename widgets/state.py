"""BenchState: the one thing that all views of a bench look at.

Views observe its traits and never each other. Every change goes through a method, under one lock
that the worker thread and the views' pushes share. Positions are 0-based; ``hovered`` is -1 for
none.

What is on view is what is painted on: a stroke on a step or a design makes it the new prompt, with
everything sampled so far given, and the next run goes on from there. Undo brings the step back.
"""

from collections.abc import Iterable

import numpy as np
import traitlets

from workbench.errors import WorkbenchError
from workbench.prompt import Prompt, Where
from workbench.sampling.recipe import Recipe
from workbench.selection import format_selection
from workbench.session import Design, Session

from .frame import Frame
from .running.settings import RunSettings
from .view import SharedLock

IN_FLIGHT = 4
"""Pictures that the browser need not have said it has drawn; it speaks of every third one."""

PHASES = ("idle", "loading", "running", "pausing", "paused", "stopped", "done", "error")
ACTIVE = ("running", "loading", "pausing")


class BenchState(traitlets.HasTraits):
    """Prompt, selection, the step on view and what the run is doing.

    ``frame`` is the step on view, None for the prompt as it is painted now. ``taken`` and ``total``
    count the steps of the current run. ``sent`` and ``drawn`` number the last picture that went to
    a browser and the last that it says it drew.
    """

    revision = traitlets.Int(0, help="grows with every change of the prompt")
    frame = traitlets.Instance(Frame, allow_none=True)
    selection = traitlets.Tuple()
    hovered = traitlets.Int(-1)
    settings = traitlets.Instance(RunSettings)
    planned = traitlets.Instance(
        RunSettings, allow_none=True, help="what the current run was set to"
    )
    phase = traitlets.Enum(PHASES, "idle")
    taken = traitlets.Int(0)
    total = traitlets.Int(0)
    designs_done = traitlets.Int(0, help="designs finished in the current run")
    designs_asked = traitlets.Int(0, help="designs that the current run makes in all")
    batch = traitlets.Int(1, help="designs that share a model pass")
    pairs = traitlets.Bool(False, help="whether somebody looks at PAE and pTM")
    looked = traitlets.Instance(
        Design, allow_none=True, help="finished design whose steps are on the timeline"
    )
    follows = traitlets.Bool(True, help="whether the newest step of a run comes on view")
    compared = traitlets.Instance(Frame, allow_none=True, help="a second design, laid over")
    chosen = traitlets.Tuple(help="names of the designs ticked in the table")
    remaining = traitlets.Float(None, allow_none=True, help="seconds left, None unknown")
    status = traitlets.Unicode("")
    error = traitlets.Unicode("")
    model = traitlets.Unicode("")
    designs = traitlets.Int(0, help="how many designs the session holds")
    dark = traitlets.Bool(False)
    watched = traitlets.Bool(False, help="whether a browser has drawn the bench")

    def __init__(self, session: Session, settings: RunSettings) -> None:
        self.lock = SharedLock()
        self.session = session
        self.sent = self.drawn = 0
        self._going_on: dict[int, tuple[Prompt, Recipe]] = {}
        self._left_behind: tuple[Prompt, Frame, Design | None] | None = None
        super().__init__(settings=settings)

    @property
    def prompt(self) -> Prompt:
        """The prompt as it is painted now."""
        return self.session.prompt

    @property
    def keeping_up(self) -> bool:
        """Whether no browser is looking, or it has drawn all but the last pictures it was sent."""
        return not self.watched or self.drawn >= self.sent - IN_FLIGHT

    # -- the prompt ------------------------------------------------------------------------------

    @property
    def canvas(self) -> Prompt:
        """What strokes paint on: the step or design on view, or else the prompt."""
        return self.prompt if self.frame is None else self.frame.filled

    def edit(self, prompt: Prompt, label: str, base: Prompt | None = None) -> None:
        """Take a new prompt as one undo step and show it; ``base`` is what it was painted on."""
        with self.lock.together():
            frame, before = self.frame, self.prompt
            on_step = frame is not None and base is frame.filled
            left = frame.left if on_step else self.left
            self.session.edit(prompt, label)
            if on_step:
                self._left_behind = (before, frame, self.looked)
            if left is not None and prompt.template is before.template:
                self._going_on[id(prompt)] = (prompt, left)
            goes_on = f" · on {frame.title}; Run goes on from here" if on_step else ""
            self._prompt_changed(label + goes_on)

    @property
    def left(self) -> Recipe | None:
        """What is left to do of the run that the prompt was painted on, if it was."""
        kept, recipe = self._going_on.get(id(self.prompt), (None, None))
        return recipe if kept is self.prompt else None

    def undo(self) -> None:
        """Go back one step of painting, if there is one."""
        with self.lock.together():
            if self.session.can_undo:
                self.session.undo()
                self._prompt_changed("undone")

    def redo(self) -> None:
        """Take back the last undo, if there is one."""
        with self.lock.together():
            if self.session.can_redo:
                self.session.redo()
                self._prompt_changed("redone")

    def _prompt_changed(self, status: str) -> None:
        trajectory = self.session.trajectory
        self.selection = tuple(i for i in self.selection if i < len(self.prompt))
        current = trajectory is not None and trajectory.prompt is self.prompt
        self.taken = len(trajectory.steps) if current else 0
        self.total = trajectory.total if current else 0
        before, *on_view = self._left_behind or (None, None, None)
        self.show(*(on_view if before is self.prompt else (None, None)))
        self.error = ""
        self.status = status
        self.revision += 1

    def take(self, session: Session) -> None:
        """Look at this session instead of an untouched one, with the same model."""
        with self.lock.together():
            session.model = self.session.model
            self.session = session
            self.designs = len(session.designs)
            self._prompt_changed("opened with its history")

    # -- what is looked at -----------------------------------------------------------------------

    def select(self, where: Where | Iterable[int]) -> None:
        """Select residues: text in the file's numbering, positions, or nothing (an empty list)."""
        with self.lock:
            if isinstance(where, str) and not where.strip():
                where = []
            chosen = where if isinstance(where, str | slice) else np.asarray(list(where), np.int64)
            self.selection = tuple(int(i) for i in self.prompt.positions(chosen))

    @property
    def selection_text(self) -> str:
        """The selection in the file's chain names and numbers."""
        return format_selection(np.array(self.selection, np.int64), self.prompt.template)

    def hover(self, position: int) -> None:
        """Point at one residue, or at none (-1)."""
        with self.lock:
            self.hovered = position if 0 <= position < len(self.prompt) else -1

    def show(self, frame: Frame | None, looked: Design | None = None) -> None:
        """Put this step on view; None shows the prompt. ``looked`` is the design it belongs to."""
        self.update(frame=frame, looked=looked)

    @property
    def index(self) -> int:
        """The step on view; 0 is the prompt, the last one is a design as it was kept."""
        if self.frame is None:
            return 0
        kept = self.looked is not None and self.frame.title == self.looked.name
        return len(self.looked.steps) if kept else self.frame.index

    @property
    def timeline(self) -> tuple[int, int]:
        """Steps to look at and steps planned, of the design looked at or of the run."""
        if self.looked is None:
            return self.taken, self.total
        return len(self.looked.steps), len(self.looked.steps)

    def update(self, **values: object) -> None:
        """Set several traits at once; observers hear of it when all are set."""
        with self.lock.together(), self.hold_trait_notifications():
            for name, value in values.items():
                setattr(self, name, value)

    def report(self, error: Exception) -> None:
        """Show an error in the bench; nothing else changes."""
        with self.lock:
            self.error = error_text(error)


def error_text(error: BaseException) -> str:
    """What a person should read: the message, with its kind unless the package raised it."""
    message = str(error) or type(error).__name__
    return message if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {message}"
