"""Designs under their template, residue by residue, and what a column tells."""

import io
import math

import numpy as np
import pytest

from workbench.alignment import aligned, frequencies, information
from workbench.constants import AMINO_ACIDS
from workbench.editing import delete, insert
from workbench.prompt import Prompt
from workbench.protein import Protein


@pytest.fixture
def template() -> Protein:
    return Protein("MKTAYIAK", residue_number=np.arange(45, 53), name="wild type")


def test_residues_of_the_same_name_stand_in_one_column(template):
    other = template.with_(sequence="MKWAYIAK", name="design-1")
    alignment = aligned(template, [other])
    assert alignment.names == ("wild type", "design-1")
    assert alignment.rows == ("MKTAYIAK", "MKWAYIAK")
    assert alignment.labels[:2] == ("A:45", "A:46")
    assert alignment.positions == tuple(range(8))


def test_what_was_inserted_or_deleted_is_a_gap_on_the_other_side(template):
    prompt = Prompt.from_protein(template, ["sequence"])
    longer = insert(prompt, [2], 2).paint([3, 4], "sequence", "GG")
    shorter = delete(prompt, [0, 7])
    proteins = [
        prompt.template.with_(sequence="".join(prompt.sequence)) for prompt in (longer, shorter)
    ]
    alignment = aligned(template, proteins, ["longer", "shorter"])
    assert alignment.rows == ("MKT--AYIAK", "MKTGGAYIAK", "-KT--AYIA-")
    assert alignment.positions == (0, 1, 2, -1, -1, 3, 4, 5, 6, 7)
    assert ">longer\nMKTggAYIAK\n>shorter\n-KTAYIA-\n" in alignment.a3m()


def test_other_programs_read_the_alignment(template):
    biopython = pytest.importorskip("Bio.AlignIO")
    alignment = aligned(template, [template.with_(sequence="MKWAYIAK")], ["design-1"])
    read = biopython.read(io.StringIO(alignment.fasta()), "fasta")
    assert [str(record.seq) for record in read] == list(alignment.rows)


def test_a_column_s_information_is_less_the_fewer_sequences_there_are():
    def bits(letters: str) -> float:
        return information(list(letters))[0]

    def expected(entropy: float, n: int) -> float:
        return math.log2(20) - entropy - 19 / (2 * math.log(2) * n)

    assert bits("A" * 40) == pytest.approx(expected(0, 40))
    assert bits("A" * 20 + "W" * 20) == pytest.approx(expected(1, 40))
    assert bits("A" * 10 + "-" * 30) == pytest.approx(expected(0, 10))
    assert bits("AW") == 0
    assert bits("--") == 0
    assert frequencies(["A", "A", "W", "-"])[0, AMINO_ACIDS.index("A")] == pytest.approx(2 / 3)
