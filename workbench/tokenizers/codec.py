"""Codec: prompts to token rows for a model, and sampled tokens back to proteins.

``ResidueTokens`` live on the residue axis; ``TrackTokens`` are the model's padded rows.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from ..constants import MAX_RESIDUES, O
from ..errors import CheckpointError, PromptError
from ..geometry import full_backbone, superpose
from ..model.embedding import TrackTokens
from ..model.model import Model
from ..model.shared_passes import shared_passes
from ..prompt import Prompt
from ..protein import Confidence, FunctionAnnotation, Protein, known_atoms
from ..tracks import TRACKS, Track
from ..vocabulary import ResidueVocabulary
from .annotations import decode_annotations, encode_annotations
from .chain_placement import place_chains
from .function import FIRST_BYTE, decode_function, encode_function
from .gap_closing import close_gaps
from .layout import Layout
from .residue import decode_letters, decode_sasa, encode_letters, encode_sasa
from .residue_tokens import ResidueTokens

BACKBONE_ONLY = "side chains are absent: this model's decoder places the backbone alone"


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
    words, sites = model.function_vocabulary, _fitting_sites(model)
    words_given = prompt.function if words.available else ()
    sites_given = prompt.residue if sites.available else ()
    return ResidueTokens(
        sequence=encode_letters(prompt.sequence, Track.SEQUENCE),
        structure=_structure_ids(prompt, backbone, model),
        ss8=encode_letters(prompt.ss8, Track.SS8),
        sasa=encode_sasa(prompt.sasa),
        function=_set_directly(
            prompt.function_tokens, encode_function(words_given, prompt.function_none, words)
        ),
        residue=_set_directly(
            prompt.residue_tokens, encode_annotations(sites_given, prompt.residue_none, sites)
        ),
        backbone=backbone.astype(np.float32),
        plddt=_plddt(prompt, model),
    )


def _plddt(prompt: Prompt, model: Model) -> Float[np.ndarray, " length"]:
    """What the prompt says, and elsewhere 1 at residues with any atom, as the trunk learned it."""
    if not model.config.trunk.plddt_of_coordinates:
        return prompt.plddt
    has_atoms = known_atoms(prompt.coordinates).any(-1)
    return np.where(np.isnan(prompt.plddt) & has_atoms, np.float32(1), prompt.plddt)


def _set_directly(
    rows: Int[np.ndarray, "length width"], ids: Int[np.ndarray, "length width"]
) -> Int[np.ndarray, "length width"]:
    return np.where((rows >= 0).any(-1, keepdims=True), rows, ids)


def _fitting_sites(model: Model) -> ResidueVocabulary:
    """The model's residue annotation labels, refused where they make more ids than it can read."""
    sites, rows = model.residue_vocabulary, model.config.trunk.residue_labels
    if sites.available and sites.size > rows:
        raise CheckpointError(
            f"the residue annotation table of {model.folder} makes {sites.size} ids, but the "
            f"trunk reads {rows}; take the file from the model's own checkpoint"
        )
    return sites


def _structure_ids(prompt: Prompt, backbone: np.ndarray, model: Model) -> np.ndarray:
    ids = np.where(prompt.structure_tokens >= 0, prompt.structure_tokens, -1)
    encoded = (ids < 0) & prompt.has_backbone
    if encoded.any():
        layout = Layout.of(prompt.template)
        row = np.full((layout.length - 2, 3, 3), np.nan, np.float32)
        row[layout.rows - 1] = backbone
        ids = np.where(encoded, model.structure_tokens(row)[layout.rows - 1], ids)
    return np.where(ids >= 0, ids, TRACKS[Track.STRUCTURE].mask)


