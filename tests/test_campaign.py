import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from workbench.archive.rebuilding import rebuilt
from workbench.campaign import Campaign
from workbench.campaign.work import key_of
from workbench.errors import RecordError, SamplingError
from workbench.prompt import Prompt
from workbench.sampling.recipe import Recipe
from workbench.session import Session

RECIPE = "sequence:2"
PATIENCE = 300


@pytest.fixture
def blank(prompt) -> Prompt:
    """A prompt without structure, masked in another place."""
    return Prompt.from_protein(prompt.template, ["sequence"]).mask("2-9", "sequence")


@pytest.fixture
def finished_prompt(prompt) -> Prompt:
    """Nothing is masked, so every run of it fails."""
    return Prompt.from_protein(prompt.template)


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


# -- in one process ------------------------------------------------------------------------------


def test_a_campaign_makes_the_designs_that_a_session_makes(model, prompt, blank, tmp_path):
    campaign = Campaign(product([prompt, blank], range(3)), tmp_path / "c", RECIPE, model).run()
    made = sequences(campaign)
    assert len(made) == 6
    for one, seed in product([prompt, blank], range(3)):
        run = Session(one, model).start(Recipe.parse(RECIPE), seed)
        list(run)
        assert made[key_of(one), seed] == run.protein().sequence


def test_its_designs_come_back_and_rebuild(model, prompt, tmp_path):
    campaign = Campaign([(prompt, 4), (prompt, 5)], tmp_path / "c", RECIPE, model, steps=True).run()
    best = campaign.table().sort_values("recovery").tail(1)
    (design,) = Campaign.open(tmp_path / "c").designs(best)
    assert design.seed == best.seed.item()
    assert design.metrics["recovery"] == best.recovery.item() > 0
    assert len(design.steps) == 2
    assert rebuilt(design, model).same


def test_a_prompt_that_cannot_be_run_is_a_row_that_says_why(
    model, prompt, finished_prompt, tmp_path
):
    jobs = [(finished_prompt, 1), (prompt, 1)]
    campaign = Campaign(jobs, tmp_path / "c", RECIPE, model).run()
    failed, made = campaign.table().to_dict("records")
    assert "nothing is masked" in failed["error"]
    assert failed["sequence"] == ""
    assert np.isnan(failed["ptm"])
    assert made["error"] == ""
    assert [design.prompt.template.sequence for design in campaign.designs()]
    assert campaign.progress.failed == 1


def test_a_score_that_breaks_fails_its_own_designs_only(model, prompt, blank, tmp_path):
    def fussy(protein) -> float:
        return 1 / protein.sequence.count("W")

    with_w = prompt.paint([0], "sequence", "W").forbid(range(1, len(prompt)), "W")
    without = blank.forbid(range(len(blank)), "W")
    recipe = "sequence:2(gate=fussy>=0.5)"
    campaign = Campaign(
        product([with_w, without], [1]), tmp_path / "c", recipe, model, scores={"fussy": fussy}
    ).run()
    first, second = campaign.table().to_dict("records")
    assert first["fussy"] == 1.0
    assert "ZeroDivisionError" in second["error"]
    assert np.isnan(second["fussy"])


def test_failures_can_be_tried_again(model, prompt, finished_prompt, tmp_path):
    jobs = [(prompt, 1), (finished_prompt, 1), (finished_prompt, 2)]
    campaign = Campaign(jobs, tmp_path / "c", RECIPE, model).run()
    campaign.retry()
    assert on_disk(tmp_path / "c").error.tolist() == [""]
    assert campaign.run().progress.failed == 2


def test_a_stopped_campaign_goes_on_with_what_is_missing(model, prompt, tmp_path):
    jobs = list(product([prompt], range(40)))
    first = Campaign(jobs, tmp_path / "c", RECIPE, model, together=1)
    first.listen(first._halt.set)
    first.run()
    assert 0 < first.progress.done < 40
    made = sequences(first)
    again = Campaign(jobs, tmp_path / "c", RECIPE, model).run()
    assert again.progress.done == 40
    assert made.items() <= sequences(again).items()
    assert sorted(on_disk(tmp_path / "c").seed) == list(range(40))


def test_the_same_job_twice_is_one_design(model, prompt, tmp_path):
    twin = Prompt.from_protein(prompt.template).mask("3-14", ["sequence", "structure"])
    jobs = [(prompt, 1), (prompt, 1), (twin, np.int64(1))]
    assert len(Campaign(jobs, tmp_path / "c", RECIPE, model).run().table()) == 1


