"""Annotation reading: the functions and sites that a model reads off finished proteins.

A design carries the annotations its prompt gave, whatever it became. So to judge it, the model
reads its sequence and structure afresh, with every other track masked, and takes the likeliest.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..tokenizers.codec import sampled_annotations
from ..tokenizers.layout import Layout
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .forward import residue_logits
from .rows import ROW_TRACKS, draw_rows, draws_of

HIDDEN = (Track.SS8, Track.SASA, *ROW_TRACKS)


def readable(prompt: Prompt, model: Model) -> Prompt:
    """The prompt without the annotations that this model cannot read off a protein, so that none is
    said to be missing in a design.
    """
    words = model.function_vocabulary.available and model.function_decoder is not None
    sites = model.residue_vocabulary.available
    return replace(prompt, function=prompt.function * words, residue=prompt.residue * sites)


def annotated_afresh(
    proteins: Sequence[Protein], tokens: Sequence[ResidueTokens], model: Model
) -> list[Protein]:
    """These proteins with the functions and sites that the model reads off them, and no others.

    ``tokens`` are those that the proteins were decoded from. One pass of the model for proteins of
    one length. A track whose vocabulary the model lacks stays empty.
    """
    vocabularies = {
        Track.FUNCTION: model.function_vocabulary,
        Track.RESIDUE: model.residue_vocabulary,
    }
    readable = {track for track, vocabulary in vocabularies.items() if vocabulary.available}
    bare = [_without_annotations(token) for token in tokens]
    if readable:
        layouts = [Layout.of(protein) for protein in proteins]
        with torch.inference_mode():
            logits = residue_logits(model, bare, layouts, readable)
        bare = [_read(tokens, own, model) for tokens, own in zip(bare, logits, strict=True)]
    annotated = []
    for protein, annotations in zip(proteins, bare, strict=True):
        words, sites, _ = sampled_annotations(annotations, Prompt.blank(protein), model)
        annotated.append(protein.with_(function=words, residue_annotations=sites))
    return annotated


def _without_annotations(tokens: ResidueTokens) -> ResidueTokens:
    masks = {
        track.value: np.full_like(getattr(tokens, track.value), TRACKS[track].mask)
        for track in HIDDEN
    }
    return replace(tokens, **masks)


def _read(tokens: ResidueTokens, logits: dict[Track, torch.Tensor], model: Model) -> ResidueTokens:
    everywhere = np.arange(len(tokens.sequence))
    for track, values in logits.items():
        draws = draws_of(track, model.config.trunk.residue_labels)
        unused = np.zeros((len(everywhere), draws))
        rows, _ = draw_rows(values, track, unused, temperature=0.0, top_p=1.0)
        tokens = tokens.filled(track, everywhere, rows)
    return tokens
