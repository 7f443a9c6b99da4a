"""Files that are refused, each with one clear error."""

import gzip
import pickle
import tracemalloc

import numpy as np
import pytest
from ideal_chains import ideal_chain
from structure_files import (
    atom,
    backbone,
)

from workbench.errors import StructureError
from workbench.io import read_protein, structure_text, write_protein
from workbench.protein import Protein

_ATOMS = "\n".join(backbone(1) + backbone(2)) + "\n"
_TRACE = "\n".join(atom("CA", number=number) for number in range(1, 5)) + "\n"
_LONG = "\n".join(line for number in range(2047) for line in backbone(number)) + "\n"
_WATER = atom("O", "HOH", record="HETATM") + "\n"
_CIF = structure_text(Protein("MKT", coordinates=ideal_chain("MKT")), "cif")

BAD_FILES = {
    "an unknown ending": ("x.docx", "hello", "'.docx' is no known format; use .pdb"),
    "no ending": ("protein", "hello", "a name without an ending"),
    "an empty file": ("x.pdb", "", "the file is empty"),
    "white space": ("x.cif", " \n\n", "the file is empty"),
    "a text that is no PDB": ("x.pdb", "Dear editor,\n", "it has no ATOM records"),
    "a text that is no mmCIF": ("x.cif", "Dear editor,\n", "no atom_site table"),
    "a text that is no BinaryCIF": ("x.bcif", "Dear editor,\n", "BinaryCIF cannot be read"),
    "a text that is no FASTA": ("x.fa", "Dear editor,\n", "does not start with a '>' header"),
    "a web page": ("x.pdb", "<!DOCTYPE html><p>404", "holds a web page or XML, not PDB"),
    "mmCIF called PDB": ("x.pdb", _CIF, "holds mmCIF, not PDB .* name that ends in .cif"),
    "PDB called mmCIF": ("x.cif", _ATOMS, "holds PDB, not mmCIF .* name that ends in .pdb"),
    "a Git LFS pointer": (
        "x.cif",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        "holds a Git LFS pointer, not mmCIF .* with git lfs pull",
    ),
    "a pointer called FASTA": (
        "x.fa",
        "version https://git-lfs.github.com/spec/v1\n",
        "holds a Git LFS pointer",
    ),
    "binary junk": ("x.pdb", bytes(range(256)), "binary data, not text"),
    "a pickle": ("x.pdb", pickle.dumps([1, 2]), "binary data, not text|no ATOM records"),
    "no gzip": ("x.pdb.gz", _ATOMS, "not gzip-compressed; rename it to x.pdb"),
    "half a gzip": ("x.pdb.gz", gzip.compress(_ATOMS.encode())[:-9], "damaged or cut short"),
    "half the coordinates": ("x.pdb", _ATOMS[:440], "line 6 has no readable coordinates"),
    "half a line": ("x.pdb", _ATOMS.strip()[:-4], "ends in the middle of line 6"),
    "half an mmCIF row": ("x.cif", _CIF[:-40], "atom_site.*; the file may be damaged"),
    "stars for coordinates": ("x.pdb", _ATOMS.replace("   3.800", "********"), "line 1 has no"),
    "a residue without number": ("x.pdb", _ATOMS.replace("A   1 ", "A  x1 "), "'  x1' where the"),
    "CA atoms only": ("x.pdb", _TRACE, r"chain A \(4 residues\) has CA atoms only"),
    "water only": ("x.pdb", _WATER, "no protein in it; it holds 1 HOH"),
    "a record without letters": ("x.fa", ">a\nMK\n>b\n", "record 'b' has no residues"),
    "a gap": ("x.fa", ">a\nMK-T\n", "'-' at position 3 of the record 'a' .* remove gaps"),
    "no residue letter": ("x.fa", ">a\nMKJ\n", "'J' at position 3 .* use X for unknown"),
    "a long chain": (
        "x.fa",
        ">a\n" + "A" * 2047,
        r"2047 residues in chain A .* more than the 2046",
    ),
    "a long structure": ("x.pdb", _LONG, r"2047 residues in chain A .* keep only the part"),
    "long chains": ("x.fa", (">a\n" + "A" * 1100 + "\n") * 2, "choose one chain, .*chain='A'"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_file_is_one_clear_error_that_names_it(tmp_path, what):
    name, content, complaint = BAD_FILES[what]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StructureError, match=complaint) as caught:
        read_protein(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_the_longest_protein_the_model_takes_is_read(read_text):
    assert len(read_text(">a\n" + "A" * 2046, "x.fa")) == 2046


def test_a_missing_file_and_a_folder_are_errors_of_ours(tmp_path):
    with pytest.raises(StructureError, match=r"none\.pdb: there is no such file"):
        read_protein(tmp_path / "none.pdb")
    (tmp_path / "folder.pdb").mkdir()
    with pytest.raises(StructureError, match=r"folder\.pdb: this is a folder"):
        read_protein(tmp_path / "folder.pdb")


def test_another_chain_is_offered_when_one_has_ca_atoms_only(read_text):
    lines = [*_TRACE.splitlines(), "TER", *backbone(1, chain="B"), "TER"]
    with pytest.raises(StructureError, match=r"or choose another of its chains: chain B \(1\)"):
        read_text(lines)
    assert read_text(lines, chain="B").sequence == "A"


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path):
    path = tmp_path / "bomb.pdb.gz"
    path.write_bytes(16 * gzip.compress(bytes(2**25)))
    tracemalloc.start()
    with pytest.raises(StructureError, match="holds more than 40 MiB"):
        read_protein(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**27


@pytest.mark.parametrize("suffix", [".pdb", ".cif", ".bcif", ".cif.gz"])
def test_a_damaged_file_never_fails_in_another_way(tricky, tmp_path, suffix):
    whole = write_protein(tricky, tmp_path / f"whole{suffix}").read_bytes()
    rng = np.random.default_rng(0)
    path = tmp_path / f"damaged{suffix}"
    refused = 0
    for turn in range(30):
        content = bytearray(whole)
        at = int(rng.integers(1, len(content)))
        if turn % 2:
            content[at] = int(rng.integers(256))
        else:
            del content[at:]
        path.write_bytes(bytes(content))
        try:
            read_protein(path)
        except StructureError:
            refused += 1
    assert refused > 10
