"""What agreement residue by residue comes to."""

import math

import numpy as np
import pytest
from ideal_chains import HELIX, ideal_chain

from workbench.metrics import (
    keyword_recovery,
    keywords_found,
    recovery,
    sasa_rho,
    ss3_agreement,
    ss8_agreement,
)
from workbench.protein import FunctionAnnotation, Protein

SEQUENCE = "MKTLEDWRKIQERLEVAGSTNPQLAKEFY"


@pytest.fixture
def helix() -> Protein:
    return Protein(SEQUENCE, coordinates=ideal_chain(SEQUENCE, HELIX))


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


def test_keywords_are_found_again_residue_by_residue(helix):
    annotations = (FunctionAnnotation("kinase", 2, 12), FunctionAnnotation("zinc", 14, 20))
    site = FunctionAnnotation("Active site", 4, 5)
    template = helix.with_(function=annotations, residue_annotations=(site,))
    found = (FunctionAnnotation("kinase", 4, 9), FunctionAnnotation("zinc", 19, 25))
    design = helix.with_(function=found, residue_annotations=(site,))
    shares = keywords_found(design, template)
    assert shares == {annotations[0]: 0.5, annotations[1]: pytest.approx(1 / 6), site: 1.0}
    assert keyword_recovery(design, template) == pytest.approx(2 / 3)
    assert keyword_recovery(design, template, range(19, 22)) == 1.0
    assert math.isnan(keyword_recovery(design, helix))
