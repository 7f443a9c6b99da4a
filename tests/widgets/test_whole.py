"""A bench as one widget, for front ends that draw no boxes of Jupyter widgets."""

from widgets import Bench


def test_one_widget_holds_the_views_of_the_boxes_and_the_figure_once_it_can_be_drawn(prompt):
    bench = Bench(prompt)
    whole = bench._display_()
    assert whole is bench._display_()
    assert bench._tabs.plot_id == bench.confidence.figure.model_id  # made with the cell
    held = {name: getattr(whole, name) for name in whole.trait_names() if not name.startswith("_")}
    for view in (bench.tracks, bench.structure, bench.what_if, bench._tabs, bench._card):
        assert view in held.values()
    assert whole.figure is None
    bench._tabs.comm.say({"type": "ready"})
    assert whole.figure is bench.confidence.figure
    assert whole.get_state("figure")["figure"] == f"anywidget:{bench.confidence.figure.model_id}"
