"""The engine runs campaigns where nothing of the bench is installed."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
CAMPAIGN = """
import json, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
from workbench import Campaign, Prompt

campaign = Campaign([(Prompt.blank(12), 1), (Prompt.blank(12), 2)], {folder!r}, "sequence:2")
campaign.run()
assert "widgets" not in sys.modules
print(json.dumps(sorted(campaign.table().sequence)))
"""


def absent_on_a_worker() -> list[str]:
    """Import names of what the package needs and its engine does not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needs = set(project["project"]["dependencies"]) - set(project["dependency-groups"]["engine"])
    names = [re.split(r"[<>=\[]", need)[0] for need in needs]
    return sorted([*names, "IPython", "ipykernel"])


def test_a_campaign_runs_without_jupyterlab_plotly_and_the_views(tmp_path):
    absent = absent_on_a_worker()
    assert {"jupyterlab", "plotly", "anywidget", "py3Dmol"} <= set(absent)
    code = CAMPAIGN.format(absent=absent, folder=str(tmp_path / "campaign"))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert [len(design) for design in json.loads(done.stdout.splitlines()[-1])] == [12, 12]
