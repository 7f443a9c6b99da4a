"""Open, Save and Share in the header."""

import gzip
import threading

import numpy as np
import pytest
from waiting import PATIENCE, until

from widgets import Bench
from widgets.files.documents import Files
from workbench import read_protein, write_protein
from workbench.errors import PromptError, StructureError, WorkbenchError
from workbench.prompt import Prompt


@pytest.fixture(autouse=True)
def notebooks(tmp_path, monkeypatch):
    """The folder of the notebook."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def bench(prompt) -> Bench:
    return Bench(prompt)


def answer_to(bench: Bench, data: bytes | None = None, **message: object) -> dict:
    """What the header answers to a message of the browser."""
    comm = bench._header.comm
    comm.sent.clear()
    buffers = [] if data is None else [memoryview(data)]
    content = {"data": {"method": "custom", "content": message}}
    comm.handle_msg({"content": content, "buffers": buffers})

    def answers() -> list[dict]:
        contents = [message["data"].get("content", {}) for message in list(comm.sent)]
        return [content for content in contents if content.get("type") == "done"]

    return until(answers)[0]


def test_only_the_chains_asked_for_are_opened_in_code_and_by_hand(bench):
    fasta = ">one|Chain A\nMKTAYIAK\n>one|Chain B\nGSHMLEDP\n>one|Chain C\nACDEFGHI\n"
    assert len(Bench(fasta, chain="B").prompt) == 8
    answer = answer_to(bench, type="open", name=fasta, chain="A, C")
    assert not answer["wrong"], answer["text"]
    assert bench.prompt.template.chains == ("A", "C")
    assert bench._header.chains == [["A", 8], ["C", 8]]
    assert "chain='A, C'" in bench.code()
    answer = answer_to(bench, type="open", name=fasta, chain="X")
    assert "there is no protein chain 'X'" in answer["text"]


def test_what_was_typed_becomes_the_prompt_and_undo_brings_the_old_one_back(bench, small):
    before = bench.prompt
    bench.selection = "A:20"
    answer = answer_to(bench, type="open", name=" 40 ")
    assert not answer["wrong"]
    assert len(bench.prompt) == 40
    assert bench.selection == ""
    answer_to(bench, type="open", name="MKTAYIAK")
    assert bench.prompt.template.sequence == "MKTAYIAK"
    bench.undo()
    bench.undo()
    assert bench.prompt is before


def test_a_file_is_opened_by_its_name_and_copied_code_opens_it_too(bench, small, notebooks):
    write_protein(small.with_(name="other"), notebooks / "other.pdb")
    answer_to(bench, type="open", name="other.pdb")
    bench.prompt = bench.prompt.mask("A:13-15", ["sequence"])
    benches: dict[str, Bench] = {}
    exec(bench.code().partition("bench.run(")[0], benches)
    assert "Bench('other.pdb')" in bench.code()
    assert np.array_equal(benches["bench"].prompt.sequence, bench.prompt.sequence)
    bench.prompt = Prompt.blank(5)
    with pytest.raises(PromptError, match="edited in code"):
        bench.code()


def test_a_brought_file_stands_beside_the_notebook_and_replaces_none(bench, small, notebooks):
    data = write_protein(small, notebooks / "mine.pdb").read_bytes()
    (notebooks / "mine.pdb").write_text("notes of somebody")
    answer = answer_to(bench, data, type="open", name="..\\../up/mine.pdb")
    assert not answer["wrong"]
    assert (notebooks / "mine.pdb").read_text() == "notes of somebody"
    assert (notebooks / "mine-2.pdb").read_bytes() == data
    assert bench.prompt.template.sequence == small.sequence
    assert [path.name for path in notebooks.parent.glob("*.pdb")] == []
    answer_to(bench, data, type="open", name="mine-2.pdb")
    assert len(list(notebooks.glob("mine*"))) == 2


@pytest.mark.parametrize("name", ["Mine.PDB.gz", "my protein.ent.GZ", "a.b.cif"])
def test_every_kind_of_protein_file_is_brought_under_its_own_ending(bench, small, notebooks, name):
    kind = ".cif" if "cif" in name else ".pdb"
    data = write_protein(small, notebooks / f"plain{kind}").read_bytes()
    data = gzip.compress(data) if name.lower().endswith("gz") else data
    assert not answer_to(bench, data, type="open", name=name)["wrong"]
    assert bench.prompt.template.sequence == small.sequence
    (kept,) = {path.name for path in notebooks.iterdir()} - {f"plain{kind}"}
    assert kept == {"Mine.PDB.gz": "Mine.pdb.gz", "my protein.ent.GZ": "my_protein.ent.gz"}.get(
        name, name
    )


@pytest.mark.parametrize(
    ("message", "data", "complaint"),
    [
        ({"type": "open", "name": "nowhere.pdb"}, None, "no file 'nowhere.pdb'"),
        ({"type": "open", "name": "page.html"}, b"<html>", "page.html is none of the files"),
        ({"type": "open", "name": "x.design.gz"}, b"PK", "x.design.gz is none of the files"),
        ({"type": "open", "name": "broken.pdb"}, b"ATOM  ????", "broken.pdb"),
        ({"type": "save", "name": "no/such/folder/x"}, None, "cannot be written"),
        ({"type": "share", "name": "no/such/folder/x"}, None, "no folder"),
    ],
)
def test_what_cannot_be_is_said_in_the_box_and_changes_nothing(bench, message, data, complaint):
    before = bench.session.history
    answer = answer_to(bench, data, **message)
    assert answer["wrong"]
    assert answer["act"] == message["type"]
    assert complaint in answer["text"]
    assert bench.session.history == before


def test_designs_of_a_record_join_the_table_under_free_names(prompt, model, notebooks):
    first = Bench(prompt.mask([3, 4], ["sequence"]), model=model)
    assert first.run("sequence:2").wait(PATIENCE)
    answer_to(first, type="save", name="one")
    second = Bench(prompt.mask([7], ["sequence"]), model=model)
    assert second.run("sequence:1").wait(PATIENCE)
    answer = answer_to(second, type="open", name="one.design")
    assert not answer["wrong"]
    assert [design.name for design in second.session.designs] == ["design-1", "design-2"]
    joined = second.design("design-2")
    assert joined.protein.sequence == first.design("design-1").protein.sequence
    assert joined.protein.name == "design-2"
    assert len(second._table.rows) == 2
    assert np.array_equal(second.prompt.sequence, first.prompt.sequence)
    assert second.run("sequence:1").wait(PATIENCE)
    assert [design.name for design in second.session.designs][2:] == ["design-3"]


def test_a_run_goes_on_with_its_own_protein_when_another_is_opened_in_its_midst(prompt, model):
    bench = Bench(prompt.mask(slice(2, 12), ["sequence"]), model=model)
    bench.run("sequence:10")
    until(lambda: bench._state.run.taken >= 2)
    bench.open("MKTAYIAKQR____")
    assert bench.wait(PATIENCE)
    assert bench.run("sequence:2").wait(PATIENCE)
    first, second = bench.session.designs
    assert "_" not in first.protein.sequence
    assert (len(first.protein), len(second.protein)) == (20, 14)


def test_records_and_pages_are_written_again_but_never_over_those_of_others(bench, notebooks):
    (notebooks / "small.design").write_text("of somebody")
    header = bench._header
    assert Files(bench).drafts("small") == {"save": "small-2.design", "share": "small.html"}
    refused = answer_to(bench, type="save", name="small.design")
    assert refused["wrong"]
    assert "small-2.design" in refused["text"]
    assert (notebooks / "small.design").read_text() == "of somebody"
    answer = answer_to(bench, type="save", name="mine")
    assert answer["text"].startswith("written: mine.design, ")
    size = (notebooks / "mine.design").stat().st_size
    bench.prompt = bench.prompt.mask([1], ["sequence"])
    assert not answer_to(bench, type="save", name="mine.design")["wrong"]
    assert (notebooks / "mine.design").stat().st_size > size
    assert header.drafts["save"] == "mine.design"
    assert len(Bench("mine.design").session.history) == 2


class Held(Bench):
    """A bench that writes no page before it is let."""

    def __init__(self, *args: object) -> None:
        self.let = threading.Event()
        super().__init__(*args)

    def share(self, path):
        assert self.let.wait(PATIENCE)
        return super().share(path)


def test_a_page_is_written_while_the_kernel_stays_free(prompt, notebooks):
    bench = Held(prompt)
    bench._header.on_share("small")
    assert not (notebooks / "small.html").exists()
    bench.prompt = bench.prompt.mask([2], ["sequence"])
    bench.let.set()
    until((notebooks / "small.html").exists)
    assert "<title>" in (notebooks / "small.html").read_text()


def test_opening_by_code_refuses_what_is_no_source(bench):
    with pytest.raises(StructureError, match="cannot open float"):
        bench.open(1.5)
    with pytest.raises(WorkbenchError):
        bench.open("nowhere.pdb")


def test_the_models_of_an_nmr_file_are_offered_and_another_is_one_step(shared, notebooks):
    (notebooks / "1l2y.bcif").write_bytes((shared / "data/structures/1l2y.bcif").read_bytes())
    bench = Bench("1l2y.bcif", conformer=2)
    assert (bench._header.models, bench._header.conformer) == (list(range(1, 39)), 2)
    first = bench.prompt
    answer = answer_to(bench, type="conformer", number=30)
    assert not answer["wrong"], answer["text"]
    assert bench.session.history == ["open 1l2y, model 2", "open 1l2y, model 30"]
    assert bench._header.conformer == 30
    third = read_protein("1l2y.bcif", conformer=30)
    assert np.array_equal(bench.prompt.coordinates, third.coordinates, equal_nan=True)
    assert "Bench('1l2y.bcif', conformer=30)" in bench.code()
    bench.undo()
    assert bench.prompt is first
    assert bench._header.conformer == 2
    assert "conformer=2" in bench.code()
    answer = answer_to(bench, type="open", name="1l2y.bcif", conformer="39")
    assert "it has models 1 to 38" in answer["text"]
    assert answer_to(bench, type="open", name="1l2y.bcif", conformer="x")["wrong"]
    bench.open("MKTAYIAK")
    assert bench._header.models == []
