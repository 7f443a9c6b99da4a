"""A model small enough to run in milliseconds, with weights that matter."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch

from workbench.model.config import (
    DecoderConfig,
    EncoderConfig,
    FunctionDecoderConfig,
    ModelConfig,
    TrunkConfig,
)

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ"
TOY = ModelConfig(
    "toy",
    TrunkConfig(32, 2, 4, 1, 16),
    EncoderConfig(16, 2, 1, 4, 4096),
    DecoderConfig(32, 2, 1),
    64,
    FunctionDecoderConfig(64, 2, 1, 30, 12),
)
CHAINED = replace(
    TOY,
    encoder=EncoderConfig(16, 2, 1, 12, 4096, feedback=0.5),
    decoder=DecoderConfig(32, 2, 1, frames="chained", all_atoms=1),
    function_decoder=None,
)
"""As the embedded model is: chained frames and all atoms."""
FOLDED = replace(
    CHAINED,
    decoder=DecoderConfig(32, 2, 1, frames="folded", all_atoms=1, pair_width=16),
)
"""The same tokens, and a decoder that folds them."""


@contextmanager
def batches(network: torch.nn.Module) -> Iterator[list[int]]:
    """How many proteins each pass of a network is given from here on."""
    lengths: list[int] = []

    def note(_: torch.nn.Module, given: tuple) -> None:
        lengths.append(len(getattr(given[0], "sequence", given[0])))

    handle = network.register_forward_pre_hook(note)
    yield lengths
    handle.remove()


def given_weights(module: torch.nn.Module, seed: int) -> torch.nn.Module:
    """Random weights large enough that every part of the network matters."""
    torch.manual_seed(seed)
    for part in module.modules():
        if hasattr(part, "reset_parameters"):
            part.reset_parameters()
    with torch.no_grad():
        for value in module.parameters():
            spread = 0.9 / value.shape[-1] ** 0.5 if value.ndim > 1 else 0.3
            value.add_(torch.randn_like(value) * spread)
    return module.eval()
