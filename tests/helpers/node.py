"""The node that runs the tests of the browser's modules."""

import shutil
import subprocess

import pytest

OLDEST = 20


def node() -> str:
    """Path of node, or a skip that says why."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("node is not installed; it runs the tests of the browser's modules")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    if int(version.stdout.lstrip("v").split(".")[0]) < OLDEST:
        pytest.skip(f"node {version.stdout.strip()} is too old; the tests want {OLDEST} or newer")
    return path
