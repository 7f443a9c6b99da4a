"""Campaigns in several processes, which die, are out of reach, or let nobody else in."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from campaigns import PATIENCE, RECIPE, await_designs, on_disk, sequences

from workbench.campaign import Campaign, workers
from workbench.campaign.work import key_of
from workbench.errors import SamplingError

OPEN = pytest.mark.filterwarnings("ignore:this Dask scheduler speaks no TLS")


@pytest.fixture(scope="module")
def two_workers():
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


@OPEN
def test_a_killed_worker_loses_and_doubles_nothing(
    prompt, blank, finished_prompt, two_workers, tmp_path
):
    jobs = [*product([prompt, blank], range(12)), (finished_prompt, 7)]
    campaign = Campaign(
        jobs, tmp_path / "c", RECIPE, scheduler=two_workers.scheduler.address, together=2
    )
    victims = list(two_workers.run(os.getpid).values())
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


@OPEN
def test_a_design_that_kills_every_worker_is_a_failed_row(prompt, two_workers, tmp_path):
    fatal = prompt.paint([0], "sequence", "W")
    jobs = [(prompt, 1), (fatal, 1), (prompt, 2)]
    campaign = Campaign(
        jobs, tmp_path / "c", RECIPE, scheduler=two_workers.scheduler.address,
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
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@OPEN
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


@pytest.fixture
def impatient() -> Iterator[None]:
    """Dask waits for a second in place of 30 when it connects."""
    import dask
    import distributed  # noqa: F401 - it sets its own defaults when it is imported

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        yield


@OPEN
def test_nobody_at_the_address_is_said(prompt, tmp_path, impatient):
    with pytest.raises(SamplingError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Campaign([(prompt, 1)], tmp_path / "c", RECIPE, scheduler="tcp://127.0.0.1:9").run()


def test_an_open_scheduler_is_told_once(prompt, tmp_path, impatient):
    campaign = Campaign([(prompt, 1)], tmp_path / "c", RECIPE, scheduler="tcp://127.0.0.1:9")
    with (
        pytest.warns(UserWarning, match="speaks no TLS") as warned,
        pytest.raises(SamplingError, match="no Dask scheduler answers"),
    ):
        campaign.run()
    assert len(warned) == 1
    assert not workers.is_open("tls://10.0.0.5:8786")
