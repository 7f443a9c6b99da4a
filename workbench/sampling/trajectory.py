"""Trajectory: one design as it is sampled, step by step, with every state kept.

It holds a plan and the steps made so far. Nothing here starts a thread: whoever calls ``advance``
does the work.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from jaxtyping import Int

from ..errors import SamplingError, WorkbenchError
from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..tokenizers.codec import decode
from ..tokenizers.residue_tokens import ResidueTokens
from ..tokenizers.unread import unread
from ..tracks import Track
from .filled import filled_prompt
from .forward import predicted_structure, residue_logits
from .goals import Score
from .judging import missed, stopped
from .motifs import motif_notes
from .next_step import Upcoming, next_number, steps_after, upcoming, wanted_tracks
from .passes import Cost, cost_of, remaining
from .recipe import Recipe
from .run_plan import RunPlan
from .step import Outcome, SamplingStep, Steps


class Trajectory:
    """The run of one recipe on one prompt with one seed."""

    def __init__(
        self,
        model: Model,
        prompt: Prompt,
        recipe: Recipe,
        seed: int = 0,
        predict_structure: bool = False,
        scores: Mapping[str, Score] | None = None,
        steps: Sequence[SamplingStep] = (),
    ) -> None:
        """Plan the run; nothing is sampled yet. ``predict_structure`` has every step predict the
        whole structure. ``scores`` are metrics of your own, by the names that the recipe uses.
        ``steps`` are those already made of this very run, to go on from.
        """
        self.plan = RunPlan.of(model, prompt, recipe, seed, predict_structure, scores)
        if len(steps) > self.total:
            raise SamplingError(
                f"this run has {len(steps)} steps, but its recipe plans {self.total}"
            )
        self.notes = unread(prompt, model) + motif_notes(self.plan)
        self._steps: Steps = tuple(steps)
        self._decoded: tuple[SamplingStep | None, Protein | None] = (None, None)

    @property
    def model(self) -> Model:
        """The model that samples."""
        return self.plan.model

    @property
    def prompt(self) -> Prompt:
        """The prompt that the run fills."""
        return self.plan.prompt

    @property
    def recipe(self) -> Recipe:
        """The stages of the run."""
        return self.plan.recipe

    @property
    def seed(self) -> int:
        """The number that all its random numbers follow from."""
        return self.plan.seed

    @property
    def steps(self) -> Steps:
        """The steps made so far, oldest first."""
        return self._steps

    @property
    def total(self) -> int:
        """Passes planned in all."""
        return len(self.plan.passes)

    @property
    def left(self) -> int:
        """Passes still to be made, if every gate from here on is passed at once."""
        return 0 if self.done else self.total - next_number(self.plan, self.steps)

    @property
    def done(self) -> bool:
        """Whether every planned pass was made, or a gate stopped the run."""
        ended = len(self.steps) >= self.total and not missed(self.plan, self.steps)
        return ended or bool(self.stopped)

    @property
    def cost(self) -> Cost:
        """What the whole run costs; known before it starts."""
        return cost_of(self.plan.passes, self.recipe, self.prompt)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How every gate was met so far, all attempts included."""
        return self.steps[-1].outcomes if self.steps else ()

    @property
    def stopped(self) -> str:
        """Why a gate stopped the run; empty where none did."""
        return stopped(self.plan, self.steps)

    def __iter__(self) -> Iterator[SamplingStep]:
        """Make and yield the remaining steps."""
        while not self.done:
            yield self.advance()

    def advance(self) -> SamplingStep:
        """Make one model pass and fill what the plan says."""
        return advance_together([self])[0]

    def rewind(self, index: int) -> None:
        """Keep the first ``index`` steps; 0 goes back to the prompt."""
        self._steps = self._first(index, "cannot rewind to step {index}")

    def tokens(self, index: int | None = None) -> ResidueTokens:
        """Tokens after ``index`` steps; None means after the last."""
        steps = self._first(index)
        return steps[-1].tokens if steps else self.plan.start

    def prompt_at(self, index: int | None = None) -> Prompt:
        """The prompt with everything sampled after ``index`` steps written in: where a branch
        starts.
        """
        return filled_prompt(self.prompt, self.plan.start, self._first(index))

    def branch(
        self, index: int, prompt: Prompt | None = None, seed: int | None = None
    ) -> "Trajectory":
        """A new run from ``index`` on, of the steps not made yet, from a prompt that may be
        repainted.
        """
        prompt = self.prompt_at(index) if prompt is None else prompt
        stages = remaining(self.recipe, self.plan.passes[index:])
        if not stages:
            raise SamplingError(f"no steps are left after step {index}; branch from an earlier one")
        plan, seed = self.plan, self.seed if seed is None else seed
        recipe = Recipe(stages)
        return Trajectory(self.model, prompt, recipe, seed, plan.predict_structure, plan.scores)

    def protein(
        self, index: int | None = None, *, pairs: bool = True, draft: bool = False
    ) -> Protein:
        """The protein after ``index`` steps, decoded with confidence; masked letters stay ``_``.

        With ``predict_structure``, masked structure is drawn as the model would most likely fill
        it, without side chains until sequence and structure are whole. A ``draft`` is there sooner.
        """
        steps = self._first(index)
        step = steps[-1] if steps else None
        latest, protein = self._decoded
        if protein is not None and latest is step and not (pairs and _lacks_pairs(protein)):
            return protein
        tokens = self.tokens(index)
        structure = self._structure_of_prompt() if step is None else step.predicted_structure
        if not any(tokens.masked(track).any() for track in (Track.STRUCTURE, Track.SEQUENCE)):
            structure = None
        options = {"pairs": pairs, "draft": draft}
        protein = decode(tokens, self.prompt, self.model, structure, **options)
        if not draft:
            self._decoded = step, protein
        return protein

    def _take(self, steps: Steps) -> SamplingStep:
        """Hold these steps, which ``steps_after`` made of those held before."""
        self._steps = steps
        return steps[-1]

    def _first(self, index: int | None, otherwise: str = "there is no step {index}") -> Steps:
        index = len(self.steps) if index is None else index
        if not 0 <= index <= len(self.steps):
            raise SamplingError(
                f"{otherwise.format(index=index)}; {len(self.steps)} steps were made"
            )
        return self.steps[:index]

    def _structure_of_prompt(self) -> Int[np.ndarray, " length"] | None:
        """The structure tokens of the prompt with masked ones predicted, where that is wanted."""
        plan = self.plan
        if not plan.predict_structure or not plan.start.masked(Track.STRUCTURE).any():
            return None
        with torch.inference_mode():
            (logits,) = residue_logits(plan.model, [plan.start], [plan.layout], [Track.STRUCTURE])
            return predicted_structure(plan, plan.start, logits[Track.STRUCTURE])[0]


