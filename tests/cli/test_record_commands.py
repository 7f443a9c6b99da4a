"""Records at the command line: said, shared, opened and made again."""

import base64
import gzip
import json
import re
import sys
from dataclasses import replace

import numpy as np

from workbench.archive import open_record, save
from workbench.campaign import Campaign
from workbench.cli import main

NUMBERS = np.arange(101, 113)


def test_a_record_says_what_it_holds_and_rebuilds(file, tmp_path, capsys):
    record = tmp_path / "x.design"
    command = ["--mask", "sequence=103-106", "--recipe", "sequence:2", "--seed", "5"]
    out = ["--out", str(tmp_path / "designs"), "--record", str(record)]
    assert main(["design", str(file), *command, *out]) == 0
    capsys.readouterr()
    assert main(["open", str(record)]) == 0
    assert "design-1: sequence:2, seed 5, esm3-mini" in capsys.readouterr().out
    assert main(["rebuild", str(record)]) == 0
    assert "design-1: the same" in capsys.readouterr().out


def test_a_record_becomes_a_page_with_its_steps_and_itself_inside(record, capsys):
    capsys.readouterr()
    assert main(["report", str(record)]) == 0
    page = record.with_suffix(".html")
    assert capsys.readouterr().out == f"{page}\n"
    text = page.read_text("utf-8")
    assert "Download x.design" in text
    packed = re.search(r'<script id="pack"[^>]*>([^<]*)<', text)[1]
    data = gzip.decompress(base64.b85decode(packed.replace(",", "<")))
    assert b'"step:2"' in data
    assert record.read_bytes() in data


def test_a_record_opens_in_jupyter_in_a_notebook_beside_it(record, started, capsys):
    assert main(["open", str(record), "--lab"]) == 0
    notebook = record.with_suffix(".ipynb")
    assert started == [[sys.executable, "-m", "jupyterlab", str(notebook)]]
    (cell,) = json.loads(notebook.read_text("utf-8"))["cells"]
    assert cell["source"].splitlines()[-1] == "Bench('x.design')"
    notebook.write_text("mine")
    main(["open", str(record), "--lab"])
    assert notebook.read_text() == "mine"


def test_a_campaign_goes_on_where_the_same_command_left_it(file, refused, tmp_path, capsys):
    command = ["campaign", file, "--mask", "sequence=103-106", "--recipe", "sequence:2"]
    out = ["--out", tmp_path / "many"]
    assert main([str(a) for a in [*command, "--seeds", "0-1", *out]]) == 0
    assert capsys.readouterr().out.startswith("2 of 2 designs -> ")
    assert main([str(a) for a in [*command, "--seeds", "0-2", *out]]) == 0
    assert sorted(Campaign.open(tmp_path / "many").table().seed) == [0, 1, 2]
    capsys.readouterr()
    assert "9-3 runs backwards; write 3-9" in refused(*command, "--seeds", "9-3", *out)


def test_a_record_whose_tokens_come_out_otherwise_is_told_by_the_exit_code(record, capsys):
    assert main(["rebuild", str(record)]) == 0
    session = open_record(record)
    session.designs = [replace(session.designs[0], seed=session.designs[0].seed + 1)]
    save(session, record)
    assert main(["rebuild", str(record)]) == 1
    assert "tokens differ" in capsys.readouterr().out
