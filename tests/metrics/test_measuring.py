"""What the table of metrics says of a design."""

import math

import numpy as np
import pytest
from altered_proteins import moved, shaken
from ideal_chains import HELIX, ideal_chain

from workbench.annotate import annotated
from workbench.embedded import example
from workbench.errors import SelectionError, StructureError
from workbench.metrics import METRICS, OF_DESIGNS, as_shown, measure, summary, table
from workbench.prompt import Prompt
from workbench.protein import Confidence, Protein
from workbench.tracks import Track

SEQUENCE = "MKTLEDWRKIQERLEVAGSTNPQLAKEFY"


@pytest.fixture
def helix() -> Protein:
    return Protein(SEQUENCE, coordinates=ideal_chain(SEQUENCE, HELIX))


NAMES = [metric.name for metric in OF_DESIGNS]


def test_a_design_is_judged_by_all_metrics(helix):
    plddt = np.linspace(0.5, 1, len(helix), dtype=np.float32)
    design = moved(helix).with_(confidence=Confidence(plddt, ptm=0.75))
    metrics = measure(design, Prompt.from_protein(helix))
    assert list(metrics) == NAMES
    assert metrics["ptm"] == 0.75
    assert metrics["plddt"] == pytest.approx(0.75)
    assert metrics["recovery"] == metrics["ss8_agreement"] == 1
    assert metrics["tm_score"] == pytest.approx(1, abs=1e-4)
    assert metrics["motif_rmsd"] == pytest.approx(0, abs=1e-4)
    assert metrics["chain_breaks"] == metrics["clashes"] == 0
    assert all(isinstance(value, float) for value in metrics.values())


def test_what_cannot_be_known_is_nan_and_never_a_failure(helix):
    metrics = measure(Protein("_" * len(helix)), Prompt.from_protein(helix))
    assert list(metrics) == NAMES
    assert all(math.isnan(value) for value in metrics.values())


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_ruin_is_worse_than_the_protein_itself_in_the_direction_that_the_metric_says(metric):
    protein = annotated(example())
    prompt = Prompt.from_protein(protein, tuple(Track)).mask("1-9", "sequence")
    prompt = prompt.annotate("kinase", "1-9")
    sure, unsure = (
        Confidence(np.full(len(protein), plddt, np.float32), ptm=plddt) for plddt in (0.9, 0.3)
    )
    ruin = shaken(protein, 2.0).with_(sequence="A" * len(protein), confidence=unsure)
    good = protein.with_(function=prompt.function, confidence=sure)
    at = np.arange(len(protein))
    same, worse = metric.of(good, prompt, at), metric.of(ruin.with_(function=()), prompt, at)
    assert same > worse if metric.higher_is_better else same < worse


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_protein_of_another_length_is_refused_with_both_lengths(metric, helix):
    with pytest.raises(StructureError, match=r"design of 5 residues .* template of 29"):
        measure(helix.take(range(5)), Prompt.from_protein(helix))
    if not metric.name.endswith(("ptm", "plddt")):
        with pytest.raises(StructureError, match=r"design of 5 residues .* template of 29"):
            metric.of(helix.take(range(5)), Prompt.from_protein(helix), np.arange(3))


def test_a_table_measures_each_design_on_the_residues_chosen(helix):
    worse = shaken(helix, 1.0, slice(15, None)).with_(
        sequence=SEQUENCE[:15] + "W" * 14,
        confidence=Confidence(np.repeat(np.float32([0.875, 0.25]), [15, 14]), ptm=0.5),
        name="worse",
    )
    both = table([helix.with_(name="same"), worse], helix).set_index("design")
    assert list(both.index) == ["same", "worse"]
    assert both.loc["same", "selection_rmsd"] == pytest.approx(0, abs=1e-4)
    assert both.loc["worse", "selection_rmsd"] > 0.5
    start, end = (table([worse], helix, where).iloc[0] for where in ("1-15", range(15, 29)))
    assert start["selection_rmsd"] == pytest.approx(0, abs=1e-4)
    assert start["tm_score"] == pytest.approx(1)
    assert start["lddt"] == pytest.approx(1)
    assert start["recovery"] == 1
    assert end["recovery"] == 0
    assert end["lddt"] < 1
    assert [start["plddt"], end["plddt"]] == [0.875, 0.25]
    assert start["ptm"] == end["ptm"] == 0.5
    with pytest.raises(SelectionError, match="holds no residue"):
        table([worse], helix, [])


def test_plddt_is_0_to_1_in_memory_and_0_to_100_for_people(helix):
    confidence = Confidence(np.full(len(helix), 0.842, np.float32), ptm=0.5)
    in_memory = table([helix.with_(confidence=confidence)], helix)
    shown = as_shown(in_memory)
    assert in_memory["plddt"].item() == pytest.approx(0.842)
    assert shown["plddt"].item() == pytest.approx(84.2)
    assert shown["ptm"].item() == shown["ptm"].item() == 0.5
    line = summary({"plddt": 0.842, "ca_rmsd": 1.25, "charge": -3.0, "tm_score": math.nan})
    assert line == "plddt 84.2, ca_rmsd 1.25 Å, charge -3"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_tooltip_says_in_full_what_is_measured_and_which_way_is_better(metric):
    assert metric.description[0].isupper()
    assert metric.description.endswith(".")
    assert metric.help.endswith(("higher is better.", "lower is better."))
    if metric.unit == "Å":
        assert "superposed" in metric.description