def _lacks_pairs(protein: Protein) -> bool:
    return protein.confidence is not None and protein.confidence.pae is None


def advance_together(trajectories: Sequence[Trajectory]) -> list[SamplingStep]:
    """One step of several runs of one model, in passes that they share.

    Lengths, recipes and progress may differ; each run makes the same tokens as it would alone. A
    run that fails stays where it was; all others have made their step when RunsFailed is raised.
    """
    for trajectory in trajectories:
        if trajectory.done:
            ended = trajectory.stopped or f"all {trajectory.total} steps are made"
            raise SamplingError(f"{ended}; rewind or start another run")
        if trajectory.model is not trajectories[0].model:
            raise SamplingError("only runs of the same model can share a pass")
    coming: dict[Trajectory, Upcoming] = {}
    failures: dict[Trajectory, WorkbenchError] = {}
    for trajectory in trajectories:
        with _caught(failures, trajectory):
            coming[trajectory] = upcoming(trajectory.plan, trajectory.steps)
    needed = {
        track for run, next_step in coming.items() for track in wanted_tracks(run.plan, next_step)
    }
    rows = [row for next_step in coming.values() for row in next_step.rows]
    layouts = [run.plan.layout for run, next_step in coming.items() for _ in next_step.rows]
    steps = []
    with torch.inference_mode():
        shared = residue_logits(trajectories[0].model, rows, layouts, needed) if rows else []
        logits = iter(shared)
        for run, next_step in coming.items():
            own = [next(logits) for _ in next_step.rows]
            with _caught(failures, run):
                steps.append(run._take(steps_after(run.plan, run.steps, next_step, own)))
    if failures:
        raise RunsFailed(failures, steps) from next(iter(failures.values()))
    return steps


@contextmanager
def _caught(failures: dict[Trajectory, WorkbenchError], trajectory: Trajectory) -> Iterator[None]:
    try:
        yield
    except WorkbenchError as error:
        failures[trajectory] = error


class RunsFailed(SamplingError):
    """Runs that failed at a pass: the error of each, and the ``steps`` made by those that share
    the pass.
    """

    def __init__(
        self, failures: dict[Trajectory, WorkbenchError], steps: list[SamplingStep]
    ) -> None:
        self.failures, self.steps = failures, steps
        super().__init__(describe_failures(failures))


def describe_failures(failures: dict[Trajectory, WorkbenchError]) -> str:
    """Which runs failed and why, for the person."""
    return "; ".join(f"the run of seed {run.seed} failed: {why}" for run, why in failures.items())
