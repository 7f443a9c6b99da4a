"""Chained structure tokens: every residue stands where the steps before it lead."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from rows import walk
from toys import CHAINED, TOY, given_weights

from workbench.errors import CheckpointError
from workbench.geometry import superpose
from workbench.model.chain_codes import (
    chain_steps,
    follow_chain,
    frame_numbers,
    step_axes,
)
from workbench.model.config import PUBLISHED, ModelConfig
from workbench.model.frames import Frames, composed, frames_from_backbone
from workbench.model.model import Model, build_part
from workbench.model.structure_decoder import StructureDecoder
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.tokenizers.codec import decode, encode
from workbench.tokenizers.gap_closing import close_gaps
from workbench.tracks import TRACKS, Track


def model_of(config: ModelConfig) -> Model:
    parts = {part: given_weights(build_part(config, part), seed=4) for part in config.parts}
    return Model(config, **parts)


def true_chain(length: int, seed: int) -> Frames:
    return frames_from_backbone(walk(length, seed=seed))


def chained(vectors: torch.Tensor) -> torch.Tensor:
    """CA positions of a chain of these steps."""
    rotation, origin = step_axes(vectors)
    return composed(Frames(rotation, origin, torch.ones(len(vectors), dtype=torch.bool))).origin


def test_composed_frames_are_the_product_of_all_before():
    steps = true_chain(13, seed=1)
    whole = composed(steps)
    rotation, origin = torch.eye(3), torch.zeros(3)
    for i in range(13):
        origin = origin + rotation @ steps.origin[0, i]
        rotation = rotation @ steps.rotation[0, i]
        torch.testing.assert_close(whole.rotation[0, i], rotation, rtol=0, atol=1e-5)
        torch.testing.assert_close(whole.origin[0, i], origin, rtol=0, atol=1e-3)


def test_the_steps_of_a_chain_lead_back_to_it():
    frames = true_chain(30, seed=2)
    vectors, there = chain_steps(frames)
    assert there[0].tolist() == [False] + [True] * 29
    path = chained(torch.cat([torch.eye(3).flatten() * 8, torch.zeros(3)])[None].repeat(30, 1))
    assert path.abs().max() == 0
    vectors[0, 0, :9] = torch.eye(3).flatten() * 8
    here = chained(vectors[0])
    there = torch.einsum("xc,lx->lc", frames.rotation[0, 0], frames.origin[0] - frames.origin[0, 0])
    torch.testing.assert_close(here, there, rtol=0, atol=1e-3)


def test_the_frame_head_reads_steps_as_they_were_written():
    vectors, _ = chain_steps(true_chain(6, seed=3))
    decoder = given_weights(StructureDecoder(CHAINED.decoder), seed=1)
    head = decoder.affine_output_projection
    with torch.no_grad():
        head.step_embed.weight[:6] = frame_numbers(vectors[0])
        head.proj.weight.zero_()
        head.proj.bias.zero_()
        frames, _ = head(torch.zeros(1, 6, 32), torch.arange(6)[None])
    torch.testing.assert_close(frames.origin[0], chained(vectors[0]), rtol=0, atol=1e-3)


def test_feedback_keeps_a_coarsely_coded_chain_on_the_true_one():
    frames = true_chain(80, seed=5)
    vectors, _ = chain_steps(frames)
    torch.manual_seed(0)
    codebook = torch.cat([chain_steps(true_chain(80, seed=s))[0][0, 1:] for s in range(6, 12)])
    alone = Frames(frames.rotation[0], frames.origin[0], frames.known[0])

    def error(share: float) -> float:
        codes = follow_chain(vectors[0], alone, codebook, share)
        steps = torch.cat([vectors[0, :1], codebook[codes[1:]]])
        steps[0, :9] = torch.eye(3).flatten() * 8
        moved = chained(steps) @ frames.rotation[0, 0].T + frames.origin[0, 0]
        return float((moved - frames.origin[0]).norm(dim=-1)[-20:].mean())

    assert error(0.5) < error(0.0) / 3


def test_the_first_code_after_a_gap_is_the_encoders():
    frames = true_chain(20, seed=7)
    vectors, _ = chain_steps(frames)
    codebook = vectors[0, torch.randperm(20, generator=torch.Generator().manual_seed(1))]
    origin = frames.origin[0].clone()
    origin[10:] += 30.0
    codes = follow_chain(
        vectors[0], Frames(frames.rotation[0], origin, frames.known[0]), codebook, 1.0
    )
    assert codes[10] == torch.cdist(vectors[0, 10:11], codebook).argmin()


def prompt_of(sequence: str) -> Prompt:
    """Structure tokens and some letters given."""
    atoms = np.full((len(sequence), 37, 3), np.nan, np.float32)
    atoms[:, :3] = walk(len(sequence), seed=1)[0].numpy()
    return Prompt.from_protein(Protein(sequence, atoms))


def test_peer_defect_10_an_all_atom_decoder_dresses_the_residues_whose_letter_is_known():
    prompt, model = prompt_of("AWKG_RF"), model_of(CHAINED)
    protein = decode(encode(prompt, model), prompt, model)
    atoms = np.isfinite(protein.coordinates).all(-1).sum(1)
    assert atoms.tolist() == [5, 14, 9, 4, 4, 11, 11]
    assert protein.notes == ()


def test_what_follows_a_designed_stretch_stays_where_the_prompt_has_it():
    torch.manual_seed(0)
    model = model_of(CHAINED)
    steps = torch.cat([chain_steps(true_chain(90, seed=s))[0][0, 1:] for s in range(20, 26)])
    model.structure_encoder.codebook.embeddings[:] = 1e3
    model.structure_encoder.codebook.embeddings[: len(steps)] = steps
    chain = walk(30, seed=20)
    frames = frames_from_backbone(chain)
    codes = torch.cdist(chain_steps(frames)[0][0], steps).argmin(-1)
    model = replace(model, config=replace(model.config, used_codes=len(steps)))
    atoms = np.full((30, 37, 3), np.nan, np.float32)
    atoms[:, :3] = chain[0].numpy()
    prompt = Prompt.from_protein(Protein("A" * 30, atoms)).mask(slice(10, 18), Track.STRUCTURE)
    designed = codes.clone()
    designed[10:18] = torch.arange(8)

    def place_of_the_next_given(ids: np.ndarray) -> torch.Tensor:
        rotation, origin = step_axes(steps[torch.from_numpy(ids)][10:19])
        return composed(Frames(rotation, origin, torch.ones(9, dtype=torch.bool))).origin[-1]

    true = frames.rotation[0, 9].T @ (frames.origin[0, 18] - frames.origin[0, 9])
    closed = close_gaps(designed.numpy(), prompt, model)
    before = (place_of_the_next_given(designed.numpy()) - true).norm()
    assert (place_of_the_next_given(closed) - true).norm() < 0.15 * before
    assert (closed == designed.numpy())[:10].all()
    assert (closed == designed.numpy())[19:].all()


def test_chains_lie_to_each_other_as_the_prompt_has_them():
    atoms = np.full((24, 37, 3), np.nan, np.float32)
    for first in (0, 8):
        atoms[first : first + 8, :3] = walk(8, seed=first)[0].numpy() + 40 * first
    chains = np.repeat(["A", "B", "C"], 8)
    prompt = Prompt.from_protein(Protein("ARNDCQEG" * 3, atoms, chain_id=chains))
    model = model_of(CHAINED)
    tokens = encode(prompt, model).filled(Track.STRUCTURE, np.arange(16, 24), np.arange(8))
    alphas = decode(tokens, prompt, model).coordinates[:, 1]
    for first in (0, 8):
        part = slice(first, first + 8)
        alone = superpose(alphas[part, None], atoms[part, 1:2], 0)[:, 0]
        assert np.allclose(alphas[part], alone, atol=1e-2)
    apart = decode(tokens, prompt.mask("all", "structure"), model).coordinates[:, 1]

    def distances(positions: np.ndarray, one: slice, other: slice) -> np.ndarray:
        return np.linalg.norm(positions[one, None] - positions[None, other], axis=-1)

    kept, moved = (slice(8, 16), slice(16, 24)), (slice(0, 8), slice(8, 16))
    assert np.allclose(distances(alphas, *kept), distances(apart, *kept), atol=1e-2)
    assert not np.allclose(distances(alphas, *moved), distances(apart, *moved), atol=10)


def test_a_backbone_decoder_says_that_side_chains_are_absent():
    prompt, model = prompt_of("AWKG_RF"), model_of(TOY)
    protein = decode(encode(prompt, model), prompt, model)
    assert np.isfinite(protein.coordinates).all(-1).sum(1).max() == 5
    assert "side chains are absent" in protein.notes[0]


def test_letters_move_side_chains_and_nothing_is_lost_without_them():
    decoder = given_weights(StructureDecoder(CHAINED.decoder), seed=2)
    tokens = torch.arange(6)[None]
    letters = torch.full((1, 6), TRACKS[Track.SEQUENCE].mask)
    with torch.inference_mode():
        unread, masked = decoder(tokens), decoder(tokens, sequence=letters)
        given = decoder(tokens, sequence=torch.full_like(letters, 9))
    assert unread.atoms is None
    torch.testing.assert_close(unread.backbone, masked.backbone)
    assert given.atoms is not None
    assert masked.atoms is not None
    assert given.atoms.isfinite().all(-1).sum() > masked.atoms.isfinite().all(-1).sum()


@pytest.mark.parametrize(
    ("part", "entry"),
    [
        ("decoder", {"frames": "spiral"}),
        ("decoder", {"all_atoms": 2}),
        ("encoder", {"feedback": 2}),
    ],
)
def test_a_config_that_asks_for_what_there_is_not_is_refused(part, entry):
    with pytest.raises(CheckpointError, match=next(iter(entry))):
        ModelConfig.from_json({"name": "x", part: entry})


def test_the_published_models_file_does_not_speak_of_chains():
    text = json.dumps(PUBLISHED.to_json())
    assert not any(word in text for word in ("frames", "feedback", "all_atoms"))
    assert ModelConfig.from_json(CHAINED.to_json()) == CHAINED
