"""A campaign in a cell: the table fills while designs come in, and nothing said is markup."""

import re
from itertools import product

import pytest

from widgets import CampaignView
from workbench.campaign import Campaign
from workbench.prompt import Prompt


@pytest.fixture
def asked(prompt) -> Prompt:
    """Four letters to fill."""
    return prompt.mask([2, 3, 4, 5], "sequence")


def shown(view: CampaignView) -> tuple[int, int, str, str]:
    bar, said, table = view.children
    return bar.value, bar.max, said.value, table.value


def test_the_table_fills_while_designs_come_in(model, asked, tmp_path, monkeypatch):
    monkeypatch.setattr("widgets.campaign_view.REDRAW_SECONDS", -1.0)
    jobs = product([asked], range(3))
    campaign = Campaign(jobs, tmp_path / "c", "sequence:2", model, together=1)
    view = CampaignView(campaign, best="seed")
    assert shown(view)[:3] == (0, 3, "0 of 3 designs")
    seen = []
    campaign.listen(lambda: seen.append(shown(view)[3].count("<tr>") - 1))
    campaign.run()
    assert seen == [1, 2, 3, 3]
    assert shown(view)[:3] == (3, 3, "3 of 3 designs")
    table = shown(view)[3]
    assert re.findall(r"<tr><td>(\d)</td>", table) == ["2", "1", "0"]
    at = re.findall(r"<th[^>]*>([^<]*)</th>", table).index("pLDDT")
    first = re.findall(r"<td>([^<]*)</td>", table)[at]
    assert float(first) == pytest.approx(100 * campaign.table()["plddt"][2], rel=0.01)


def test_what_went_wrong_is_text_and_not_markup(model, asked, tmp_path):
    def nasty(protein) -> float:
        raise ValueError("<script>alert(1)</script>")

    campaign = Campaign(
        [(asked, 1)], tmp_path / "c", "sequence:2(gate=nasty>0)", model, scores={"nasty": nasty}
    )
    view = CampaignView(campaign)
    campaign.run()
    assert "1 failed" in shown(view)[2]
    assert "&lt;script&gt;" in shown(view)[3]
    assert "<script" not in shown(view)[3]


def test_a_column_that_is_not_there_is_refused(model, asked, tmp_path):
    campaign = Campaign([(asked, 1)], tmp_path, "ss8:1", model)
    with pytest.raises(ValueError, match="no column 'charm'"):
        CampaignView(campaign, best="charm")


def test_a_metric_of_which_less_is_better_puts_the_lowest_first(model, asked, tmp_path):
    jobs = product([asked], range(3))
    campaign = Campaign(jobs, tmp_path / "c", "sequence:2", model).run()
    table = shown(CampaignView(campaign, best="ca_rmsd"))[3]
    found = [float(one) for one in re.findall(r"<tr><td>([^<]*)</td>", table)]
    assert found == sorted(found)
    assert "RMSD of all CA atoms to the template" in table
