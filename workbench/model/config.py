"""Sizes of a model: everything that a checkpoint folder's ``config.json`` says. No torch here."""

from dataclasses import asdict, dataclass, field, fields, replace

from ..errors import CheckpointError

PARTS = ("trunk", "structure_encoder", "structure_decoder", "function_decoder")
"""Networks of a checkpoint; a model may lack the last one."""


@dataclass(frozen=True, slots=True)
class TrunkConfig:
    """The transformer over tracks; defaults are ESM3 1.4B [Hayes et al. 2025, table S1].

    The first ``geometric_layers`` blocks have geometric attention. ``plddt_of_coordinates`` is the
    pLDDT that the trunk was trained to read at residues with coordinates: 1, or 0 where it never
    saw another (``esm3-nano``).
    """

    width: int = 1536
    heads: int = 24
    geometric_heads: int = 256
    layers: int = 48
    residue_labels: int = 1478
    geometric_layers: int = 1
    plddt_of_coordinates: int = 1


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """The structure-token encoder; defaults are the published one [A.1.7].

    ``feedback`` is for chained decoders, whose code vectors are steps
    (``chain_codes.follow_chain``): the share, 0–1, of the decoded chain's drift that each token
    takes back. The published one has none.
    """

    width: int = 1024
    geometric_heads: int = 128
    layers: int = 2
    code_width: int = 128
    codes: int = 4096
    neighbours: int = 16
    feedback: float = 0.0


@dataclass(frozen=True, slots=True)
class DecoderConfig:
    """The structure-token decoder; defaults are the published one [A.1.7].

    ``frames`` says what the frame head gives of each residue: its ``absolute`` frame (published),
    or its frame seen from the residue before, ``chained`` into global ones; ``folded`` starts from
    such a chain and moves its residues to where all agree, with ``pair_width`` numbers for every
    two stretches of the chain. A decoder with ``all_atoms`` 1 also reads the sequence and
    places side chains; the open one (0) does not.
    """

    width: int = 1280
    heads: int = 20
    layers: int = 30
    frames: str = "absolute"
    all_atoms: int = 0
    pair_width: int = 32

    @property
    def chained(self) -> bool:
        """Whether tokens are steps that are composed and nothing else."""
        return self.frames == "chained"

    @property
    def folds(self) -> bool:
        """Whether the decoder moves residues until all agree."""
        return self.frames == "folded"


@dataclass(frozen=True, slots=True)
class FunctionDecoderConfig:
    """The function-token decoder; defaults are the published one [A.1.8]."""

    width: int = 1024
    heads: int = 8
    layers: int = 3
    keywords: int = 58641
    entries: int = 29026


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """All parts of a model. ``used_codes`` is how many structure codes the model was trained to
    emit; ``function_decoder`` is None for a model that cannot put function tokens into words.
    """

    name: str
    trunk: TrunkConfig = field(default_factory=TrunkConfig)
    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    used_codes: int = 4096
    function_decoder: FunctionDecoderConfig | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the networks that such a model has."""
        return PARTS if self.function_decoder else PARTS[:-1]

    def to_json(self) -> dict:
        """Plain values for ``config.json``; what a model lacks and usual choices are left out."""
        usual = USUAL | {name: options[0] for name, options in CHOICES.items()}
        values = {name: value for name, value in asdict(self).items() if value is not None}
        return {
            name: {key: size for key, size in value.items() if usual.get(key, ...) != size}
            if isinstance(value, dict)
            else value
            for name, value in values.items()
        }

    @classmethod
    def from_json(cls, values: object) -> "ModelConfig":
        """Read what ``to_json`` wrote; a CheckpointError names unknown or impossible entries."""
        parts = {"trunk": TrunkConfig, "encoder": EncoderConfig, "decoder": DecoderConfig}
        if isinstance(values, dict) and "function_decoder" in values:
            parts["function_decoder"] = FunctionDecoderConfig
        if not isinstance(values, dict) or not isinstance(values.get("name"), str):
            raise CheckpointError(
                "config.json must be an object with a name and the sizes of each part"
            )
        read = {name: _sizes(part, name, values.get(name, {})) for name, part in parts.items()}
        if "plddt_of_coordinates" not in values.get("trunk", {}):
            # Written before there was this entry: only the published trunk had seen a pLDDT of 1.
            plddt = int(values["name"] == PUBLISHED.name)
            read["trunk"] = replace(read["trunk"], plddt_of_coordinates=plddt)
        used = values.get("used_codes", 4096)
        if type(used) is not int or not 0 < used <= MOST_CODES:
            raise CheckpointError(
                f"config.json: used_codes is {repr(used)[:80]}; give a positive integer up to "
                f"{MOST_CODES}"
            )
        return cls(values["name"], used_codes=used, **read)


MOST_LAYERS = 1000
MOST_CODES = 1 << 20
USUAL = {"feedback": 0.0, "geometric_layers": 1, "pair_width": 32}
CHOICES = {
    "frames": ("absolute", "chained", "folded"),
    "all_atoms": (0, 1),
    "plddt_of_coordinates": (0, 1),
}


def _sizes(part: type, name: str, values: object):
    known = {entry.name for entry in fields(part)}
    if not isinstance(values, dict) or not set(values) <= known:
        raise CheckpointError(
            f"config.json: {name} holds {repr(values)[:80]}; it may set {sorted(known)}"
        )
    for key, value in values.items():
        if key in CHOICES:
            if value not in CHOICES[key]:
                raise CheckpointError(
                    f"config.json: {name}.{key} is {value!r}; give one of {list(CHOICES[key])}"
                )
        elif key == "feedback":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise CheckpointError(
                    f"config.json: {name}.feedback is {value!r}; give a share from 0 to 1"
                )
        elif not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 1 << 20:
            raise CheckpointError(
                f"config.json: {name}.{key} is {value!r}; give a positive integer"
            )
    sizes = part(**values)
    if sizes.layers > MOST_LAYERS:
        raise CheckpointError(
            f"config.json: {name}.layers is {sizes.layers}; give at most {MOST_LAYERS}"
        )
    heads = getattr(sizes, "heads", None)
    if heads and sizes.width % (2 * heads):
        raise CheckpointError(
            f"config.json: {name}.width is {sizes.width}; give a multiple of 2 × {heads} heads"
        )
    return sizes


PUBLISHED = ModelConfig("esm3-sm-open-v1", function_decoder=FunctionDecoderConfig())
"""The open 1.4B checkpoint's sizes."""
