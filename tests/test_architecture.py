"""What may import what, and what a plain import costs."""

import ast
import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

import workbench

ROOT = Path(__file__).parents[1]
SIZE_HINT = 400


def fresh(code: str) -> dict:
    """Run code in an interpreter of its own and read back the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_imports_go_down_only(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    failed = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    assert not failed, capsys.readouterr().out


@pytest.mark.parametrize("package", ["workbench", "widgets"])
def test_no_module_knows_one_that_knows_it_not_even_for_types(package):
    graph = grimp.build_graph(package)
    # The package itself offers names of all modules, each loaded on first use.
    above = {
        name: graph.find_modules_directly_imported_by(name) - {package} for name in graph.modules
    }
    assert list(TopologicalSorter(above).static_order())


def test_peer_defect_22_a_plain_import_brings_no_torch_no_notebook_and_no_chemistry(
    record_property,
):
    modules = fresh(
        "import sys, time, json; start = time.perf_counter(); import workbench\n"
        "seconds = time.perf_counter() - start\n"
        "heavy = ['torch', 'IPython', 'ipywidgets', 'mdtraj', 'biotite', 'pandas', 'numpy']\n"
        "print(json.dumps({'heavy': [m for m in heavy if m in sys.modules], 'seconds': seconds}))"
    )
    record_property("import_seconds", modules["seconds"])
    assert modules["heavy"] == []


def test_prompts_and_recipes_need_no_torch():
    modules = fresh(
        "import sys, json, workbench\n"
        "workbench.Prompt.blank(5).mask([1]); workbench.Recipe.parse('sequence:2')\n"
        "workbench.Session, workbench.list_models()\n"
        "print(json.dumps([m for m in ('torch', 'IPython', 'mdtraj') if m in sys.modules]))"
    )
    assert modules == []


def test_the_embedded_model_loads_without_symbolic_algebra():
    modules = fresh(
        "import sys, json, workbench; workbench.load_model('esm3-nano', device='cpu')\n"
        "print(json.dumps([m for m in ('sympy', 'torch._dynamo') if m in sys.modules]))"
    )
    assert modules == []


def test_a_bench_is_on_view_before_torch_and_plotly_are_read():
    modules = fresh(
        "import sys, json; from widgets import Bench; from workbench import example\n"
        "Bench(example())._repr_mimebundle_()\n"
        "heavy = ['torch', 'pandas', 'plotly', 'scipy', 'matplotlib']\n"
        "print(json.dumps([m for m in heavy if m in sys.modules]))"
    )
    assert modules == []


@pytest.mark.parametrize("name", sorted(set(workbench.__all__) - {"__version__"}))
def test_every_name_the_package_offers_is_there(name):
    assert getattr(workbench, name).__module__.startswith("workbench.")


def test_editors_and_the_lazy_loader_know_the_same_names():
    tree = ast.parse((ROOT / "workbench/__init__.py").read_text("utf-8"))
    typed = {
        (node.module, name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for name in node.names
    }
    assert typed == {(home, name) for name, home in workbench._HOME_OF.items()}
    assert sorted(workbench.__all__) == sorted([*workbench._HOME_OF, "__version__"])
    assert dir(workbench) == sorted(workbench.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'workbench' has no attribute 'colour'"):
        workbench.colour  # noqa: B018


def test_each_defect_of_the_reference_has_one_test_named_after_it(shared):
    listed = (shared / "spec" / "peer_defects.md").read_text("utf-8")
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", listed, re.MULTILINE)]
    named = [
        int(number)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for number in re.findall(r"^def test_peer_defect_(\d+)_", path.read_text("utf-8"), re.M)
    ]
    assert sorted(named) == numbers


def test_files_stay_small(record_property):
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for folder in ("workbench", "widgets")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".ts", ".css"} and "vendor" not in path.parts
    }
    record_property("longest_file", max(sizes, key=sizes.get))
    assert not {path: lines for path, lines in sizes.items() if lines > SIZE_HINT}
