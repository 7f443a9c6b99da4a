"""The same random weights in the reference package and in ours give the same numbers.

The reference has no padding mask, so it sees every protein alone; ours also sees them as one batch.
"""

import json
from pathlib import Path

import pytest
import torch
from reference_networks import (
    reference_decoder,
    reference_encoder,
    reference_logits,
    reference_trunk,
)
from rows import padded, prompt_row, walk
from toys import given_weights

from workbench.errors import CheckpointError
from workbench.model.checkpoint import PUBLISHED_FILES, fit_parameters
from workbench.model.config import PUBLISHED, DecoderConfig, EncoderConfig, TrunkConfig
from workbench.model.esm3 import ESM3
from workbench.model.model import build_part
from workbench.model.structure_decoder import StructureDecoder
from workbench.model.structure_encoder import StructureEncoder
from workbench.tracks import TRACKS, Track

TRUNKS = [
    TrunkConfig(64, 2, 8, 2),
    TrunkConfig(128, 4, 32, 5),
    TrunkConfig(192, 3, 64, 12),
    TrunkConfig(64, 2, 8, 4, geometric_layers=3),
]
TOLERANCE = 1e-4
LENGTHS = (7, 33, 100)
"""Residues of the proteins compared; the shortest has fewer than the encoder's 16 neighbours, and
the longest more than PAE is computed of at once."""


@pytest.mark.parametrize("coordinates", [True, False], ids=["coordinates", "tokens only"])
@pytest.mark.parametrize(
    "config",
    TRUNKS,
    ids=lambda c: f"{c.layers} layers of {c.width}, {c.geometric_layers} geometric",
)
@torch.inference_mode()
def test_trunk_logits_are_the_reference_s_alone_and_in_a_mixed_batch(config, coordinates):
    oracle = given_weights(reference_trunk(config), seed=config.layers)
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
def test_structure_tokens_are_the_reference_s(config):
    oracle = given_weights(reference_encoder(config), seed=1)
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
def test_decoded_structure_and_confidence_are_the_reference_s(config):
    oracle = given_weights(reference_decoder(config), seed=2)
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
