"""Residue annotations as rows of up to 16 label ids, and back.

Residues are 0-based, half-open; a label may sit on a single residue. An id is 0 where a place of
the row is empty, so a row of zeros is masked, and 3 in the first place says that there is none.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int

from ..errors import PromptError
from ..protein import FunctionAnnotation
from ..runs import ranges
from ..tracks import MAX_RESIDUE_LABELS, RESIDUE_NONE, TRACKS, Track
from ..vocabulary import ResidueVocabulary

LABEL_THRESHOLD = 0.5


def encode_annotations(
    annotations: Sequence[FunctionAnnotation],
    none: Bool[np.ndarray, " length"],
    vocabulary: ResidueVocabulary,
) -> Int[np.ndarray, "length 16"]:
    """Rows of label ids, rising; labels win over ``none`` where both are said.

    Raises PromptError for unknown labels, for more than 16 on one residue, and for any annotation
    where the vocabulary lacks its table.
    """
    ids = np.full((len(none), MAX_RESIDUE_LABELS), TRACKS[Track.RESIDUE].mask)
    ids[none, 0] = RESIDUE_NONE
    if not annotations:
        return ids
    if not vocabulary.available:
        raise PromptError(f"{annotations[0].label!r} cannot be asked for: {vocabulary.note}")
    on_residue: list[set[int]] = [set() for _ in none]
    for annotation in annotations:
        if annotation.stop > len(none):
            raise PromptError(
                f"annotation {annotation.label!r} ends at {annotation.stop}, "
                f"beyond this protein of {len(none)} residues"
            )
        token = vocabulary.id_of(annotation.label)
        if token is None:
            near = ", ".join(repr(hit.label) for hit in vocabulary.search(annotation.label, 3))
            hint = f"near it are {near}" if near else "search the vocabulary for one"
            raise PromptError(
                f"{annotation.label!r} is no residue annotation of this model; {hint}"
            )
        for place in range(annotation.start, annotation.stop):
            on_residue[place].add(token)
    for place, tokens in enumerate(on_residue):
        if len(tokens) > MAX_RESIDUE_LABELS:
            raise PromptError(
                f"residue {place} carries {len(tokens)} residue annotations; "
                f"the model reads at most {MAX_RESIDUE_LABELS}: take some away"
            )
        if tokens:
            ids[place, : len(tokens)] = sorted(tokens)
    return ids


def decode_annotations(
    ids: Int[np.ndarray, "length 16"], vocabulary: ResidueVocabulary
) -> tuple[FunctionAnnotation, ...]:
    """The labels in rows of ids, neighbouring residues joined; single residues are kept."""
    annotations: list[FunctionAnnotation] = []
    for token in np.unique(ids).tolist():
        label = vocabulary.label_of(token)
        if label is None:
            continue
        at = np.flatnonzero((ids == token).any(-1))
        annotations += [FunctionAnnotation(label, *run) for run in ranges(at)]
    return tuple(
        sorted(
            annotations,
            key=lambda annotation: (annotation.start, -annotation.stop, annotation.label),
        )
    )


def choose_annotations(
    chance: Float[np.ndarray, "positions ids"],
) -> Int[np.ndarray, "positions 16"]:
    """The up to 16 likeliest labels of at least 0.5, likeliest first; none where there is none."""
    labels = np.where(np.arange(chance.shape[1]) > RESIDUE_NONE, chance, 0.0)
    order = np.argsort(-labels, axis=1, kind="stable")[:, :MAX_RESIDUE_LABELS]
    chosen = np.take_along_axis(labels, order, axis=1) >= LABEL_THRESHOLD
    ids = np.zeros((len(chance), MAX_RESIDUE_LABELS), np.int64)
    ids[:, : order.shape[1]] = np.where(chosen, order, 0)
    ids[~chosen.any(1), 0] = RESIDUE_NONE
    return ids
