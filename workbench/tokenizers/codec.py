"""Codec: prompts to token rows for a model, and sampled tokens back to proteins.

``ResidueTokens`` live on the residue axis (length L, numpy); ``TrackTokens`` are the model's
padded rows.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ..constants import MAX_RESIDUES
from ..errors import PromptError
from ..geometry import full_backbone, superpose
from ..model.embedding import TrackTokens
from ..model.model import Model
from ..prompt import Prompt
from ..protein import Confidence, Protein
from ..tracks import TRACKS, Track
from .annotations import encode_annotations
from .function import encode_function
from .layout import Layout
from .residue import decode_letters, decode_sasa, encode_letters, encode_sasa


@dataclass(frozen=True, slots=True, eq=False)
class ResidueTokens:
    """Token ids of one protein on its residue axis, and the backbone that is given as frames."""

    sequence: Int[np.ndarray, " length"]
    structure: Int[np.ndarray, " length"]
    ss8: Int[np.ndarray, " length"]
    sasa: Int[np.ndarray, " length"]
    function: Int[np.ndarray, "length 8"]
    residue: Int[np.ndarray, "length 16"]
    backbone: Float[np.ndarray, "length 3 3"]

    def masked(self, track: Track) -> Bool[np.ndarray, " length"]:
        """Where the model has still to decide."""
        ids = getattr(self, track.value) == TRACKS[track].mask
        return ids.all(-1) if ids.ndim > 1 else ids

    def filled(
        self, track: Track, positions: Int[np.ndarray, " chosen"], ids: Int[np.ndarray, " chosen"]
    ) -> "ResidueTokens":
        """These tokens with some positions of one track decided."""
        values = getattr(self, track.value).copy()
        values[positions] = ids
        return replace(self, **{track.value: values})


def encode(prompt: Prompt, model: Model) -> ResidueTokens:
    """Tokens of everything the prompt gives; coordinates become frames and structure tokens."""
    breaks = len(prompt.template.chain_ranges) - 1
    if len(prompt) + breaks > MAX_RESIDUES:
        between = f" and {breaks} chain breaks" if breaks else ""
        raise PromptError(
            f"this prompt has {len(prompt)} residues{between}; ESM3 takes at most {MAX_RESIDUES}: "
            "choose one chain or cut the protein"
        )
    backbone = np.where(prompt.has_backbone[:, None, None], prompt.coordinates[:, :3], np.nan)
    words, sites = model.function_vocabulary, model.residue_vocabulary
    asked_words = prompt.function if words.available else ()
    asked_sites = prompt.residue if sites.available else ()
    return ResidueTokens(
        sequence=encode_letters(prompt.sequence, Track.SEQUENCE),
        structure=_structure_ids(prompt, backbone, model),
        ss8=encode_letters(prompt.ss8, Track.SS8),
        sasa=encode_sasa(prompt.sasa),
        function=encode_function(asked_words, prompt.function_none, words),
        residue=encode_annotations(asked_sites, prompt.residue_none, sites),
        backbone=backbone.astype(np.float32),
    )


def unread(prompt: Prompt, model: Model) -> tuple[str, ...]:
    """What the prompt asks for that this model cannot read, in words for the person."""
    asked = (
        ("function", prompt.function, model.function_vocabulary),
        ("residue", prompt.residue, model.residue_vocabulary),
    )
    return tuple(
        f"{len(annotations)} {name} annotations stay in the prompt without effect: {tables.note}"
        for name, annotations, tables in asked
        if annotations and not tables.available
    )


def _structure_ids(prompt: Prompt, backbone: np.ndarray, model: Model) -> np.ndarray:
    ids = np.where(prompt.structure_tokens >= 0, prompt.structure_tokens, -1)
    asked = (ids < 0) & prompt.has_backbone
    if asked.any():
        layout = Layout.of(prompt.template)
        row = np.full((layout.length - 2, 3, 3), np.nan, np.float32)
        row[layout.rows - 1] = backbone
        encoder = model.structure_encoder
        weight = encoder.pre_vq_proj.weight
        with torch.inference_mode():
            codes = encoder(torch.from_numpy(row)[None].to(weight.device))[0].cpu().numpy()
        ids = np.where(asked, codes[layout.rows - 1], ids)
    return np.where(ids >= 0, ids, TRACKS[Track.STRUCTURE].mask)


def to_rows(
    tokens: list[ResidueTokens], layouts: list[Layout], device: torch.device | str = "cpu"
) -> TrackTokens:
    """Padded rows of several proteins, with BOS, EOS and chain breaks on every track."""
    longest = max(layout.length for layout in layouts)
    rows = TrackTokens.masked(len(tokens), longest)
    for track in Track:
        _place(getattr(rows, track.value), track, tokens, layouts)
    for i, (one, layout) in enumerate(zip(tokens, layouts, strict=True)):
        rows.backbone[i, layout.rows] = torch.from_numpy(one.backbone)
        rows.chain[i, : layout.length] = torch.from_numpy(layout.chain)
        rows.valid[i, layout.length :] = False
    fields = {name: getattr(rows, name).to(device) for name in TrackTokens.__dataclass_fields__}
    return TrackTokens(**fields)


def _place(row: Tensor, track: Track, tokens: list[ResidueTokens], layouts: list[Layout]) -> None:
    spec = TRACKS[track]
    for i, (one, layout) in enumerate(zip(tokens, layouts, strict=True)):
        row[i, layout.rows] = torch.from_numpy(getattr(one, track.value))
        row[i, 0], row[i, layout.length - 1] = spec.bos, spec.eos
        row[i, layout.breaks] = spec.chain_break
        row[i, layout.length :] = spec.pad


def decode(
    tokens: ResidueTokens,
    prompt: Prompt,
    model: Model,
    structure: Int[np.ndarray, " length"] | None = None,
    *,
    pairs: bool = True,
) -> Protein:
    """The protein that these tokens describe, on the prompt's residue axis and numbering.

    ``structure`` may stand in for the structure tokens (a ghost with its masks filled). While any
    of them is masked there are no coordinates. The decoded backbone is superposed on the
    template's.
    """
    template = prompt.template
    sequence = "".join(decode_letters(tokens.sequence, Track.SEQUENCE))
    ids = tokens.structure if structure is None else structure
    values = TRACKS[Track.STRUCTURE].values
    coordinates, confidence = np.full_like(template.coordinates, np.nan), None
    if ((ids >= values.start) & (ids < values.stop)).all():
        backbone, confidence = _decoded_structure(ids, template, model, pairs=pairs)
        ends = np.zeros(len(prompt), bool)
        ends[[stop - 1 for _, stop in template.chain_ranges]] = True
        coordinates = superpose(full_backbone(backbone, sequence, ends), template.coordinates)
    return template.with_(
        sequence=sequence,
        coordinates=coordinates,
        ss8="".join(decode_letters(tokens.ss8, Track.SS8)),
        sasa=decode_sasa(tokens.sasa),
        function=prompt.function,
        residue_annotations=prompt.residue,
        confidence=confidence,
        notes=(),
    )


def _decoded_structure(
    ids: Int[np.ndarray, " length"], template: Protein, model: Model, *, pairs: bool
) -> tuple[Float[np.ndarray, "length 3 3"], Confidence]:
    spec, layout = TRACKS[Track.STRUCTURE], Layout.of(template)
    row = np.full(layout.length, spec.chain_break)
    row[layout.rows], row[0], row[-1] = ids, spec.bos, spec.eos
    decoder = model.structure_decoder
    with torch.inference_mode():
        out = decoder(torch.from_numpy(row)[None].to(decoder.embed.weight.device), pairs=pairs)
    at = layout.rows
    pae = None if out.pae is None else out.pae[0].float().cpu().numpy()[np.ix_(at, at)]
    ptm = None if out.ptm is None else float(out.ptm[0])
    plddt = out.plddt[0].float().cpu().numpy()[at]
    return out.backbone[0].float().cpu().numpy()[at], Confidence(plddt, pae, ptm)
