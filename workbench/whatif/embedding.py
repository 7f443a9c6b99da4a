"""Embedding: the vectors that the model's layers compute for a protein."""

from collections.abc import Sequence
from typing import overload

import numpy as np
import torch
from jaxtyping import Float

from ..errors import PromptError
from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..tokenizers.codec import encode, to_rows
from ..tokenizers.layout import Layout
from ..tracks import Track
from .asking import Progress, Stopped
from .batches import rows_at_once

Embeddable = Protein | Prompt


@overload
def embed(
    model: Model,
    what: Embeddable,
    layer: int = -1,
    *,
    pooled: bool = False,
    progress: Progress | None = None,
) -> Float[np.ndarray, "*length width"]: ...


@overload
def embed(
    model: Model,
    what: Sequence[Embeddable],
    layer: int = -1,
    *,
    pooled: bool = False,
    progress: Progress | None = None,
) -> list[np.ndarray]: ...


def embed(
    model: Model,
    what: Embeddable | Sequence[Embeddable],
    layer: int = -1,
    *,
    pooled: bool = False,
    progress: Progress | None = None,
) -> np.ndarray | list[np.ndarray]:
    """Embeddings (length, width) of a protein or prompt, or a list of them for several.

    Of a protein its sequence is read, and its coordinates where it has any. ``layer`` counts the
    model's blocks from 0, or from the end with -1 the last one, as it leaves the block and before
    the final norm. ``pooled`` gives the mean over residues, (width,). ``progress`` hears how many
    proteins are done. For scikit-learn: ``np.stack(embed(model, proteins, pooled=True))``.
    """
    is_single = isinstance(what, Protein | Prompt)
    prompts = [_as_prompt(each) for each in ([what] if is_single else what)]
    layers = model.config.trunk.layers
    if not -layers <= layer < layers:
        raise PromptError(
            f"{model.name} has no layer {layer}; give 0 to {layers - 1}, or -1 for the last"
        )
    vectors: list[np.ndarray] = [np.empty(0)] * len(prompts)
    layouts = [Layout.of(prompt.template) for prompt in prompts]
    done = 0
    for some in _together(model, [layout.length for layout in layouts]):
        tokens = [encode(prompts[i], model) for i in some]
        rows = to_rows(tokens, [layouts[i] for i in some], model.device)
        with torch.inference_mode():
            streams = model.trunk.embed(rows, layer).float().cpu().numpy()
        for stream, i in zip(streams, some, strict=True):
            own = stream[layouts[i].rows]
            vectors[i] = own.mean(0) if pooled else own
        done += len(some)
        if progress is not None and progress(done, len(prompts)) is False:
            raise Stopped(f"stopped after {done} of {len(prompts)} proteins")
    return vectors[0] if is_single else vectors


def _as_prompt(what: Embeddable) -> Prompt:
    if isinstance(what, Prompt):
        return what
    return Prompt.from_protein(what, [Track.SEQUENCE, Track.STRUCTURE])


def _together(model: Model, lengths: Sequence[int]) -> list[list[int]]:
    """Which proteins share a pass: those of like length, as many as memory allows."""
    groups: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        last = groups[-1] if groups else []
        if last and len(last) < rows_at_once(model, lengths[last[0]]):
            last.append(i)
        else:
            groups.append([i])
    return groups
