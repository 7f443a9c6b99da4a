"""The reference's public calls, with the same random weights, say what ours say of a prompt.

``test_parity.py`` compares the networks; here everything that inference adds to a prompt counts
too. For a single chain: the reference passes no chain ids, ours passes them, so the two differ on
complexes by design.
"""

from dataclasses import replace

import numpy as np
import pytest
import torch
from ideal_chains import ideal_chain
from reference_inference import generated, public_logits
from reference_networks import reference_trunk
from toys import SEQUENCE, TOY, given_weights

from workbench.annotate import annotated
from workbench.constants import ATOM37, CA
from workbench.model.config import TrunkConfig
from workbench.model.esm3 import ESM3
from workbench.model.model import Model, build_part
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory
from workbench.tokenizers.codec import encode, to_rows
from workbench.tokenizers.layout import Layout
from workbench.tracks import Track

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def oracle() -> torch.nn.Module:
    return given_weights(reference_trunk(TrunkConfig(64, 2, 8, 2)), seed=2)


@pytest.fixture(scope="module")
def model(oracle) -> Model:
    trunk = ESM3(TrunkConfig(64, 2, 8, 2)).eval()
    trunk.load_state_dict(oracle.state_dict())
    config = replace(TOY, trunk=trunk.config, used_codes=4096, function_decoder=None)
    others = [given_weights(build_part(config, part), 5) for part in config.parts[1:]]
    return Model(config, trunk, *others)


@pytest.fixture(scope="module")
def whole() -> Prompt:
    """Forty residues with sequence, structure, secondary structure and accessibility given."""
    sequence = (SEQUENCE * 2)[:40]
    protein = annotated(Protein(sequence, ideal_chain(sequence).astype(np.float32)))
    return Prompt.from_protein(protein, ["sequence", "structure", "ss8", "sasa"])


def only(prompt: Prompt, atom: int, at: int) -> Prompt:
    """The prompt with one atom left of a residue, which then has no frame."""
    coordinates = prompt.coordinates.copy()
    coordinates[at, np.arange(len(ATOM37)) != atom] = np.nan
    return replace(prompt, coordinates=coordinates)


PROMPTS = {
    "all coordinates": lambda whole: whole.mask("10-20", "sequence"),
    "some coordinates": lambda whole: whole.mask("5-30", "structure").mask("8-12", "ss8"),
    "a CA alone": lambda whole: only(whole, CA, 7).mask("30-35"),
    "no coordinates": lambda whole: whole.mask("all", "structure"),
}


@pytest.mark.parametrize("name", PROMPTS)
@torch.inference_mode()
def test_the_public_logits_of_a_prompt_are_the_reference_s(oracle, model, whole, name):
    prompt = PROMPTS[name](whole)
    rows = to_rows([encode(prompt, model)], [Layout.of(prompt.template)])
    ours = model.trunk(rows)
    for track, expected in public_logits(oracle, prompt, model).items():
        torch.testing.assert_close(ours[track][0], expected, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("schedule", ["cosine", "linear"])
def test_a_whole_greedy_generation_makes_the_reference_s_tokens(oracle, model, whole, schedule):
    prompt = whole.mask("3-30", "sequence").mask("12-38", "structure").mask("all", "ss8")
    stages = [(Track.SEQUENCE, 9), (Track.STRUCTURE, 40), (Track.SS8, 5)]
    theirs = generated(
        oracle, prompt, model, stages, schedule=schedule, strategy="entropy", temperature=0.0,
        temperature_annealing=False,
    )  # fmt: skip
    options = f"schedule={schedule};strategy=entropy;temperature=0"
    recipe = ",".join(f"{track}:{steps}({options})" for track, steps in stages)
    run = Trajectory(model, prompt, Recipe.parse(recipe))
    list(run)
    for track, _ in stages:
        assert getattr(run.tokens(), track.value).tolist() == theirs[track][1:-1].tolist()
