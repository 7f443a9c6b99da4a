"""``workbench train`` and ``workbench evaluate``, from structure files to a table."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from toys import FOLDED

from workbench.cli import main
from workbench.embedded import example_path
from workbench.training.plan import Plan, TrainingConfig

KEYS = {
    "n_chains", "backbone_rmsd_median", "ca_lddt_median", "codebook_use", "plddt_correlation",
    "ptm_correlation", "recovery", "perplexity", "ss8_from_coordinates", "sasa_spearman",
    "ss3_from_sequence", "structure_fill_accuracy", "all_atom_lddt_median",
}  # fmt: skip


@pytest.fixture
def structures(tmp_path) -> Path:
    """A folder with one structure and a file that is none."""
    folder = tmp_path / "structures"
    folder.mkdir()
    shutil.copy(example_path(), folder)
    (folder / "notes.txt").write_text("not a structure")
    return folder


def test_a_person_trains_a_toy_and_measures_it(structures, tmp_path, capsys):
    plans = {
        name: Plan(2, residues=64, lengths=(24,), warm_up=1)
        for name in ("encoder", "decoder", "trunk", "repair")
    }
    config = TrainingConfig(replace(FOLDED, name="mine"), plans)
    (tmp_path / "plan.json").write_text(json.dumps(config.to_json()))
    out = tmp_path / "run"
    common = ["--config", str(tmp_path / "plan.json"), "--data", str(structures), "--out", str(out)]
    assert main(["train", "structure", *common]) == 0
    assert main(["train", "trunk", *common]) == 0
    before = (out / "model" / "structure_decoder.safetensors").read_bytes()
    assert main(["train", "repair", *common]) == 0
    assert (out / "model" / "structure_decoder.safetensors").read_bytes() != before
    capsys.readouterr()
    model = ["--model", str(out / "model"), "--data", str(structures)]
    assert main(["evaluate", *model, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) >= KEYS
    assert printed["n_chains"] == 1
    assert 0 < printed["codebook_use"] <= 1
    assert printed["details"]["recovery"]["baseline"] < 0.5
    assert main(["evaluate", *model]) == 0
    assert "95 % interval" in capsys.readouterr().out


def test_data_that_holds_no_chain_is_one_line(structures, tmp_path, capsys):
    assert main(["evaluate", "--data", str(structures), "--max-length", "20"]) == 2
    assert "no chain of at most 20 residues" in capsys.readouterr().err
    assert main(["evaluate", "--data", str(tmp_path / "nowhere")]) == 2
    assert "give a shard (.npz) or a folder" in capsys.readouterr().err
