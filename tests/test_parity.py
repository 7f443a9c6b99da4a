"""The same random weights in the reference package and in ours give the same numbers.

The reference has no padding mask, so it sees every protein alone; ours also sees them as one batch.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from reference import import_reference
from toys import given_weights

from workbench.errors import CheckpointError
from workbench.model.checkpoint import PUBLISHED_FILES, fit_parameters
from workbench.model.config import PUBLISHED, DecoderConfig, EncoderConfig, TrunkConfig
from workbench.model.embedding import TrackTokens
from workbench.model.esm3 import ESM3
from workbench.model.model import build_part
from workbench.model.structure_decoder import StructureDecoder
from workbench.model.structure_encoder import StructureEncoder
from workbench.tracks import TRACKS, Track

REFERENCE_LOGITS = {
    Track.SEQUENCE: "sequence_logits",
    Track.STRUCTURE: "structure_logits",
    Track.SS8: "secondary_structure_logits",
    Track.SASA: "sasa_logits",
    Track.FUNCTION: "function_logits",
    Track.RESIDUE: "residue_logits",
}
TRUNKS = [TrunkConfig(64, 2, 8, 2), TrunkConfig(128, 4, 32, 5), TrunkConfig(192, 3, 64, 12)]
TOLERANCE = 1e-4
LENGTHS = (7, 33, 60)
"""Residues of the proteins compared; the shortest has fewer than the encoder's 16 neighbours."""


@pytest.fixture(scope="module")
def reference():
    return import_reference()


def walk(length: int, seed: int) -> torch.Tensor:
    """Backbone of a random chain, far from the origin, in Å: (1, length, 3, 3)."""
    random = np.random.default_rng(seed)
    ca = np.cumsum(random.normal(size=(1, length, 1, 3)) * 2.2, axis=1) + 50.0
    return torch.from_numpy((ca + random.normal(size=(1, length, 3, 3))).astype(np.float32))


