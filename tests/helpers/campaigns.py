"""Campaigns of the tests: their recipe, their rows in memory and on disk, and waiting for them."""

import time
from pathlib import Path

import pandas as pd

from workbench.campaign import Campaign

RECIPE = "sequence:2"
PATIENCE = 300


def sequences(campaign: Campaign) -> dict[tuple[str, int], str]:
    rows = campaign.table()
    return dict(zip(zip(rows.prompt, rows.seed, strict=True), rows.sequence, strict=True))


def on_disk(folder: Path) -> pd.DataFrame:
    """The dataset as any reader of Parquet sees it."""
    return pd.read_parquet(folder / "designs")


def await_designs(campaign: Campaign, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while campaign.progress.done < count:
        assert time.monotonic() < until, str(campaign.progress)
        assert campaign.running, campaign.error
        time.sleep(0.05)
