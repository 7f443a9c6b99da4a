"""FASTA files as people and programs write them."""

import gzip

import numpy as np
import pytest
from Bio import SeqIO
from structure_files import lengths

from workbench.errors import StructureError
from workbench.io import read_protein, read_records, write_protein
from workbench.io.fasta import parse_sequence

DESIGNS = """>native, score=1.7, seed=3
MKTAYIAKQR
>T=0.1, sample=1, score=0.8
MKSAYLAEQR
>T=0.1, sample=2, score=0.8
MRSAYLAEQR
"""
ALIGNED = ">query\nMKT-AYI\n>hit\nMRTGAY-\n>other\n-KTGAYI\n"
A3M = ">query\nMKTAYI\n>hit\nMRTgpAY-\n>other\n-KTAYI\n"
COLABFOLD = "#4,3\t1,2\n>101\t102\nMKTAGSH\n>hit\nMRTAGS-\n"


def test_fasta_records_are_chains(read_text):
    text = (
        ">1ABC_1|Chains A[auth X], B|Something\nMKT\nAY*\n>second\nacd\n>1ABC_1|Chain A|again\nW\n"
    )
    protein = read_text(text, "some.fasta")
    assert lengths(protein) == {"X": 5, "B": 3, "A": 1}
    assert protein.sequence == "MKTAYACDW"
    assert protein.residue_number.tolist() == [1, 2, 3, 4, 5, 1, 2, 3, 1]
    assert read_text(text, "some.fa", chain="A").sequence == "W"


@pytest.mark.parametrize("mark", ["/", ":", "|"])
def test_a_mark_inside_a_sequence_divides_chains(read_text, mark):
    protein = read_text(f">complex\nMKTAY{mark}GSH\nML{mark}\n", "x.fasta")
    assert lengths(protein) == {"A": 5, "B": 5}
    assert protein.sequence == "MKTAYGSHML"
    assert lengths(parse_sequence(f"mktay {mark} gshml")) == {"A": 5, "B": 5}


def test_a_complex_of_colabfold_is_two_chains(shared):
    protein = read_protein(shared / "cases" / "colabfold_colon.fasta")
    assert lengths(protein) == {"A": 10, "B": 10}
    assert protein.chains == ("A", "B")


@pytest.mark.parametrize(
    "text",
    [
        ">x\n        1 mktayiakqr qgsh\n       15 ml\n",
        ">x\nMKTAYIAKQR\tQGSH\tML\n",
        ">x\rMKTAYIAKQR\rQGSHML\r",
        ">x\r\nMKTAYIAKQR\r\nQGSHML*\r\n",
        "\ufeff>x\nMKTAYIAKQRQGSHML",
        "; a comment\n>x\nMKTAYIAKQR\n; another\nQGSHML\n",
        ";x\n;a comment of the oldest files\nMKTAYIAKQRQGSHML*\n",
    ],
    ids=["a listing with numbers", "tabs", "old Macintosh", "Windows and a stop", "byte order mark",
         "comments", "semicolons alone"],
)  # fmt: skip
def test_a_sequence_is_its_letters_however_it_is_laid_out(tmp_path, text):
    path = tmp_path / "x.fa"
    path.write_bytes(text.encode())
    assert read_protein(path).sequence == "MKTAYIAKQRQGSHML"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("suffix", ["fa", "pdb", "cif"])
def test_text_as_a_windows_shell_writes_it_is_read(shared, tmp_path, encoding, suffix):
    source = {"fa": ">x\nMKT\n"}.get(suffix)
    source = source or (shared / f"data/structures/1ubq.{suffix}").read_text()
    path = tmp_path / f"x.{suffix}"
    mark = "" if encoding == "utf-16" else "\ufeff"
    path.write_bytes((mark + source).encode(encoding))
    plain = tmp_path / f"plain.{suffix}"
    plain.write_text(source)
    assert read_protein(path).sequence == read_protein(plain).sequence


