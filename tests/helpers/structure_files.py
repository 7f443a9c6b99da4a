"""Lines of structure files, and the real files that developers and CI have."""

from functools import cache
from pathlib import Path

import numpy as np

from workbench.io import read_protein
from workbench.protein import Protein

STRUCTURES = "data/structures"
WITH_NUMBERS = (".pdb", ".ent.gz", ".cif", ".mmcif.gz", ".bcif", ".bcif.gz")
WITHOUT_NUMBERS = (".fasta", ".fa.gz")

LENGTHS = {
    "1A8O.cif": {"A": 70},
    "1A8O.pdb": {"A": 70},
    "1AKE.pdb": {"A": 214, "B": 214},
    "1LCD.cif": {"A": 51},
    "1SSU_err.pdb": {"A": 51},
    "1aki.bcif": {"A": 129},
    "1aki.cif": {"A": 129},
    "1aki.pdb": {"A": 129},
    "1dix.pdb": {"A": 208},
    "1l2y.bcif": {"A": 20},
    "1ubq.cif": {"A": 76},
    "1ubq.pdb": {"A": 76},
    "2BEG.pdb": dict.fromkeys("ABCDE", 26),
    "2q2k.cif": {"A": 45, "B": 44},
    "3SGB.pdb": {"E": 185, "I": 50},
    "3gnn.pdb": {"A": 266, "B": 244, "D": 4, "E": 4},
    "3o5r.cif": {"A": 128},
    "3zee.cif": {"A": 84},
    "4CUP.cif": {"A": 115},
    "4DFR.pdb": {"A": 159, "B": 159},
    "4rhn-assembly1.cif": {"A": 115, "A-2": 115},
    "4zey.cif": {"A": 84},
    "5ugo.cif": {"A": 326},
    "7DDO.pdb": {"A": 597, "C": 194},
    "7fgz-extended_CCD_code-model.cif": {"A": 260},
    "ensemble_OK.pdb": {"A": 1},
    "occupancy.pdb": {"A": 1},
    "pdb1cbs.ent.gz": {"A": 137},
}
REFUSED = {"1AKE_err_a.pdb": "line 7 has no readable coordinates", "empty.pdb": "file is empty"}


@cache
def real(path: Path) -> Protein:
    """A file of the shared folder, read once for all tests."""
    return read_protein(path)


def lengths(protein: Protein) -> dict[str, int]:
    return {
        chain: stop - start
        for chain, (start, stop) in zip(protein.chains, protein.chain_ranges, strict=True)
    }


def assert_equal(one: Protein, other: Protein, numbers: bool = True) -> None:
    """The same residues and, within a thousandth of an ångström, the same atoms."""
    assert one.sequence == other.sequence
    assert one.chain_id.tolist() == other.chain_id.tolist()
    if not numbers:
        return
    assert one.residue_number.tolist() == other.residue_number.tolist()
    assert one.insertion_code.tolist() == other.insertion_code.tolist()
    np.testing.assert_array_equal(np.isnan(one.coordinates), np.isnan(other.coordinates))
    np.testing.assert_allclose(one.coordinates, other.coordinates, rtol=0, atol=1.001e-3)


def atom(
    name: str,
    residue: str = "ALA",
    number: int = 1,
    at: tuple[float, float, float] = (0, 0, 0),
    chain: str = "A",
    record: str = "ATOM",
    code: str = "",
    altloc: str = "",
    occupancy: float = 1.0,
) -> str:
    """One atom record of a PDB file."""
    x, y, z = at
    padded = f" {name:<3}" if len(name) < 4 else name
    return (
        f"{record:<6}    1 {padded}{altloc:<1}{residue:>3} {chain:<1}{number:>4}{code:<1}   "
        f"{x:8.3f}{y:8.3f}{z:8.3f}{occupancy:6.2f}{0:6.2f}          {name[:1]:>2}"
    )


def backbone(number: int, residue: str = "ALA", **more) -> list[str]:
    """N, CA and C of one residue; consecutive numbers are one peptide bond apart."""
    start = 3.8 * number
    places = {"N": (start, 0, 0), "CA": (start + 1.2, 0.8, 0), "C": (start + 2.4, 0, 0)}
    return [atom(name, residue, number, at, **more) for name, at in places.items()]
