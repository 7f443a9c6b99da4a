"""`workbench info`, `workbench lab` and help."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, build_opener

import numpy as np
import pytest

import workbench
from workbench.cli import exit_code, main

ROOT = Path(__file__).parents[2]
NUMBERS = np.arange(101, 113)


def test_info_tells_version_models_device_and_precision(capsys):
    assert main(["info", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["version"] == workbench.__version__
    assert "esm3-nano" in printed["models"]
    assert printed["device"] in ("cpu", "cuda", "mps")
    assert printed["dtype"] in ("float32", "bfloat16", "float16")
    assert {"torch", "python"} < set(printed)


def test_info_for_people_says_the_same(capsys):
    assert main(["info"]) == 0
    output = capsys.readouterr().out
    assert workbench.__version__ in output
    assert "esm3-nano" in output


def test_help_answers_without_loading_torch():
    code = (
        "import sys; from workbench.cli import main\n"
        "try: main(['design', '--help'])\n"
        "except SystemExit: print([m for m in ('torch', 'numpy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "--mask TRACK=RESIDUES" in done.stdout


def test_lab_puts_the_quickstart_into_the_folder_and_hands_jupyter_its_arguments(
    started, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["lab", "--no-browser", "--port=9999"]) == 0
    (command,) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[-2:] == ["--no-browser", "--port=9999"]
    assert json.loads((tmp_path / "01_quickstart.ipynb").read_text("utf-8"))["cells"]


def text_at(address: str, seconds: float = 60) -> str:
    """What a browser gets there; Jupyter says its address a moment before it listens."""
    browser = build_opener(HTTPCookieProcessor())
    deadline = time.monotonic() + seconds
    while True:
        try:
            return browser.open(address, timeout=seconds).read().decode()
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_the_address_that_lab_prints_opens_it_and_asks_for_the_launcher(tmp_path):
    pytest.importorskip("jupyterlab")
    folders = {
        f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    server = subprocess.Popen(
        [sys.executable, "-m", "workbench", "lab", "--no-browser", "--allow-root", "--port=0"],
        cwd=tmp_path,
        env=os.environ | folders | {"PYTHONPATH": path},
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            address = next(line for line in server.stderr if "http://127.0.0.1" in line).split()[-1]
            page = text_at(address)
        finally:
            server.terminate()
            server.stderr.close()
    (config,) = re.findall(r'jupyter-config-data" type="application/json">(.*?)</script>', page)
    assert json.loads(config)["esm3Launcher"]
    assert json.loads(config)["treePath"] == ""


def test_lab_says_what_is_missing_where_only_the_engine_is_installed(tmp_path):
    code = (
        f"import sys; sys.path.append({str(ROOT)!r}); from workbench.cli import main; main(['lab'])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert "JupyterLab is not installed here" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_lab_leaves_a_quickstart_that_is_already_there_alone(started, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    mine = tmp_path / "notebooks" / "01_quickstart.ipynb"
    mine.write_text("mine")
    assert main(["lab"]) == 0
    assert not (tmp_path / "01_quickstart.ipynb").exists()
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA out of memory. Tried 9 GiB")])
def test_memory_that_is_full_is_one_line(error, capsys):
    def full() -> None:
        raise error

    assert exit_code(full) == 2
    assert capsys.readouterr().err.count("\n") == 1
