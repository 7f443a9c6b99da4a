"""A model small enough to run in milliseconds, with weights that matter."""

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


def given_weights(module: torch.nn.Module, seed: int) -> torch.nn.Module:
    """Random weights large enough that every part of the network matters."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for value in module.parameters():
            spread = 0.9 / value.shape[-1] ** 0.5 if value.ndim > 1 else 0.3
            value.add_(torch.randn_like(value) * spread)
    return module.eval()
