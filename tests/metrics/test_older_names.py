"""Recipes, records and campaigns of before version 0.2 open and mean what they meant.

``written_before_metrics`` was written by the code before ``workbench.metrics`` had one table: a
part of the embedded example with 16 residues without coordinates and 22 without letters, steered
and gated by what was then called ``rmsd``, ``ss8`` and ``sasa``.
"""

from pathlib import Path

import numpy as np
import pytest
from Bio.SVDSuperimposer import SVDSuperimposer

from workbench.archive import open_record
from workbench.campaign import Campaign
from workbench.constants import CA, C, N
from workbench.metrics import find_metric
from workbench.sampling.goals import Reward
from workbench.session import Design

WRITTEN = Path(__file__).parent / "written_before_metrics"
RECIPE = (
    "structure:4(best=2;every=2;reward=rmsd;subject=ss8>0.9),"
    "sequence:3(gate=rmsd<0.3+ss8>0.5+sasa>0.1;retries=1)"
)


@pytest.fixture
def design() -> Design:
    return open_record(WRITTEN / "session.design").design("design-1")


def superposed_rmsd(one: np.ndarray, other: np.ndarray) -> float:
    fit = SVDSuperimposer()
    fit.set(one.astype(float), other.astype(float))
    fit.run()
    return float(fit.get_rms())


def test_the_rmsd_of_an_old_table_is_that_of_all_ca_to_the_template(design):
    old = superposed_rmsd(
        design.prompt.template.coordinates[:, CA], design.protein.coordinates[:, CA]
    )
    assert old > 2
    assert design.metrics["ca_rmsd"] == pytest.approx(old, rel=1e-5)
    assert find_metric("ca_rmsd").of(design.protein, design.prompt, None) == pytest.approx(old)
    assert "rmsd" not in design.metrics


def test_the_rmsd_of_an_old_gate_is_that_of_the_backbone_given(design):
    given = np.flatnonzero(design.prompt.has_backbone)
    assert len(given) == 16
    backbones = [
        protein.coordinates[np.ix_(given, [N, CA, C])].reshape(-1, 3)
        for protein in (design.prompt, design.protein)
    ]
    old = superposed_rmsd(*backbones)
    judged = design.outcomes[-1].values
    assert judged["rmsd"] == pytest.approx(old, abs=2e-3)
    assert find_metric("rmsd").of(design.protein, design.prompt, None) == pytest.approx(old)


@pytest.mark.parametrize(("name", "now"), [("ss8", "painted_ss8"), ("sasa", "painted_sasa")])
def test_ss8_and_sasa_of_an_old_gate_are_those_painted(design, name, now):
    judged = design.outcomes[-1].values[name]
    assert find_metric(name).name == now
    assert find_metric(name).of(design.protein, design.prompt, None) == pytest.approx(
        judged, abs=0.02
    )


def test_an_old_recipe_says_what_it_said_and_still_wants_a_small_rmsd(design):
    assert str(design.recipe) == RECIPE
    reward = design.recipe.stages[0].reward
    assert reward.of({"rmsd": 1.0}) > reward.of({"rmsd": 2.0})
    assert Reward.parse("ss8").of({"ss8": 1.0}) > Reward.parse("ss8").of({"ss8": 0.5})


def test_an_old_design_says_that_it_missed_its_gate(design):
    assert design.status.startswith("missed rmsd<0.3+ss8>0.5+sasa>0.1: rmsd 0.314, ss8 0.857")


def test_a_score_of_your_own_called_rmsd_still_comes_before_the_metric(design):
    assert Reward.parse("rmsd").of({"rmsd": 1.0}, own={"rmsd"}) == -1.0
    assert Reward.parse("clashes").of({"clashes": 1.0}, own={"clashes"}) == 1.0


def test_an_old_campaign_opens_with_its_numbers_under_their_names_of_today():
    campaign = Campaign.open(WRITTEN / "campaign")
    (row,) = campaign.table().to_dict("records")
    (design,) = campaign.designs()
    assert row["ca_rmsd"] == design.metrics["ca_rmsd"] == pytest.approx(2.7742, abs=1e-4)
    assert np.isnan(row["motif_rmsd"])
    assert row["tm_score"] == design.metrics["tm_score"] > 0.6
