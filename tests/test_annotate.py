"""Secondary structure and accessibility that coordinates imply."""

import gzip
import json
import subprocess
import sys

import numpy as np
import pytest
from biotite.structure import info
from ideal_chains import HELIX, STRAND, ideal_chain

from workbench.annotate import annotated, bonded_to_next, compute_sasa, compute_ss8
from workbench.constants import ATOM37, CA, SASA_EDGES, C, N, O
from workbench.embedded import example
from workbench.io import read_protein
from workbench.protein import Protein
from workbench.residues import BACKBONE_ATOMS, SIDECHAIN_ATOMS, protor_radius

ALANINES = "A" * 16


@pytest.fixture
def helix() -> Protein:
    return Protein(ALANINES, coordinates=ideal_chain(ALANINES, HELIX))


def without(protein: Protein, columns: list[int], residues: slice = slice(None)) -> Protein:
    coordinates = np.array(protein.coordinates)
    coordinates[residues, columns] = np.nan
    return protein.with_(coordinates=coordinates)


def reference(path) -> dict[tuple[str, int, str], tuple[str, float]]:
    """Class and accessibility of each residue in the output of the original DSSP."""
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("  #  RESIDUE")) + 1
    return {
        (line[11], int(line[5:10]), line[10].strip()): (
            line[16].replace(" ", "C"),
            float(line[34:38]),
        )
        for line in lines[first:]
        if line[13] != "!"
    }


def keys(protein: Protein) -> list[tuple[str, int, str]]:
    columns = (protein.chain_id, protein.residue_number, protein.insertion_code)
    return [(str(c), int(n), str(code)) for c, n, code in zip(*columns, strict=True)]


def test_an_ideal_helix_is_helical_but_for_its_ends(helix):
    assert compute_ss8(helix)[1:-1] == "H" * 14


def test_a_lone_strand_is_coil_because_nothing_pairs_with_it():
    strand = Protein(ALANINES, coordinates=ideal_chain(ALANINES, STRAND))
    assert set(compute_ss8(strand)) == {"C"}


def test_a_residue_without_its_backbone_is_unknown_and_parts_the_helix(helix):
    ss8 = compute_ss8(without(helix, [C], slice(8, 9)))
    assert ss8[8] == "_"
    assert "_" not in ss8[:8] + ss8[9:]


def test_a_backbone_without_carbonyls_has_the_same_helix(helix):
    assert compute_ss8(without(helix, [O])) == compute_ss8(helix)


def test_no_coordinates_mean_no_secondary_structure():
    assert compute_ss8(Protein(ALANINES)) == "_" * 16


def test_secondary_structure_does_not_care_where_the_protein_stands(helix):
    turned = helix.with_(coordinates=helix.coordinates[..., [1, 2, 0]] + np.float32(50))
    assert compute_ss8(turned) == compute_ss8(helix)


def test_a_gap_in_space_breaks_the_chain_whatever_the_numbers_say(helix):
    coordinates = np.array(helix.coordinates)
    coordinates[8:] += 4.0
    bonded = bonded_to_next(helix.with_(coordinates=coordinates))
    assert np.flatnonzero(~bonded).tolist() == [7, 15]


def test_two_chains_are_never_bonded(helix):
    two = helix.with_(chain_id=np.array(["A"] * 5 + ["B"] * 11))
    assert np.flatnonzero(~bonded_to_next(two)).tolist() == [4, 15]


def test_a_residue_alone_shows_its_whole_surface_and_a_neighbour_hides_some(helix):
    alone = compute_sasa(helix.take([8]))[0]
    inside = compute_sasa(helix)[8]
    assert 150 < alone < 250
    assert 0 < inside < alone / 2


def test_area_does_not_care_where_the_protein_stands(helix):
    turned = helix.with_(coordinates=helix.coordinates[..., [1, 2, 0]] + np.float32(50))
    np.testing.assert_allclose(compute_sasa(turned), compute_sasa(helix), rtol=0.03, atol=0.5)


def test_a_backbone_alone_has_no_area_because_nothing_is_buried_as_it_will_be():
    sequence = "MKGLEAWRKGQERLEA"
    design = Protein(sequence, coordinates=ideal_chain(sequence))
    assert np.isnan(compute_sasa(design)).all()


def test_one_residue_without_its_side_chain_has_no_area_and_the_others_do(helix):
    sequence = "A" * 7 + "K" + "A" * 8
    area = compute_sasa(helix.with_(sequence=sequence))
    assert np.flatnonzero(np.isnan(area)).tolist() == [7]


def test_annotating_fills_both_tracks_and_leaves_the_rest(helix):
    full = annotated(helix)
    assert full.ss8 == compute_ss8(helix)
    np.testing.assert_array_equal(full.sasa, compute_sasa(helix))
    assert full.sequence == helix.sequence


