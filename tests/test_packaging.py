"""What is built carries all that is used, and every file that names a version or a need agrees."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

import workbench
from workbench.io.files import SUFFIXES

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTENSION = Path("share/jupyter/labextensions/esm3-workbench")
OF_AN_OUTER_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
FILES = sorted(path.relative_to(ROOT) for path in (ROOT / EXTENSION).rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the source distribution, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return {"wheel": wheel, "source": source}


def test_jupyterlab_finds_the_extension_of_an_installed_wheel(built, tmp_path):
    with zipfile.ZipFile(built["wheel"]) as wheel:
        wheel.extractall(tmp_path)
    (data,) = tmp_path.glob("*.data/data")
    shipped = {path.relative_to(data) for path in (data / EXTENSION).rglob("*") if path.is_file()}
    assert shipped == set(FILES)
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlab.labextensions", "list"],
        env={"JUPYTER_PATH": str(data / "share/jupyter"), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    listed = re.sub(r"\x1b\[\d*m", "", done.stdout + done.stderr)
    assert re.search(rf"esm3-workbench v{workbench.__version__} enabled OK \(python", listed), (
        listed
    )


def test_the_source_distribution_carries_the_extension_and_nothing_of_this_machine(built):
    with tarfile.open(built["source"]) as source:
        names = {Path(*Path(name).parts[1:]) for name in source.getnames()}
    assert set(FILES) <= names
    assert not {name.parts[0] for name in names if name.parts} & {".venv", "artifacts", "shared"}


def test_a_changed_extension_is_installed_again_by_make():
    changed = str(EXTENSION / "static" / "plugin.js")
    done = subprocess.run(
        [shutil.which("make"), "-n", "--no-print-directory", "-W", changed, "lab"],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env={key: value for key, value in os.environ.items() if key not in OF_AN_OUTER_MAKE},
    )  # fmt: skip
    assert "pip install" in done.stdout
    assert done.stdout.strip().splitlines()[-1].startswith(".venv/bin/workbench lab")


def test_every_place_that_states_the_version_states_the_same():
    stated = {
        "pyproject.toml": PROJECT["project"]["version"],
        "package.json": json.loads((ROOT / EXTENSION / "package.json").read_text())["version"],
        "CITATION.cff": re.search(r"^version: (.+)$", text_of("CITATION.cff"), re.M)[1],
        "recipe": re.search(r'set version = "(.+?)"', text_of("conda/meta.yaml"))[1],
    }
    assert set(stated.values()) == {workbench.__version__}, stated


def test_the_conda_recipe_needs_what_the_package_needs():
    outputs = text_of("conda/meta.yaml").split("  - name: ")[1:]
    needs = {
        part.split()[0]: {
            conda_name(requirement) for requirement in re.findall(r"^ {8}- (\S+)", part, re.M)
        }
        for part in outputs
    }
    engine, full = needs["esm3-workbench-engine"], needs["esm3-workbench"]
    expected = {conda_name(requirement) for requirement in PROJECT["dependency-groups"]["engine"]}
    everything = {conda_name(requirement) for requirement in PROJECT["project"]["dependencies"]}
    assert expected <= engine
    assert not (everything - expected) & engine
    assert everything - expected <= full


def conda_name(requirement: str) -> str:
    """The name that conda has for a requirement."""
    name = re.split(r"[<>=\[]", requirement)[0].lower()
    return "pytorch" if name == "torch" else name


def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def test_the_engine_needs_a_part_of_what_the_package_needs():
    needs = PROJECT["project"]["dependencies"]
    assert set(PROJECT["dependency-groups"]["engine"]) < set(needs)


def test_the_page_for_workers_names_what_the_engine_needs():
    lines = re.findall(r"^pip install (.+)$", text_of("docs/many-designs.md"), re.M)
    named = {word.strip('"') for line in lines for word in line.split()}
    expected = {
        re.split("[<>=]", requirement)[0] for requirement in PROJECT["dependency-groups"]["engine"]
    }
    cluster = set(PROJECT["project"]["optional-dependencies"]["cluster"])
    assert named == expected | cluster | {"--no-deps", "esm3-workbench"}


def test_the_extension_opens_every_file_that_a_bench_reads():
    text = text_of(str(EXTENSION / "static" / "file_types.js"))
    offered = set(re.findall(r'"(\.\w+)"', text)) - {".gz"}
    assert offered == {*SUFFIXES, ".design"}


def test_what_is_pinned_installs_on_the_oldest_python_that_is_promised():
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=") + ".0"
    pins = [line.split("==") for line in text_of("constraints.txt").split() if "==" in line]
    needs = {name: needed_python(name, version) for name, version in pins}
    assert len(needs) > 100
    assert {name: of for name, of in needs.items() if oldest not in SpecifierSet(of)} == {}


def needed_python(name: str, version: str) -> str:
    """Versions of Python that an installed package asks for, if it is the pinned one."""
    try:
        details = metadata(name)
    except PackageNotFoundError:
        return ""
    return details.get("Requires-Python", "") if details["Version"].split("+")[0] == version else ""
