"""The browser's pure helpers, in node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def node() -> str:
    """The node to run, or a skip that says why."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed; it runs the tests of the browser's modules")
    major = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(major.lstrip("v").split(".")[0]) < 20:
        pytest.skip(
            f"node {major.strip()} is too old; 20 or newer runs the tests of the browser's modules"
        )
    return found


def test_the_javascript_helpers_pass_their_own_tests():
    files = [str(path) for path in sorted(HERE.rglob("*.test.mjs"))]
    done = subprocess.run([node(), "--test", *files], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
