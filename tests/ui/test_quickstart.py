"""The main journey: the quickstart notebook, painted, stepped, run, paused and rewound by hand."""

import os
from pathlib import Path

from .bench_page import BenchPage
from .lab import ROOT, LabPage, colours, difference

SLOW_MODEL = """
import time
batch = bench._runner._batch
batch.advance = lambda: time.sleep(0.3) or type(batch).advance(batch)
"""
"""The embedded model could end its run before a hand on the mouse reaches Pause."""

NOTEBOOK = Path(os.environ.get("QUICKSTART", ROOT / "notebooks" / "01_quickstart.ipynb"))


def test_the_quickstart_is_painted_stepped_run_paused_and_rewound(
    lab_page: LabPage, artifacts: Path
):
    lab_page.open(NOTEBOOK, "quickstart.ipynb").run_all(240)
    assert lab_page.errors_shown() == []
    bench = BenchPage(lab_page)
    bench.await_views()
    bench.picture(artifacts / "quickstart_1_done.png")
    done = bench.seen()
    assert colours(done["structure"]) > 6
    assert colours(done["tracks"]) > 6
    assert lab_page.page.locator(".esm-gallery tbody tr").count() == 3
    assert "quickstart.ipynb" in os.listdir(lab_page.server.notebooks)
    assert (lab_page.server.notebooks / "runs" / "design-1.cif").stat().st_size > 1000

    lab_page.ask("[bench._runner.rewind(), bench.wait(60)]")
    before, steps_before = bench.seen(), len(bench.history())
    free, end = list(range(19, 40)), lab_page.ask("len(bench.prompt)") - 2
    bench.brush("mask")
    bench.drag("sequence", 4, 9)
    bench.drag("structure", end - 9, end)
    lab_page.ask_until("len(bench.session.history)", lambda n: n == steps_before + 2)
    assert bench.masked("sequence") == [*range(4, 10), *free]
    assert bench.masked("structure") == [*free, *range(end - 9, end + 1)]
    painted = bench.seen()
    assert difference(before["tracks"], painted["tracks"]) > 20
    bench.picture(artifacts / "quickstart_2_painted.png")

    bench.brush("restore")
    bench.drag("sequence", 4, 6)
    lab_page.ask_until("len(bench.session.history)", lambda n: n == steps_before + 3)
    assert bench.masked("sequence") == [*range(7, 10), *free]
    lab_page.page.keyboard.press("Control+z")
    lab_page.ask_until("len(bench.session.history)", lambda n: n == steps_before + 2)
    assert bench.masked("sequence") == [*range(4, 10), *free]
    painted = bench.seen()

    lab_page.ask(
        "str(bench._state.update(settings=bench.settings.with_steps(60).with_(designs=1)))"
    )
    bench.press("step")
    bench.phase_until("paused")
    assert lab_page.ask("len(bench.session.trajectory.steps)") == 1
    stepped = bench.seen()
    assert difference(painted["tracks"], stepped["tracks"]) > 5
    assert difference(painted["structure"], stepped["structure"]) > 20
    bench.picture(artifacts / "quickstart_3_stepped.png")

    lab_page.ask(f"exec({SLOW_MODEL!r})")
    bench.press("run")
    lab_page.ask_until("len(bench.session.trajectory.steps)", lambda n: n >= 3)
    bench.press("pause")
    bench.phase_until("paused")
    taken = lab_page.ask("len(bench.session.trajectory.steps)")
    bench.await_rest()
    assert lab_page.ask("len(bench.session.trajectory.steps)") == taken
    assert 3 <= taken < lab_page.ask("bench.session.trajectory.total")
    bench.picture(artifacts / "quickstart_4_paused.png")
    lab_page.ask("exec('del batch.advance')")

    bench.press("run")
    bench.phase_until("done")
    assert lab_page.page.locator(".esm-gallery tbody tr").count() == 4
    assert lab_page.page.locator(".scatterlayer .points path").count() == end + 2
    bench.picture(artifacts / "quickstart_5_run.png")

    bench.press("rewind")
    lab_page.ask_until("len(bench.session.trajectory.steps)", lambda n: n == 0)
    bench.phase_until("idle")
    rewound = bench.seen()
    assert difference(painted["tracks"], rewound["tracks"]) < 80  # pointer and focus moved
    assert bench.masked("sequence") == [*range(4, 10), *free]
    bench.picture(artifacts / "quickstart_6_rewound.png")
