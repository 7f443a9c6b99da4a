"""The plot beside the bench: what it shows of a step, its axis, and drags and clicks in it."""

import numpy as np
import pytest

from widgets import Bench, palette
from widgets.confidence.plot import averaged
from workbench.embedded import example
from workbench.protein import Protein


def test_residues_selected_in_the_plot_are_marked_in_it(finished_bench):
    plot = finished_bench.confidence
    finished_bench._tabs.comm.say({"type": "select", "ranges": [[4, 8]]})
    assert finished_bench._state.selection == (4, 5, 6, 7)
    bands = [
        shape for shape in plot.figure.layout.shapes if shape.fillcolor == palette.themed("select")
    ]
    assert {(band.x0, band.x1) for band in bands} == {(3.5, 7.5)}


def test_pae_of_the_step_on_view_appears_with_its_tab(finished_bench):
    finished_bench._tabs.comm.say({"type": "tab", "tab": "pae"})
    finished_bench.wait(60)
    figure = finished_bench.confidence.figure
    assert figure.data[2].z.shape == (20, 20)
    assert [trace.visible for trace in figure.data] == [False] * 2 + [True] + [False] * 3
    assert "pTM" in finished_bench._tabs.headline
    finished_bench._tabs.on_tab("why")
    assert finished_bench._tabs.headline == ""


def test_the_curve_has_a_point_per_step(finished_bench):
    finished_bench._tabs.comm.say({"type": "tab", "tab": "steps"})
    finished_bench.wait(60)
    run = finished_bench.session.trajectory
    entropy = finished_bench.confidence.figure.data[5]
    assert list(entropy.x) == list(range(1, len(run.steps) + 1))
    assert np.isfinite(entropy.y).all()
    assert np.isfinite(finished_bench.confidence.figure.data[4].y[-1])
    finished_bench.delete("A:12")
    finished_bench.confidence._debounce.finish()
    assert len(entropy.x) == 0


def test_a_large_pae_is_averaged_in_blocks():
    matrix = np.arange(25.0).reshape(5, 5)
    small = averaged(matrix, 2)
    assert small.shape == (3, 3)
    assert small[0, 0] == matrix[:2, :2].mean()
    assert small[2, 2] == matrix[4, 4]


def test_every_chain_is_named_once_on_the_plots_axis():
    one = example()
    parts = (one.coordinates, one.coordinates + np.float32(40))
    two = Protein(
        one.sequence * 2,
        coordinates=np.concatenate(parts),
        chain_id=np.repeat(["A", "B"], len(one)),
    )
    ticks = Bench(two).confidence.figure.layout.xaxis2.ticktext
    assert [tick[:2] for tick in ticks if ":" in tick] == ["A:", "B:"]


@pytest.mark.parametrize(("length", "step"), [(12, 2), (73, 10), (791, 100), (2046, 250)])
def test_the_plot_counts_residues_in_round_numbers(length, step):
    ticks = Bench(length).confidence.figure.layout.xaxis2.ticktext
    assert [int(tick) for tick in ticks] == list(range(step, length + 1, step))
