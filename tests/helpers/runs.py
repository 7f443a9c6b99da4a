"""Runs of a recipe on a prompt, and how two of them compare."""

import numpy as np
from ideal_chains import strand
from toys import SEQUENCE

from workbench.constants import AMINO_ACIDS
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory
from workbench.tracks import Track


def planned(model, prompt, recipe, seed=1, **options) -> Trajectory:
    return Trajectory(model, prompt, Recipe.parse(recipe), seed, **options)


def run(model, prompt, recipe, seed=1, **options) -> Trajectory:
    trajectory = planned(model, prompt, recipe, seed, **options)
    list(trajectory)
    return trajectory


def same(one, other) -> bool:
    return all(np.array_equal(getattr(one, t.value), getattr(other, t.value)) for t in Track)


def rank(protein: Protein) -> float:
    """A score that hardly two sequences share."""
    return float(sum(AMINO_ACIDS.find(letter) for letter in protein.sequence))


RANK = {"rank": rank}


def prompt_with_helix() -> Prompt:
    protein = Protein(SEQUENCE, strand(22), ss8="H" * 22)
    return Prompt.from_protein(protein, ["structure", "ss8"]).mask("5-20", "structure")
