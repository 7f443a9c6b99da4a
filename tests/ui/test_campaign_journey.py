"""Ten thousand designs of a campaign in a notebook: filtered, plotted, shown and ticked."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workbench.campaign import Campaign
from workbench.campaign.parts import write_part

from .lab import LabPage, colours

COUNT = 10_000
OPEN = """
from widgets import CampaignView
from workbench.campaign import Campaign
view = CampaignView(Campaign.open("many"))
view
"""
ROW = ".esm-gallery tbody tr"
STAGE = ".esm-scatter-stage"
CANVAS = ".esm-scatter .gl-canvas-context"
SPEAKS = "(text) => document.querySelector('.esm-scatter-stage').ariaLabel?.startsWith(text)"
READS = "(text) => document.querySelector('.esm-scatter-readout').textContent.startsWith(text)"
THEMED = """() => {
  const plot = document.querySelector('.esm-scatter .js-plotly-plot');
  return plot.layout.font.color === getComputedStyle(plot).getPropertyValue('--b-fg').trim();
}"""
FILTER = ".esm-gallery input[type=search]"
SAYS = "(text) => document.querySelector('.esm-gallery-bar').textContent.includes(text)"


@pytest.fixture
def numbers(lab_page: LabPage) -> pd.DataFrame:
    """pLDDT and pTM of a campaign: one design was made, the others are drawn at random."""
    pytest.importorskip("pyarrow")
    folder = lab_page.server.notebooks / "many"
    campaign = Campaign([("MKTAYIAKQRQG", 0)], folder, "structure:1").run()
    (finished,) = campaign.results.rows
    drawn = np.random.default_rng(0).uniform(0.2, 0.9, (COUNT - 1, 2))
    rows = [
        finished | {"design": f"drawn-{i}", "seed": i, "plddt": plddt, "ptm": ptm, "record": b""}
        for i, (plddt, ptm) in enumerate(drawn.tolist(), 1)
    ]
    write_part(folder / "designs" / "part-000099.parquet", campaign.results.metrics, rows)
    table = Campaign.open(folder).table().set_index("design")[["plddt", "ptm"]]
    assert len(table) == COUNT
    return table


def best_of_both(table: pd.DataFrame) -> list[str]:
    """Designs that no other one beats in both, down pTM."""
    ordered = table.sort_values("ptm", ascending=False)
    best = ordered["plddt"].cummax().shift(fill_value=-1)
    return ordered.index[ordered["plddt"] > best].tolist()


def test_ten_thousand_designs_are_filtered_plotted_shown_and_ticked(
    lab_page: LabPage, numbers: pd.DataFrame, artifacts: Path
):
    lab, page = lab_page.open([OPEN], "campaign.ipynb"), lab_page.page
    lab.run_all(240)
    page.wait_for_selector(ROW, timeout=120_000)
    assert page.inner_text(f"{ROW} >> nth=0 >> th") == numbers["ptm"].idxmax()
    page.click('.esm-gallery [data-act="scatter"]')
    says = f"{COUNT} designs by pTM and pLDDT; none is better in both than "
    page.wait_for_function(SPEAKS, arg=says)
    spoken = page.get_attribute(STAGE, "aria-label")
    front = best_of_both(numbers)
    assert re.findall(r"drawn-\d+", spoken) == front[: len(re.findall(r"drawn-\d+", spoken))]

    page.wait_for_selector(CANVAS, timeout=60_000)
    page.locator(STAGE).scroll_into_view_if_needed()
    box = page.locator(STAGE).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.wait_for_function(READS, arg="drawn-")
    name = page.inner_text(".esm-scatter-readout").split(" · ")[0]
    page.mouse.click(x, y)
    lab.ask_until("view.table.shown", lambda shown: shown == name)

    page.mouse.move(x - 60, y - 40)
    page.mouse.down()
    for across, up in ((60, -40), (60, 40), (-60, 40), (-60, -40)):
        page.mouse.move(x + across, y + up, steps=3)
    page.mouse.up()
    ticked = lab.ask_until("list(view.table.chosen)", bool)
    inside = numbers.loc[ticked]
    low, high = inside.min(), inside.max()
    between = ((numbers >= low) & (numbers <= high)).all(axis=1)
    assert 50 < len(ticked) < COUNT / 4
    assert set(numbers.index[between]) == set(ticked)
    assert lab.ask("sorted(view.chosen['design'])") == sorted(ticked)
    for theme in ("Dark", "Light"):
        lab.theme(f"JupyterLab {theme}")
        page.wait_for_function(THEMED)
        page.screenshot(path=artifacts / f"campaign_{theme.lower()}.png")
        assert colours(lab.pixels(CANVAS)) > 3

    page.fill(FILTER, "ptm>0.85")
    expected = int((numbers["ptm"] > 0.85).sum())
    page.wait_for_function(SAYS, arg=f"{expected} of {COUNT}")
    page.wait_for_function(SPEAKS, arg=f"{expected} designs by")
    page.focus(STAGE)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(READS, arg="drawn-")
    page.wait_for_selector(".esm-scatter .hoverlayer .hovertext")
    page.screenshot(path=artifacts / "campaign_filtered.png")
