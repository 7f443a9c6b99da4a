"""Fixtures of the browser journeys: one JupyterLab and one Chromium per test session."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .bench_page import BenchPage
from .lab import BROWSER_FLAGS, CHROMIUM, ROOT, LabPage, LabServer

OPEN = """
from widgets import Bench
from workbench import read_protein
bench = Bench({source!r})
bench
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come last, all in one process; each may be tried twice more.

    Browser, server and kernel share two busy cores, and no other test shall run beside them.
    """
    journeys = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in journeys:
        item.add_marker(pytest.mark.flaky(reruns=2))
        item.add_marker(pytest.mark.xdist_group("browser"))
    items[:] = [item for item in items if item not in journeys] + journeys


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A running JupyterLab."""
    pytest.importorskip("jupyterlab")
    server = LabServer(tmp_path_factory.mktemp("lab"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"browser journeys need {CHROMIUM}")
    os.environ["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1"
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=list(BROWSER_FLAGS)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def lab_page(lab_server: LabServer, browser: object) -> Iterator[LabPage]:
    """A page of its own; fails the test on a request to another host or a page error."""
    page = LabPage(lab_server, browser)
    yield page
    blocked, errors = page.blocked, page.errors
    page.close()
    assert blocked == []
    assert errors == []


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where screenshots are kept (not in git)."""
    folder = ROOT / "artifacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def protein_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A helix of sixty residues along z, numbered from 101."""
    import numpy as np
    from ideal_chains import wound_helix

    from workbench import Protein, write_protein

    numbers = np.arange(101, 161)
    helix = Protein("ADEKLRQMEK" * 6, coordinates=wound_helix(60), residue_number=numbers)
    return write_protein(helix, tmp_path_factory.mktemp("proteins") / "helix.pdb")


@pytest.fixture
def bench(lab_page: LabPage, protein_file: Path) -> BenchPage:
    return BenchPage.opened(lab_page, "journey.ipynb", OPEN.format(source=str(protein_file)))
