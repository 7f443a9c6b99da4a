"""Checkpoints are untrusted: what does not fit is refused with words, and no code in them ever
runs.
"""

import json
import pickle
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from toys import TOY

from workbench.errors import CheckpointError
from workbench.model.checkpoint import PUBLISHED_FILES, load_model, save_model
from workbench.model.config import PUBLISHED, ModelConfig
from workbench.model.model import Model, build_part


@pytest.fixture
def toy() -> Model:
    torch.manual_seed(0)
    return Model(TOY, *[build_part(TOY, part).eval() for part in TOY.parts])


@pytest.fixture
def folder(toy, tmp_path) -> Path:
    save_model(toy, tmp_path / "toy")
    return tmp_path / "toy"


def test_what_is_saved_is_what_is_loaded(toy, folder):
    loaded = load_model(folder)
    assert loaded.fingerprint == toy.fingerprint
    assert loaded.config == toy.config


@pytest.mark.parametrize(("name", "seen"), [("mine", 0), (PUBLISHED.name, 1)])
def test_a_config_from_before_there_was_a_plddt_of_coordinates_means_what_its_model_saw(name, seen):
    values = PUBLISHED.to_json() | {"name": name}
    assert values["trunk"].pop("plddt_of_coordinates") == 1
    assert ModelConfig.from_json(values).trunk.plddt_of_coordinates == seen


def test_one_changed_weight_changes_the_fingerprint(folder):
    before = load_model(folder).fingerprint
    state = load_file(folder / "trunk.safetensors")
    state["transformer.norm.weight"][3] += 1e-3
    save_file(state, folder / "trunk.safetensors")
    assert load_model(folder).fingerprint != before


def test_loading_leaves_weights_that_need_no_gradient(folder):
    model = load_model(folder)
    assert not any(p.requires_grad for part in model.parts.values() for p in part.parameters())


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(CheckpointError, match=r"no model 'esm9'.*esm3-nano"):
        load_model("esm9")


def test_a_folder_without_a_checkpoint_says_what_is_missing(tmp_path):
    with pytest.raises(CheckpointError, match=r"neither config.json nor"):
        load_model(tmp_path)


def test_a_missing_part_is_named(folder):
    (folder / "structure_decoder.safetensors").unlink()
    with pytest.raises(CheckpointError, match="lacks its structure_decoder"):
        load_model(folder)


def test_a_checkpoint_of_another_size_names_the_parameter_and_both_shapes(folder):
    config = json.loads((folder / "config.json").read_text())
    config["trunk"]["width"] = 64
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(
        CheckpointError, match=r"trunk of .* has encoder\S+ of shape \(64, 32\), not \(64, 64\)"
    ):
        load_model(folder)


def test_missing_and_unknown_parameters_are_named(folder):
    state = load_file(folder / "trunk.safetensors")
    state["stowaway"] = state.pop("transformer.norm.weight")
    save_file(state, folder / "trunk.safetensors")
    with pytest.raises(CheckpointError, match=r"lacks transformer.norm.weight.*unknown stowaway"):
        load_model(folder)


def test_a_renamed_parameter_is_recognised_by_its_shape(folder):
    state = load_file(folder / "structure_encoder.safetensors")
    state["codebook.vectors"] = state.pop("codebook.N")
    save_file(state, folder / "structure_encoder.safetensors")
    message = r"structure_encoder of .* lacks codebook.N \(4096,\) \(renamed codebook.vectors\?\)"
    with pytest.raises(CheckpointError, match=message):
        load_model(folder)


def test_whole_numbers_are_no_weights(folder):
    state = load_file(folder / "trunk.safetensors")
    state["transformer.norm.weight"] = state["transformer.norm.weight"].to(torch.int8)
    save_file(state, folder / "trunk.safetensors")
    with pytest.raises(CheckpointError, match=r"has transformer\.norm\.weight in int8"):
        load_model(folder)


