"""Linear layers whose weights are held once, in the order in which a processor multiplies them."""

import math

import torch
from jaxtyping import Float, Shaped
from torch import Tensor, nn

ROWS_AT_ONCE = 512
"""Rows in one product: with more of them the packed order loses what it has gained."""


class PackedLinear(nn.Module):
    """A linear layer with packed weights, which cannot be trained.

    Its state is that of the layer it was made from, unpacked.
    """

    _packed: Tensor
    bias: nn.Parameter | None

    @property
    def weight(self) -> Shaped[Tensor, "outputs width"]:
        """The weights, unpacked."""
        return self._packed.to_dense()

    @property
    def dtype(self) -> torch.dtype:
        """The type of the weights."""
        return self._packed.dtype

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


def precision_of(network: nn.Module) -> str:
    """The narrowest type that linear layers of a network multiply in, as "bfloat16"."""
    types = {
        layer.dtype if isinstance(layer, PackedLinear) else layer.weight.dtype
        for layer in network.modules()
        if isinstance(layer, PackedLinear | nn.Linear)
    }
    return str(min(types, key=lambda dtype: dtype.itemsize)).removeprefix("torch.")


class Float32Linear(PackedLinear):
    """A linear layer in full precision, multiplied by oneDNN in place of the default library.

    A row's answer does not depend on the rows beside it.
    """

    def __init__(self, original: nn.Linear) -> None:
        """Take over the parameters of a layer."""
        super().__init__()
        self._packed = torch.ops.mkldnn._reorder_linear_weight(original.weight.detach())
        self.bias = original.bias

    def _save_to_state_dict(
        self, destination: dict[str, Tensor], prefix: str, keep_vars: bool
    ) -> None:
        # In the order of nn.Linear, so that a model's fingerprint does not tell how it multiplies.
        destination[f"{prefix}weight"] = self.weight
        nn.Module._save_to_state_dict(self, destination, prefix, keep_vars)

    def forward(self, x: Float[Tensor, "*batch width"]) -> Float[Tensor, "*batch outputs"]:
        """The layer's output."""
        rows = x.flatten(0, -2)
        parts = rows.chunk(math.ceil(len(rows) / ROWS_AT_ONCE)) if len(rows) else (rows,)
        done = [
            torch.ops.mkldnn._linear_pointwise(part, self._packed, self.bias, "none", [], "")
            for part in parts
        ]
        out = done[0] if len(done) == 1 else torch.cat(done)
        return out.unflatten(0, x.shape[:-1])
