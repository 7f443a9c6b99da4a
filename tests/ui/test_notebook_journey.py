"""The bench in Notebook 7: the same journey as in JupyterLab, in short."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .bench_page import BenchPage
from .lab import NOTEBOOK, LabPage, LabServer, colours

OWN = "TypeError: Cannot read properties of undefined (reading 'schema')"
"""What Notebook 7.6 says when it starts, with or without this project's extension."""
OPEN = """
from widgets import Bench
from workbench import example
bench = Bench(example())
bench
"""


@pytest.fixture
def notebook_page(tmp_path: Path, browser: object) -> Iterator[LabPage]:
    """A page of Notebook 7; fails on a request to another host or a page error."""
    pytest.importorskip("notebook")
    server = LabServer(tmp_path, NOTEBOOK, tree="notebooks")
    page = LabPage(server, browser)
    yield page
    blocked, errors = page.blocked, page.errors
    page.close()
    server.close()
    assert blocked == []
    assert [error for error in errors if not error.startswith(OWN)] == []


def test_a_bench_is_painted_and_run_in_notebook_7(notebook_page: LabPage, artifacts: Path):
    notebook_page.open([OPEN], "in_notebook_7.ipynb").run_all()
    assert notebook_page.errors_shown() == []
    bench = BenchPage(notebook_page)
    bench.await_views()
    bench.brush("mask")
    bench.drag("sequence", 10, 19)
    notebook_page.ask_until(
        "bench.prompt.masked('sequence').nonzero()[0].tolist()",
        lambda at: at == list(range(10, 20)),
    )
    bench.press("run")
    notebook_page.ask_until("len(bench.session.designs)", lambda count: count == 1, 90)
    notebook_page.page.wait_for_selector(".esm-gallery tbody tr")
    assert colours(bench.seen()["structure"]) > 6
    bench.picture(artifacts / "notebook_7.png")
