"""Every kind of recipe makes the tokens that it made when they were recorded, token for token."""

import json

import pytest
from recorded_runs import FILE, RecordedRun, record, recorded_runs

RECORDED = json.loads(FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, RecordedRun]:
    return {
        recorded_run.name: recorded_run
        for recorded_run in recorded_runs(tmp_path_factory.mktemp("tables"))
    }


@pytest.mark.parametrize("name", RECORDED)
def test_a_run_makes_the_tokens_that_were_recorded(name, runs):
    assert record(runs[name].trajectory()).split() == RECORDED[name].split()
