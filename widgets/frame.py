"""Frame: a run after one of its steps, ready for any view to draw."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.tracks import TRACKS, Track

if TYPE_CHECKING:
    from workbench.sampling.trajectory import Trajectory
    from workbench.session import Design

FREE_CHOICE = {
    Track.SEQUENCE: math.log(20),
    **{track: math.log(len(TRACKS[track].values)) for track in Track if track != Track.SEQUENCE},
}
"""Entropy in nats where every value of a track is equally likely."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A step of a run (1 is the first) or a design kept earlier (index 0).

    ``prompt`` is what was asked, ``filled`` the same with everything sampled so far painted in;
    ``fresh`` are the residues that this very step filled on ``track``. Entropy is in nats, of the
    choice that a residue still has or had when it was filled, NaN where the model was not asked.
    ``structure_probability`` (0–1) is how likely the structure drawn at a residue is, NaN where it
    is not known; ``notes`` say what the step had to leave undone, how its gates were met and why
    the run ended here, if it did.
    """

    title: str
    index: int
    total: int
    prompt: Prompt
    filled: Prompt
    protein: Protein | None
    track: Track | None
    fresh: Int[np.ndarray, " chosen"]
    entropy: Float[np.ndarray, " length"]
    structure_probability: Float[np.ndarray, " length"]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        trajectory: "Trajectory",
        index: int,
        *,
        needs_pae: bool = False,
        draft: bool = False,
        title: str = "",
    ) -> "Frame":
        """The frame after ``index`` steps of this trajectory; ``needs_pae`` adds PAE and pTM, a
        ``draft`` of the structure takes less time.
        """
        protein = trajectory.protein(index, pairs=needs_pae, draft=draft) if index else None
        return cls._with(trajectory, index, trajectory.prompt_at(index), protein, title)

    @classmethod
    def in_passing(cls, trajectory: "Trajectory", index: int, folded: Protein | None) -> "Frame":
        """The frame after ``index`` steps with the structure of an earlier one, so that it takes
        next to no time.
        """
        filled = trajectory.prompt_at(index)
        if folded is not None:
            folded = folded.with_(sequence="".join(filled.sequence))
        return cls._with(trajectory, index, filled, folded)

    @classmethod
    def _with(
        cls,
        trajectory: "Trajectory",
        index: int,
        filled: Prompt,
        protein: Protein | None,
        title: str = "",
    ) -> "Frame":
        from workbench.sampling.filled import placed_tokens

        step = trajectory.steps[index - 1] if index else None
        length = len(trajectory.prompt)
        return cls(
            title=title or f"step {index}",
            index=index,
            total=trajectory.total,
            prompt=trajectory.prompt,
            filled=filled if protein is None else placed_tokens(filled, protein),
            protein=protein,
            track=step.track if step else None,
            fresh=np.asarray(step.positions) if step else np.zeros(0, np.int64),
            entropy=_entropy(trajectory, index, length),
            structure_probability=_structure_probability(trajectory, index, length),
            notes=_notes(trajectory, index),
        )

    @property
    def entropy_top(self) -> float:
        """Entropy of a choice among all values of the track just sampled, in nats."""
        return FREE_CHOICE[self.track or Track.SEQUENCE]

    @classmethod
    def of_design(cls, design: "Design") -> "Frame":
        """A design as if it were the last step of its run, without asking the model."""
        prompt, protein, steps = design.prompt, design.protein, len(design.steps)
        return cls(
            title=design.name,
            index=0,
            total=0,
            prompt=prompt,
            filled=design.as_prompt(),
            protein=protein,
            track=design.steps[-1].track if steps else None,
            fresh=np.zeros(0, np.int64),
            entropy=_entropy(design, steps, len(prompt)),
            structure_probability=_structure_probability(design, steps, len(prompt)),
            notes=design.steps[-1].notes if steps else (),
        )


def _structure_probability(
    trajectory: "Trajectory | Design", index: int, length: int
) -> Float[np.ndarray, " length"]:
    known = trajectory.steps[index - 1].predicted_probability if index else None
    return np.full(length, np.nan) if known is None else np.asarray(known, float)


def _notes(trajectory: "Trajectory", index: int) -> tuple[str, ...]:
    if not index:
        return trajectory.notes
    step, last = trajectory.steps[index - 1], index == len(trajectory.steps)
    stopped = trajectory.stopped if last else ""
    judged = [] if stopped and len(step.outcomes) == 1 else [str(one) for one in step.outcomes]
    return (*step.notes, *judged, *([stopped] if stopped else []))


def _entropy(
    trajectory: "Trajectory | Design", index: int, length: int
) -> Float[np.ndarray, " length"]:
    spread = np.full(length, np.nan)
    stage = trajectory.steps[index - 1].stage if index else -1
    for step in trajectory.steps[:index]:
        if step.stage == stage:
            known = np.isfinite(step.entropy)
            spread[known] = step.entropy[known]
    return spread
