"""Prompts taken apart, to compare them."""

import dataclasses

import numpy as np

from workbench.prompt import Prompt
from workbench.tracks import Track

FIELDS = [entry.name for entry in dataclasses.fields(Prompt) if entry.name != "template"]
ANNOTATED = (Track.FUNCTION, Track.RESIDUE)


def values(prompt: Prompt) -> dict[str, object]:
    """Everything the prompt holds, in a form that ``==`` compares, NaN equal to NaN."""
    held = {name: getattr(prompt, name) for name in FIELDS}
    return {
        name: np.nan_to_num(value, nan=-1).tolist()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        else value.tolist()
        if isinstance(value, np.ndarray)
        else value
        for name, value in held.items()
    }


def states(prompt: Prompt) -> dict[Track, list[int]]:
    return {track: prompt.state(track).tolist() for track in Track}


def labels_per_residue(annotations, length: int) -> list[set[str]]:
    return [{a.label for a in annotations if a.start <= i < a.stop} for i in range(length)]
