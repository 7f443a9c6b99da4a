"""Training a model on: what it knew stays until it learns more."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from annotation_tables import write_tables
from rows import prompt_row
from toys import CHAINED, given_weights
from windings import dressed, windings

from workbench.cli import main
from workbench.errors import CheckpointError
from workbench.model.checkpoint import load_model, save_model
from workbench.model.esm3 import ESM3
from workbench.model.model import Model, build_part
from workbench.protein import Protein
from workbench.training.plan import Plan, TrainingConfig
from workbench.training.trunk import start_from_trunk

ROW = prompt_row(20, 4, coordinates=True)
ROW = replace(ROW, residue=ROW.residue % CHAINED.trunk.residue_labels)


@pytest.fixture
def given() -> Model:
    parts = {name: given_weights(build_part(CHAINED, name), 3) for name in CHAINED.parts}
    return Model(CHAINED, **parts)


def test_geometric_heads_that_do_not_fit_begin_silent(given):
    wider = given_weights(ESM3(replace(CHAINED.trunk, geometric_heads=6)), 5)
    start_from_trunk(wider, given.trunk)
    before = given.trunk(ROW)
    torch.nn.init.zeros_(given.trunk.transformer.blocks[0].geom_attn.out_proj.weight)
    for track, logits in given.trunk(ROW).items():
        assert torch.allclose(wider(ROW)[track], logits, atol=1e-5), track
        assert not torch.allclose(before[track], logits, atol=1e-3), track


def test_layers_that_the_model_has_are_kept_whole(given):
    deeper = given_weights(ESM3(replace(CHAINED.trunk, geometric_layers=2)), 5)
    start_from_trunk(deeper, given.trunk)
    for track, logits in given.trunk(ROW).items():
        assert torch.allclose(deeper(ROW)[track], logits, atol=1e-5), track


def test_a_trunk_of_another_width_is_refused(given):
    other = ESM3(replace(CHAINED.trunk, width=64))
    with pytest.raises(CheckpointError, match=r"has no encoder\.\S+ of shape"):
        start_from_trunk(other, given.trunk)


def test_a_person_trains_a_model_on_and_teaches_it_function(given, tmp_path, capsys):
    save_model(given, tmp_path / "given")
    shard(2 * windings(), tmp_path / "chains.npz")
    plans = {
        "trunk": Plan(2, residues=64, lengths=(24,), warm_up=1),
        "function": Plan(2, residues=4, warm_up=1),
    }
    config = TrainingConfig(replace(CHAINED, name="mine"), plans)
    (tmp_path / "plan.json").write_text(json.dumps(config.to_json()))
    tables, out = write_tables(tmp_path / "annotations"), tmp_path / "run"
    data = ["--data", str(tmp_path / "chains.npz"), "--annotations", str(tables)]
    start = ["--start", str(tmp_path / "given"), "--config", str(tmp_path / "plan.json")]
    assert main(["train", "trunk", *data, *start, "--out", str(out)]) == 0
    tuned = load_model(out / "model")
    assert "zinc" in tuned.function_vocabulary.keywords
    assert tuned.config.function_decoder.keywords == len(tuned.function_vocabulary.keywords)
    kept, old = tuned.structure_encoder.state_dict(), given.structure_encoder.state_dict()
    assert all(torch.allclose(kept[name], old[name], rtol=1e-2, atol=1e-2) for name in old)
    capsys.readouterr()
    train = ["--train", str(tmp_path / "chains.npz")]
    assert main(["evaluate", "--model", str(out / "model"), *data, *train, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["details"]["recovery"]["copied"] > 0.7
    assert printed["details"]["keyword_f1"]["baseline"] > 0
    assert np.isfinite(printed["function_gain_nats"])


def shard(chains: list[Protein], path) -> None:
    """Chains as a shard of training data; the helices are kinases and the strands hold zinc."""
    whole = [dressed(chain) for chain in chains]
    mask = np.concatenate([np.isfinite(chain.coordinates).all(-1) for chain in whole])
    atoms = np.concatenate([chain.coordinates for chain in whole])
    letters = "ACDEFGHIKLMNPQRSTVWYUOX"
    np.savez(
        path,
        id=np.array([f"chain{k}" for k in range(len(whole))]),
        length=np.array([len(chain) for chain in whole], np.int32),
        cluster40=np.arange(len(whole)),
        kind=np.full(len(whole), "orig"),
        seq=np.array([letters.index(x) for chain in whole for x in chain.sequence], np.uint8),
        alphabet=np.array(letters),
        coords=np.round(atoms[mask] * 100).astype(np.int16),
        atom_mask=np.packbits(np.pad(mask, ((0, 0), (0, 3))), axis=1),
        resnum=np.concatenate([chain.residue_number for chain in whole]).astype(np.int32),
        pfam=np.array(
            ["PF00001;PF00002" if "A" in c.sequence else "PF00003;PF00004" for c in whole]
        ),
    )
