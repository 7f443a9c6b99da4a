"""The browser's modules, in node's own test runner."""

import os
import subprocess
import sys
from pathlib import Path

from node import node

HERE = Path(__file__).parent


def test_the_javascript_modules_pass_their_own_tests():
    files = [str(path) for path in sorted(HERE.rglob("*.test.mjs"))]
    told = os.environ | {"PYTHON": sys.executable}
    done = subprocess.run(
        [node(), "--test", *files], capture_output=True, text=True, timeout=240, env=told
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