def prompt_row(residues: int, seed: int, *, coordinates: bool) -> TrackTokens:
    """A row with every track given in part, a chain break, missing residues and masked tokens."""
    torch.manual_seed(seed)
    length = residues + 2
    row = TrackTokens.masked(1, length)
    sequence = torch.randint(4, 33, (1, length))
    sequence[:, 0], sequence[:, -1], sequence[0, length // 3] = 0, 2, 31
    backbone = walk(length, seed)
    backbone[0, [0, -1, length // 3]] = torch.nan
    backbone[0, length // 2, 1] = torch.inf
    sparse = torch.rand(1, length, 16) < 0.2
    return replace(
        row,
        sequence=sequence,
        structure=torch.randint(0, 4097, (1, length)),
        ss8=torch.randint(0, 11, (1, length)),
        sasa=torch.randint(0, 19, (1, length)),
        function=torch.randint(0, 260, (1, length, 8)),
        residue=torch.randint(0, 1478, (1, length, 16)) * sparse,
        residue_plddt=torch.rand(1, length),
        average_plddt=torch.rand(1, length),
        backbone=backbone if coordinates else row.backbone,
        chain=(torch.arange(length)[None] > length // 3).long(),
    )


def padded(rows: list[TrackTokens]) -> TrackTokens:
    """Rows of different lengths as one batch, padding marked as not valid."""
    longest = max(row.valid.shape[1] for row in rows)
    batch = TrackTokens.masked(len(rows), longest)
    for name in TrackTokens.__dataclass_fields__:
        for i, row in enumerate(rows):
            here = getattr(row, name)
            getattr(batch, name)[i, : here.shape[1]] = here[0]
            if name == "valid":
                batch.valid[i, here.shape[1] :] = False
            elif name in ("sequence", "structure"):
                getattr(batch, name)[i, here.shape[1] :] = TRACKS[Track(name)].pad
    return batch


def reference_trunk(reference, config: TrunkConfig):
    tokenizers = type("T", (), {"sequence": type("S", (), {"mask_token_id": 32})})
    oracle = reference.ESM3(
        d_model=config.width,
        n_heads=config.heads,
        v_heads=config.geometric_heads,
        n_layers=config.layers,
        structure_encoder_fn=None,
        structure_decoder_fn=None,
        function_decoder_fn=None,
        tokenizers=tokenizers,
    )
    return given_weights(oracle, seed=config.layers)


def reference_logits(oracle, row: TrackTokens) -> dict[Track, torch.Tensor]:
    out = oracle(
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
    return {track: getattr(out, name) for track, name in REFERENCE_LOGITS.items()}


@pytest.mark.parametrize("coordinates", [True, False], ids=["coordinates", "tokens only"])
@pytest.mark.parametrize("config", TRUNKS, ids=lambda c: f"{c.layers} layers of {c.width}")
@torch.inference_mode()
def test_trunk_logits_are_the_reference_s_alone_and_in_a_mixed_batch(
    reference, config, coordinates
):
    oracle = reference_trunk(reference, config)
    trunk = ESM3(config).eval()
    trunk.load_state_dict(oracle.state_dict())
    rows = [prompt_row(n, seed=n, coordinates=coordinates) for n in LENGTHS]
    together = trunk(padded(rows))
    for i, row in enumerate(rows):
        alone, length = trunk(row), row.valid.shape[1]
        for track, expected in reference_logits(oracle, row).items():
            torch.testing.assert_close(alone[track], expected, atol=TOLERANCE, rtol=0)
            torch.testing.assert_close(
                together[track][i, :length], expected[0], atol=TOLERANCE, rtol=0
            )


@pytest.mark.parametrize("config", [EncoderConfig(64, 8, 2, 16), EncoderConfig(128, 32, 3, 128)])
@torch.inference_mode()
def test_structure_tokens_are_the_reference_s(reference, config):
    oracle = given_weights(
        reference.StructureTokenEncoder(
            config.width, 1, config.geometric_heads, config.layers, config.code_width, config.codes
        ),
        seed=1,
    )
    encoder = StructureEncoder(config).eval()
    encoder.load_state_dict(oracle.state_dict())
    batch = torch.full((len(LENGTHS), max(LENGTHS), 3, 3), torch.nan)
    valid = torch.zeros(batch.shape[:2], dtype=torch.bool)
    expected = []
    for i, n in enumerate(LENGTHS):
        backbone = walk(n, seed=n)
        backbone[0, n // 3] = torch.nan
        backbone[0, n // 2 : n // 2 + n // 8] = torch.inf
        batch[i, :n], valid[i, :n] = backbone[0], True
        quantised, tokens = oracle.encode(backbone)
        expected.append(tokens[0])
        z, known = encoder.embed(backbone)
        nearest = encoder.codebook.embeddings[encoder.codebook.nearest(z)]
        torch.testing.assert_close(nearest[known], quantised[known], atol=TOLERANCE, rtol=0)
    together = encoder(batch, valid=valid)
    for i, n in enumerate(LENGTHS):
        known = together[i, :n] >= 0
        assert 0 < known.sum() < n
        assert torch.equal(together[i, :n][known], expected[i][known])


@pytest.mark.parametrize("config", [DecoderConfig(64, 2, 2), DecoderConfig(128, 4, 6)])
@torch.inference_mode()
def test_decoded_structure_and_confidence_are_the_reference_s(reference, config):
    oracle = given_weights(
        reference.StructureTokenDecoder(config.width, config.heads, config.layers), seed=2
    )
    decoder = StructureDecoder(config).eval()
    decoder.load_state_dict(oracle.state_dict())
    spec = TRACKS[Track.STRUCTURE]
    batch = torch.full((len(LENGTHS), max(LENGTHS) + 2), spec.pad)
    for i, n in enumerate(LENGTHS):
        torch.manual_seed(n)
        batch[i, : n + 2] = torch.randint(0, 4096, (n + 2,))
        batch[i, 0], batch[i, n + 1] = spec.bos, spec.eos
        batch[i, n // 2] = spec.chain_break
    together = decoder(batch, batch != spec.pad)
    for i, n in enumerate(LENGTHS):
        row = batch[i : i + 1, : n + 2]
        expected, alone = oracle.decode(row), decoder(row)
        residues = row[0] < 4096
        for got in (
            (alone.backbone[0], alone.plddt[0], alone.pae[0], alone.ptm[0]),
            (
                together.backbone[i, : n + 2],
                together.plddt[i, : n + 2],
                together.pae[i, : n + 2, : n + 2],
                together.ptm[i],
            ),
        ):
            backbone, plddt, pae, ptm = got
            oracle_pae = expected["predicted_aligned_error"][0]
            for ours, theirs in (
                (backbone, expected["bb_pred"][0]),
                (plddt, expected["plddt"][0]),
                (pae[residues][:, residues], oracle_pae[residues][:, residues]),
                (ptm, expected["ptm"][0]),
            ):
                torch.testing.assert_close(ours, theirs, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("part", PUBLISHED.parts)
def test_every_published_parameter_has_its_place_and_shape(shared, part):
    keys = json.loads((shared / "spec" / "checkpoint_keys.json").read_text("utf-8"))
    shapes = keys[Path(PUBLISHED_FILES[part]).stem]["state_dict"]
    published = {name: torch.empty(shape, device="meta") for name, shape in shapes.items()}
    with torch.device("meta"):
        module = build_part(PUBLISHED, part)
    fit_parameters(module, published, part)
    module.load_state_dict(published, assign=True)
    del published[next(iter(published))]
    with pytest.raises(CheckpointError, match="lacks"):
        fit_parameters(module, published, part)
