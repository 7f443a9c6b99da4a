"""BenchState: the one thing that all views of a bench look at.

Views observe its traits and never each other. Every change goes through a method, under one lock
that the worker thread and the views' pushes share. Positions are 0-based; ``hovered`` is -1 for
none.

Prompt and result are two things: ``frame`` None has the prompt on view, else a step or a design is.
Whatever changes the prompt puts the prompt on view; a run under way keeps the prompt it started
from.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
import traitlets

from workbench.errors import WorkbenchError
from workbench.prompt import Prompt, Where
from workbench.protein import Protein
from workbench.sampling.settings import RunSettings
from workbench.selection import format_selection
from workbench.session import Design, Remark, Session

from .axis import carried
from .frame import Frame
from .lock import SharedLock
from .proposed import ACCEPTED, REJECTED, Proposed
from .question import Question
from .run_job import RunJob
from .run_requests import Run
from .run_status import RunStatus

IN_FLIGHT = 4
"""Pictures that the browser need not have said it has drawn; it speaks of every third one."""


T = TypeVar("T")


def _one(kind: type[T], **options: Any) -> traitlets.TraitType[T, T]:
    return traitlets.Instance(kind, **options)


def _maybe(kind: type[T], **options: Any) -> traitlets.TraitType[T | None, T | None]:
    return traitlets.Instance(kind, allow_none=True, **options)  # type: ignore[return-value]


class BenchState(traitlets.HasTraits):
    """Prompt, selection, the step on view and what the run is doing.

    ``frame`` is the step on view, None for the prompt as it is painted now. ``sent`` and ``drawn``
    number the last picture that went to a browser and the last that it says it drew.
    """

    revision = traitlets.Int(0, help="grows with every change of the prompt")
    frame = _maybe(Frame)
    selection = traitlets.Tuple()
    hovered = traitlets.Int(-1)
    settings = _one(RunSettings)
    job = _maybe(RunJob, help="what the run on the timeline was asked")
    run = _one(RunStatus, help="how far that run is")
    needs_pae = traitlets.Bool(False, help="whether somebody looks at PAE and pTM")
    viewed_design = _maybe(Design, help="finished design whose steps are on the timeline")
    follows = traitlets.Bool(True, help="whether the newest step of a run comes on view")
    question = _maybe(Question, help="a change made on a result, which waits for an answer")
    proposed = _maybe(Proposed, help="what an agent proposes, which waits for an answer")
    compared = _maybe(Frame, help="a second design, laid over")
    chosen = traitlets.Tuple(help="names of the designs ticked in the table")
    readings = traitlets.Dict(help="what the model said when it was asked what if, by kind")
    reading_now = traitlets.Dict(help="what it is being asked: kind, passes done and all")
    camera = traitlets.Tuple(help="where the structure is looked at from, once somebody turned it")
    notice = traitlets.Unicode("", help="what the last edit, setting or file did")
    error = traitlets.Unicode("")
    model = traitlets.Unicode("")
    designs = traitlets.Int(0, help="how many designs the session holds")
    remarks = traitlets.Dict(help="stars and notes of designs, by name")
    dark = traitlets.Bool(False)
    watched = traitlets.Bool(False, help="whether a browser has drawn the bench")

    def __init__(self, session: Session, settings: RunSettings) -> None:
        self.lock = SharedLock()
        self.session = session
        self.sent = self.drawn = 0
        self.last_result: tuple[Frame, Design | None] | None = None
        super().__init__(settings=settings, run=RunStatus(), remarks=session.remarks)
        self.camera = session.camera
        self.observe(self._note_result, ["frame", "job"])

    @property
    def prompt(self) -> Prompt:
        """The prompt as it is painted now."""
        return self.session.prompt

    @property
    def shown(self) -> Prompt:
        """What is on view: the prompt, or the result with all that was filled painted in."""
        return self.prompt if self.frame is None else self.frame.filled

    @property
    def keeping_up(self) -> bool:
        """Whether no browser is looking, or it has drawn all but the last pictures it was sent."""
        return not self.watched or self.drawn >= self.sent - IN_FLIGHT

    # -- the prompt ------------------------------------------------------------------------------

    def edit(self, prompt: Prompt, label: str) -> None:
        """Take a new prompt as one undo step and show it."""
        with self.lock.together():
            before = self.prompt
            self.session.edit(prompt, label)
            self._prompt_changed(label, before)

    @property
    def next_job(self) -> RunJob:
        """What Run does: goes on with what it was asked before, or starts as set now."""
        request, job = self.run_request(), self.job
        return job if job is not None and self.goes_on(request) else self.job_of(request.job)

    @property
    def job_at_hand(self) -> RunJob:
        """What the run of this prompt is asked: under way, done or to come."""
        job, done = self.job, self.run.phase == "done"
        return job if job is not None and done and job.prompt is self.prompt else self.next_job

    @property
    def job_on_timeline(self) -> RunJob:
        """What the run is asked whose steps are on the timeline."""
        frame, job = self.frame, self.job
        followed = frame is not None and job is not None and frame.prompt is job.prompt
        return job if job is not None and (self.run.active or followed) else self.job_at_hand

    def job_of(self, job: RunJob) -> RunJob:
        """What a run starts with: runs of this prompt that a record brought along go first."""
        cut_off = self.session.resumable
        fits = bool(cut_off) and all(run.prompt is job.prompt for run in cut_off)
        return RunJob.of_runs(cut_off) if fits else job

    def run_request(self, steps: int | None = None, *, anew: bool = False) -> Run:
        """To run the prompt as it is set now, or to go on with the run on view."""
        frame, job = self.frame, self.job
        of_run = frame is not None and job is not None and frame.prompt is job.prompt
        goes_on = of_run and self.viewed_design is None
        return Run(RunJob(self.prompt, self.settings), steps, anew, goes_on)

    def goes_on(self, request: Run) -> bool:
        """Whether this goes on with the run at hand rather than starts another.

        It does with the same prompt, or where a step of the run was on view; settings other than
        the run's count only ``anew`` or before its first step.
        """
        job, run = self.job, self.run
        if job is None or not run.open or not (request.goes_on or request.job.prompt is job.prompt):
            return False
        begun = run.taken > 0 or run.designs_done > 0
        return request.job.settings == job.settings or (begun and not request.anew)

    def remark(self, name: str, stars: int | None = None, note: str | None = None) -> Remark:
        """Give a design stars or a note, as one undo step; what is on view stays."""
        with self.lock.together():
            remark = self.session.remark(name, stars, note)
            self.update(remarks=self.session.remarks, error="")
            return remark

    def undo(self) -> None:
        """Go back one step of painting or remarks, if there is one."""
        with self.lock.together():
            if self.session.can_undo:
                self._moved(self.session.undo, "undone")

    def redo(self) -> None:
        """Take back the last undo, if there is one."""
        with self.lock.together():
            if self.session.can_redo:
                self._moved(self.session.redo, "redone")

    def _moved(self, move: Callable[[], Prompt], notice: str) -> None:
        before = self.prompt
        if move() is before:
            self.update(remarks=self.session.remarks, error="", notice=notice)
        else:
            self._prompt_changed(notice, before)

    def _prompt_changed(self, notice: str, before: Prompt) -> None:
        self.selection = tuple(i for i in self.selection if i < len(self.prompt))
        if self.prompt.template.name != before.template.name:
            self.look_from(())
        keeps = "  ·  the run under way keeps the prompt it started from"
        self.update(
            frame=None,
            viewed_design=None,
            follows=False,
            question=None,
            error="",
            notice=notice + (keeps if self.run.active else ""),
            revision=self.revision + 1,
            remarks=self.session.remarks,
        )

    def take(self, session: Session) -> None:
        """Look at this session instead of an untouched one, with the same model."""
        with self.lock.together():
            session.model = self.session.model
            self.session = session
            self.designs = len(session.designs)
            self.camera = session.camera
            self._prompt_changed("opened with its history", self.prompt)

    def answer_proposal(self, accept: bool) -> None:
        """Make what an agent proposes one undo step that it has signed, or let it be."""
        proposed = self.proposed
        if proposed is None:
            return
        self.update(proposed=None)
        try:
            if accept:
                self.edit(proposed.proposal.applied(self.prompt), proposed.proposal.label)
        except WorkbenchError as error:
            proposed.answered(f"could not be made: {error}")
            raise
        proposed.answered(ACCEPTED if accept else REJECTED)

    # -- what is on view -------------------------------------------------------------------------

    def select(self, where: Where | Iterable[int]) -> None:
        """Select residues: text in the file's numbering, positions, or nothing (an empty list)."""
        with self.lock:
            if isinstance(where, str) and not where.strip():
                where = []
            chosen: Where = where if isinstance(where, str | slice) else _array(where)
            self.selection = tuple(int(i) for i in self.prompt.positions(chosen))

    @property
    def axis(self) -> Protein:
        """The residues on view: the prompt's, or a result's, which may be others."""
        return self.shown.template

    @property
    def marked(self) -> tuple[int, ...]:
        """The selection, as positions of the residues on view."""
        return carried(self.selection, self.prompt.template, self.axis)

    def mark(self, positions: Iterable[int]) -> None:
        """Select residues on view; those that the prompt lacks are left out."""
        with self.lock:
            self.select(carried(positions, self.axis, self.prompt.template))

    @property
    def selection_text(self) -> str:
        """The selection in the file's chain names and numbers."""
        return format_selection(np.array(self.selection, np.int64), self.prompt.template)

    def hover(self, position: int) -> None:
        """Point at one residue, or at none (-1)."""
        with self.lock:
            self.hovered = position if 0 <= position < len(self.axis) else -1

    def look_from(self, camera: tuple[float, ...]) -> None:
        """Note where the structure is looked at from; a saved session begins there."""
        with self.lock:
            self.session.camera = self.camera = camera

    def show(self, frame: Frame | None, viewed_design: Design | None = None) -> None:
        """Put this step on view; None shows the prompt. A step may be a design's."""
        self.update(frame=frame, viewed_design=viewed_design)

    def _note_result(self, change: Any) -> None:
        if change["name"] == "job":
            self.last_result = None
        elif self.frame is not None:
            self.last_result = (self.frame, self.viewed_design)
        else:
            self.question = None

    @property
    def passing(self) -> bool:
        """Whether the next step of a run will take the place of what is on view."""
        return self.follows and self.run.phase in ("running", "pausing")

    @property
    def title(self) -> str:
        """What is on view, in words; empty for the prompt."""
        frame = self.frame
        if frame is None or not frame.total or self.viewed_design is not None:
            return "" if frame is None else frame.title
        run = self.session.trajectory
        seed = "" if run is None else f" · seed {run.seed}"
        return f"{frame.title} of {frame.total}{seed}"

    @property
    def index(self) -> int:
        """The step on view; 0 is the prompt, the last one is a design as it was kept."""
        frame, design = self.frame, self.viewed_design
        if frame is None:
            return 0
        of_design = design is not None and frame.title == design.name
        return len(design.steps) if design is not None and of_design else frame.index

    @property
    def timeline(self) -> tuple[int, int]:
        """Steps there are and steps planned, of the design on view or of the run."""
        if self.viewed_design is None:
            own = self.job_on_timeline is self.job
            return (self.run.taken, self.run.total) if own else (0, 0)
        return len(self.viewed_design.steps), len(self.viewed_design.steps)

    def update(self, **values: object) -> None:
        """Set several traits at once; observers hear of it when all are set."""
        with self.lock.together(), self.hold_trait_notifications():
            for name, value in values.items():
                setattr(self, name, value)

    @property
    def still_chosen(self) -> tuple[str, ...]:
        """Names of the designs ticked, in the table's order."""
        return tuple(design.name for design in self.session.designs if design.name in self.chosen)

    def count_designs(self, notice: str) -> None:
        """Take note of designs that came or went."""
        self.update(designs=len(self.session.designs), chosen=self.still_chosen, notice=notice)

    def observe_run(self, handler: Callable[[object], object], *names: str) -> None:
        """Have this called when one of these fields of ``run`` changes."""

        def changed(change: Any) -> None:
            if any(getattr(change["old"], name) != getattr(change["new"], name) for name in names):
                handler(change)

        self.observe(changed, "run")

    def report(self, error: Exception) -> None:
        """Show an error in the bench; nothing else changes."""
        with self.lock:
            self.error = error_text(error)


def error_text(error: BaseException) -> str:
    """What a person should read: the message, with its kind unless the package raised it."""
    message = str(error) or type(error).__name__
    return message if isinstance(error, WorkbenchError) else f"{type(error).__name__}: {message}"


def _array(where: int | Iterable[int]) -> np.ndarray:
    return np.atleast_1d(np.asarray(where if isinstance(where, int) else list(where), np.int64))