def test_a_folder_holds_one_campaign(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    with pytest.raises(SamplingError, match=r"sequence:2, not sequence:3; choose another folder"):
        Campaign([(prompt, 1)], tmp_path / "c", "sequence:3", model)


def test_another_model_cannot_go_on(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    with pytest.raises(SamplingError, match="same weights"):
        Campaign([(prompt, 2)], tmp_path / "c", RECIPE).run()
    assert len(on_disk(tmp_path / "c")) == 1


def test_two_at_once_in_one_folder_are_refused(model, prompt, tmp_path):
    one = Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model)
    with one.ledger.held(), pytest.raises(SamplingError, match="another campaign is at work"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()


def test_a_crash_while_writing_leaves_no_trace(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    (tmp_path / "c/designs/.part-000002.parquet.part").write_bytes(b"PAR1half")
    assert len(Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).table()) == 1
    assert len(on_disk(tmp_path / "c")) == 1


def test_a_damaged_part_is_named(model, prompt, tmp_path):
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(RecordError, match=r"part-000001.parquet cannot be read .*delete it"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model)
    part.unlink()
    assert Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run().progress.done == 1


HOSTILE_PARTS = {
    "a bomb of rows": ({"seed": pa.array(np.zeros(300_000, np.int64))}, "300000 rows"),
    "lists as names": ({"prompt": pa.array([["a"]])}, "column prompt is .*list"),
    "no seeds": ({"seed": None}, "column seed is absent"),
}


@pytest.mark.parametrize("name", HOSTILE_PARTS)
def test_a_part_from_elsewhere_is_refused_before_it_is_unpacked(name, model, prompt, tmp_path):
    changes, said = HOSTILE_PARTS[name]
    Campaign([(prompt, 1)], tmp_path / "c", RECIPE, model).run()
    part = tmp_path / "c/designs/part-000001.parquet"
    table = pa.parquet.read_table(part)
    rows = max(1 if column is None else len(column) for column in changes.values())
    columns = {
        column: changes.get(column, table[column].take(pa.array(np.zeros(rows, int))))
        for column in table.column_names
    }
    pa.parquet.write_table(
        pa.table({column: values for column, values in columns.items() if values is not None}), part
    )
    with pytest.raises(RecordError, match=said):
        Campaign.open(tmp_path / "c")


@pytest.mark.parametrize(
    "terms", ["[" * 100_000, '{"format": "esm3-workbench campaign", "version": 1, "scores": {}}']
)
def test_terms_from_elsewhere_are_refused(terms, tmp_path):
    (tmp_path / "campaign.json").write_text(terms)
    with pytest.raises(RecordError, match=r"campaign.json .*choose another folder"):
        Campaign.open(tmp_path)


def test_a_model_that_cannot_be_loaded_stops_it_without_rows(prompt, tmp_path):
    with pytest.raises(Exception, match="esm3-huge"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, "esm3-huge").run()
    assert len(Campaign.open(tmp_path / "c").table()) == 0


# -- in several processes ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workers():
    """A client of two processes, of which Dask blames work at the first death beside it."""
    import dask
    from distributed import Client, LocalCluster

    strict = {"distributed.scheduler.allowed-failures": 0}
    place = {"host": "127.0.0.1", "dashboard_address": None}
    with (
        dask.config.set(strict),
        LocalCluster(n_workers=2, threads_per_worker=1, **place) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def test_a_killed_worker_loses_and_doubles_nothing(
    prompt, blank, finished_prompt, workers, tmp_path
):
    jobs = [*product([prompt, blank], range(12)), (finished_prompt, 7)]
    campaign = Campaign(
        jobs, tmp_path / "c", RECIPE, scheduler=workers.scheduler.address, together=2
    )
    victims = list(workers.run(os.getpid).values())
    campaign.start()
    await_designs(campaign, 4)
    os.kill(victims[0], signal.SIGKILL)
    assert campaign.progress.done < len(jobs), "it was over before the worker died"
    campaign.wait()
    rows = on_disk(tmp_path / "c")
    identities = list(zip(rows.prompt, rows.seed, strict=True))
    assert len(identities) == len(set(identities)) == len(jobs)
    assert rows.error.astype(bool).sum() == 1
    alone = Campaign(jobs, tmp_path / "alone", RECIPE).run()
    assert sequences(campaign) == sequences(alone)


def deadly(protein) -> float:
    """A score that takes its worker with it, on proteins that begin with W."""
    if protein.sequence.startswith("W"):
        os.kill(os.getpid(), signal.SIGKILL)
    return 1.0


def test_a_design_that_kills_every_worker_is_a_failed_row(prompt, workers, tmp_path):
    fatal = prompt.paint([0], "sequence", "W")
    jobs = [(prompt, 1), (fatal, 1), (prompt, 2)]
    campaign = Campaign(
        jobs, tmp_path / "c", RECIPE, scheduler=workers.scheduler.address,
        scores={"deadly": deadly}, together=3,
    ).run()  # fmt: skip
    rows = campaign.table().set_index(["prompt", "seed"])
    assert rows.error[key_of(fatal), 1] == "every worker that tried it died"
    assert rows.error.drop((key_of(fatal), 1)).tolist() == ["", ""]


@contextmanager
def processes(*commands: list[str]):
    """Dask's own commands, each as a process that is killed in the end."""
    started = []
    try:
        for command in commands:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
        yield started
    finally:
        for one in started:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


def test_a_campaign_whose_scheduler_died_goes_on_later(prompt, tmp_path):
    import json

    jobs, place = list(product([prompt], range(30))), tmp_path / "scheduler.json"
    where = ["--scheduler-file", str(place)]
    quiet = ["--no-dashboard", "--host", "127.0.0.1"]
    with processes(
        ["scheduler", "--port", "0", *quiet, *where],
        ["worker", "--nthreads", "1", "--no-nanny", *quiet, *where],
    ) as (scheduler, _):
        until = time.monotonic() + PATIENCE
        while not (place.exists() and place.read_text().endswith("}")):
            assert time.monotonic() < until
            time.sleep(0.1)
        address = json.loads(place.read_text())["address"]
        campaign = Campaign(jobs, tmp_path / "c", RECIPE, scheduler=address, together=1).start()
        await_designs(campaign, 3)
        os.kill(scheduler.pid, signal.SIGKILL)
        with pytest.raises(SamplingError, match="the scheduler went away"):
            campaign.wait()
    kept = on_disk(tmp_path / "c")
    assert 3 <= len(kept) < 30
    again = Campaign(jobs, tmp_path / "c", RECIPE).run()
    assert sorted(on_disk(tmp_path / "c").seed) == list(range(30))
    alone = Campaign(jobs, tmp_path / "alone", RECIPE).run()
    assert sequences(again) == sequences(alone)


def test_nobody_at_the_address_is_said(prompt, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.campaign.crew.CONNECT_SECONDS", 1)
    with pytest.raises(SamplingError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, scheduler="tcp://127.0.0.1:9").run()
