"""A bench in a tab of JupyterLab: what the tab's page has the kernel do."""

import ast
import json
import subprocess
from pathlib import Path

import pytest
from node import node

from widgets.tab import show, source_of, write_notebook
from workbench import example, example_path
from workbench.errors import RecordError, StructureError

STATIC = Path(__file__).parents[2] / "share/jupyter/labextensions/esm3-workbench/static"
TRICKY = [
    "it's \"one\" ü.cif", "back\\slash\n\r\t", "\u2028\u2029\x00\x7f", "{brace} %s 'x') or exit('",
    "𝛼\ud83d", '"""', "AF-P69905-F1",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The folder that the kernel works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", TRICKY)
def test_what_a_person_typed_reaches_the_kernel_as_a_text_and_nothing_else(text):
    script = (
        f"import {{ showing }} from {json.dumps((STATIC / 'python.js').as_uri())};"
        f"process.stdout.write(showing('tab', {{ text: {json.dumps(text)}, path: '' }}));"
    )
    done = subprocess.run(
        [node(), "--input-type=module", "-e", script], capture_output=True, check=True
    )
    call = ast.parse(done.stdout.decode(), mode="eval").body
    assert isinstance(call, ast.Call)
    assert [ast.literal_eval(argument) for argument in call.args] == ["tab"]
    assert {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords} == {
        "text": text
    }


def test_a_tab_that_asks_again_is_shown_the_bench_it_had():
    bench = show("again", text="MKTAYIAK")
    assert show("again", text="MKTAYIAK") is bench
    assert show("another", text="MKTAYIAK") is not bench


@pytest.mark.parametrize(
    ("asked", "length"), [({"text": "30"}, 30), ({"text": " MKT AYI\n"}, 6), ({}, len(example()))]
)
def test_a_tab_begins_with_a_length_a_sequence_or_the_example(asked, length):
    assert len(show(str(asked), **asked).prompt) == length


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({}, {"example": True}),
        ({"text": "30"}, {"text": "30"}),
        ({"path": str(example_path())}, {"path": str(example_path())}),
    ],
    ids=["example", "length", "file"],
)
def test_a_kernel_says_what_the_bench_of_a_tab_was_made_of(folder, made, said):
    show(str(made), **made)
    assert source_of(str(made)).data == said
    with pytest.raises(RecordError, match="no bench for this tab"):
        source_of("never opened")


def test_the_example_chosen_in_a_tab_is_asked_about_no_more_and_opens_in_a_notebook(folder):
    bench = show("example chosen")
    assert not bench._header.asks
    name = write_notebook("example chosen").data["notebook"]
    code = json.loads((folder / name).read_text())["cells"][0]["source"]
    shown: dict = {}
    exec(code, shown)
    assert shown["bench"].prompt.template.sequence == example().sequence


def test_a_file_is_opened_by_its_name_where_the_kernel_works_beside_it(folder):
    path = folder / "mine.cif"
    path.write_bytes(example_path().read_bytes())
    assert "Bench('mine.cif')" in show("beside", path=str(path)).code()
    with pytest.raises(StructureError, match=r"gone\.cif"):
        show("gone", path=str(folder / "gone.cif"))


@pytest.mark.parametrize(
    ("asked", "edited"),
    [({"text": "MKTAYIAKQR"}, False), ({}, False), ({"text": "MKTAYIAKQR"}, True), ({}, True)],
)
def test_the_notebook_of_a_tab_opens_the_same_bench(folder, asked, edited):
    bench = show(f"notebook {asked} {edited}", model="esm3-nano", device="cpu", **asked)
    if edited:
        bench.prompt = bench.prompt.mask("2-5", ["sequence"])
    name = write_notebook(f"notebook {asked} {edited}", str(folder)).data["notebook"]
    (cell,) = json.loads((folder / name).read_text("utf-8"))["cells"]
    assert str(folder) not in cell["source"]
    names: dict = {}
    exec(cell["source"], names)
    assert names["bench"].prompt.same_as(bench.prompt)
    assert names["bench"].session.history == bench.session.history
    assert (folder / name).with_suffix(".design").exists() == edited


def test_a_second_notebook_writes_over_nothing(folder):
    show("twice", text="MKTAYIAKQR")
    first, second = (write_notebook("twice", str(folder)).data["notebook"] for _ in range(2))
    assert first != second
