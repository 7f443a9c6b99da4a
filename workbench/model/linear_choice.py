"""Which way of multiplying a float32 layer is faster on this processor: measured once, then known.

The library that PyTorch multiplies with is slow on some processors, where oneDNN's packed weights
take a half or a quarter of the time, and as fast on others. So each shape of layer is tried at a
short and at a longer protein, and what came out is kept in the user's cache for this processor,
version of torch and number of threads. The choice never depends on what shares a batch.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from ..atomic_files import make_folder, write_file
from ..errors import CheckpointError, FileError
from ..paths import cache_folder
from ..processor import instructions, processor
from ..regular_files import read_regular
from .packed_linear import Float32Linear

VARIABLE = "WORKBENCH_LINEAR"
"""Environment variable that chooses for all layers: ``plain`` or ``packed``."""
PAYS = 1.15
"""How many times as fast the packed order must be at every number of rows to be chosen."""
ROWS = (66, 258)
SECONDS = 0.005
"""Time given to each way at each number of rows; each is tried twice at least."""
MOST_CACHE = 1 << 20


def faster_layers(network: nn.Module, names: list[str]) -> dict[str, Float32Linear]:
    """The packed form of those of the named layers that it makes faster.

    Raises CheckpointError for an unknown value of ``WORKBENCH_LINEAR``.
    """
    forced = os.environ.get(VARIABLE, "")
    if forced not in ("", "plain", "packed"):
        raise CheckpointError(
            f"{VARIABLE} is {forced!r}; set it to plain or packed, or leave it unset to have "
            "the faster one chosen"
        )
    if forced == "plain" or not torch.backends.mkldnn.is_available():
        return {}
    known = {} if forced else _remembered()
    before, replacements = len(known), {}
    for name in names:
        layer = network.get_submodule(name)
        assert isinstance(layer, nn.Linear)
        shape = f"{layer.out_features}x{layer.in_features}"
        if not forced and shape not in known:
            known[shape] = round(gain(layer), 2)
        if forced or known[shape] >= PAYS:
            replacements[name] = Float32Linear(layer)
    if len(known) > before:
        _remember(known)
    return replacements


def gain(layer: nn.Linear) -> float:
    """How many times as fast a layer is when packed, at the number of rows where it gains least.

    0 where a row's answer would depend on the rows beside it.
    """
    packed = Float32Linear(layer)
    weight, bias = layer.weight.detach(), layer.bias
    most = torch.linspace(-1, 1, max(ROWS) * layer.in_features).view(max(ROWS), -1)
    with torch.inference_mode():
        if not torch.equal(packed(most)[: min(ROWS)], packed(most[: min(ROWS)])):
            return 0.0
        return min(
            _least(lambda x: linear(x, weight, bias), most[:rows]) / _least(packed, most[:rows])
            for rows in ROWS
        )


def _least(multiply: Callable[[Tensor], Tensor], x: Tensor) -> float:
    """Seconds of the fastest of a few turns."""
    least, turns, began = float("inf"), 0, time.perf_counter()
    while turns < 2 or time.perf_counter() - began < SECONDS:
        start = time.perf_counter()
        multiply(x)
        least, turns = min(least, time.perf_counter() - start), turns + 1
    return least


def _machine() -> str:
    return (
        f"{processor()} {instructions()}, torch {torch.__version__}, "
        f"{torch.get_num_threads()} threads"
    )


def _remembered() -> dict[str, float]:
    """Gains that were measured on this machine before; nothing where the cache cannot be read."""
    return _cache().get(_machine(), {})


def _cache() -> dict[str, dict[str, float]]:
    try:
        content = json.loads(read_regular(_file(), MOST_CACHE))
        return {
            str(machine): {str(shape): float(ratio) for shape, ratio in gains.items()}
            for machine, gains in content.items()
        }
    except (OSError, FileError, ValueError, TypeError, AttributeError):
        return {}


def _remember(gains: dict[str, float]) -> None:
    """Keep what was measured; where the cache cannot be written, it is measured again next time."""
    text = json.dumps({**_cache(), _machine(): gains}, indent=1)
    try:
        make_folder(_file().parent)
        write_file(_file(), text)
    except FileError:
        return


def _file() -> Path:
    return cache_folder() / "linear.json"
