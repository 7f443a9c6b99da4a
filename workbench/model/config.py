"""Sizes of a model: everything that a checkpoint folder's ``config.json`` says. No torch here."""

from dataclasses import asdict, dataclass, field, fields

from ..errors import CheckpointError


@dataclass(frozen=True, slots=True)
class TrunkConfig:
    """The transformer over tracks; defaults are ESM3 1.4B [Hayes et al. 2025, table S1]."""

    width: int = 1536
    heads: int = 24
    geometric_heads: int = 256
    layers: int = 48
    residue_labels: int = 1478


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """The structure-token encoder; defaults are the published one [A.1.7]."""

    width: int = 1024
    geometric_heads: int = 128
    layers: int = 2
    code_width: int = 128
    codes: int = 4096
    neighbours: int = 16


@dataclass(frozen=True, slots=True)
class DecoderConfig:
    """The structure-token decoder; defaults are the published one [A.1.7]."""

    width: int = 1280
    heads: int = 20
    layers: int = 30


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """All parts of a model. ``used_codes`` is how many structure codes the model was trained to
    emit.
    """

    name: str
    trunk: TrunkConfig = field(default_factory=TrunkConfig)
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    used_codes: int = 4096

    def to_json(self) -> dict:
        """Plain values for ``config.json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: object) -> "ModelConfig":
        """Read what ``to_json`` wrote; a CheckpointError names unknown or impossible entries."""
        parts = {"trunk": TrunkConfig, "encoder": EncoderConfig, "decoder": DecoderConfig}
        if not isinstance(values, dict) or not isinstance(values.get("name"), str):
            raise CheckpointError(
                "config.json must be an object with a name and the sizes of each part"
            )
        read = {name: _sizes(part, name, values.get(name, {})) for name, part in parts.items()}
        return cls(values["name"], used_codes=int(values.get("used_codes", 4096)), **read)


def _sizes(part: type, name: str, values: object):
    known = {entry.name for entry in fields(part)}
    if not isinstance(values, dict) or not set(values) <= known:
        raise CheckpointError(f"config.json: {name} holds {values!r}; it may set {sorted(known)}")
    for key, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 1 << 20:
            raise CheckpointError(
                f"config.json: {name}.{key} is {value!r}; give a positive integer"
            )
    return part(**values)


PUBLISHED = ModelConfig("esm3-sm-open-v1")
"""The open 1.4B checkpoint's sizes."""
