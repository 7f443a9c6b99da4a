"""The reference's public inference calls, on a network of any size and the tokens of a prompt."""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import torch
from reference import import_reference

from workbench.model.model import Model
from workbench.prompt import Prompt
from workbench.tokenizers.codec import encode, to_rows
from workbench.tokenizers.layout import Layout
from workbench.tracks import TRACKS, Track

FIELDS = {
    Track.SEQUENCE: "sequence",
    Track.STRUCTURE: "structure",
    Track.SS8: "secondary_structure",
    Track.SASA: "sasa",
    Track.FUNCTION: "function",
    Track.RESIDUE: "residue_annotations",
}
AMINO_ACIDS = range(4, 24)


def protein_tensor(prompt: Prompt, model: Model) -> object:
    """The prompt as the reference holds one: our token ids, and all 37 atoms as they are."""
    tokens, layout = encode(prompt, model), Layout.of(prompt.template)
    rows = to_rows([tokens], [layout])
    coordinates = np.full((layout.length, 37, 3), np.inf, np.float32)
    coordinates[layout.rows] = prompt.coordinates
    own = {name: getattr(rows, track.value)[0] for track, name in FIELDS.items()}
    placed = (
        {"coordinates": torch.from_numpy(coordinates)} if np.isfinite(coordinates).any() else {}
    )
    return import_reference().ESMProteinTensor(**own, **placed)


def public_logits(
    oracle: torch.nn.Module, prompt: Prompt, model: Model
) -> dict[Track, torch.Tensor]:
    """What ``logits()`` says of a prompt, as (length, …)."""
    names = FIELDS.values()
    config = import_reference().LogitsConfig(**dict.fromkeys(names, True))
    out = oracle.logits(protein_tensor(prompt, model), config)
    logits = {track: getattr(out.logits, name, None) for track, name in FIELDS.items()}
    logits[Track.RESIDUE] = out.residue_annotation_logits
    return {track: values[0] for track, values in logits.items()}


def generated(
    oracle: torch.nn.Module,
    prompt: Prompt,
    model: Model,
    stages: Sequence[tuple[Track, int]],
    **options,
) -> dict[Track, np.ndarray]:
    """The tokens of each track after the reference filled them in turn, BOS and EOS included."""
    reference = import_reference()
    tensor = protein_tensor(prompt, model)
    for track, steps in stages:
        config = reference.GenerationConfig(
            track=FIELDS[track],
            num_steps=steps,
            condition_on_coordinates_only=False,
            **options,
        )
        (tensor,) = reference.iterative_sampling_tokens(oracle, [tensor], [config], tokenizers())
    return {track: getattr(tensor, name).numpy() for track, name in FIELDS.items()}


def tokenizers() -> SimpleNamespace:
    """What its sampling asks of its tokenizers, from our table of tracks."""
    return SimpleNamespace(**{name: _tokenizer(track) for track, name in FIELDS.items()})


def _tokenizer(track: Track) -> SimpleNamespace:
    spec = TRACKS[track]
    values = AMINO_ACIDS if track is Track.SEQUENCE else spec.values
    return SimpleNamespace(
        mask_token_id=spec.mask,
        pad_token_id=spec.pad,
        all_token_ids=list(values),
        special_token_ids=[],
        depth=spec.width,
    )
