"""Float32 layers in the order that multiplies: the same answers, chosen by what is faster here."""

import json

import pytest
import torch
from ideal_chains import ideal_chain
from toys import SEQUENCE, TOY, given_weights

from workbench import Prompt, Protein, load_model
from workbench.errors import CheckpointError
from workbench.model.checkpoint import save_model
from workbench.model.linear_choice import PAYS, VARIABLE
from workbench.model.model import Model, build_part
from workbench.model.packed_linear import ROWS_AT_ONCE, Float32Linear
from workbench.sampling.forward import residue_logits
from workbench.session.design import origin_of
from workbench.tokenizers.codec import encode
from workbench.tokenizers.layout import Layout
from workbench.tracks import Track

WANTED = {Track.SEQUENCE, Track.STRUCTURE}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The file of what was measured, for this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "esm3-workbench" / "linear.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    parts = {name: given_weights(build_part(TOY, name), 3) for name in TOY.parts}
    path = tmp_path_factory.mktemp("packed") / "toy"
    save_model(Model(TOY, **parts), path)
    return path


def loaded(folder, monkeypatch, way: str) -> Model:
    monkeypatch.setenv(VARIABLE, way)
    return load_model(folder, device="cpu", dtype="float32")


@pytest.mark.parametrize("rows", [1, 7, ROWS_AT_ONCE + 3])
@pytest.mark.parametrize("bias", [False, True])
def test_a_packed_layer_answers_as_the_layer_it_was_made_from(rows, bias):
    torch.manual_seed(0)
    layer = torch.nn.Linear(24, 40, bias=bias)
    packed, x = Float32Linear(layer), torch.randn(rows, 24)
    with torch.inference_mode():
        torch.testing.assert_close(packed(x), layer(x))
        assert torch.equal(packed(x[:1]), packed(x)[:1])
        assert packed(x[:0]).shape == (0, 40)
    own, expected = packed.state_dict(), layer.state_dict()
    assert list(own) == list(expected)
    assert all(torch.equal(own[name], expected[name]) for name in own)


def test_a_packed_model_is_the_same_model(folder, cache, monkeypatch, tmp_path):
    plain, packed = (loaded(folder, monkeypatch, way) for way in ("plain", "packed"))
    assert plain.linear == "plain"
    assert packed.linear.startswith("packed ")
    assert origin_of(packed) == {**origin_of(plain), "linear": packed.linear}
    assert (packed.fingerprint, packed.parameter_count, packed.weight_bytes, packed.precision) == (
        plain.fingerprint, plain.parameter_count, plain.weight_bytes, "float32",
    )  # fmt: skip
    save_model(packed, tmp_path / "toy")
    again = loaded(tmp_path / "toy", monkeypatch, "plain")
    assert again.fingerprint == plain.fingerprint
    assert not cache.exists()


def test_a_protein_gets_the_same_answer_whatever_shares_its_batch(folder, monkeypatch):
    model = loaded(folder, monkeypatch, "packed")
    plain = loaded(folder, monkeypatch, "plain")
    helix = Protein(SEQUENCE, ideal_chain(SEQUENCE))
    prompts = [Prompt.from_protein(protein) for protein in (helix, Protein(SEQUENCE[::-1]), helix)]
    tokens = [encode(prompt, model) for prompt in prompts]
    layouts = [Layout.of(prompt.template) for prompt in prompts]
    together = residue_logits(model, tokens, layouts, WANTED)
    expected = residue_logits(plain, tokens, layouts, WANTED)
    for own, layout, beside, other in zip(tokens, layouts, together, expected, strict=True):
        (alone,) = residue_logits(model, [own], [layout], WANTED)
        for track in WANTED:
            assert torch.equal(beside[track], alone[track]), track
            torch.testing.assert_close(beside[track], other[track], rtol=1e-4, atol=1e-4)


def test_what_was_measured_on_this_machine_chooses(folder, cache, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    model = load_model(folder, device="cpu", dtype="float32")
    ((machine, measured),) = json.loads(cache.read_text()).items()
    layers = [module for part in model.parts.values() for module in part.modules()]
    shape = "{0.out_features}x{0.in_features}".format
    plain = {shape(layer) for layer in layers if isinstance(layer, torch.nn.Linear)}
    assert all(gain < PAYS for name, gain in measured.items() if name in plain)
    for gain, way in ((PAYS, "packed"), (0.97, "plain")):
        cache.write_text(json.dumps({machine: dict.fromkeys(measured, gain)}))
        assert load_model(folder, device="cpu", dtype="float32").linear.startswith(way)


@pytest.mark.parametrize("text", ["", "[]", '{"here": 3}', '{"here": {"4x4": "much"}}'])
def test_a_cache_that_cannot_be_read_is_measured_anew(folder, cache, monkeypatch, text):
    monkeypatch.delenv(VARIABLE, raising=False)
    cache.parent.mkdir()
    cache.write_text(text)
    load_model(folder, device="cpu", dtype="float32")
    (measured,) = json.loads(cache.read_text()).values()
    assert all(gain >= 0 for gain in measured.values())


def test_an_unknown_way_to_multiply_is_refused(folder, monkeypatch):
    with pytest.raises(CheckpointError, match="WORKBENCH_LINEAR is 'fast'; set it to plain"):
        loaded(folder, monkeypatch, "fast")
