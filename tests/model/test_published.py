"""The published checkpoint: in its own layout, from the hub's cache, without a network, in our
layout; at toy size here, at full size in benchmarks/published_proof.py.
"""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from published import our_answers, questions, reference_answers, write_published

from workbench.cli import main
from workbench.constants import ATOM37
from workbench.errors import CheckpointError
from workbench.io import read_protein
from workbench.model import hub, tensor_files
from workbench.model.checkpoint import convert_model, load_model, read_config
from workbench.model.config import (
    PUBLISHED,
    DecoderConfig,
    EncoderConfig,
    FunctionDecoderConfig,
    ModelConfig,
    TrunkConfig,
)
from workbench.model.reduced_precision import reducible_layers
from workbench.model.tensor_files import read_tensors
from workbench.prompt import Prompt
from workbench.tokenizers.codec import BACKBONE_ONLY, decode, encode
from workbench.vocabulary import RESIDUE_LABELS_FILE, TABLES

SMALL = ModelConfig(
    "esm3-sm-open-v1",
    TrunkConfig(64, 2, 8, 2),
    EncoderConfig(64, 8, 2, 16),
    DecoderConfig(64, 2, 2),
    function_decoder=FunctionDecoderConfig(64, 2, 1, 30, 12),
)
TOLERANCE = 1e-4
LABELS = "label,label_clean,count\nActive site,active site,7\n"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """A folder in the published layout, filled by the reference, with one vocabulary table.

    Its ``config.json`` says how small it is; without one it would have the published sizes.
    """
    folder = tmp_path_factory.mktemp("snapshot")
    write_published(folder, SMALL, tmp_path_factory.mktemp("scratch"))
    (folder / "config.json").write_text(json.dumps(SMALL.to_json()), "utf-8")
    (folder / "data" / RESIDUE_LABELS_FILE).write_text(LABELS, "utf-8")
    return folder


@pytest.fixture
def cache(snapshot, tmp_path) -> Path:
    """A hub cache that holds it, as the hub's library lays it out."""
    repository = tmp_path / "hub" / "models--biohub--esm3-sm-open-v1"
    commit = "0" * 40
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(commit)
    for path in snapshot.rglob("*"):
        if path.is_file():
            link = repository / "snapshots" / commit / path.relative_to(snapshot)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    return tmp_path / "hub"


