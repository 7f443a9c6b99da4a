"""Checkpoints: finding them, checking every parameter by name and shape, and loading them.

Two layouts are read. Ours: ``config.json`` and one safetensors file per part. The published one:
.pth files below ``data/weights``. Both are untrusted input: no pickled code is ever run.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from ..atomic_files import make_folder, write_file
from ..embedded import DEFAULT_MODEL, embedded_models
from ..errors import CheckpointError
from ..paths import given_path
from ..regular_files import read_regular
from ..vocabulary import TABLES
from .config import PUBLISHED, ModelConfig
from .cuda_graphs import CudaGraphs
from .hub import PUBLISHED_FILES, published_snapshot, repositories
from .model import Model, build_part
from .narrow_decoder import narrow_decoder
from .reduced_precision import (
    LARGE,
    multiplies_bfloat16,
    pack_layers,
    reduce_blocks,
    reducible_layers,
)
from .tensor_files import read_tensors, read_tensors_to, write_tensors

REDUCED = ("trunk", "function_decoder")
"""Parts that are always reduced. The structure encoder stays float32, as in the reference: bfloat16
knows coordinates to no better than 0.1 Å at 32 Å, and picks other codes."""
NAMED_AT_MOST = 3
MOST_CONFIG = 1 << 20


def load_model(
    name_or_path: str | Path = DEFAULT_MODEL,
    device: str | None = None,
    dtype: str | None = None,
    cache: str | Path | None = None,
    *,
    graphs: bool = False,
) -> Model:
    """Load a model: an embedded one by name, a checkpoint folder by path, or the published one.

    Only ``"esm3-sm-open-v1"`` may use the network, and only if neither the hub's cache nor
    ``cache``, a folder laid out like it, has it. ``device`` defaults to cuda where there is one,
    else cpu. ``dtype`` is the trunk's and the function decoder's. It defaults to bfloat16 on cuda,
    and for large models on processors that multiply it, else to float32; ``"int8"`` is for
    processors (see ``reduced_precision``), and ``compare_precision`` says what it costs. Structures
    are read in float32, and built in float32 too but where ``narrow_decoder`` finds that bfloat16
    leaves them as they are. ``graphs`` has the trunk's passes replayed
    as CUDA graphs, which spares a GPU most of what small batches wait for. Raises CheckpointError
    for unknown names and for folders that do not fit.
    """
    folder = find_checkpoint(name_or_path, cache)
    target = torch.device(checked_device(device))
    if graphs and target.type != "cuda":
        raise CheckpointError(f"graphs are for cuda, not {target.type}; leave them out")
    config = read_config(folder)
    precision = checked_dtype(dtype, target, config.trunk.width)
    parts = {}
    # The function decoder has the largest tables; the room to convert them is there at first.
    for part in reversed(config.parts):
        path = part_file(folder, part)
        module = empty_part(config, part)
        fit_parameters(module, read_tensors(path), f"the {part} of {folder}")
        kind = precision if part in REDUCED else torch.float32
        parts[part] = _filled(module, path, target, kind)
        if part == "structure_encoder" and _may_narrow(precision, target):
            narrow_decoder(parts["structure_decoder"], parts["structure_encoder"])
    if graphs:
        parts["trunk"].graphs = CudaGraphs(parts["trunk"])
    return Model(config, **parts, folder=folder)


def convert_model(
    source: str | Path,
    folder: str | Path,
    dtype: str | None = None,
    cache: str | Path | None = None,
) -> None:
    """Write a model as config.json and safetensors files, with the vocabulary tables it has.

    ``dtype`` reduces the blocks of the trunk and of the function decoder; None keeps every number
    as it is. Needs memory for one part at a time.
    """
    folder = given_path(folder, CheckpointError)
    source_folder = find_checkpoint(source, cache)
    reduced = None if dtype is None else checked_dtype(dtype, torch.device("cpu"))
    if reduced is torch.int8:
        raise CheckpointError("int8 is made while loading; convert to bf16, fp16 or fp32")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CheckpointError(f"{folder} is not empty; choose a new folder for the converted model")
    config = read_config(source_folder)
    make_folder(folder)
    for part in config.parts:
        path = part_file(source_folder, part)
        state = read_tensors(path)
        module = empty_part(config, part)
        fit_parameters(module, state, f"the {part} of {source_folder}")
        if reduced is not None and part in REDUCED:
            state = read_tensors_to(path, torch.device("cpu"), reduced, _wide(module))
        write_tensors(folder / f"{part}.safetensors", state)
    for table in TABLES:
        for path in (source_folder / "data" / table, source_folder / table):
            if path.is_file():
                write_file(make_folder(folder / "data") / table, path.read_bytes())
                break
    _write_config(config, folder)


def save_model(model: Model, folder: Path, dtype: torch.dtype | None = None) -> None:
    """Write our layout, named after the folder; ``dtype`` reduces floating-point parameters."""
    make_folder(folder)
    for part, module in model.parts.items():
        state = {n: v.to(dtype) if dtype else v for n, v in module.state_dict().items()}
        write_tensors(folder / f"{part}.safetensors", state)
    _write_config(replace(model.config, name=folder.name), folder)


def find_checkpoint(name_or_path: str | Path, cache: str | Path | None = None) -> Path:
    """The folder that a model name or a path means; the published model may be downloaded."""
    embedded = embedded_models()
    if str(name_or_path) in embedded:
        return embedded[str(name_or_path)]
    path = given_path(name_or_path, CheckpointError)
    if path.is_dir():
        return path
    if path.is_file():
        raise CheckpointError(
            f"{path} is a file; give the checkpoint's folder, which holds config.json or "
            f"{PUBLISHED_FILES['trunk']}"
        )
    if repositories(str(name_or_path)):
        return published_snapshot(str(name_or_path), cache)
    known = ", ".join(embedded) or "none"
    raise CheckpointError(
        f"there is no model {str(name_or_path)!r}: embedded models are {known}, the published one "
        f"is {PUBLISHED.name}; anything else must be the path of a checkpoint folder"
    )


def read_config(folder: Path) -> ModelConfig:
    """Sizes from ``config.json``, or the published ones where the published files lie."""
    if (folder / "config.json").is_file():
        try:
            text = read_regular(folder / "config.json", MOST_CONFIG).decode("utf-8")
            return ModelConfig.from_json(json.loads(text))
        except (OSError, ValueError, RecursionError) as error:
            raise CheckpointError(
                f"{folder / 'config.json'} is not readable JSON: {error}"
            ) from None
    if (folder / PUBLISHED_FILES["trunk"]).is_file():
        if (folder / PUBLISHED_FILES["function_decoder"]).is_file():
            return PUBLISHED
        return replace(PUBLISHED, function_decoder=None)
    raise CheckpointError(
        f"{folder} holds no checkpoint: it has neither config.json nor {PUBLISHED_FILES['trunk']}"
    )


def part_file(folder: Path, part: str) -> Path:
    """The file of one part, in our layout or the published one."""
    ours, published = folder / f"{part}.safetensors", folder / PUBLISHED_FILES[part]
    for path in (ours, published):
        if path.is_file():
            return path
    raise CheckpointError(
        f"the checkpoint {folder} lacks its {part}: there is neither {ours.name} nor "
        f"{PUBLISHED_FILES[part]}"
    )


def empty_part(config: ModelConfig, part: str) -> nn.Module:
    """One part that has shapes but no numbers yet."""
    with torch.device("meta"):
        return build_part(config, part)


def fit_parameters(module: nn.Module, state: Mapping[str, Tensor], place: str) -> None:
    """Refuse parameters whose names, shapes or kind are not exactly those of the module.

    ``place`` says whose they are, as in "the trunk of /folder".
    """
    expected = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    shapes = {name: tuple(value.shape) for name, value in state.items()}
    extra = [name for name in shapes if name not in expected]
    problems = []
    for name, shape in expected.items():
        if name not in shapes:
            alike = [other for other in extra if shapes[other] == shape]
            hint = f" (renamed {alike[0]}?)" if len(alike) == 1 else ""
            problems.append(f"lacks {name} {shape}{hint}")
    problems += [f"has an unknown {name} {shapes[name]}" for name in extra]
    for name in (name for name in expected if name in shapes):
        if shapes[name] != expected[name]:
            problems.append(f"has {name} of shape {shapes[name]}, not {expected[name]}")
        elif state[name].layout != torch.strided or not state[name].is_floating_point():
            kind = str(state[name].dtype).removeprefix("torch.")
            problems.append(f"has {name} in {kind}, not as plain floating-point numbers")
    if problems:
        more = len(problems) - NAMED_AT_MOST
        tail = f" and {more} more differences" if more > 0 else ""
        named = "; it ".join(problems[:NAMED_AT_MOST])
        raise CheckpointError(f"{place} does not fit its configuration: it {named}{tail}")


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


def checked_dtype(dtype: str | None, device: torch.device, width: int = 0) -> torch.dtype:
    """A precision by name, long or short; None means what suits the device and a trunk's width."""
    known = {
        "float32": torch.float32,
        "bfloat16": torch.bfloat16,
        "float16": torch.float16,
        "int8": torch.int8,
    }
    short = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
    if dtype is None:
        pays = device.type == "cuda" or (
            device.type == "cpu" and width >= LARGE and multiplies_bfloat16()
        )
        return torch.bfloat16 if pays else torch.float32
    if short.get(dtype, dtype) not in known:
        raise CheckpointError(f"there is no precision {dtype!r}; use {', '.join(known)}")
    precision = known[short.get(dtype, dtype)]
    if precision is torch.int8 and device.type != "cpu":
        raise CheckpointError(f"int8 is for processors, not {device.type}; use bfloat16 there")
    return precision


