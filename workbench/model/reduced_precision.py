"""Reduced precision on a processor: linear layers of the blocks in bfloat16 or in 8 bits.

Only what multiplies is reduced, of the function decoder its large heads too, of the structure
decoder where that leaves structures as they are. The stream between the layers, norms, embeddings,
frames and output heads stay float32. Meant for large models:
small ones are bound by other things.
"""

import torch
from jaxtyping import Float, Int8
from torch import Tensor, nn
from torch.nn.functional import linear

from .function_decoder import FunctionDecoder
from .linear_choice import faster_layers
from .packed_linear import Float32Linear, PackedLinear
from .transformer import Block

LARGE = 1024
"""Width of a trunk from which reduced precision pays, on processors that multiply them."""
_LEVELS = 127
_INPUT_LEVELS = 63
_INPUT_ZERO = 64


class BFloat16Linear(PackedLinear):
    """A linear layer that multiplies and answers in bfloat16, which the next one takes as it is."""

    def __init__(self, original: nn.Linear | Float32Linear) -> None:
        """Take over the parameters of a layer, in order where the processor has one for them."""
        super().__init__()
        weight, bias = original.weight.detach().bfloat16(), original.bias
        ordered = torch.ops.mkldnn._is_mkldnn_bf16_supported()
        self._packed = torch.ops.mkldnn._reorder_linear_weight(weight) if ordered else weight
        self.bias = None if bias is None else nn.Parameter(bias.bfloat16(), requires_grad=False)

    def forward(self, x: Float[Tensor, "*batch width"]) -> Float[Tensor, "*batch outputs"]:
        """The layer's output."""
        reduced = x.bfloat16()
        if self._packed.is_mkldnn:
            return torch.ops.mkldnn._linear_pointwise(
                reduced, self._packed, self.bias, "none", [], ""
            )
        return linear(reduced, self._packed, self.bias)


class Int8Linear(PackedLinear):
    """A linear layer with 8-bit weights and a scale for each output.

    Every residue's input is scaled on its own, so that an answer does not depend on what shares the
    batch, and keeps 7 bits, so that sums cannot overflow on processors without VNNI.
    """

    def __init__(self, original: nn.Linear | Float32Linear) -> None:
        """Round the parameters of a layer."""
        super().__init__()
        weight = original.weight.detach().float()
        scale = (weight.abs().amax(1) / _LEVELS).clamp_min(torch.finfo(torch.float32).tiny)
        self.register_buffer("scale", scale)
        self._zero = torch.zeros(len(scale), dtype=torch.int32)
        rounded = (weight / scale[:, None]).round().to(torch.int8)
        self._packed = torch.ops.onednn.qlinear_prepack(rounded, None)
        bias = original.bias
        self.bias = None if bias is None else nn.Parameter(bias.detach().float(), False)

    @property
    def weight(self) -> Int8[Tensor, "outputs width"]:
        """The rounded weights, unpacked."""
        return self._packed.to_dense().T

    def forward(self, x: Float[Tensor, "*batch width"]) -> Float[Tensor, "*batch outputs"]:
        """The layer's output."""
        rows = x.flatten(0, -2)
        largest = torch.maximum(rows.amax(-1, keepdim=True), -rows.amin(-1, keepdim=True))
        largest = largest.clamp_min_(torch.finfo(x.dtype).tiny)
        rounded = (rows * (_INPUT_LEVELS / largest)).round_().add_(_INPUT_ZERO).to(torch.uint8)
        out = torch.ops.onednn.qlinear_pointwise(
            rounded, 1 / _INPUT_LEVELS, _INPUT_ZERO, self._packed, self.scale, self._zero,
            None, 1.0, 0, torch.float32, "none", [], "",
        )  # fmt: skip
        out = out.mul_(largest).unflatten(0, x.shape[:-1])
        return out if self.bias is None else out + self.bias


def reduce_blocks(network: nn.Module, dtype: torch.dtype) -> nn.Module:
    """The same network, in place, with its ``reducible_layers`` in bfloat16 or int8."""
    reduced = Int8Linear if dtype is torch.int8 else BFloat16Linear
    for name in reducible_layers(network):
        layer = network.get_submodule(name)
        assert isinstance(layer, nn.Linear | Float32Linear)
        network.set_submodule(name, reduced(layer))
    return network


def pack_layers(network: nn.Module) -> nn.Module:
    """The same network, in place, its ``reducible_layers`` packed where that is faster here."""
    for name, layer in faster_layers(network, reducible_layers(network)).items():
        network.set_submodule(name, layer)
    return network


def reducible_layers(network: nn.Module) -> list[str]:
    """Names of the layers that multiply most: of the blocks, and all of the function decoder."""
    return [
        f"{name}.{inner}".lstrip(".")
        for name, block in network.named_modules()
        if isinstance(block, Block | FunctionDecoder)
        for inner, module in block.named_modules()
        if isinstance(module, nn.Linear | Float32Linear)
    ]


def multiplies_bfloat16() -> bool:
    """Whether this processor has instructions for bfloat16; without, it is slower than float32."""
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
