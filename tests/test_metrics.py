"""What the metrics say of proteins whose likeness is known."""

import math

import numpy as np
import pytest
from ideal_chains import HELIX, STRAND, ideal_chain

from workbench.constants import CA
from workbench.errors import SelectionError, StructureError
from workbench.io import read_protein
from workbench.metrics import (
    design_metrics,
    keyword_recovery,
    keywords_found,
    lddt,
    recovery,
    rmsd,
    sasa_rho,
    ss3_agreement,
    ss8_agreement,
    table,
    tm_score,
)
from workbench.protein import Confidence, FunctionAnnotation, Protein

SEQUENCE = "MKTLEDWRKIQERLEVAGSTNPQLAKEFY"
KEYS = {
    "ptm",
    "plddt",
    "recovery",
    "rmsd",
    "tm_score",
    "lddt",
    "ss8_agreement",
    "sasa_rho",
}


@pytest.fixture
def helix() -> Protein:
    return Protein(SEQUENCE, coordinates=ideal_chain(SEQUENCE, HELIX))


@pytest.fixture
def strand() -> Protein:
    return Protein(SEQUENCE, coordinates=ideal_chain(SEQUENCE, STRAND))


def moved(protein: Protein, seed: int = 0) -> Protein:
    """The same protein turned and shifted at random."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.linalg.det(turn)
    shifted = protein.coordinates @ turn + rng.normal(size=3) * 30
    return protein.with_(coordinates=shifted.astype(np.float32))


def shaken(protein: Protein, by: float, where=slice(None)) -> Protein:
    coordinates = np.array(protein.coordinates)
    noise = np.random.default_rng(5).normal(scale=by, size=coordinates.shape)
    coordinates[where] += noise[where].astype(np.float32)
    return protein.with_(coordinates=coordinates)


def test_a_rigid_motion_changes_nothing(helix):
    for seed in range(5):
        other = moved(helix, seed)
        assert rmsd(other, helix) == pytest.approx(0, abs=1e-4)
        assert rmsd(other, helix, backbone=True) == pytest.approx(0, abs=1e-4)
        assert tm_score(other, helix) == pytest.approx(1, abs=1e-5)
        assert lddt(other, helix) == pytest.approx(1)
        assert ss8_agreement(other, helix) == 1


def test_a_mirror_image_is_another_shape_with_the_same_distances(helix):
    mirror = helix.with_(coordinates=helix.coordinates * np.array([1, 1, -1], np.float32))
    assert rmsd(mirror, helix) > 1
    assert tm_score(mirror, helix) < 0.9
    assert lddt(mirror, helix) == pytest.approx(1)


def test_noise_costs_what_it_is_worth(helix):
    """Noise of 2 Å on each axis is an RMSD near 2 times the root of 3."""
    assert rmsd(shaken(helix, 2.0), helix) == pytest.approx(2.0 * math.sqrt(3), rel=0.2)
    scores = [tm_score(shaken(helix, by), helix) for by in (0.2, 0.5, 1.0, 2.0)]
    assert scores == sorted(scores, reverse=True)


def test_rmsd_looks_at_the_chosen_positions_alone(helix):
    design = moved(shaken(helix, 3.0, slice(15, None)))
    assert rmsd(design, helix, positions=np.arange(15)) == pytest.approx(0, abs=1e-4)
    assert rmsd(design, helix, positions=np.arange(10, 29)) > 1


def test_the_backbone_counts_more_atoms_than_the_ca(helix):
    coordinates = np.array(helix.coordinates)
    coordinates[4, 0] += 5.0
    design = helix.with_(coordinates=coordinates)
    assert rmsd(design, helix) == pytest.approx(0, abs=1e-4)
    assert rmsd(design, helix, backbone=True) > 0.5


def test_tm_score_finds_the_half_that_fits_when_the_other_half_swings_away():
    """A hinge ruins the RMSD, but half of the chain still superposes exactly."""
    sequence = "A" * 60
    whole = Protein(sequence, coordinates=ideal_chain(sequence))
    coordinates = np.array(whole.coordinates)
    coordinates[30:] = coordinates[30:] @ np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]], np.float32)
    hinged = whole.with_(coordinates=coordinates + np.float32(3))
    assert rmsd(hinged, whole) > 5
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
    assert rmsd(strand, helix) > 10
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


def test_recovery_is_the_share_of_equal_letters():
    template = Protein("ACDEFGHIKL")
    assert recovery(Protein("ACDEFGHIKL"), template) == 1
    assert recovery(Protein("ACDEFGHIKA"), template) == pytest.approx(0.9)
    assert recovery(Protein("ACDEFGHIKA"), template, positions=[8, 9]) == pytest.approx(0.5)


def test_masked_and_unknown_residues_do_not_count_as_recovered_or_missed():
    assert recovery(Protein("AC__X"), Protein("AAAAA")) == pytest.approx(0.5)
    assert recovery(Protein("AAAAA"), Protein("AC__X")) == pytest.approx(0.5)
    assert math.isnan(recovery(Protein("___"), Protein("AAA")))


def test_secondary_structure_without_coordinates_is_the_proteins_own():
    one, other = Protein("A" * 4, ss8="HGEC"), Protein("A" * 4, ss8="HHE_")
    assert ss8_agreement(one, other) == pytest.approx(2 / 3)
    assert ss3_agreement(one, other) == 1


def test_accessibility_correlates_by_rank():
    area = np.array([1, 5, 20, 100], np.float32)
    one = Protein("A" * 4, sasa=area)
    assert sasa_rho(one, Protein("A" * 4, sasa=area**2)) == pytest.approx(1)
    assert sasa_rho(one, Protein("A" * 4, sasa=-area)) == pytest.approx(-1)
    assert math.isnan(sasa_rho(one, Protein("A" * 4, sasa=0 * area)))


def test_a_design_is_judged_by_all_metrics(helix):
    plddt = np.linspace(0.5, 1, len(helix), dtype=np.float32)
    design = moved(helix).with_(confidence=Confidence(plddt, ptm=0.75))
    metrics = design_metrics(design, helix)
    assert metrics.keys() == KEYS
    assert metrics["ptm"] == 0.75
    assert metrics["plddt"] == pytest.approx(0.75)
    assert metrics["recovery"] == metrics["ss8_agreement"] == 1
    assert metrics["tm_score"] == pytest.approx(1, abs=1e-4)
    assert all(isinstance(value, float) for value in metrics.values())


def test_what_cannot_be_known_is_nan_and_never_a_failure(helix):
    metrics = design_metrics(Protein("_" * len(helix)), helix)
    assert metrics.keys() == KEYS
    assert all(math.isnan(value) for value in metrics.values())


def test_a_protein_of_another_length_is_refused_with_both_lengths(helix):
    for metric in (rmsd, tm_score, lddt, recovery, ss8_agreement, sasa_rho, design_metrics):
        with pytest.raises(StructureError, match=r"design of 5 residues .* template of 29"):
            metric(helix.take(range(5)), helix)


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


def test_keywords_are_found_again_residue_by_residue(helix):
    asked = (FunctionAnnotation("kinase", 2, 12), FunctionAnnotation("zinc", 14, 20))
    site = FunctionAnnotation("Active site", 4, 5)
    template = helix.with_(function=asked, residue_annotations=(site,))
    found = (FunctionAnnotation("kinase", 4, 9), FunctionAnnotation("zinc", 19, 25))
    design = helix.with_(function=found, residue_annotations=(site,))
    shares = keywords_found(design, template)
    assert shares == {asked[0]: 0.5, asked[1]: pytest.approx(1 / 6), site: 1.0}
    assert keyword_recovery(design, template) == pytest.approx(2 / 3)
    assert keyword_recovery(design, template, range(19, 22)) == 1.0
    assert math.isnan(keyword_recovery(design, helix))


def test_a_table_measures_each_design_on_the_residues_chosen(helix):
    worse = shaken(helix, 1.0, slice(15, None)).with_(
        sequence=SEQUENCE[:15] + "W" * 14,
        confidence=Confidence(np.repeat(np.float32([0.875, 0.25]), [15, 14]), ptm=0.5),
        name="worse",
    )
    both = table([helix.with_(name="same"), worse], helix).set_index("design")
    assert list(both.index) == ["same", "worse"]
    assert both.loc["same", "crmsd"] == pytest.approx(0, abs=1e-4)
    assert both.loc["worse", "crmsd"] > 0.5
    start, end = (table([worse], helix, where).iloc[0] for where in ("1-15", range(15, 29)))
    assert start["crmsd"] == pytest.approx(0, abs=1e-4)
    assert start["tm_score"] == pytest.approx(1)
    assert start["lddt"] == pytest.approx(1)
    assert start["recovery"] == 1
    assert end["recovery"] == 0
    assert end["lddt"] < 1
    assert [start["plddt"], end["plddt"]] == [0.875, 0.25]
    assert start["ptm"] == end["ptm"] == 0.5
    with pytest.raises(SelectionError, match="holds no residue"):
        table([worse], helix, [])
