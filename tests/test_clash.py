"""Other packages called ``workbench`` or ``widgets`` are named, not met as a riddle."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LARGE = shutil.ignore_patterns("__pycache__", "checkpoints", "vendor")


def run_beside(folder: Path, code: str) -> str:
    """What Python says when this folder comes first on its path."""
    lines = f"import sys; sys.path.insert(0, {str(folder)!r}); {code}"
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", lines], capture_output=True, text=True
    )
    return done.stdout + done.stderr


@pytest.fixture
def foreign(tmp_path: Path):
    """Install a package of this name that belongs to a distribution of somebody else."""

    def install(name: str) -> Path:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("power = 'drill'\n")
        about = tmp_path / "carpentry-2.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: carpentry\nVersion: 2.0\n")
        (about / "RECORD").write_text(f"{name}/__init__.py,,\n")
        return tmp_path

    return install


def test_a_foreign_widgets_package_and_its_distribution_are_named(foreign):
    folder = foreign("widgets")
    output = run_beside(folder, "import workbench")
    assert "Bench cannot be imported" in output
    assert str(folder / "widgets") in output
    assert "of the distribution carpentry" in output


def test_a_foreign_workbench_package_is_named_by_the_bench(foreign):
    folder = foreign("workbench")
    output = run_beside(folder, "from widgets import Bench")
    assert str(folder / "workbench") in output
    assert "another 'workbench' hides that of esm3-workbench" in output


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """A folder with a copy of the engine, without the views."""
    folder = tmp_path / "copy"
    shutil.copytree(ROOT / "workbench", folder / "workbench", ignore=LARGE)
    return folder


def test_a_copy_of_the_engine_alone_hides_no_views_and_says_nothing(engine, foreign):
    assert run_beside(engine, "import workbench") == ""
    output = run_beside(
        foreign("widgets"), f"sys.path.insert(0, {str(engine)!r}); import workbench"
    )
    assert output == ""


def test_two_copies_that_are_mixed_are_named_as_such(engine, tmp_path):
    shutil.copytree(ROOT / "widgets", engine / "widgets", ignore=LARGE)
    other = tmp_path / "other"
    shutil.copytree(ROOT / "widgets", other / "widgets", ignore=LARGE)
    output = run_beside(engine, f"sys.path.insert(0, {str(other)!r}); import workbench")
    assert f"another copy of esm3-workbench, in {other}" in output


def test_nothing_is_said_where_there_is_no_clash(tmp_path):
    assert run_beside(tmp_path, "import workbench, widgets") == ""
