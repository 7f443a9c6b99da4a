"""Model: the networks of one checkpoint, on one device."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import nn

from ..errors import CheckpointError
from ..vocabulary import FunctionVocabulary, ResidueVocabulary
from .config import DecoderConfig, ModelConfig
from .esm3 import ESM3
from .folding_decoder import FoldingDecoder
from .function_decoder import FunctionDecoder
from .packed_linear import Float32Linear, PackedLinear, precision_of
from .structure_decoder import StructureDecoder
from .structure_encoder import StructureEncoder

BACKBONES = 32
"""Whose structure tokens a model remembers."""


@dataclass(frozen=True, eq=False)
class Model:
    """All networks of a checkpoint, in evaluation mode, and the folder they came from.

    ``function_decoder`` is None where the checkpoint has none.
    """

    config: ModelConfig
    trunk: ESM3
    structure_encoder: StructureEncoder
    structure_decoder: StructureDecoder | FoldingDecoder
    function_decoder: FunctionDecoder | None = None
    folder: Path | None = None

    @property
    def name(self) -> str:
        """What ``load_model`` calls it."""
        return self.config.name

    @property
    def parts(self) -> dict[str, nn.Module]:
        """The networks by name."""
        return {name: getattr(self, name) for name in self.config.parts}

    @cached_property
    def function_vocabulary(self) -> FunctionVocabulary:
        """Keywords and entries of the function track; not available where the tables are absent."""
        return FunctionVocabulary.load(*self._folders)

    @cached_property
    def residue_vocabulary(self) -> ResidueVocabulary:
        """Labels of the residue track; not available where the table is absent."""
        return ResidueVocabulary.load(*self._folders)

    @property
    def _folders(self) -> tuple[Path, ...]:
        return () if self.folder is None else (self.folder,)

    def structure_tokens(
        self, backbone: Float[np.ndarray, "length 3 3"]
    ) -> Int[np.ndarray, " length"]:
        """Structure tokens of N, CA and C in Å, ``NO_CODE`` where a residue has no frame.

        The array is read-only. The tokens of the last backbones are kept, because every run of a
        prompt needs them again.
        """
        return self._remembered(np.ascontiguousarray(backbone, np.float32).tobytes())

    @cached_property
    def _remembered(self) -> Callable[[bytes], np.ndarray]:
        encoder = self.structure_encoder

        @lru_cache(maxsize=BACKBONES)
        def encoded(row: bytes) -> np.ndarray:
            backbone = torch.frombuffer(bytearray(row), dtype=torch.float32).view(1, -1, 3, 3)
            with torch.inference_mode():
                codes = encoder(backbone.to(encoder.pre_vq_proj.weight.device))[0].cpu().numpy()
            codes.setflags(write=False)
            return codes

        return encoded

    @property
    def device(self) -> torch.device:
        """Where the trunk's parameters are."""
        return next(self.trunk.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """The type of the numbers between the trunk's layers."""
        return next(self.trunk.parameters()).dtype

    @cached_property
    def precision(self) -> str:
        """The type of the weights in the trunk's blocks, which may be less precise than that."""
        return precision_of(self.trunk)

    @cached_property
    def decoder_precision(self) -> str:
        """The type of the weights in the blocks of the structure decoder."""
        return precision_of(self.structure_decoder)

    @property
    def linear(self) -> str:
        """How many float32 layers of all parts are packed, as "packed 24 of 60", or "plain"."""
        kinds = [type(module) for part in self.parts.values() for module in part.modules()]
        packed, plain = kinds.count(Float32Linear), kinds.count(nn.Linear)
        return f"packed {packed} of {packed + plain}" if packed else "plain"

    @property
    def parameter_count(self) -> int:
        """Parameters of all parts together."""
        return sum(count for count, _ in self._sizes())

    @property
    def weight_bytes(self) -> int:
        """Memory that the parameters of all parts take, in the types they are held in."""
        return sum(size for _, size in self._sizes())

    def _sizes(self) -> Iterator[tuple[int, int]]:
        """Numbers and bytes of every parameter; packed layers have their weights beside those."""
        for part in self.parts.values():
            for module in part.modules():
                for value in module.parameters(recurse=False):
                    yield value.numel(), value.nbytes
                if isinstance(module, PackedLinear):
                    yield module.weight_count, module.weight_bytes

    @cached_property
    def fingerprint(self) -> str:
        """Short hash of configuration and weights; equal only for equal models of equal dtype."""
        digest = hashlib.sha256(json.dumps(self.config.to_json(), sort_keys=True).encode())
        for part, module in self.parts.items():
            for name, value in module.state_dict().items():
                digest.update(f"{part}.{name}{tuple(value.shape)}{value.dtype}".encode())
                digest.update(
                    value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data
                )
        return digest.hexdigest()[:16]


def structure_decoder(config: DecoderConfig) -> StructureDecoder | FoldingDecoder:
    """An untrained decoder of the kind that its configuration says."""
    return FoldingDecoder(config) if config.folds else StructureDecoder(config)


def build_part(config: ModelConfig, part: str) -> nn.Module:
    """One untrained part of a model of this configuration, which must have it."""
    if part == "trunk":
        return ESM3(config.trunk)
    if part == "structure_encoder":
        return StructureEncoder(config.encoder)
    if part == "structure_decoder":
        return structure_decoder(config.decoder)
    if config.function_decoder is None:
        raise CheckpointError(f"the model {config.name} has no function decoder to build")
    return FunctionDecoder(config.function_decoder)
