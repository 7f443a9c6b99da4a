"""Reduced precision on a processor: near float32, the same in any batch, in few layers."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from ideal_chains import ideal_chain
from rows import prompt_row
from toys import SEQUENCE, TOY, given_weights

from workbench.cli import main
from workbench.errors import CheckpointError
from workbench.model.checkpoint import checked_dtype, convert_model, load_model, save_model
from workbench.model.config import TrunkConfig
from workbench.model.fidelity import COMPARED, compare_precision
from workbench.model.model import Model, build_part
from workbench.model.reduced_precision import (
    BFloat16Linear,
    Int8Linear,
    reduce_blocks,
    reducible_layers,
)
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.forward import residue_logits
from workbench.tokenizers.codec import encode
from workbench.tokenizers.layout import Layout
from workbench.tracks import Track

CPU = torch.device("cpu")
REDUCED = {"bfloat16": torch.bfloat16, "int8": torch.int8}
LARGEST_DIVERGENCE = {"bfloat16": 1e-4, "int8": 5e-3}
WIDER = replace(TOY, trunk=TrunkConfig(128, 4, 8, 4, 16))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    parts = {name: given_weights(build_part(WIDER, name), 3) for name in WIDER.parts}
    save_model(Model(WIDER, **parts), tmp_path_factory.mktemp("wider") / "toy")
    return next(tmp_path_factory.getbasetemp().glob("wider*/toy"))


@pytest.fixture(params=REDUCED)
def reduced(request, folder) -> Model:
    return load_model(folder, device="cpu", dtype=request.param)


def row(residues: int, seed: int):
    found = prompt_row(residues, seed, coordinates=True)
    return replace(found, residue=found.residue % WIDER.trunk.residue_labels)


def test_the_answers_are_near_those_of_float32(reduced, folder):
    exact = load_model(folder, device="cpu", dtype="float32")
    changes = compare_precision(reduced, exact, row(60, 1))
    assert set(changes) == set(COMPARED)
    for track, fidelity in changes.items():
        assert 0 < fidelity.divergence < LARGEST_DIVERGENCE[reduced.precision], track
        assert fidelity.changed < 0.2, track
    assert all(
        change.divergence == 0.0 for change in compare_precision(exact, exact, row(9, 1)).values()
    )


def test_a_protein_gets_the_same_answer_whatever_shares_its_batch(reduced):
    helix = Protein(SEQUENCE, ideal_chain(SEQUENCE), ss8="H" * len(SEQUENCE))
    proteins = [helix, Protein("M" * 41), Protein(SEQUENCE[::-1]), helix.take(range(9))]
    prompts = [Prompt.from_protein(protein).mask("3-7", "sequence") for protein in proteins]
    tokens = [encode(prompt, reduced) for prompt in prompts]
    layouts = [Layout.of(protein) for protein in proteins]
    tracks = {Track.SEQUENCE, Track.STRUCTURE}
    together = residue_logits(reduced, tokens, layouts, tracks)
    for own, layout, beside in zip(tokens, layouts, together, strict=True):
        (alone,) = residue_logits(reduced, [own], [layout], tracks)
        for track in tracks:
            assert torch.equal(beside[track], alone[track]), track


def test_only_the_layers_of_the_blocks_are_reduced(reduced, folder):
    exact = load_model(folder, device="cpu", dtype="float32").trunk.state_dict()
    layers = reducible_layers(build_part(WIDER, "trunk"))
    assert len(layers) == 4 * 4 + 2
    for name, value in reduced.trunk.state_dict().items():
        owner = name.rpartition(".")[0]
        if owner not in layers:
            assert torch.equal(value, exact[name]), name
        elif name.endswith(".weight"):
            assert value.dtype is REDUCED[reduced.precision], name
    assert reduced.dtype is torch.float32
    whole = load_model(folder, device="cpu", dtype="float32")
    assert reduced.parameter_count == whole.parameter_count
    assert whole.weight_bytes == 4 * whole.parameter_count
    held = sum(
        tensor.nbytes for part in reduced.parts.values() for tensor in part.state_dict().values()
    )
    assert reduced.weight_bytes == pytest.approx(held, rel=0.05)
    assert reduced.weight_bytes < 0.85 * whole.weight_bytes


def test_a_precision_has_a_fingerprint_of_its_own(folder):
    fingerprints = {load_model(folder, device="cpu", dtype=name).fingerprint for name in REDUCED}
    assert len(fingerprints | {load_model(folder, device="cpu").fingerprint}) == 3


def test_a_zero_residue_stays_zero_in_eight_bits():
    torch.manual_seed(0)
    layer = torch.nn.Linear(16, 8)
    x = torch.randn(3, 16)
    x[1] = 0.0
    reduced = Int8Linear(layer)(x)
    assert torch.allclose(reduced, layer(x), atol=0.05)
    assert torch.allclose(reduced[1], layer.bias, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "dtype", "near"),
    [(Int8Linear, torch.int8, 2e-3), (BFloat16Linear, torch.bfloat16, 5e-4)],
)
def test_reduced_weights_are_held_once_and_can_be_read(kind, dtype, near):
    torch.manual_seed(0)
    layer = torch.nn.Linear(24, 8)
    reduced = kind(layer)
    held = [*vars(reduced).values(), *reduced.parameters(), *reduced.buffers()]
    weights = [tensor for tensor in held if isinstance(tensor, torch.Tensor) and tensor.numel() > 8]
    assert [weight.dtype for weight in weights] == [dtype]
    assert weights[0].numel() == layer.weight.numel() == reduced.weight_count
    scale = getattr(reduced, "scale", torch.ones(8))
    assert torch.allclose(reduced.weight.float() * scale[:, None], layer.weight, atol=near)
    assert torch.equal(reduced.state_dict()["weight"], reduced.weight)


def test_weights_in_whatever_order_multiply_as_in_float32_rounded():
    torch.manual_seed(0)
    layer, x = torch.nn.Linear(48, 16), torch.randn(2, 5, 48)
    rounded = (values.bfloat16().float() for values in (x, layer.weight, layer.bias))
    answer = BFloat16Linear(layer)(x)
    assert answer.dtype is torch.bfloat16
    assert torch.allclose(answer.float(), torch.nn.functional.linear(*rounded), atol=2**-8)


def test_reduced_layers_take_the_place_of_all_others_in_the_blocks():
    trunk = reduce_blocks(build_part(WIDER, "trunk"), torch.bfloat16)
    replaced = [m for m in trunk.modules() if isinstance(m, BFloat16Linear)]
    assert len(replaced) == 4 * 4 + 2
    assert reducible_layers(trunk) == []


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="needs Linux's list of instructions")
def test_large_models_are_reduced_where_the_processor_multiplies_bfloat16():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    multiplies = {"avx512_bf16", "amx_tile"} & set(flags)
    assert checked_dtype(None, CPU, 1536) is (torch.bfloat16 if multiplies else torch.float32)
    assert checked_dtype(None, CPU, 144) is torch.float32


def test_eight_bits_are_for_processors_and_not_for_files(folder, tmp_path):
    with pytest.raises(CheckpointError, match="not cuda; use bfloat16"):
        checked_dtype("int8", torch.device("cuda"))
    with pytest.raises(CheckpointError, match="made while loading"):
        convert_model(folder, tmp_path / "out", "int8")
    assert not (tmp_path / "out").exists()


def test_a_person_sees_what_reduced_precision_changes(folder, capsys):
    assert main(["precision", str(folder), "--dtype", "int8", "--device", "cpu"]) == 0
    output = capsys.readouterr().out
    assert "int8" in output
    rates = [
        line.split()
        for line in output.splitlines()
        if line.split()[0] in {t.value for t in COMPARED}
    ]
    assert len(rates) == len(COMPARED)
    assert all(0 < float(kl) < 1e-2 for _, kl, _ in rates)
