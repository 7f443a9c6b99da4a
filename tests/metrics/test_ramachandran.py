"""Backbone torsions and their outliers, against programs that know nothing of ours."""

import warnings

import gemmi
import numpy as np
import pytest
from Bio.PDB import PDBParser, PPBuilder
from ideal_chains import STRAND, ideal_chain

from workbench import ramachandran, read_protein, write_protein
from workbench.embedded import example
from workbench.metrics import outlier_share, torsions
from workbench.protein import Protein


def test_torsions_are_those_of_biopython(tmp_path):
    protein = example()
    path = write_protein(protein, tmp_path / "x.pdb")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        structure = PDBParser().get_structure("x", str(path))
    (chain,) = PPBuilder().build_peptides(structure)
    expected = np.degrees(np.array(chain.get_phi_psi_list(), float))
    ours = np.stack(torsions(protein), axis=-1)
    np.testing.assert_allclose(ours, expected, atol=0.2)


@pytest.mark.parametrize("name", ["1ubq.cif", "1AKE.pdb", "1aki.cif"])
def test_torsions_of_real_chains_are_those_of_gemmi(shared, name):
    path = shared / "data" / "structures" / name
    if not path.exists():
        pytest.skip(f"{name} is not in the shared folder")
    table = ramachandran(read_protein(path))
    structure = gemmi.read_structure(str(path))
    structure.setup_entities()
    structure.remove_alternative_conformations()
    compared = 0
    for chain in structure[0]:
        polymer = list(chain.get_polymer())
        for before, residue, after in zip(polymer, polymer[1:], polymer[2:], strict=False):
            label = f"{chain.name}:{residue.seqid}"
            if label not in table.index or table.loc[label].isna().any():
                continue
            expected = np.degrees(gemmi.calculate_phi_psi(before, residue, after))
            angles = table.loc[label, ["phi", "psi"]].to_numpy(float)
            away = (angles - expected + 180) % 360 - 180
            np.testing.assert_allclose(away, 0, atol=0.05)
            compared += 1
    assert compared > 0.9 * len(table)
    assert table["outlier"].mean() < 0.02


def test_a_strand_in_the_mirror_lies_outside_and_glycines_never_do():
    strand = Protein("A" * 6 + "G" + "A" * 5, ideal_chain("A" * 12, STRAND))
    mirrored = strand.with_(coordinates=strand.coordinates * np.float32([1, 1, -1]))
    assert outlier_share(example()) < 0.05
    assert outlier_share(strand) == 0
    assert outlier_share(mirrored) == 1
    assert ramachandran(mirrored)["outlier"].tolist() == [0, *[1] * 5, 0, *[1] * 4, 0]


def test_there_are_no_torsions_across_a_break_or_where_an_atom_is_missing():
    coordinates = ideal_chain("A" * 9, STRAND)
    coordinates[5:] += np.float32(20)
    coordinates[2, 0] = np.nan
    table = ramachandran(Protein("A" * 9, coordinates))
    assert np.flatnonzero(table["phi"].isna()).tolist() == [0, 2, 5]
    assert np.flatnonzero(table["psi"].isna()).tolist() == [1, 2, 4, 8]
    assert not table["outlier"].any()
    assert np.isnan(outlier_share(Protein("AAA")))