def _may_narrow(precision: torch.dtype, device: torch.device) -> bool:
    """Whether the structure decoder may be reduced beside a trunk of this precision."""
    return device.type == "cpu" and precision is not torch.float32 and multiplies_bfloat16()


def _filled(module: nn.Module, path: Path, device: torch.device, dtype: torch.dtype) -> nn.Module:
    """A part with its numbers; on a processor only its ``reducible_layers`` are ever reduced."""
    reduced = device.type == "cpu" and dtype in (torch.bfloat16, torch.int8)
    wide = _wide(module) if reduced else set()
    state = read_tensors_to(path, device, torch.float32 if dtype is torch.int8 else dtype, wide)
    module.load_state_dict(state, assign=True)
    del state
    module.eval().requires_grad_(False)
    if reduced:
        return reduce_blocks(module, dtype)
    return pack_layers(module) if device.type == "cpu" and dtype is torch.float32 else module


def _wide(module: nn.Module) -> set[str]:
    """Parameters that stay float32 beside reduced ones."""
    layers = {f"{name}.{kind}" for name in reducible_layers(module) for kind in ("weight", "bias")}
    return set(module.state_dict()) - layers


def _write_config(config: ModelConfig, folder: Path) -> None:
    text = json.dumps(config.to_json(), indent=2) + "\n"
    write_file(folder / "config.json", text)
