"""Reduced precision on a processor: linear layers of the blocks in bfloat16 or in 8 bits.

Only what multiplies is reduced, of the function decoder its large heads too. The stream between the
layers, norms, embeddings, frames and the trunk's output heads stay float32. Meant for large models:
small ones are bound by other things.
"""

import torch
from jaxtyping import Float, Int8, Shaped
from torch import Tensor, nn
from torch.nn.functional import linear

from .function_decoder import FunctionDecoder
from .transformer import Block

LARGE = 1024
"""Width of a trunk from which reduced precision pays, on processors that multiply them."""
_LEVELS = 127
_INPUT_LEVELS = 63
_INPUT_ZERO = 64


class ReducedLinear(nn.Module):
    """A linear layer whose weights are held once, in the order that multiplies."""

    _packed: Tensor
    bias: nn.Parameter | None

    @property
    def weight(self) -> Shaped[Tensor, "outputs width"]:
        """The weights, unpacked."""
        return self._packed.to_dense()

    @property
    def weight_count(self) -> int:
        """How many weights there are."""
        return self._packed.numel()

    @property
    def weight_bytes(self) -> int:
        """Memory that the weights take."""
        return self._packed.numel() * self._packed.element_size()

    def _save_to_state_dict(
        self, destination: dict[str, Tensor], prefix: str, keep_vars: bool
    ) -> None:
        super()._save_to_state_dict(destination, prefix, keep_vars)
        destination[f"{prefix}weight"] = self.weight


class BFloat16Linear(ReducedLinear):
    """A linear layer that multiplies in bfloat16 and answers in the type it was asked in."""

    def __init__(self, original: nn.Linear) -> None:
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
            out = torch.ops.mkldnn._linear_pointwise(
                reduced, self._packed, self.bias, "none", [], ""
            )
        else:
            out = linear(reduced, self._packed, self.bias)
        return out.to(x.dtype)


class Int8Linear(ReducedLinear):
    """A linear layer with 8-bit weights and a scale for each output.

    Every residue's input is scaled on its own, so that an answer does not depend on what shares the
    batch, and keeps 7 bits, so that sums cannot overflow on processors without VNNI.
    """

    def __init__(self, original: nn.Linear) -> None:
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
        largest = rows.abs().amax(-1, keepdim=True).clamp_min(torch.finfo(x.dtype).tiny)
        rounded = (rows * (_INPUT_LEVELS / largest)).round_().add_(_INPUT_ZERO).to(torch.uint8)
        out = torch.ops.onednn.qlinear_pointwise(
            rounded, 1 / _INPUT_LEVELS, _INPUT_ZERO, self._packed, self.scale, self._zero,
            None, 1.0, 0, torch.float32, "none", [], "",
        )  # fmt: skip
        out = (out * largest).unflatten(0, x.shape[:-1])
        return out if self.bias is None else out + self.bias


def reduce_blocks(network: nn.Module, dtype: torch.dtype) -> nn.Module:
    """The same network, in place, with its ``reducible_layers`` in bfloat16 or int8."""
    reduced = Int8Linear if dtype is torch.int8 else BFloat16Linear
    for name in reducible_layers(network):
        parent, _, last = name.rpartition(".")
        layer = network.get_submodule(name)
        assert isinstance(layer, nn.Linear)
        setattr(network.get_submodule(parent), last, reduced(layer))
    return network


def reducible_layers(network: nn.Module) -> list[str]:
    """Names of the layers that may be reduced: of the blocks, and all of the function decoder."""
    return [
        f"{name}.{inner}".lstrip(".")
        for name, block in network.named_modules()
        if isinstance(block, Block | FunctionDecoder)
        for inner, module in block.named_modules()
        if isinstance(module, nn.Linear)
    ]


def multiplies_bfloat16() -> bool:
    """Whether this processor has instructions for bfloat16; without, it is slower than float32."""
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