@pytest.mark.parametrize("letter", sorted(SIDECHAIN_ATOMS))
def test_our_atom_table_is_the_dictionarys(letter):
    from workbench.constants import RESIDUE_NAMES

    residue = info.residue(RESIDUE_NAMES[letter])
    heavy = set(residue.atom_name[~np.isin(residue.element, ["H", "D"])].tolist()) - {"OXT"}
    assert heavy == {*BACKBONE_ATOMS, *SIDECHAIN_ATOMS[letter]}


@pytest.mark.parametrize("letter", sorted(SIDECHAIN_ATOMS))
def test_our_radii_are_biotites(letter):
    from biotite.structure.info.radii import vdw_radius_protor

    from workbench.constants import RESIDUE_NAMES

    for atom in (*BACKBONE_ATOMS, *SIDECHAIN_ATOMS[letter]):
        assert protor_radius(letter, atom) == vdw_radius_protor(RESIDUE_NAMES[letter], atom)


def test_importing_brings_no_torch_and_no_mdtraj():
    code = (
        "import sys, json, workbench.io, workbench.annotate, workbench.metrics\n"
        "print(json.dumps([m for m in ('torch', 'mdtraj', 'scipy') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_secondary_structure_agrees_with_the_original_dssp(shared, record_property):
    """What differs are pi helices, which DSSP preferred over alpha helices only since 2012."""
    same, or_pi = [], []
    for path in sorted((shared / "data/dssp_ts50").glob("*.pdb")):
        protein, truth = read_protein(path), reference(path.with_suffix(".dssp.gz"))
        ss8 = dict(zip(keys(protein), compute_ss8(protein), strict=True))
        assert ss8.keys() == truth.keys()
        same += [ss8[key] == truth[key][0] for key in truth]
        or_pi += [ss8[key] in ("I", truth[key][0]) for key in truth]
    record_property("agreement", np.mean(same))
    assert len(same) == 2646
    assert np.mean(same) >= 0.99
    assert all(or_pi)


def test_accessibility_agrees_with_the_original_dssp(shared, record_property):
    """Only in chains that list each heavy atom once: the old DSSP counts every alternate atom."""
    ours, theirs = [], []
    for path in sorted((shared / "data/dssp_ts50").glob("*.pdb")):
        atoms = [line[12:27] for line in path.read_text().splitlines() if line.startswith("ATOM")]
        if len(set(atoms)) < len(atoms):
            continue
        protein, truth = read_protein(path), reference(path.with_suffix(".dssp.gz"))
        ours += compute_sasa(protein).tolist()
        theirs += [truth[key][1] for key in keys(protein)]
    ours, theirs = np.array(ours), np.array(theirs)
    known = np.isfinite(ours)
    correlation = np.corrcoef(ours[known], theirs[known])[0, 1]
    record_property("pearson", correlation)
    assert len(ours) > 1300
    assert known.mean() > 0.98
    assert correlation > 0.99
    assert np.mean(ours[known] - theirs[known]) == pytest.approx(0, abs=2)
    bins = [np.digitize(area, SASA_EDGES) for area in (ours[known], theirs[known])]
    assert np.mean(np.abs(bins[0] - bins[1]) <= 1) > 0.95


def test_n_and_c_are_what_the_bond_is_measured_between(helix):
    reach = np.linalg.norm(helix.coordinates[:-1, C] - helix.coordinates[1:, N], axis=-1)
    np.testing.assert_allclose(reach, 1.329, atol=1e-3)


@pytest.mark.parametrize("atom", [N, CA, C])
def test_a_first_residue_that_lacks_an_atom_changes_no_class_of_the_others(helix, atom):
    rest = helix.take(range(1, len(helix)))
    assert compute_ss8(without(helix, [atom], slice(0, 1))) == "_" + compute_ss8(rest)


@pytest.mark.parametrize("place", [9999.0, -1e6, 1e30])
def test_one_atom_that_is_far_away_leaves_the_areas_of_the_others(place):
    protein = example()
    coordinates = protein.coordinates.copy()
    column = ATOM37.index("NZ")
    at = int(np.flatnonzero(np.isfinite(coordinates[:, column, 0]))[0])
    absent = coordinates.copy()
    absent[at, column] = np.nan
    coordinates[at, column] = place
    areas, without = (compute_sasa(protein.with_(coordinates=c)) for c in (coordinates, absent))
    others = np.arange(len(protein)) != at
    np.testing.assert_array_equal(areas[others], without[others])
    assert areas[at] > without[at]


def test_what_no_protein_spans_has_no_area():
    """Each atom lies 9 Å from the next along every axis, for tens of thousands of Å."""
    protein = example()
    present = np.isfinite(protein.coordinates)
    diagonal = np.full(protein.coordinates.shape, np.nan, np.float32)
    diagonal[present] = np.repeat(9.0 * np.arange(present[..., 0].sum()), 3)
    assert np.isnan(compute_sasa(protein.with_(coordinates=diagonal))).all()
