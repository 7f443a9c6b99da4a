"""Checkpoints: finding them, checking every parameter by name and shape, and loading them.

Two layouts are read. Ours: ``config.json`` and one safetensors file per part. The published one:
.pth files below ``data/weights``. Both are untrusted input: no pickled code is ever run, nothing
is fetched.
"""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ..embedded import embedded_models
from ..errors import CheckpointError
from .config import PUBLISHED, ModelConfig
from .model import PARTS, Model, build_part

PUBLISHED_FILES = {
    "trunk": "data/weights/esm3_sm_open_v1.pth",
    "structure_encoder": "data/weights/esm3_structure_encoder_v0.pth",
    "structure_decoder": "data/weights/esm3_structure_decoder_v0.pth",
}
NAMED_AT_MOST = 3


def load_model(
    name_or_path: str | Path = "esm3-nano", device: str | None = None, dtype: str | None = None
) -> Model:
    """Load an embedded model by name or a checkpoint folder by path; never touches the network.

    ``device`` defaults to cuda where there is one, else cpu; ``dtype`` to bfloat16 on cuda and
    float32 elsewhere. Raises CheckpointError for unknown names and for folders that do not fit.
    """
    folder = find_checkpoint(name_or_path)
    target = torch.device(checked_device(device))
    precision = checked_dtype(dtype, target)
    config = read_config(folder)
    parts = {}
    for part in PARTS:
        with torch.device("meta"):
            module = build_part(config, part)
        state = read_parameters(folder, part)
        fit_parameters(module, state, f"{folder / part}")
        state = {name: value.to(target, precision) for name, value in state.items()}
        module.load_state_dict(state, assign=True)
        parts[part] = module.eval().requires_grad_(False)
    return Model(config, **parts, folder=folder)


def find_checkpoint(name_or_path: str | Path) -> Path:
    """The folder that a model name or a path means."""
    embedded = embedded_models()
    if str(name_or_path) in embedded:
        return embedded[str(name_or_path)]
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    known = ", ".join(embedded) or "none"
    raise CheckpointError(
        f"there is no model {str(name_or_path)!r}: embedded models are {known}; "
        "anything else must be the path of a checkpoint folder"
    )


def read_config(folder: Path) -> ModelConfig:
    """Sizes from ``config.json``, or the published ones where the published files lie."""
    if (folder / "config.json").is_file():
        try:
            return ModelConfig.from_json(json.loads((folder / "config.json").read_text("utf-8")))
        except (ValueError, RecursionError) as error:
            raise CheckpointError(
                f"{folder / 'config.json'} is not readable JSON: {error}"
            ) from None
    if (folder / PUBLISHED_FILES["trunk"]).is_file():
        return PUBLISHED
    raise CheckpointError(
        f"{folder} holds no checkpoint: it has neither config.json nor {PUBLISHED_FILES['trunk']}"
    )


def read_parameters(folder: Path, part: str) -> dict[str, Tensor]:
    """Parameters of one part by name, memory-mapped where the format allows."""
    ours, published = folder / f"{part}.safetensors", folder / PUBLISHED_FILES[part]
    path = ours if ours.is_file() else published
    if not path.is_file():
        raise CheckpointError(f"the checkpoint {folder} lacks its {part}: there is no {ours.name}")
    try:
        if path is ours:
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (SafetensorError, UnpicklingError, RuntimeError, EOFError, OSError, ValueError,
            zipfile.BadZipFile) as error:  # fmt: skip
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CheckpointError(
            f"{path} is damaged or not a checkpoint of plain tensors: {reason}"
        ) from None
    if not isinstance(state, Mapping) or not all(isinstance(v, Tensor) for v in state.values()):
        raise CheckpointError(f"{path} does not hold a table of named tensors")
    return dict(state)


def fit_parameters(module: nn.Module, state: Mapping[str, Tensor], place: str) -> None:
    """Refuse parameters whose names or shapes are not exactly those of the module."""
    wanted = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in state.items()}
    problems = [f"lacks {name} {shape}" for name, shape in wanted.items() if name not in found]
    problems += [
        f"has an unknown {name} {shape}" for name, shape in found.items() if name not in wanted
    ]
    problems += [
        f"has {name} of shape {found[name]}, not {shape}"
        for name, shape in wanted.items()
        if name in found and found[name] != shape
    ]
    if problems:
        more = len(problems) - NAMED_AT_MOST
        tail = f" and {more} more differences" if more > 0 else ""
        named = "; it ".join(problems[:NAMED_AT_MOST])
        raise CheckpointError(f"{place} does not fit its configuration: it {named}{tail}")


def save_model(model: Model, folder: Path, dtype: torch.dtype | None = None) -> None:
    """Write our layout; ``dtype`` narrows the floating-point parameters."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        state = getattr(model, part).state_dict()
        narrowed = {n: v.to(dtype) if dtype else v for n, v in state.items()}
        save_file(
            {n: v.cpu().contiguous() for n, v in narrowed.items()}, folder / f"{part}.safetensors"
        )
    config = replace(model.config, name=folder.name)
    (folder / "config.json").write_text(json.dumps(config.to_json(), indent=2) + "\n", "utf-8")


def checked_device(device: str | None) -> str:
    """A device that can be used here; None means the best there is."""
    if device is None:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise CheckpointError(
            f"the device {device!r} cannot be used here ({reason}); use cpu, cuda or mps"
        ) from None
    return device


def checked_dtype(dtype: str | None, device: torch.device) -> torch.dtype:
    """A precision by name; None means what suits the device."""
    known = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
    if dtype is None:
        return torch.bfloat16 if device.type == "cuda" else torch.float32
    if dtype not in known:
        raise CheckpointError(f"there is no precision {dtype!r}; use {', '.join(known)}")
    return known[dtype]
