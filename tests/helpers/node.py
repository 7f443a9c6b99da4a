"""The node that runs the tests of the browser's modules."""

import shutil
import subprocess

import pytest

OLDEST = 20


def node() -> str:
    """Path of node, or a skip that says why."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed; it runs the tests of the browser's modules")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.lstrip("v").split(".")[0]) < OLDEST:
        pytest.skip(f"node {version.stdout.strip()} is too old; the tests want {OLDEST} or newer")
    return found
