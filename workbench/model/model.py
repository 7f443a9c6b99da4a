"""Model: the trunk and the structure tokenizer of one checkpoint, on one device."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import nn

from ..vocabulary import FunctionVocabulary, ResidueVocabulary
from .config import ModelConfig
from .esm3 import ESM3
from .structure_decoder import StructureDecoder
from .structure_encoder import StructureEncoder

PARTS = ("trunk", "structure_encoder", "structure_decoder")


@dataclass(frozen=True, eq=False)
class Model:
    """All networks of a checkpoint, in evaluation mode, and the folder they came from."""

    config: ModelConfig
    trunk: ESM3
    structure_encoder: StructureEncoder
    structure_decoder: StructureDecoder
    folder: Path | None = None

    @property
    def name(self) -> str:
        """What ``load_model`` calls it."""
        return self.config.name

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

    @property
    def device(self) -> torch.device:
        """Where the trunk's parameters are."""
        return next(self.trunk.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """The trunk's parameter type."""
        return next(self.trunk.parameters()).dtype

    @property
    def parameter_count(self) -> int:
        """Parameters of all parts together."""
        return sum(p.numel() for part in PARTS for p in getattr(self, part).parameters())

    @cached_property
    def fingerprint(self) -> str:
        """Short hash of configuration and weights; equal only for equal models of equal dtype."""
        digest = hashlib.sha256(json.dumps(self.config.to_json(), sort_keys=True).encode())
        for part in PARTS:
            for name, value in getattr(self, part).state_dict().items():
                digest.update(f"{part}.{name}{tuple(value.shape)}{value.dtype}".encode())
                digest.update(
                    value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data
                )
        return digest.hexdigest()[:16]


def build_part(config: ModelConfig, part: str) -> nn.Module:
    """One untrained part of a model of this configuration."""
    if part == "trunk":
        return ESM3(config.trunk)
    if part == "structure_encoder":
        return StructureEncoder(config.encoder)
    return StructureDecoder(config.decoder)
