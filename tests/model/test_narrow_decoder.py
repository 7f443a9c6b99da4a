"""The structure decoder in bfloat16: only where structures stay as they are."""

import pytest
import torch
from toys import TOY, given_weights

from workbench import load_model
from workbench.embedded import example
from workbench.model.model import Model, build_part
from workbench.model.narrow_decoder import MOST_MOVED, MOST_PLDDT, narrow_decoder
from workbench.model.packed_linear import precision_of
from workbench.model.reduced_precision import multiplies_bfloat16
from workbench.model.structure_decoder import DecodedStructure
from workbench.tracks import TRACKS, Track


def decoded(model: Model) -> DecodedStructure:
    """The example's own tokens, decoded."""
    codes = model.structure_tokens(example().coordinates[:, :3])
    spec = TRACKS[Track.STRUCTURE]
    with torch.inference_mode():
        return model.structure_decoder(torch.tensor([[spec.bos, *codes, spec.eos]]))


@pytest.mark.parametrize("dtype", ["bfloat16", "int8"])
def test_a_reduced_model_builds_the_structure_of_the_exact_one(dtype):
    reduced, exact = (load_model(device="cpu", dtype=name) for name in (dtype, "float32"))
    assert exact.decoder_precision == "float32"
    if not multiplies_bfloat16():
        assert reduced.decoder_precision == "float32"
        return
    assert reduced.decoder_precision == "bfloat16"
    ours, truth = decoded(reduced), decoded(exact)
    moved = torch.linalg.vector_norm(ours.backbone - truth.backbone, dim=-1)
    assert 0 < moved.square().mean().sqrt() <= MOST_MOVED
    assert (ours.plddt - truth.plddt).abs().max() <= MOST_PLDDT


def test_a_decoder_whose_structures_would_change_stays_as_it_was():
    parts = {name: given_weights(build_part(TOY, name), 1) for name in TOY.parts}
    decoder = parts["structure_decoder"]
    with torch.no_grad():
        decoder.affine_output_projection.proj.weight.mul_(1000)
    before = {name: value.clone() for name, value in decoder.state_dict().items()}
    assert not narrow_decoder(decoder, parts["structure_encoder"])
    assert precision_of(decoder) == "float32"
    after = decoder.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())
