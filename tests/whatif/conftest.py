"""A toy model with the reference's weights, and prompts that give something on every track."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from ideal_chains import strand
from reference_networks import reference_forward, reference_trunk
from toys import SEQUENCE, given_weights

from workbench.model.config import TrunkConfig
from workbench.model.esm3 import ESM3
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.tokenizers.codec import encode, to_rows
from workbench.tokenizers.layout import Layout
from workbench.tracks import Track


@pytest.fixture
def given() -> Prompt:
    """A strand with its sequence and structure."""
    return Prompt.from_protein(Protein(SEQUENCE, strand(len(SEQUENCE))))


@pytest.fixture
def mixed() -> Prompt:
    """Two chains, given and masked in part on four tracks."""
    protein = Protein(
        SEQUENCE,
        strand(len(SEQUENCE)),
        chain_id=np.array(["A"] * 12 + ["B"] * (len(SEQUENCE) - 12)),
        ss8="C" + "E" * (len(SEQUENCE) - 2) + "C",
        sasa=np.linspace(0, 160, len(SEQUENCE), dtype=np.float32),
    )
    tracks = [Track.SEQUENCE, Track.STRUCTURE, Track.SS8, Track.SASA]
    return Prompt.from_protein(protein, tracks).mask(range(4, 9), tracks)


@pytest.fixture(scope="session")
def reference(model):
    """The toy model on the reference's weights, and the reference's own pass over a prompt."""
    pytest.importorskip("esm")
    size = TrunkConfig(64, 2, 8, 2)
    oracle = given_weights(reference_trunk(size), seed=9)
    trunk = ESM3(size).eval()
    trunk.load_state_dict(oracle.state_dict())
    ours = replace(model, trunk=trunk, config=replace(model.config, trunk=size))

    def forward(prompt: Prompt) -> SimpleNamespace:
        """What the reference says at the prompt's residues, of one row alone."""
        layout = Layout.of(prompt.template)
        with torch.inference_mode():
            row = to_rows([encode(prompt, ours)], [layout])
            out = reference_forward(oracle, row)
            hidden = []
            hook = oracle.transformer.register_forward_hook(
                lambda _, __, made: hidden.extend(made[2])
            )
            reference_forward(oracle, row)
            hook.remove()
        at = torch.from_numpy(layout.rows)
        return SimpleNamespace(
            sequence=out.sequence_logits[0, at],
            structure=out.structure_logits[0, at],
            ss8=out.secondary_structure_logits[0, at],
            sasa=out.sasa_logits[0, at],
            embeddings=out.embeddings[0, at].numpy(),
            layers=[layer[0, at].numpy() for layer in hidden],
        )

    return SimpleNamespace(model=ours, forward=forward)
