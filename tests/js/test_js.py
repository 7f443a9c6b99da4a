"""The browser's modules, in node's own test runner."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from node import node

HERE = Path(__file__).parent


@pytest.mark.parametrize("drawn", [False, True], ids=["alone", "on a page"])
def test_the_javascript_modules_pass_their_own_tests(drawn: bool):
    if drawn and not (HERE.parents[1] / "node_modules" / "happy-dom").is_dir():
        pytest.skip("`npm ci` installs the page that the views are drawn on")
    files = [
        str(path)
        for path in sorted(HERE.rglob("*.test.mjs"))
        if drawn == path.name.endswith(".dom.test.mjs")
    ]
    assert files
    environment = os.environ | {"PYTHON": sys.executable}
    done = subprocess.run(
        [node(), "--test", *files], capture_output=True, text=True, timeout=240, env=environment
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