@pytest.mark.parametrize("suffix", ["fa", "fas", "faa", "fasta", "FA", "fas.gz"])
def test_every_usual_ending_is_known(tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    path.write_bytes((gzip.compress if suffix.endswith("gz") else bytes)(b">x\nMKT\n"))
    assert read_protein(path).sequence == "MKT"


def test_designs_in_one_file_are_offered_one_by_one(read_text, tmp_path):
    native = read_text(DESIGNS, "designs.fa")
    assert native.sequence == "MKTAYIAKQR"
    assert native.notes == (
        "3 designs in one file, of which the first is read (native, score=1.7, seed=3); choose "
        "another with record=2 to record=3",
    )
    assert read_text(DESIGNS, "designs.fa", record=3).sequence == "MRSAYLAEQR"
    assert read_text(DESIGNS, "designs.fa", record="T=0.1, sample=1").sequence == "MKSAYLAEQR"
    every = read_records(tmp_path / "designs.fa")
    assert [(protein.name, protein.sequence) for protein in every] == [
        ("designs-1", "MKTAYIAKQR"),
        ("designs-2", "MKSAYLAEQR"),
        ("designs-3", "MRSAYLAEQR"),
    ]


def test_designs_of_a_complex_keep_their_chains(read_text):
    text = DESIGNS.replace("AYIAK", "AY/IAK").replace("AYLAE", "AY/LAE")
    assert lengths(read_text(text, "x.fa", record=2)) == {"A": 5, "B": 5}
    assert read_text(text, "x.fa", record=2, chain="B").sequence == "LAEQR"


def test_a_monomer_and_its_samples_are_no_complex(shared):
    protein = read_protein(shared / "cases" / "mpnn_monomer.fa")
    assert lengths(protein) == {"A": 10}
    assert "3 designs in one file" in protein.notes[0]


@pytest.mark.parametrize(
    ("text", "name", "sequence"),
    [(ALIGNED, "x.fasta", "MKTAYI"), (A3M, "x.a3m", "MKTAYI"), (COLABFOLD, "x.a3m", "MKTAGSHGSH")],
    ids=["aligned FASTA", "A3M", "A3M of a complex"],
)
def test_of_an_alignment_the_first_sequence_is_read_without_gaps(read_text, name, text, sequence):
    protein = read_text(text, name)
    assert protein.sequence == sequence
    assert "an alignment of" in protein.notes[0]
    assert "choose another with record=2" in protein.notes[0]
    assert read_text(text, name, record=2).sequence.startswith("MRT")


def test_the_copies_of_a_colabfold_query_are_chains(read_text):
    assert lengths(read_text(COLABFOLD, "x.a3m")) == {"A": 4, "B": 3, "C": 3}


def test_insertions_of_a_hit_are_its_residues(read_text):
    assert read_text(A3M, "x.a3m", record="hit").sequence == "MRTGPAY"


@pytest.mark.parametrize("record", [0, 4, -1, True, "T=0.1", "nobody", ""])
def test_a_record_that_is_not_there_or_not_one_is_refused(read_text, record):
    with pytest.raises(
        StructureError, match=r"is none of its 3 records; give a number from 1 to 3"
    ):
        read_text(DESIGNS, "x.fa", record=record)


def test_records_are_asked_of_fasta_files_only(shared):
    path = shared / "data/structures/1ubq.pdb"
    with pytest.raises(
        StructureError, match="record=2 chooses in a file, and this is PDB, which has"
    ):
        read_protein(path, record=2)
    with pytest.raises(StructureError, match="only FASTA files have records; use read_protein"):
        read_records(path)


@pytest.mark.parametrize(
    ("letters", "hint"),
    [
        ("MKJ", "use X for unknown"),
        ("MK-T", "remove gaps from aligned sequences"),
        ("MK*T", "it marks a stop; give the protein up to there"),
        ("MK,T", "put one of / : | between chains"),
        ("MK+T", "put one of / : | between chains"),
    ],
)
def test_what_is_no_letter_is_named_with_what_helps(read_text, letters, hint):
    with pytest.raises(StructureError, match="at position 3 of the record 'a'") as caught:
        read_text(f">a\n{letters}\n", "x.fa")
    assert hint in str(caught.value)


def test_a_file_of_comments_only_is_refused_in_words(read_text):
    with pytest.raises(StructureError, match="the record 'a comment' has no residues"):
        read_text("; a comment\n; another\n", "x.fa")


def test_thousands_of_records_without_names_are_chains_of_their_own(read_text):
    protein = read_text(">x\nM\n" * 1500, "x.fa")
    assert len(set(protein.chain_id.tolist())) == 1500


def test_positions_of_thousands_of_digits_are_passed_over(read_text):
    text = f">x|masked {'9' * 5000},0-1\nXX\n"
    assert read_text(text, "x.fa").sequence == "_X"


def test_biopython_reads_the_same_records(shared, tmp_path):
    """Each chain of a real complex that we wrote is one record with the same letters there."""
    protein = read_protein(shared / "data/structures/7DDO.pdb")
    path = write_protein(protein, tmp_path / "7ddo.fasta")
    with path.open() as file:
        theirs = [str(record.seq) for record in SeqIO.parse(file, "fasta")]
    assert theirs == [protein.sequence[start:stop] for start, stop in protein.chain_ranges]
    np.testing.assert_array_equal(read_protein(path).chain_id, protein.chain_id)