@pytest.fixture
def calls(monkeypatch, tmp_path) -> list:
    """Whatever asks for the network; nothing gets it, and the usual hub cache is empty."""
    addresses = []

    def refuse(*address, **_):
        addresses.append(address)
        raise OSError("there is no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    return addresses


def test_all_four_parts_say_what_the_reference_says_of_ubiquitin(snapshot, shared, tmp_path):
    protein = read_protein(shared / "data" / "structures" / "1ubq.cif")
    model = load_model(snapshot, dtype="float32")
    row = questions(protein, model)
    ours = our_answers(model, protein, row)
    expected = reference_answers(snapshot, SMALL, tmp_path, protein, row)
    assert ours.keys() == expected.keys()
    assert {name.split()[0] for name in ours} == set(model.parts) == set(hub.PUBLISHED_FILES)
    for name, value in expected.items():
        torch.testing.assert_close(ours[name], value, atol=TOLERANCE, rtol=0, msg=name)
    assert (row.structure[0, 1:-1] == expected["structure_encoder tokens"]).all()


def angle(one: np.ndarray, corner: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Degrees at the corner."""
    a, b = ((end - corner) / np.linalg.norm(end - corner, axis=-1)[:, None] for end in (one, other))
    return np.rad2deg(np.arccos((a * b).sum(-1)))


def test_the_published_decoder_gives_a_backbone_with_ideal_o_and_cb_and_says_so(snapshot, shared):
    """Whatever the weights: bonds in Å, angles in degrees [Engh & Huber 2001]."""
    prompt = Prompt.from_protein(read_protein(shared / "data" / "structures" / "1ubq.cif"))
    model = load_model(snapshot)
    protein = decode(encode(prompt, model), prompt, model)
    n, ca, c, cb, o = (protein.coordinates[:, ATOM37.index(a)] for a in ("N", "CA", "C", "CB", "O"))
    glycine = np.array(list(protein.sequence)) == "G"
    atoms = np.isfinite(protein.coordinates).all(-1).sum(1)
    assert atoms.tolist() == np.where(glycine, 4, 5).tolist()
    np.testing.assert_allclose(np.linalg.norm(o - c, axis=-1), 1.231, atol=2e-3)
    n, ca, c, cb = (atom[~glycine] for atom in (n, ca, c, cb))
    np.testing.assert_allclose(np.linalg.norm(cb - ca, axis=-1), 1.53, atol=0.02)
    np.testing.assert_allclose(angle(n, ca, cb), 110.5, atol=2)
    np.testing.assert_allclose(angle(c, ca, cb), 110.1, atol=2)
    left_handed = (np.cross(n - ca, c - ca) * (cb - ca)).sum(-1)
    assert (left_handed > 0).all()
    assert protein.notes == (BACKBONE_ONLY,)
    assert "side chains are absent" in BACKBONE_ONLY


def test_without_a_config_the_sizes_are_the_published_ones(tmp_path):
    for part, file in hub.PUBLISHED_FILES.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        whole = part == "function_decoder"
        assert read_config(tmp_path) == (
            PUBLISHED if whole else replace(PUBLISHED, function_decoder=None)
        )


def test_tables_beside_the_weights_are_the_model_s_vocabulary(snapshot):
    assert load_model(snapshot).residue_vocabulary.labels == ("active site",)


def test_a_checkpoint_without_a_function_decoder_loads_without_one(snapshot, tmp_path):
    for path in snapshot.rglob("*.pth"):
        if "function" not in path.name:
            link = tmp_path / path.relative_to(snapshot)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    config = replace(SMALL, function_decoder=None)
    (tmp_path / "config.json").write_text(json.dumps(config.to_json()), "utf-8")
    model = load_model(tmp_path)
    assert model.function_decoder is None
    assert set(model.parts) == set(hub.PUBLISHED_FILES) - {"function_decoder"}
    assert model.parameter_count < load_model(snapshot).parameter_count


def test_peer_defect_21_a_path_loads_without_a_network(snapshot, calls):
    """Peer defect 21: even the tokenizers of the reference need the hub."""
    model = load_model(str(snapshot))
    assert model.residue_vocabulary.available
    assert not model.function_vocabulary.available
    assert not calls


@pytest.mark.parametrize("name", ["esm3-sm-open-v1", "biohub/esm3-sm-open-v1"])
def test_a_filled_cache_loads_without_a_network(cache, calls, name, snapshot, monkeypatch):
    """Peer defect 21: in the usual place, and where the person says it is."""
    expected = load_model(snapshot).fingerprint
    assert load_model(name, cache=cache).fingerprint == expected
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    assert load_model(name).fingerprint == expected
    assert not calls


def test_a_cache_that_lacks_the_model_is_named_and_nothing_is_downloaded(calls, tmp_path):
    with pytest.raises(CheckpointError, match=rf"hub cache {tmp_path} does not hold esm3-sm.*path"):
        load_model("esm3-sm-open-v1", cache=tmp_path)
    assert not calls


def test_an_incomplete_cache_says_which_parts_it_lacks(cache, calls):
    next(cache.rglob("esm3_structure_decoder_v0.pth")).unlink()
    with pytest.raises(CheckpointError, match="lacks structure_decoder of esm3-sm-open-v1"):
        load_model("esm3-sm-open-v1", cache=cache)


def test_without_cache_and_network_the_person_learns_what_to_do(calls):
    with pytest.raises(CheckpointError, match=r"cannot be downloaded.*hf download.*cache=FOLDER"):
        load_model("esm3-sm-open-v1")
    assert calls


def test_offline_mode_asks_for_nothing(calls, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(CheckpointError, match="HF_HUB_OFFLINE is set"):
        load_model("esm3-sm-open-v1")
    assert not calls


def test_no_other_name_reaches_the_hub(calls):
    with pytest.raises(CheckpointError, match=r"no model 'biohub/esm9'.*esm3-sm-open-v1"):
        load_model("biohub/esm9")
    assert not calls


def test_reduced_numbers_are_for_layers_of_trunk_and_function_decoder(snapshot):
    exact = load_model(snapshot, dtype="float32")
    reduced = load_model(snapshot, device="cpu", dtype="bf16")
    for part, module in exact.parts.items():
        layers = reducible_layers(module) if part in ("trunk", "function_decoder") else []
        for name, value in reduced.parts[part].state_dict().items():
            in_block = name.rpartition(".")[0] in layers
            expected = torch.bfloat16 if in_block else torch.float32
            assert value.dtype == expected
            assert torch.equal(value, module.state_dict()[name].to(expected))


@pytest.mark.parametrize("part", hub.PUBLISHED_FILES)
def test_a_mapping_that_is_renewed_again_and_again_gives_the_same_numbers(snapshot, part):
    path, cpu = snapshot / hub.PUBLISHED_FILES[part], torch.device("cpu")
    renewed = tensor_files.read_tensors_to(path, cpu, torch.bfloat16, stretch=5000)
    for name, value in tensor_files.read_tensors(path).items():
        expected = value.bfloat16() if value.is_floating_point() else value
        assert torch.equal(renewed[name], expected)


def test_conversion_keeps_the_model_and_its_tables(snapshot, tmp_path, capsys):
    out = tmp_path / "converted"
    assert main(["convert", str(snapshot), str(out)]) == 0
    assert str(out) in capsys.readouterr().out
    assert {path.suffix for path in out.iterdir()} == {".safetensors", ".json", ""}
    assert [path.name for path in (out / "data").iterdir()] == [RESIDUE_LABELS_FILE]
    assert load_model(out).fingerprint == load_model(snapshot).fingerprint
    assert load_model(out).residue_vocabulary.labels == ("active site",)
    assert len({path.stat().st_mode for path in out.iterdir() if path.is_file()}) == 1


def test_a_conversion_to_reduced_precision_is_smaller_and_loads_the_same(snapshot, tmp_path):
    out = tmp_path / "reduced"
    assert main(["convert", str(snapshot), str(out), "--dtype", "bf16"]) == 0
    size = {path.stem: path.stat().st_size for path in out.glob("*.safetensors")}
    whole = {part: snapshot / file for part, file in hub.PUBLISHED_FILES.items()}
    assert size["trunk"] < whole["trunk"].stat().st_size
    saved = read_tensors(out / "trunk.safetensors")
    blocks = {name: v.dtype for name, v in saved.items() if name.endswith("attn.out_proj.weight")}
    assert set(blocks.values()) == {torch.bfloat16}
    assert (
        load_model(out, dtype="bf16").fingerprint == load_model(snapshot, dtype="bf16").fingerprint
    )


def test_conversion_writes_over_nothing(snapshot, tmp_path, capsys):
    (tmp_path / "thesis.docx").touch()
    assert main(["convert", str(snapshot), str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    with pytest.raises(CheckpointError, match="not empty"):
        convert_model(snapshot, tmp_path / "thesis.docx")


def test_every_table_of_a_checkpoint_is_copied(snapshot, tmp_path):
    source = tmp_path / "flat"
    convert_model(snapshot, source)
    for table in TABLES:
        (source / table).write_text(table, "utf-8")
    convert_model(source, tmp_path / "again", dtype="fp16")
    assert {path.name for path in (tmp_path / "again" / "data").iterdir()} == set(TABLES)


@pytest.mark.parametrize("seed", range(3))
def test_a_spoilt_file_is_refused_or_read_but_never_breaks_the_loader(snapshot, tmp_path, seed):
    whole = (snapshot / hub.PUBLISHED_FILES["structure_encoder"]).read_bytes()
    random = np.random.default_rng(seed)
    ends = np.concatenate([np.arange(4000), np.arange(len(whole) - 6000, len(whole))])
    for _ in range(25):
        spoilt = bytearray(whole)
        for at in random.choice(ends, 3):
            spoilt[at] = random.integers(256)
        path = tmp_path / "part.pth"
        path.write_bytes(spoilt)
        with suppress(CheckpointError):
            tensor_files.read_tensors(path)


MEASURE = """
import sys
from pathlib import Path
import torch
from workbench.model import tensor_files

def resident(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024

for path in map(Path, sys.argv[1:]):
    for dtype in torch.float32, torch.bfloat16:
        tensor_files.read_tensors(path)["0"].to(torch.bfloat16).float().sum()
        Path("/proc/self/clear_refs").write_text("5")
        before = resident("VmRSS")
        cpu = torch.device("cpu")
        state = tensor_files.read_tensors_to(path, cpu, dtype, stretch=4 * 2**20)
        for value in state.values():
            value.float().sum()
        size = sum(value.nbytes for value in state.values())
        print((resident("VmHWM") - before) / size)
        del state, value
"""


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="needs Linux's /proc")
def test_reading_takes_hardly_more_memory_than_the_weights(tmp_path):
    state = {str(i): torch.full((2**19,), float(i)) for i in range(60)}
    torch.save(state, tmp_path / "weights.pth")
    tensor_files.write_tensors(tmp_path / "weights.safetensors", state)
    command = [sys.executable, "-c", MEASURE, *map(str, sorted(tmp_path.iterdir()))]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    shares = [float(line) for line in run.stdout.split()]
    assert len(shares) == 4
    assert max(shares) < 1.15
