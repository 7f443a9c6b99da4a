"""What a saved notebook keeps of a bench where the person has widget state saved with it."""

import json

from ipywidgets import Widget

from widgets import Bench

PATIENCE = 120


def saved_bytes() -> int:
    """Of all widgets there are, as the front end writes them into the notebook."""
    return len(json.dumps(Widget.get_manager_state(drop_defaults=False)))


def test_a_notebook_grows_by_the_design_on_view_and_not_by_each_design(prompt, model):
    Widget.close_all()
    bench = Bench(prompt.mask(slice(4, 16), ["sequence", "structure"]), model=model)
    assert bench.run("structure:2,sequence:2", seed=1).wait(PATIENCE)
    first = saved_bytes()
    assert bench.run("structure:2,sequence:2", seed=2, designs=3).wait(PATIENCE)
    assert len(bench.session.designs) == 4
    assert first < 1_500_000
    assert saved_bytes() - first < 3 * 2_000
