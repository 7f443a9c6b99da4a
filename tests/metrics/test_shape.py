"""What measures of shape say of proteins whose likeness is known."""

import math

import numpy as np
import pytest
from altered_proteins import moved, shaken
from ideal_chains import HELIX, STRAND, ideal_chain

from workbench.constants import CA
from workbench.io import read_protein
from workbench.metrics import backbone_rmsd, ca_rmsd, lddt, ss3_agreement, ss8_agreement, tm_score
from workbench.protein import Protein

SEQUENCE = "MKTLEDWRKIQERLEVAGSTNPQLAKEFY"


@pytest.fixture
def helix() -> Protein:
    return Protein(SEQUENCE, coordinates=ideal_chain(SEQUENCE, HELIX))


@pytest.fixture
def strand() -> Protein:
    return Protein(SEQUENCE, coordinates=ideal_chain(SEQUENCE, STRAND))


def test_a_rigid_motion_changes_nothing(helix):
    for seed in range(5):
        other = moved(helix, seed)
        assert ca_rmsd(other, helix) == pytest.approx(0, abs=1e-4)
        assert backbone_rmsd(other, helix) == pytest.approx(0, abs=1e-4)
        assert tm_score(other, helix) == pytest.approx(1, abs=1e-5)
        assert lddt(other, helix) == pytest.approx(1)
        assert ss8_agreement(other, helix) == 1


def test_a_mirror_image_is_another_shape_with_the_same_distances(helix):
    mirror = helix.with_(coordinates=helix.coordinates * np.array([1, 1, -1], np.float32))
    assert ca_rmsd(mirror, helix) > 1
    assert tm_score(mirror, helix) < 0.9
    assert lddt(mirror, helix) == pytest.approx(1)


def test_noise_costs_what_it_is_worth(helix):
    """Noise of 2 Å on each axis is an RMSD near 2 times the root of 3."""
    assert ca_rmsd(shaken(helix, 2.0), helix) == pytest.approx(2.0 * math.sqrt(3), rel=0.2)
    scores = [tm_score(shaken(helix, by), helix) for by in (0.2, 0.5, 1.0, 2.0)]
    assert scores == sorted(scores, reverse=True)


def test_rmsd_looks_at_the_chosen_positions_alone(helix):
    design = moved(shaken(helix, 3.0, slice(15, None)))
    assert ca_rmsd(design, helix, positions=np.arange(15)) == pytest.approx(0, abs=1e-4)
    assert ca_rmsd(design, helix, positions=np.arange(10, 29)) > 1


def test_the_backbone_counts_more_atoms_than_the_ca(helix):
    coordinates = np.array(helix.coordinates)
    coordinates[4, 0] += 5.0
    design = helix.with_(coordinates=coordinates)
    assert ca_rmsd(design, helix) == pytest.approx(0, abs=1e-4)
    assert backbone_rmsd(design, helix) > 0.5


def test_tm_score_finds_the_half_that_fits_when_the_other_half_swings_away():
    """A hinge ruins the RMSD, but half of the chain still superposes exactly."""
    sequence = "A" * 60
    whole = Protein(sequence, coordinates=ideal_chain(sequence))
    coordinates = np.array(whole.coordinates)
    coordinates[30:] = coordinates[30:] @ np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]], np.float32)
    hinged = whole.with_(coordinates=coordinates + np.float32(3))
    assert ca_rmsd(hinged, whole) > 5
    assert 0.5 < tm_score(hinged, whole) < 0.75


@pytest.mark.parametrize("seed", range(4))
def test_tm_score_finds_one_of_four_pieces_that_have_come_apart(seed):
    """No superposition of the whole is near any of the pieces."""
    sequence = "A" * 120
    whole = Protein(sequence, coordinates=ideal_chain(sequence))
    pieces = [moved(whole, 10 * seed + at).coordinates[30 * at : 30 * at + 30] for at in range(4)]
    apart = whole.with_(coordinates=np.concatenate(pieces))
    assert 0.25 < tm_score(apart, whole) < 0.4


def test_a_helix_is_no_strand(helix, strand):
    assert ca_rmsd(strand, helix) > 10
    assert tm_score(strand, helix) < 0.3
    assert lddt(strand, helix) < 0.5
    assert ss3_agreement(strand, helix) < 0.2


def test_tm_score_is_a_share_of_the_template(helix):
    """Residues the design lacks count as missed, residues the template lacks do not count."""
    coordinates = np.array(helix.coordinates)
    coordinates[20:] = np.nan
    part = helix.with_(coordinates=coordinates)
    assert tm_score(part, helix) == pytest.approx(20 / 29, abs=1e-4)
    assert tm_score(helix, part) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("length", "scale"), [(29, 1.18858), (116, 3.97469)])
def test_tm_score_counts_a_residue_displaced_by_its_scale_as_half(length, scale):
    """1.24 times the cube root of the length less 15, less 1.8 Å [Zhang & Skolnick 2004]."""
    letters = (SEQUENCE * 4)[:length]
    whole = Protein(letters, coordinates=ideal_chain(letters, HELIX))
    coordinates = np.array(whole.coordinates)
    coordinates[length // 2, CA] += np.float32(scale / 3**0.5)
    apart = whole.with_(coordinates=coordinates)
    assert tm_score(apart, whole) == pytest.approx((length - 0.5) / length, abs=0.06 / length)


def test_tm_score_is_at_least_that_of_another_search(shared):
    """The two domains of adenylate kinase, moved against noise; biotite's search as a floor."""
    from biotite import structure

    both = read_protein(shared / "data/structures/1AKE.pdb")
    one, other = both.take(range(214)), shaken(both.take(range(214, 428)), 1.0)
    ours = tm_score(other, one)

    def calphas(protein):
        atoms = structure.AtomArray(len(protein))
        atoms.coord = protein.coordinates[:, CA]
        atoms.res_id = np.arange(len(protein))
        atoms.res_name[:] = "ALA"
        atoms.atom_name[:] = "CA"
        atoms.element[:] = "C"
        return atoms

    same = np.arange(214)
    fitted, _ = structure.superimpose(calphas(one), calphas(other))
    floor = structure.tm_score(calphas(one), fitted, same, same)
    assert floor - 1e-4 <= ours < floor + 0.05