def test_a_git_lfs_pointer_is_told_from_weights(folder):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    (folder / "trunk.safetensors").write_text(pointer)
    with pytest.raises(CheckpointError, match=r"is a Git LFS pointer, .* with git lfs pull"):
        load_model(folder)


def test_a_file_is_no_checkpoint_folder(folder):
    with pytest.raises(CheckpointError, match="is a file; give the checkpoint's folder"):
        load_model(folder / "trunk.safetensors")


def test_a_model_can_be_saved_over_the_files_it_reads_from(folder):
    model = load_model(folder, dtype="float32")
    save_model(model, folder)
    assert load_model(folder, dtype="float32").fingerprint == model.fingerprint


@pytest.mark.parametrize("harm", ["cut", "junk", "empty"])
def test_a_damaged_file_is_named(folder, harm):
    path = folder / "trunk.safetensors"
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 2], "junk": b"\xff" * 100, "empty": b""}[harm])
    with pytest.raises(CheckpointError, match=r"trunk.safetensors is damaged"):
        load_model(folder)


@pytest.mark.parametrize(
    "config", ["{", "[]", '{"name": 1}', '{"name": "x", "trunk": {"width": -5}}',
               '{"name": "x", "trunk": {"layers": 99999}}', '{"name": "x", "trunk": {"width": 50}}',
               '{"name": "x", "trunk": {"wings": 2}}', '{"name": "x", "trunk": {"width": 1e99}}']
)  # fmt: skip
def test_an_impossible_config_is_refused(folder, config):
    (folder / "config.json").write_text(config)
    with pytest.raises(CheckpointError, match=r"config\.json"):
        load_model(folder)


class Payload:
    """A pickle that would create a file when it is loaded."""

    def __init__(self, trace: Path):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


@pytest.mark.parametrize("how", ["pickle", "torch"])
def test_a_pickle_that_would_run_code_is_refused_and_does_not_run(tmp_path, how):
    trace = tmp_path / "it-ran"
    for path in (tmp_path / file for file in PUBLISHED_FILES.values()):
        path.parent.mkdir(parents=True, exist_ok=True)
        if how == "pickle":
            path.write_bytes(pickle.dumps(Payload(trace)))
        else:
            torch.save({"w": Payload(trace)}, path)
    with pytest.raises(CheckpointError, match="damaged or not a checkpoint of plain tensors"):
        load_model(tmp_path)
    assert not trace.exists()


def test_the_published_layout_loads_part_by_part(toy, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(TOY.to_json()), "utf-8")
    weights = tmp_path / "data" / "weights"
    weights.mkdir(parents=True)
    for part, module in toy.parts.items():
        torch.save(module.state_dict(), tmp_path / PUBLISHED_FILES[part])
    assert load_model(tmp_path).fingerprint == toy.fingerprint


@pytest.mark.parametrize(
    ("argument", "words"), [({"device": "tpu9"}, "device 'tpu9'"), ({"dtype": "int3"}, "'int3'")]
)
def test_an_impossible_device_or_precision_is_refused(folder, argument, words):
    with pytest.raises(CheckpointError, match=words):
        load_model(folder, **argument)


def test_the_embedded_model_is_small_and_says_what_it_is():
    model = load_model("esm3-nano")
    folder = Path(__file__).parents[2] / "workbench" / "checkpoints" / "esm3-nano"
    assert sum(path.stat().st_size for path in folder.rglob("*")) <= 32 * 2**20
    card = (folder / "MODEL_CARD.md").read_text("utf-8")
    assert model.fingerprint in card
    assert "demonstration" in card


def test_a_copy_elsewhere_is_the_same_model(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert load_model(tmp_path / "elsewhere").fingerprint == load_model(folder).fingerprint


@pytest.mark.parametrize("used", [None, [], 0, -1, True, 1.5, 1e999, "4096"])
def test_a_number_of_codes_that_is_none_is_refused(used):
    with pytest.raises(CheckpointError, match=r"used_codes is .* give a positive integer"):
        ModelConfig.from_json({"name": "x", "used_codes": used})
