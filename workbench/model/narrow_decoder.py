"""The structure decoder in bfloat16, where that leaves its structures as they are.

How far atoms move depends on the weights, so it is measured while loading: an example protein is
decoded both ways. The encoder stays float32: with the embedded model, bfloat16 changes a quarter
of the tokens of real chains.
"""

import torch

from ..embedded import example
from ..tracks import TRACKS, Track
from .folding_decoder import FoldingDecoder
from .reduced_precision import reduce_blocks, reducible_layers
from .structure_decoder import DecodedStructure, StructureDecoder
from .structure_encoder import StructureEncoder

MOST_MOVED = 0.02
"""How far atoms of the backbone may move, as a root mean square in Å."""
MOST_PLDDT = 0.005
"""How much the pLDDT of any residue may change, on its scale of 0–1."""


@torch.inference_mode()
def narrow_decoder(decoder: StructureDecoder | FoldingDecoder, encoder: StructureEncoder) -> bool:
    """Reduce a float32 decoder in place and say True, or leave it where structures would change."""
    spec = TRACKS[Track.STRUCTURE]
    codes = encoder(torch.tensor(example().coordinates[None, :, :3]))
    tokens = torch.nn.functional.pad(codes, (1, 1), value=spec.bos)
    tokens[:, -1] = spec.eos
    exact = decoder(tokens, pairs=False, atoms=False)
    layers = {name: decoder.get_submodule(name) for name in reducible_layers(decoder)}
    reduce_blocks(decoder, torch.bfloat16)
    if stays(decoder(tokens, pairs=False, atoms=False), exact):
        return True
    for name, layer in layers.items():
        decoder.set_submodule(name, layer)
    return False


def stays(reduced: DecodedStructure, exact: DecodedStructure) -> bool:
    """Whether backbone and pLDDT of a reduced decoder are those of the exact one, by the bounds."""
    moved = (reduced.backbone - exact.backbone).square().sum(-1).mean().sqrt()
    plddt = (reduced.plddt - exact.plddt).abs().max()
    return bool(moved <= MOST_MOVED and plddt <= MOST_PLDDT)