def to_rows(
    tokens: list[ResidueTokens], layouts: list[Layout], device: torch.device | str = "cpu"
) -> TrackTokens:
    """Padded rows of several proteins, with BOS, EOS and chain breaks on every track."""
    longest = max(layout.length for layout in layouts)
    rows = TrackTokens.masked(len(tokens), longest)
    for track in Track:
        _place(getattr(rows, track.value), track, tokens, layouts)
    for i, (own, layout) in enumerate(zip(tokens, layouts, strict=True)):
        rows.backbone[i, layout.span] = torch.from_numpy(own.backbone)
        rows.chain[i, : layout.length] = torch.from_numpy(layout.chain)
        rows.valid[i, layout.length :] = False
        known = np.isfinite(own.plddt)
        if known.any():
            rows.average_plddt[i, : layout.length] = float(own.plddt[known].mean())
            rows.residue_plddt[i, layout.rows[known]] = torch.from_numpy(own.plddt[known])
    fields = {name: getattr(rows, name).to(device) for name in TrackTokens.__dataclass_fields__}
    return TrackTokens(**fields)


def _place(row: Tensor, track: Track, tokens: list[ResidueTokens], layouts: list[Layout]) -> None:
    spec = TRACKS[track]
    for i, (own, layout) in enumerate(zip(tokens, layouts, strict=True)):
        row[i, layout.span] = torch.from_numpy(getattr(own, track.value))
        row[i, 0], row[i, layout.length - 1] = spec.bos, spec.eos
        row[i, layout.length :] = spec.pad
        if layout.breaks.size:
            row[i, layout.breaks] = spec.chain_break


def decode(
    tokens: ResidueTokens,
    prompt: Prompt,
    model: Model,
    structure: Int[np.ndarray, " length"] | None = None,
    *,
    pairs: bool = True,
    draft: bool = False,
) -> Protein:
    """The protein that these tokens describe, on the prompt's residue axis and numbering.

    ``structure`` may stand in for the structure tokens (predicted ones have no masks); such a
    protein has no side chains, so that its atoms stay the same from step to step. While any
    of them is masked there are no coordinates. The decoded structure is superposed on the
    template's, a ``draft`` of it soon but roughly. A decoder of the backbone alone adds a note
    that side chains are absent.
    Annotations are those of the prompt and, on other residues, what the tokens there mean.
    """
    return decode_together([tokens], [prompt], model, [structure], pairs=pairs, draft=draft)[0]


def decode_together(
    tokens: Sequence[ResidueTokens],
    prompts: Sequence[Prompt],
    model: Model,
    structures: Sequence[Int[np.ndarray, " _"] | None] | None = None,
    *,
    pairs: bool = True,
    draft: bool = False,
) -> list[Protein]:
    """What ``decode`` says of each of several proteins, from few passes of the decoder."""
    replaced = structures or [None] * len(tokens)
    drawn = [
        own if codes is None else replace(own, structure=codes)
        for own, codes in zip(tokens, replaced, strict=True)
    ]
    values = TRACKS[Track.STRUCTURE].values
    inside = [
        (values.start <= residue.structure) & (residue.structure < values.stop) for residue in drawn
    ]
    whole = [i for i, known in enumerate(inside) if known.all()]
    bent = [
        replace(drawn[i], structure=close_gaps(drawn[i].structure, prompts[i], model))
        for i in whole
    ]
    layouts = [Layout.of(prompts[i].template) for i in whole]
    side_chains = any(replaced[i] is None for i in whole)
    options = {"pairs": pairs, "atoms": side_chains, "draft": draft}
    built = _decoded_structures(bent, layouts, model, options)
    decoded = dict(zip(whole, built, strict=True))
    return [
        _protein(own, prompt, model, decoded.get(i), side_chains=replaced[i] is None)
        for i, (own, prompt) in enumerate(zip(tokens, prompts, strict=True))
    ]


Built = tuple[Float[np.ndarray, "length 3 3"], Float[np.ndarray, "length 37 3"] | None, Confidence]
"""Backbone, atom37 where a decoder of all atoms is to place them, and the confidence."""


