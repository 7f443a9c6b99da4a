"""Passes with fixed shapes: the same logits, no value looked at, few captures.

CUDA itself is measured by benchmarks/gpu.sh; what it needs of the networks is tested here.
"""

from itertools import combinations

import pytest
import torch
from rows import padded, prompt_row
from torch.utils._python_dispatch import TorchDispatchMode
from toys import given_weights

from workbench.errors import CheckpointError
from workbench.model.checkpoint import load_model
from workbench.model.config import TrunkConfig
from workbench.model.cuda_graphs import BUCKET, MOST, CudaGraphs, _each, bucketed
from workbench.model.embedding import TrackTokens
from workbench.model.esm3 import ESM3
from workbench.model.static_shapes import static_shapes
from workbench.tracks import Track

LOOKS = ("_local_scalar_dense", "nonzero", "is_nonzero", "equal", "masked_select", "unique")


class Blindfold(TorchDispatchMode):
    """Notes every operation for which a GPU would have to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: list[str] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        if name in LOOKS:
            self.looks.append(name)
        return func(*args, **(kwargs or {}))


@pytest.fixture(scope="module")
def trunk() -> ESM3:
    return given_weights(ESM3(TrunkConfig(64, 2, 16, 3)), seed=0)


def rows() -> dict[str, TrackTokens]:
    plain = prompt_row(30, seed=4, coordinates=False)
    folded = prompt_row(30, seed=4, coordinates=True)
    beside = padded([folded, prompt_row(12, seed=2, coordinates=True)])
    return {"masked structure": plain, "coordinates": folded, "two lengths": beside}


@pytest.mark.parametrize("kind", rows())
@torch.inference_mode()
def test_fixed_shapes_change_no_logit_and_look_at_no_value(trunk, kind):
    row = rows()[kind]
    with Blindfold() as usual:
        expected = trunk(row)
    assert usual.looks
    with static_shapes(), Blindfold() as blind:
        logits = trunk(row)
    assert blind.looks == []
    for track in Track:
        seen = expected[track][row.valid]
        torch.testing.assert_close(logits[track][row.valid], seen, atol=2e-5, rtol=0)


def eager(captures: list):
    """Stands in for a CUDA graph: the same pass, counted."""

    def capture(trunk, tokens, tracks, _):
        captures.append((*tokens.valid.shape, tracks))

        def answer(row):
            with static_shapes():
                return trunk(row, tracks)

        return answer

    return capture


def test_lengths_of_one_bucket_share_a_capture_and_get_their_own_logits(trunk):
    captures: list = []
    answers = CudaGraphs(trunk, eager(captures))
    for residues in (30, 62, 45, 63):
        row = prompt_row(residues, seed=residues, coordinates=True)
        found = answers(row, [Track.SEQUENCE, Track.FUNCTION])
        assert set(found) == {Track.SEQUENCE, Track.FUNCTION}
        with torch.inference_mode():
            expected = trunk(row)
        for track, logits in found.items():
            torch.testing.assert_close(logits, expected[track], atol=2e-5, rtol=0)
    assert [length for _, length, _ in captures] == [BUCKET, 2 * BUCKET]


def test_the_pass_unused_for_longest_makes_room(trunk):
    captures: list = []
    answers = CudaGraphs(trunk, eager(captures))
    row = prompt_row(10, seed=1, coordinates=False)
    track_sets = list(combinations(Track, 2)) + [(track,) for track in Track]
    first, second, *others, newest = track_sets[: MOST + 1]
    for tracks in (first, second, *others, first, newest, first, second):
        answers(row, tracks)
    assert [tracks for _, _, tracks in captures] == [first, second, *others, newest, second]


def test_a_trunk_that_replays_answers_through_its_captures(trunk):
    captures: list = []
    row = prompt_row(20, seed=3, coordinates=True)
    with torch.inference_mode():
        expected = trunk(row, [Track.SASA])[Track.SASA]
    trunk.graphs = CudaGraphs(trunk, eager(captures))
    try:
        logits = trunk(row, [Track.SASA])[Track.SASA]
    finally:
        trunk.graphs = None
    assert len(captures) == 1
    torch.testing.assert_close(logits, expected, atol=2e-5, rtol=0)


def test_padding_is_no_residue():
    row = bucketed(prompt_row(70, seed=5, coordinates=True))
    assert row.valid.shape == (1, 2 * BUCKET)
    assert row.valid.sum() == 72
    assert torch.isnan(row.backbone[0, 72:]).all()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="CUDA graphs need a CUDA device")
def test_a_cuda_graph_gives_the_logits_of_the_pass_that_it_captured(trunk):
    on_gpu = given_weights(ESM3(TrunkConfig(64, 2, 16, 3)), seed=0).cuda()
    answers = CudaGraphs(on_gpu)
    for residues in (30, 45, 30):
        row = _each(prompt_row(residues, seed=residues, coordinates=True), torch.Tensor.cuda)
        logits = answers(row, list(Track))
        with torch.inference_mode():
            expected = on_gpu(row)
        for track in Track:
            torch.testing.assert_close(logits[track], expected[track], atol=1e-4, rtol=1e-4)


def test_graphs_are_refused_where_there_is_no_gpu_for_them():
    with pytest.raises(CheckpointError, match="graphs are for cuda, not cpu"):
        load_model(device="cpu", graphs=True)
