"""Entries fetched by their name."""

import socket
import time

import pytest
from databases import AFDB, RCSB
from ideal_chains import ideal_chain
from structure_files import assert_equal

from workbench.errors import StructureError
from workbench.io import fetch, write_protein
from workbench.protein import Protein

ALPHAFOLD = [f"{AFDB}/api/prediction/P69905", f"{AFDB}/P69905.cif"]


@pytest.mark.parametrize(
    ("name", "requests"),
    [
        ("1UBQ", [f"{RCSB}/1UBQ.bcif"]),
        (" 4hhb ", [f"{RCSB}/4hhb.bcif"]),
        ("pdb_00001ubq", [f"{RCSB}/1ubq.bcif"]),
        ("PDB_00001UBQ", [f"{RCSB}/1UBQ.bcif"]),
        ("P69905", ALPHAFOLD),
        ("p69905", ALPHAFOLD),
        ("AF-P69905-F1", ALPHAFOLD),
        ("AF-p69905-F1", ALPHAFOLD),
        ("A0A024R1R8", [f"{AFDB}/api/prediction/A0A024R1R8", f"{AFDB}/A0A024R1R8.cif"]),
    ],
)
def test_a_name_decides_the_database(databases, tmp_path, name, requests):
    peptide = Protein("MKT", coordinates=ideal_chain("MKT"))
    file = requests[-1].rsplit("/", 1)[1]
    databases.files[file] = write_protein(peptide, tmp_path / file).read_bytes()
    fetched = fetch(name)
    assert databases.requests == requests
    assert_equal(fetched, peptide)
    assert fetched.name == name.strip()


@pytest.mark.parametrize("name", ["", "1UB", "ubiquitin", "../1UBQ", "1UBQ.pdb", "P6990", "1UBQ/x"])
def test_a_name_that_no_database_knows_is_refused_before_asking(name):
    with pytest.raises(StructureError, match="neither a PDB id such as 1UBQ nor a UniProt"):
        fetch(name)


def test_without_a_network_the_error_says_so_and_offers_a_file(monkeypatch):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        complaint = (
            r"could not fetch 1UBQ from RCSB PDB: there is no connection .* read_protein\(path\)"
        )
        with pytest.raises(StructureError, match=complaint):
            fetch("1UBQ")


def test_an_entry_that_does_not_exist_is_the_databases_own_words(databases):
    with pytest.raises(StructureError, match="9XYZ from RCSB PDB: PDB ID 9XYZ is invalid"):
        fetch("9XYZ")
    with pytest.raises(StructureError, match="from the AlphaFold database: ID P69905 is invalid"):
        fetch("P69905")


def test_a_silent_network_is_not_waited_for_for_ever(databases):
    databases.silent = True
    start = time.perf_counter()
    with pytest.raises(StructureError, match=r"no answer within 0\.2 s"):
        fetch("1UBQ", timeout=0.2)
    assert time.perf_counter() - start < 5