def _protein(
    tokens: ResidueTokens, prompt: Prompt, model: Model, built: Built | None, *, side_chains: bool
) -> Protein:
    template = prompt.template
    sequence = "".join(decode_letters(tokens.sequence, Track.SEQUENCE))
    coordinates, confidence = np.full_like(template.coordinates, np.nan), None
    notes: tuple[str, ...] = ()
    if built is not None:
        backbone, all_atoms, confidence = built
        ends = np.zeros(len(prompt), bool)
        ends[[stop - 1 for _, stop in template.chain_ranges]] = True
        atoms = full_backbone(backbone, sequence, ends)
        if not model.structure_decoder.config.all_atoms:
            notes = (BACKBONE_ONLY,)
        if side_chains and all_atoms is not None:
            atoms[:, O + 1 :] = all_atoms[:, O + 1 :]
        coordinates = superpose(place_chains(atoms, prompt, model), template.coordinates)
    words, sites, unread_words = sampled_annotations(tokens, prompt, model)
    return template.with_(
        sequence=sequence,
        coordinates=coordinates,
        ss8="".join(decode_letters(tokens.ss8, Track.SS8)),
        sasa=decode_sasa(tokens.sasa),
        function=prompt.function + words,
        residue_annotations=prompt.residue + sites,
        confidence=confidence,
        notes=notes + unread_words,
        ligands=(),
    )


def sampled_annotations(
    tokens: ResidueTokens, prompt: Prompt, model: Model
) -> tuple[tuple[FunctionAnnotation, ...], tuple[FunctionAnnotation, ...], tuple[str, ...]]:
    """What was sampled on the function and residue tracks, and why some of it cannot be read."""
    words, notes = (), ()
    rows = _sampled(tokens.function, prompt.function)
    if (rows >= FIRST_BYTE).any():
        if model.function_decoder is None:
            notes = ("function was sampled but not read back: this model has no function decoder",)
        elif not model.function_vocabulary.available:
            notes = (f"function was sampled but not read back: {model.function_vocabulary.note}",)
        else:
            words = decode_function(rows, model.function_decoder, model.function_vocabulary)
    sites = _sampled(tokens.residue, prompt.residue)
    return words, decode_annotations(sites, model.residue_vocabulary), notes


def _sampled(
    ids: Int[np.ndarray, "length width"], given: tuple[FunctionAnnotation, ...]
) -> Int[np.ndarray, "length width"]:
    """Rows without those of residues that the prompt annotates."""
    rows = ids.copy()
    for annotation in given:
        rows[annotation.start : annotation.stop] = 0
    return rows


def _decoded_structures(
    tokens: list[ResidueTokens], layouts: list[Layout], model: Model, options: dict[str, bool]
) -> list[Built]:
    """What the decoder builds of each, the same alone and among others; ``wanted`` is for it."""
    structures: dict[int, Built] = {}
    lengths = [layout.length for layout in layouts]
    for shared in shared_passes(lengths, model.device, model.decoder_precision):
        own = [layouts[i] for i in shared]
        built = _decoded_pass([tokens[i] for i in shared], own, model, options)
        structures |= zip(shared, built, strict=True)
    return [structures[i] for i in range(len(tokens))]


def _decoded_pass(
    tokens: list[ResidueTokens], layouts: list[Layout], model: Model, options: dict[str, bool]
) -> list[Built]:
    longest = max(layout.length for layout in layouts)
    valid = torch.arange(longest) < torch.tensor([[layout.length] for layout in layouts])
    rows = {}
    for track in (Track.STRUCTURE, Track.SEQUENCE):
        rows[track] = torch.empty((len(tokens), longest), dtype=torch.int64)
        _place(rows[track], track, tokens, layouts)
    given = torch.full((len(tokens), longest, 3, 3), torch.nan)
    for i, (own, layout) in enumerate(zip(tokens, layouts, strict=True)):
        given[i, layout.span] = torch.from_numpy(own.backbone)
    with torch.inference_mode():
        out = model.structure_decoder(
            rows[Track.STRUCTURE].to(model.device),
            None if valid.all() else valid.to(model.device),
            sequence=rows[Track.SEQUENCE].to(model.device),
            given=given.to(model.device),
            **options,
        )
    built = []
    for i, layout in enumerate(layouts):
        at = layout.rows
        pae = None if out.pae is None else _on_residues(out.pae[i], layout)[:, at]
        ptm = None if out.ptm is None else float(out.ptm[i])
        full = None if out.atoms is None else _on_residues(out.atoms[i], layout)
        confidence = Confidence(_on_residues(out.plddt[i], layout), pae, ptm)
        built.append((_on_residues(out.backbone[i], layout), full, confidence))
    return built


def _on_residues(values: Tensor, layout: Layout) -> np.ndarray:
    return values.float().cpu().numpy()[layout.rows]
