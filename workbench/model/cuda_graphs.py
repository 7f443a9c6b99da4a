"""CUDA graphs: passes of a trunk repeated as a whole, so that launching kernels costs nothing.

A graph repeats the same kernels on the same memory. Rows are padded to a multiple of ``BUCKET``, so
that a session with proteins of all lengths needs few graphs: one for each batch, bucket and set of
tracks. Each is captured when first needed; the one unused for longest goes when there are ``MOST``.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import pad

from ..tracks import TRACKS, Track
from .embedding import TrackTokens
from .esm3 import ESM3
from .static_shapes import static_shapes

BUCKET = 64
MOST = 16
WARM_UPS = 3
"""Passes before a capture, in which libraries make what they keep."""

Logits = dict[Track, Float[Tensor, "..."]]


class Captured:
    """One pass as a CUDA graph; called with tokens of the shape that it was captured with."""

    def __init__(
        self, trunk: ESM3, tokens: TrackTokens, tracks: tuple[Track, ...], pool: Any
    ) -> None:
        """Capture a pass on a copy of these tokens, which must be on a CUDA device.

        Graphs of one ``pool`` share memory: no two may run at once.
        """
        self._given = _each(tokens, torch.clone)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.device(tokens.valid.device), static_shapes():
            here, beside = torch.cuda.current_stream(), torch.cuda.Stream()
            beside.wait_stream(here)
            with torch.cuda.stream(beside):
                for _ in range(WARM_UPS):
                    trunk(self._given, tracks)
            here.wait_stream(beside)
            with torch.cuda.graph(self._graph, pool, capture_error_mode="thread_local"):
                self._logits = trunk(self._given, tracks)

    def __call__(self, tokens: TrackTokens) -> Logits:
        """The logits of these tokens, in memory that the next call writes over."""
        for name in TrackTokens.__dataclass_fields__:
            getattr(self._given, name).copy_(getattr(tokens, name))
        self._graph.replay()
        return self._logits


class CudaGraphs:
    """Answers for a trunk; see ``ESM3.graphs``. One pass at a time, from whatever thread."""

    def __init__(
        self,
        trunk: ESM3,
        capture: Callable[..., Callable[[TrackTokens], Logits]] = Captured,
    ) -> None:
        """``capture`` makes what answers rows of one shape."""
        self._trunk = trunk
        self._capture = capture
        self._pool = torch.cuda.graph_pool_handle() if torch.cuda.is_available() else None
        self._passes: OrderedDict[tuple, Callable[[TrackTokens], Logits]] = OrderedDict()
        self._lock = Lock()

    @torch.inference_mode()
    def __call__(self, tokens: TrackTokens, tracks: Iterable[Track]) -> Logits:
        """The logits that the trunk gives, up to rounding."""
        length, tracks = tokens.valid.shape[1], tuple(tracks)
        row = bucketed(tokens)
        key = (*row.valid.shape, tracks)
        with self._lock:
            answer = self._passes.pop(key, None)
            answer = answer or self._capture(self._trunk, row, tracks, self._pool)
            self._passes[key] = answer
            if len(self._passes) > MOST:
                self._passes.popitem(last=False)
            return {track: values[:, :length].clone() for track, values in answer(row).items()}


def bucketed(tokens: TrackTokens) -> TrackTokens:
    """The same rows with padding up to a multiple of ``BUCKET``."""
    more = -tokens.valid.shape[1] % BUCKET
    fill = {
        "sequence": TRACKS[Track.SEQUENCE].pad,
        "structure": TRACKS[Track.STRUCTURE].pad,
        "backbone": torch.nan,
        "valid": False,
    }
    longer = {}
    for name in TrackTokens.__dataclass_fields__:
        values = getattr(tokens, name)
        ends = [0, 0] * (values.ndim - 2) + [0, more]
        longer[name] = pad(values, ends, value=fill.get(name, 0))
    return TrackTokens(**longer)


def _each(tokens: TrackTokens, act: Callable[[Tensor], Tensor]) -> TrackTokens:
    return TrackTokens(
        **{name: act(getattr(tokens, name)) for name in TrackTokens.__dataclass_fields__}
    )
