"""What people give to open, and what it becomes; the same in the bench and on the command line."""

import numpy as np
import pytest
from ideal_chains import ideal_chain

from workbench import io
from workbench.archive import save
from workbench.errors import StructureError
from workbench.io import write_protein
from workbench.io.chosen import Choice
from workbench.opening import open_prompt, open_protein, open_session, open_source, short
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.session import Session

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder with a structure in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    write_protein(Protein("MKT", coordinates=ideal_chain("MKT")), tmp_path / "small.pdb")
    return tmp_path


@pytest.mark.parametrize("name", ["small.pdb", "./small.pdb", "~/small.pdb", " ~/small.pdb\n"])
def test_a_file_is_opened_by_its_path(home, name):
    assert open_protein(name).sequence == "MKT"


@pytest.mark.parametrize(
    "name", ["1ubq", "1UBQ", "pdb_00001ubq", "AF-P69905-F1", "AF-P69905", "P69905", "p69905",
             "A0A024R1R8", " 1ubq "],
)  # fmt: skip
def test_every_entry_that_fetch_knows_is_opened(databases, tmp_path, name):
    peptide = Protein("MKT", coordinates=ideal_chain("MKT"))
    for file in ("1ubq.bcif", "1UBQ.bcif", "P69905.cif", "A0A024R1R8.cif"):
        databases.files[file] = write_protein(peptide, tmp_path / file).read_bytes()
    protein = open_protein(name)
    assert (protein.sequence, protein.name) == ("MKT", name.strip())
    assert io.online.is_entry(name)


@pytest.mark.parametrize("mark", ["/", ":", "|", " : ", "\n:\n"])
def test_a_sequence_is_one_chain_or_several(mark):
    assert open_protein(SEQUENCE.lower()).sequence == SEQUENCE
    both = open_protein(f"{SEQUENCE}{mark}GSH_ML")
    assert both.chains == ("A", "B")
    assert both.sequence == f"{SEQUENCE}GSH_ML"
    assert both.residue_number[-1] == 6


@pytest.mark.parametrize("length", [255, 256, 1000, 2046])
def test_a_sequence_of_any_length_the_model_takes_is_opened(length):
    """No file name is longer than 255 characters, and no sequence is one."""
    assert len(open_protein("MKTAY" * (length // 5) + "M" * (length % 5))) == length


def test_what_is_too_long_for_the_model_is_refused_with_its_length():
    with pytest.raises(StructureError, match=r"2047 residues in chain A .* more than the 2046"):
        open_protein("M" * 2047)
    with pytest.raises(StructureError, match="999999999 residues in chain A"):
        open_prompt(999_999_999)


def test_pasted_fasta_is_opened_as_a_file_of_it_would_be():
    text = ">one|Chain H\nMKT\nAYI\n>two|Chain L\nGSH\n"
    protein = open_protein(text)
    assert protein.chains == ("H", "L")
    assert open_protein(text, chain="L").sequence == "GSH"
    designs = ">native\nMKT\n>T=0.1, sample=1\nMRT\n"
    assert open_protein(designs, record=2).sequence == "MRT"


@pytest.mark.parametrize("length", [60, "60", " 60 "])
def test_a_length_is_a_chain_for_the_model_to_fill(length):
    prompt = open_prompt(length)
    assert len(prompt) == 60
    assert prompt.masked("sequence").all()


def test_a_record_brings_its_session_back(home, prompt):
    session = Session(prompt)
    session.edit(prompt.mask([2], "sequence"), "mask")
    save(session, "~/mine.design")
    assert open_session("~/mine.design").history == session.history
    assert np.array_equal(open_prompt("mine.design").sequence, session.prompt.sequence)
    with pytest.raises(StructureError, match="chain='A' chooses in a file, and this is a record"):
        open_session("mine.design", chain="A")


def test_a_structure_is_given_and_its_secondary_structure_is_there_to_restore(home):
    prompt = open_prompt("small.pdb")
    assert not prompt.masked("sequence").any()
    assert not prompt.masked("structure").any()
    assert prompt.masked("ss8").all()
    assert not prompt.restore("all", "ss8").masked("ss8").all()


def test_chains_can_be_chosen_of_whatever_has_some(home, prompt):
    two = Protein("MKTGS", chain_id=np.array(list("AAABB")))
    for source in (two, "MKT:GS", ">x|Chain A\nMKT\n>y|Chain B\nGS\n"):
        assert open_protein(source, chain="B").sequence == "GS"
        with pytest.raises(StructureError, match=r"no protein chain 'Q' .* A \(3\), B \(2\)"):
            open_protein(source, chain="Q")
    for source, what in ((prompt, "a prompt"), (12, "a length")):
        with pytest.raises(
            StructureError, match=f"chain='A' chooses in a file, and this is {what}"
        ):
            open_prompt(source, chain="A")


def test_a_model_of_an_nmr_file_is_opened_by_its_number_and_the_history_names_it(shared, tmp_path):
    path = shared / "data/structures/1l2y.bcif"
    opened = open_source(path, Choice(conformer=20))
    assert opened.conformers == tuple(range(1, 39))
    assert not np.allclose(opened.session.prompt.coordinates, open_prompt(path).coordinates)
    save(opened.session, tmp_path / "one.design")
    assert open_session(tmp_path / "one.design").history == ["open 1l2y, model 20"]
    for source in ("MKT", 12, opened.session.prompt, opened.session.prompt.template):
        with pytest.raises(StructureError, match="conformer=3 chooses in a file, and this is a"):
            open_prompt(source, conformer=3)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("nowhere.pdb", "there is no file 'nowhere.pdb'; check the path"),
        ("~nobody-here/x.pdb", "there is no file '~nobody-here/x.pdb'"),
        ("no/such/folder", "there is no file 'no/such/folder'; check the path"),
        ("1UBX?", "there is no file '1UBX.', and it is nothing else that can be opened; give a"),
        ("", "there is no file ''"),
        ("MKT1", "there is no file 'MKT1'"),
        ("MKJAY", "there is no file 'MKJAY', and as a sequence 'J' at position 3"),
        ("x" * 300 + ".pdb", r"there is no file 'x{254}… \(304 characters\)'; check"),
        ("?" * 300, r"there is no file '\?{59}… \(300 characters\)'"),
        (None, "cannot open NoneType; give a PDB, mmCIF"),
        (3.5, "cannot open float; give a PDB, mmCIF"),
        (True, "cannot open bool"),
        ("5" * 30, "there is no file '5{30}'"),
        ("nul\0byte", "there is no file"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence_with_what_can(source, complaint):
    with pytest.raises(StructureError, match=complaint) as caught:
        open_session(source)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_the_name_of_a_missing_file_in_a_folder_is_not_taken_for_chains(home):
    (home / "data").mkdir()
    with pytest.raises(StructureError, match="there is no file 'data/mine'"):
        open_protein("data/mine")
    assert open_protein("DATA/MINE").chains == ("A", "B")


def test_what_was_given_is_said_in_one_short_line():
    assert short("  a\n b ") == "a b"
    assert short("M" * 300) == f"{'M' * 59}… (300 characters)"


def test_a_prompt_is_opened_as_it_is():
    prompt = Prompt.blank(5)
    assert open_prompt(prompt) is prompt
    assert open_session(prompt).prompt is prompt
