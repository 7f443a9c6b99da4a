"""Frame: what a run looks like after one of its steps, ready for any view to draw."""

import math
from dataclasses import dataclass, replace
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

    @classmethod
    def of(cls, trajectory: "Trajectory", index: int) -> "Frame":
        """The frame after ``index`` steps of this trajectory."""
        step = trajectory.steps[index - 1] if index else None
        length = len(trajectory.prompt)
        return cls(
            title=f"step {index}",
            index=index,
            total=trajectory.total,
            prompt=trajectory.prompt,
            filled=trajectory.prompt_at(index),
            protein=trajectory.protein(index, pairs=False) if index else None,
            track=step.track if step else None,
            fresh=np.asarray(step.positions) if step else np.zeros(0, np.int64),
            entropy=_entropy(trajectory, index, length),
        )

    @property
    def entropy_top(self) -> float:
        """Entropy of a choice among all values of the track just sampled, in nats."""
        return FREE_CHOICE.get(self.track, FREE_CHOICE[Track.SEQUENCE])

    @classmethod
    def of_design(cls, design: "Design") -> "Frame":
        """A design as if it were the last step of its run."""
        prompt, protein = design.prompt, design.protein
        asked = prompt.masked(Track.SEQUENCE)
        letters = np.where(asked, np.array(list(protein.sequence)), prompt.sequence)
        return cls(
            title=design.name,
            index=0,
            total=0,
            prompt=prompt,
            filled=replace(prompt, sequence=letters, coordinates=protein.coordinates),
            protein=protein,
            track=None,
            fresh=np.zeros(0, np.int64),
            entropy=np.full(len(prompt), np.nan),
        )


def _entropy(trajectory: "Trajectory", index: int, length: int) -> Float[np.ndarray, " length"]:
    spread = np.full(length, np.nan)
    stage = trajectory.steps[index - 1].stage if index else -1
    for step in trajectory.steps[:index]:
        if step.stage == stage:
            asked = np.isfinite(step.entropy)
            spread[asked] = step.entropy[asked]
    return spread
