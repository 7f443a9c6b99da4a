"""The reference's four networks at any size, untrained, and what its trunk says of a row."""

import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import torch
from reference import import_reference

from workbench.model.config import (
    DecoderConfig,
    EncoderConfig,
    FunctionDecoderConfig,
    ModelConfig,
    TrunkConfig,
)
from workbench.model.embedding import TrackTokens
from workbench.tracks import TRACKS, Track

LOGITS = {
    Track.SEQUENCE: "sequence_logits",
    Track.STRUCTURE: "structure_logits",
    Track.SS8: "secondary_structure_logits",
    Track.SASA: "sasa_logits",
    Track.FUNCTION: "function_logits",
    Track.RESIDUE: "residue_logits",
}


def reference_part(config: ModelConfig, part: str, scratch: Path) -> torch.nn.Module:
    """One network by our name for it; ``scratch`` takes the lists that one of them reads."""
    if part == "trunk":
        return reference_trunk(config.trunk)
    if part == "structure_encoder":
        return reference_encoder(config.encoder)
    if part == "structure_decoder":
        return reference_decoder(config.decoder)
    assert config.function_decoder
    return reference_function_decoder(config.function_decoder, scratch)


def reference_trunk(size: TrunkConfig) -> torch.nn.Module:
    """Its class of the whole has one geometric layer; its stack can have more."""
    mask, reference = TRACKS[Track.SEQUENCE].mask, import_reference()
    trunk = reference.ESM3(
        d_model=size.width,
        n_heads=size.heads,
        v_heads=size.geometric_heads,
        n_layers=size.layers,
        structure_encoder_fn=None,
        structure_decoder_fn=None,
        function_decoder_fn=None,
        tokenizers=SimpleNamespace(sequence=SimpleNamespace(mask_token_id=mask)),
    )
    if size.geometric_layers > 1:
        trunk.transformer = reference.TransformerStack(
            size.width,
            size.heads,
            size.geometric_heads,
            size.layers,
            n_layers_geom=size.geometric_layers,
            mask_and_zero_frameless=True,
        )
    return trunk


def reference_encoder(size: EncoderConfig) -> torch.nn.Module:
    return import_reference().StructureTokenEncoder(
        size.width, 1, size.geometric_heads, size.layers, size.code_width, size.codes
    )


def reference_decoder(size: DecoderConfig) -> torch.nn.Module:
    return import_reference().StructureTokenDecoder(size.width, size.heads, size.layers)


def reference_function_decoder(size: FunctionDecoderConfig, scratch: Path) -> torch.nn.Module:
    """Its keywords are word0, word1, … and its entries IPR000000, IPR000001, …"""
    import_reference()
    module = sys.modules["esm.models.function_decoder"]
    entries, keywords = scratch / "entries.list", scratch / "keywords.txt"
    accessions = "\n".join(f"IPR{i:06}" for i in range(size.entries))
    entries.write_text(f"ENTRY_AC\n{accessions}\n", "utf-8")
    keywords.write_text("\n".join(f"word{i}" for i in range(size.keywords)) + "\n", "utf-8")
    with patch.object(module, "AnyPath", Path):
        return module.FunctionTokenDecoder(
            module.FunctionTokenDecoderConfig(
                d_model=size.width,
                n_heads=size.heads,
                n_layers=size.layers,
                num_interpro_classes=size.entries,
                keyword_vocabulary_size=size.keywords,
                interpro_entry_list=str(entries),
                keyword_vocabulary_path=str(keywords),
            )
        )


def reference_forward(trunk: torch.nn.Module, row: TrackTokens) -> object:
    """One pass of the reference's trunk over this row."""
    return trunk(
        sequence_tokens=row.sequence,
        structure_tokens=row.structure,
        ss8_tokens=row.ss8,
        sasa_tokens=row.sasa,
        function_tokens=row.function,
        residue_annotation_tokens=row.residue,
        average_plddt=row.average_plddt,
        per_res_plddt=row.residue_plddt,
        structure_coords=row.backbone,
        chain_id=row.chain,
    )


def reference_logits(trunk: torch.nn.Module, row: TrackTokens) -> dict[Track, torch.Tensor]:
    out = reference_forward(trunk, row)
    return {track: getattr(out, name) for track, name in LOGITS.items()}
