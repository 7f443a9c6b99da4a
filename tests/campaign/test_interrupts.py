"""Campaigns that Ctrl-C ends: what was finished is kept, and the folder is free again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from campaigns import PATIENCE, on_disk

CHILD = """
import sys
from workbench.campaign import Campaign
from workbench.prompt import Prompt
from workbench.protein import Protein

def main():
    prompt = Prompt.from_protein(Protein("MKTAYIAKQRQISFVKSHFSRQ")).mask("3-20", "sequence")
    jobs = [(prompt, seed) for seed in range(20_000)]
    workers, folder = int(sys.argv[1]), sys.argv[2]
    campaign = Campaign(jobs, folder, "sequence:2", workers=workers, together=2)
    campaign.listen(lambda: print(campaign.progress.done, flush=True))
    try:
        campaign.run()
    except KeyboardInterrupt:
        print("kept", campaign.progress.done, flush=True)
        Campaign(jobs, folder, "sequence:2").retry()
        raise SystemExit(130)

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_what_was_finished_before_ctrl_c_is_on_disk_after_it(workers, tmp_path):
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    process = started([str(script), str(workers), str(tmp_path / "c")])
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip().isdigit() and int(line) >= 10:
            break
    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
    output, wrong = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, wrong
    assert "Traceback" not in wrong
    kept = next(int(line.split()[1]) for line in output.splitlines() if line.startswith("kept"))
    assert len(on_disk(tmp_path / "c")) == kept >= 10


def test_the_command_ends_with_130(tmp_path):
    fasta = tmp_path / "x.fasta"
    fasta.write_text(">x\nMKTAYIAKQRQISFVKSHFSRQ\n")
    process = started(
        ["-m", "workbench", "campaign", str(fasta), "--mask", "sequence=3-20", "--recipe",
         "sequence:2", "--seeds", "0-99999", "--out", str(tmp_path / "c")]
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, wrong = process.communicate(timeout=PATIENCE)
    assert (process.returncode, wrong) == (130, "workbench: stopped\n")
    assert len(on_disk(tmp_path / "c"))


FORGOTTEN = CHILD.replace(
    "campaign.run()",
    "campaign.start()\n        while campaign.progress.done < 5: campaign.wait(0.1)",
)


def test_a_script_that_ends_while_a_campaign_is_at_work_writes_what_is_finished(tmp_path):
    script = tmp_path / "child.py"
    script.write_text(FORGOTTEN)
    process = started([str(script), "0", str(tmp_path / "c")])
    output, wrong = process.communicate(timeout=PATIENCE)
    assert (process.returncode, wrong) == (0, "")
    assert len(on_disk(tmp_path / "c")) == int(output.split()[-1])


def started(arguments: list[str]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
        # Tests that a shell runs in the background ignore Ctrl-C, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
