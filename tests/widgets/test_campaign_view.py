"""A campaign in a cell: the table fills while designs come in, and nothing said is markup."""

from itertools import product

import pytest

from widgets import CampaignView
from workbench.campaign import Campaign
from workbench.prompt import Prompt


@pytest.fixture
def masked(prompt) -> Prompt:
    """Four letters to fill."""
    return prompt.mask([2, 3, 4, 5], "sequence")


def progress(view: CampaignView) -> tuple[int, int, str]:
    bar, note, _ = view.children
    return bar.value, bar.max, note.value


def test_the_table_fills_while_designs_come_in(model, masked, tmp_path):
    jobs = product([masked], range(3))
    campaign = Campaign(jobs, tmp_path / "c", "sequence:2", model, together=1)
    view = CampaignView(campaign, best="seed", redraw_seconds=0)
    assert progress(view) == (0, 3, "0 of 3 designs")
    seen = []
    campaign.listen(lambda: seen.append(len(view.table.rows)))
    campaign.run()
    assert seen == [1, 2, 3, 3]
    assert progress(view) == (3, 3, "3 of 3 designs")
    by_name = campaign.table().set_index("design")
    for row in view.table.rows:
        assert row["seed"] == by_name["seed"][row["design"]]
        assert row["plddt"] == pytest.approx(100 * by_name["plddt"][row["design"]], rel=1e-6)
        assert row["sequence"] == by_name["sequence"][row["design"]]


def test_rows_ticked_in_the_browser_are_designs_for_code(model, masked, tmp_path):
    campaign = Campaign(product([masked], range(3)), tmp_path / "c", "sequence:2", model).run()
    view = CampaignView(campaign)
    names = [row["design"] for row in view.table.rows]
    view.table.comm.say({"type": "choose", "names": [names[1], "another"]})
    assert view.table.chosen == [names[1]]
    (design,) = campaign.designs(view.chosen)
    assert design.protein.sequence == view.table.rows[1]["sequence"]


def test_what_went_wrong_is_data_for_the_browser_and_escaped_above(model, masked, tmp_path):
    def nasty(protein) -> float:
        raise ValueError("<script>alert(1)</script>")

    campaign = Campaign(
        [(masked, 1)],
        tmp_path / "c",
        "sequence:2(gate=nasty>0)",
        model,
        scores={"nasty": nasty},
    )
    view = CampaignView(campaign)
    campaign.run()
    assert "1 failed" in progress(view)[2]
    assert "<script" not in progress(view)[2]
    assert any("<script>" in str(value) for value in view.table.rows[0].values())


def test_a_column_that_is_not_there_is_refused(model, masked, tmp_path):
    campaign = Campaign([(masked, 1)], tmp_path, "ss8:1", model)
    with pytest.raises(ValueError, match="no column 'charm'"):
        CampaignView(campaign, best="charm")


@pytest.mark.parametrize(("best", "upwards"), [("ca_rmsd", True), ("ptm", False)])
def test_the_table_begins_with_the_best(model, masked, tmp_path, best, upwards):
    campaign = Campaign(product([masked], range(3)), tmp_path / "c", "sequence:2", model).run()
    table = CampaignView(campaign, best=best).table
    assert (table.best, table.upwards) == (best, upwards)
    assert best in {column["key"] for column in table.columns}
