"""Hydrogen bonds and distances, against programs and geometry that know nothing of ours."""

import gemmi
import numpy as np
import pytest
from ideal_chains import wound_helix

from workbench import Protein, distance, hydrogen_bonds, read_protein
from workbench.embedded import example
from workbench.errors import SelectionError


def test_a_helix_is_held_by_bonds_from_each_n_to_the_o_four_before():
    helix = Protein("A" * 20, coordinates=wound_helix(20))
    pairs = {(bond.donor, bond.acceptor) for bond in hydrogen_bonds(helix)}
    assert {(i, i - 4) for i in range(4, 20)} <= pairs
    assert all(3 <= i - j <= 5 for i, j in pairs)


def test_a_proline_gives_no_bond_and_a_selection_has_its_own():
    helix = Protein("A" * 10 + "P" + "A" * 9, coordinates=wound_helix(20))
    assert 10 not in {bond.donor for bond in hydrogen_bonds(helix)}
    own = hydrogen_bonds(helix, "12")
    assert own
    assert all(11 in (bond.donor, bond.acceptor) for bond in own)
    assert hydrogen_bonds(Protein("AAA")) == []


def test_bonds_of_the_backbone_are_those_that_dssp_sees():
    mdtraj = pytest.importorskip("mdtraj")
    protein = example()
    known = protein.coordinates[:, [0, 1, 2, 4]]
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for letter in protein.sequence:
        residue = topology.add_residue("PRO" if letter == "P" else "ALA", chain)
        for atom in ("N", "CA", "C", "O"):
            topology.add_atom(atom, mdtraj.element.get_by_symbol(atom[0]), residue)
    frame = mdtraj.Trajectory(known.reshape(1, -1, 3) / 10, topology)
    (energies,) = mdtraj.kabsch_sander(frame)
    strong = np.argwhere(energies.toarray() < -1.5)
    ours = {
        (bond.acceptor, bond.donor)
        for bond in hydrogen_bonds(protein)
        if (bond.donor_atom, bond.acceptor_atom) == ("N", "O")
    }
    seen = [(int(i), int(j)) in ours or (int(j), int(i)) in ours for i, j in strong]
    assert len(seen) > 30
    assert np.mean(seen) > 0.95


def test_a_distance_is_that_of_gemmi(shared):
    path = shared / "data" / "structures" / "1ubq.cif"
    protein = read_protein(path)
    chain = gemmi.read_structure(str(path))[0]["A"]
    one, other = chain["48"][0]["NZ"][0].pos, chain["27"][0]["O"][0].pos
    assert distance(protein, "48", "27", "NZ", "O") == pytest.approx(one.dist(other), abs=1e-3)


def test_a_distance_is_between_one_atom_and_another():
    helix = Protein("A" * 20, coordinates=wound_helix(20))
    assert distance(helix, 3, "A:5") == pytest.approx(3.8, abs=0.1)
    assert np.isnan(distance(helix, 3, 4, "CB", "NZ"))
    with pytest.raises(SelectionError, match="holds 3 residues"):
        distance(helix, "3-5", 8)
    with pytest.raises(SelectionError, match="'QQ' is no heavy atom"):
        distance(helix, 3, 8, "QQ")
