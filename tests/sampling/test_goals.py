"""What a design is judged by: what its prompt asks for, whatever its template was."""

import numpy as np
import pytest
from ideal_chains import strand

from workbench.prompt import Prompt
from workbench.protein import Confidence, Protein
from workbench.sampling.goals import METRICS

LENGTH = 12
RISING = np.linspace(0, 110, LENGTH, dtype=np.float32)


@pytest.fixture
def template() -> Protein:
    return Protein("A" * LENGTH, strand(LENGTH), ss8="E" * LENGTH, sasa=RISING)


def test_secondary_structure_is_compared_with_what_was_painted(template):
    prompt = Prompt.blank(template).paint("1-6", "ss8", "H")
    design = Protein("A" * LENGTH, ss8="HHH" + "E" * (LENGTH - 3))
    assert METRICS["ss8"](design, prompt) == 0.5


def test_accessibility_is_compared_with_what_was_painted(template):
    prompt = Prompt.blank(template).paint(slice(None), "sasa", RISING[::-1].tolist())
    assert METRICS["sasa"](Protein("A" * LENGTH, sasa=RISING[::-1]), prompt) == pytest.approx(1)
    assert METRICS["sasa"](Protein("A" * LENGTH, sasa=RISING), prompt) == pytest.approx(-1)


def test_the_motif_that_was_given_is_all_that_an_rmsd_looks_at(template):
    prompt = Prompt.from_protein(template).mask("7-12", "structure")
    moved = template.coordinates.copy()
    moved[6:] += 20
    assert METRICS["rmsd"](template.with_(coordinates=moved), prompt) == pytest.approx(0, abs=1e-3)
    moved[0, :3] += 5
    assert METRICS["rmsd"](template.with_(coordinates=moved), prompt) > 1


def test_confidence_is_the_mean_over_residues_and_unknown_without(template):
    sure = Confidence(np.linspace(0, 1, LENGTH, dtype=np.float32), ptm=0.7)
    prompt = Prompt.blank(template)
    assert METRICS["plddt"](template.with_(confidence=sure), prompt) == pytest.approx(0.5)
    assert METRICS["ptm"](template.with_(confidence=sure), prompt) == 0.7
    assert np.isnan([METRICS[name](template, prompt) for name in ("plddt", "ptm")]).all()
