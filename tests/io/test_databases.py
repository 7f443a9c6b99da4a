"""Entries fetched by their name."""

import io
import time

import pytest
from ideal_chains import ideal_chain
from structure_files import (
    assert_equal,
)

from workbench.errors import StructureError
from workbench.io import fetch, write_protein
from workbench.protein import Protein


@pytest.mark.parametrize(
    ("name", "database", "key", "form"),
    [
        ("1UBQ", "rcsb", "1UBQ", "bcif"),
        (" 4hhb ", "rcsb", "4hhb", "bcif"),
        ("pdb_00001ubq", "rcsb", "1ubq", "bcif"),
        ("PDB_00001UBQ", "rcsb", "1UBQ", "bcif"),
        ("p69905", "afdb", "P69905", "cif"),
        ("AF-P69905-F1", "afdb", "P69905", "cif"),
        ("P69905", "afdb", "P69905", "cif"),
        ("AF-p69905-F1", "afdb", "P69905", "cif"),
        ("A0A024R1R8", "afdb", "A0A024R1R8", "cif"),
    ],
)
def test_a_name_decides_the_database(monkeypatch, tmp_path, name, database, key, form):
    peptide = Protein("MKT", coordinates=ideal_chain("MKT"))
    asked = []

    def download(*arguments):
        asked.append(arguments)
        content = write_protein(peptide, tmp_path / f"x.{form}").read_bytes()
        return io.StringIO(content.decode()) if form == "cif" else io.BytesIO(content)

    monkeypatch.setattr(f"biotite.database.{database}.fetch", download)
    fetched = fetch(name)
    assert asked == [(key, form)]
    assert_equal(fetched, peptide)
    assert fetched.name == name.strip()


@pytest.mark.parametrize("name", ["", "1UB", "ubiquitin", "../1UBQ", "1UBQ.pdb", "P6990", "1UBQ/x"])
def test_a_name_that_no_database_knows_is_refused_before_asking(name):
    with pytest.raises(StructureError, match="neither a PDB id such as 1UBQ nor a UniProt"):
        fetch(name)


def test_without_a_network_the_error_says_so_and_offers_a_file(monkeypatch):
    import requests

    def download(*_):
        raise requests.ConnectionError("Max retries exceeded with url")

    monkeypatch.setattr("biotite.database.rcsb.fetch", download)
    complaint = (
        r"could not fetch 1UBQ from RCSB PDB: there is no connection .* read_protein\(path\)"
    )
    with pytest.raises(StructureError, match=complaint):
        fetch("1UBQ")


def test_an_entry_that_does_not_exist_is_the_databases_own_words(monkeypatch):
    from biotite.database import RequestError

    def download(*_):
        raise RequestError("PDB ID 9XYZ is invalid")

    monkeypatch.setattr("biotite.database.rcsb.fetch", download)
    with pytest.raises(StructureError, match="9XYZ from RCSB PDB: PDB ID 9XYZ is invalid"):
        fetch("9XYZ")


def test_a_silent_network_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr("biotite.database.rcsb.fetch", lambda *_: time.sleep(2))
    start = time.perf_counter()
    with pytest.raises(StructureError, match=r"no answer within 0\.05 s"):
        fetch("1UBQ", timeout=0.05)
    assert time.perf_counter() - start < 1.5
