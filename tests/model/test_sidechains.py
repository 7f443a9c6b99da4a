import math

import numpy as np
import pytest
import torch
from biotite.structure import info
from ideal_chains import ideal_chain
from scipy.spatial.transform import Rotation

from workbench.constants import AMINO_ACIDS, ATOM37, CB, RESIDUE_NAMES, C, N, O
from workbench.geometry import full_backbone
from workbench.model.frames import Frames, frames_from_backbone
from workbench.model.sidechains import (
    alternative_torsions,
    atoms_from_torsions,
    nearest_naming,
    torsions_from_atoms,
)
from workbench.rigid_groups import (
    ATOMS,
    PI_PERIODIC,
    SYMMETRIC_ATOMS,
    TORSIONS,
    UNKNOWN_RESIDUE,
    atom14,
    atom_columns,
    body_of,
    chi_atoms,
    ideal_positions,
    sequence_index,
    torsion_columns,
)

EVERY_RESIDUE = AMINO_ACIDS + "X"
KINDS = torch.from_numpy(sequence_index(EVERY_RESIDUE))
HAS_TORSION = torch.from_numpy((torsion_columns() >= 0).all(-1))[KINDS]


def random_pairs(*shape: int, seed: int = 0) -> torch.Tensor:
    """Unit (sin, cos) pairs of uniform angles."""
    angle = 2 * math.pi * torch.rand(*shape, generator=torch.Generator().manual_seed(seed))
    return torch.stack([angle.sin(), angle.cos()], dim=-1)


def random_frames(*shape: int, seed: int = 0) -> Frames:
    count = math.prod(shape)
    rotation = torch.from_numpy(Rotation.random(count, rng=seed).as_matrix()).float()
    origin = 20 * torch.randn(count, 3, generator=torch.Generator().manual_seed(seed))
    known = torch.ones(shape, dtype=torch.bool)
    return Frames(rotation.reshape(*shape, 3, 3), origin.reshape(*shape, 3), known)


def rebuilt(sin_cos: torch.Tensor, frames: Frames | None = None) -> torch.Tensor:
    """One residue of every type in atom37, NaN where there is no atom."""
    frames = frames or random_frames(len(KINDS))
    atoms, present = atoms_from_torsions(frames, sin_cos, KINDS)
    return torch.where(present[..., None], atoms, torch.nan)


def bonded_pairs(letter: str) -> list[tuple[str, str]]:
    bonds = info.bonds_in_residue(RESIDUE_NAMES[letter])
    return [pair for pair in bonds if set(pair) <= set(atom14(letter))]


@pytest.mark.parametrize("letter", AMINO_ACIDS)
def test_every_heavy_atom_of_every_residue_has_an_ideal_position_and_a_body(letter):
    assert set(ideal_positions()[letter]) == set(atom14(letter))
    assert len(atom14(letter)) <= ATOMS
    for chi, atoms in enumerate(chi_atoms(letter), start=2):
        assert body_of(letter, atoms[3]) == chi


def test_only_the_atoms_that_a_residue_has_are_built():
    _, present = atoms_from_torsions(random_frames(len(KINDS)), random_pairs(21, 7), KINDS)
    for letter, there in zip(EVERY_RESIDUE, present, strict=True):
        expected = ("N", "CA", "C", "O") if letter == "X" else atom14(letter)
        assert {ATOM37[i] for i in there.nonzero().flatten()} == set(expected)
    assert not present[EVERY_RESIDUE.index("G"), CB]


def test_letters_that_are_no_standard_residue_have_a_backbone_only():
    assert sequence_index("AXU_V").tolist() == [0, *[UNKNOWN_RESIDUE] * 3, 19]
    assert (atom_columns()[UNKNOWN_RESIDUE] >= 0).sum() == 4


def test_rebuilt_atoms_move_rigidly_with_the_frames():
    sin_cos, frames = random_pairs(21, 7), random_frames(21)
    turn = torch.from_numpy(Rotation.random(rng=3).as_matrix()).float()
    moved = Frames(turn @ frames.rotation, frames.origin @ turn.T + 4, frames.known)
    here, there = rebuilt(sin_cos, frames), rebuilt(sin_cos, moved)
    torch.testing.assert_close(here @ turn.T + 4, there, equal_nan=True, atol=1e-4, rtol=0)


def test_a_chain_of_any_batch_shape_is_built_like_its_residues():
    sin_cos, frames = random_pairs(2, 3, 21, 7), random_frames(2, 3, 21)
    atoms, _ = atoms_from_torsions(frames, sin_cos, KINDS.expand(2, 3, 21))
    one = Frames(frames.rotation[1, 2], frames.origin[1, 2], frames.known[1, 2])
    alone, _ = atoms_from_torsions(one, sin_cos[1, 2], KINDS)
    torch.testing.assert_close(atoms[1, 2], alone)


@pytest.mark.parametrize("letter", AMINO_ACIDS)
def test_bond_lengths_are_ideal_for_any_torsions(letter):
    at = EVERY_RESIDUE.index(letter)
    builds = [rebuilt(random_pairs(21, 7, seed=seed))[at] for seed in range(4)]
    pairs = bonded_pairs(letter)
    assert len(pairs) >= len(atom14(letter)) - 1
    ideal = {"CC": (1.33, 1.55), "CN": (1.30, 1.50), "CO": (1.21, 1.44), "CS": (1.75, 1.85)}
    for pair in pairs:
        if letter == "P" and set(pair) == {"N", "CD"}:
            continue  # the ring is closed by its chis, not by the bodies
        one, other = (ATOM37.index(atom) for atom in pair)
        lengths = torch.stack([(atoms[one] - atoms[other]).norm() for atoms in builds])
        assert lengths.max() - lengths.min() < 1e-4
        shortest, longest = ideal["".join(sorted(atom[0] for atom in pair))]
        assert shortest < lengths.mean() < longest, pair


def test_torsions_to_atoms_to_torsions_is_the_identity():
    sin_cos = random_pairs(21, 7)
    back, known = torsions_from_atoms(rebuilt(sin_cos), KINDS)
    assert torch.equal(known[:, 2:], HAS_TORSION)
    assert not known[:, :2].any()
    torch.testing.assert_close(back[known], sin_cos[known], atol=1e-4, rtol=0)


def test_the_length_of_a_pair_does_not_matter():
    sin_cos = random_pairs(21, 7)
    torch.testing.assert_close(rebuilt(sin_cos), rebuilt(0.02 * sin_cos), equal_nan=True)


def test_rotating_about_a_chi_leaves_the_atoms_before_it():
    start, at = random_pairs(21, 7), EVERY_RESIDUE.index("K")
    turned = start.clone()
    turned[at, TORSIONS.index("chi3")] *= -1
    moved = (rebuilt(start) - rebuilt(turned))[at].norm(dim=-1) > 1e-4
    assert {ATOM37[i] for i in moved.nonzero().flatten()} == {"CE", "NZ"}


def test_half_a_turn_of_a_symmetric_group_only_renames_its_atoms():
    sin_cos = random_pairs(21, 7)
    one, other = rebuilt(sin_cos), rebuilt(alternative_torsions(sin_cos, KINDS))
    torch.testing.assert_close(
        nearest_naming(other, one, KINDS), one, equal_nan=True, atol=1e-4, rtol=0
    )
    turned = [EVERY_RESIDUE[i] for i in ((one - other).abs() > 0.1).flatten(1).any(1).nonzero()]
    assert set(turned) == set(PI_PERIODIC)


@pytest.mark.parametrize("letter", SYMMETRIC_ATOMS)
def test_exchanged_names_of_symmetric_atoms_are_set_right(letter):
    right = rebuilt(random_pairs(21, 7))
    wrong = right.clone()
    for pair in SYMMETRIC_ATOMS[letter]:
        columns = [ATOM37.index(atom) for atom in pair]
        wrong[EVERY_RESIDUE.index(letter), columns] = right[
            EVERY_RESIDUE.index(letter), columns[::-1]
        ]
    assert torch.equal(nearest_naming(wrong, right, KINDS).nan_to_num(), right.nan_to_num())


def test_prolines_ring_closes_at_a_ring_pucker():
    sin_cos = random_pairs(21, 7)
    for chi, degrees in (("chi1", 29.0), ("chi2", -37.0)):
        angle = math.radians(degrees)
        pair = torch.tensor([math.sin(angle), math.cos(angle)])
        sin_cos[EVERY_RESIDUE.index("P"), TORSIONS.index(chi)] = pair
    proline = rebuilt(sin_cos)[EVERY_RESIDUE.index("P")]
    assert 1.40 < (proline[N] - proline[ATOM37.index("CD")]).norm() < 1.54


def test_an_ideal_helix_has_the_torsions_it_was_made_with():
    chain = torch.from_numpy(ideal_chain("AAAAA", (-57.0, -47.0)))
    kinds = torch.from_numpy(sequence_index("AAAAA"))
    sin_cos, known = torsions_from_atoms(chain, kinds)
    assert known[:, :3].tolist() == [[False, False, True], *[[True, True, True]] * 4]
    degrees = torch.rad2deg(torch.atan2(sin_cos[..., 0], sin_cos[..., 1]))[1:4]
    assert torch.allclose(degrees[:, 0].abs(), torch.tensor(180.0), atol=0.5)
    assert torch.allclose(degrees[:, 1], torch.tensor(-57.0), atol=0.5)
    assert torch.allclose(degrees[:, 2], torch.tensor(-47.0), atol=1.0)


def test_oxygen_from_psi_lies_where_the_next_residue_asks_for_it():
    backbone = ideal_chain("AAAAA")[:, [N, 1, C]]
    full = torch.from_numpy(full_backbone(backbone, "AAAAA", np.arange(5) == 4))
    kinds = torch.from_numpy(sequence_index("AAAAA"))
    frames = frames_from_backbone(full[None, :, :3])
    angle = math.radians(-47.0)
    sin_cos = torch.tensor([math.sin(angle), math.cos(angle)]).expand(1, 5, 7, 2)
    atoms, _ = atoms_from_torsions(frames, sin_cos, kinds[None])
    assert (atoms[0, :4, O] - full[:4, O]).norm(dim=-1).max() < 0.1


def test_torsions_do_not_reach_across_a_chain_break_or_a_missing_atom():
    chain = torch.from_numpy(ideal_chain("AAAAAA"))
    kinds = torch.from_numpy(sequence_index("AAAAAA"))
    chain[3:] += 30.0
    chain[5, O] = torch.nan
    sin_cos, known = torsions_from_atoms(chain, kinds)
    assert known[:, 0].tolist() == [False, True, True, False, True, True]
    assert known[:, 2].tolist() == [True] * 5 + [False]
    assert torch.equal(sin_cos[5, 2], torch.tensor([0.0, 1.0]))


def test_residues_without_a_frame_have_no_atoms():
    frames = random_frames(21)
    frames.known[4] = False
    atoms, present = atoms_from_torsions(frames, random_pairs(21, 7), KINDS)
    assert not present[4].any()
    assert not atoms[4].any()
    assert present[5].any()


def test_gradients_are_finite_even_where_a_pair_has_no_direction():
    with torch.inference_mode():
        rebuilt(random_pairs(21, 7))
    raw = random_pairs(21, 7)
    raw[3] = 0.0
    raw.requires_grad_()
    atoms, _ = atoms_from_torsions(random_frames(21), raw, KINDS)
    atoms.square().sum().backward()
    assert raw.grad is not None
    assert raw.grad.isfinite().all()
    assert raw.grad[~HAS_TORSION[:, 1:].any(-1)][:, 3:].abs().max() == 0
    coordinates = rebuilt(random_pairs(21, 7)).requires_grad_()
    torsions_from_atoms(coordinates, KINDS)[0].sum().backward()
    assert coordinates.grad is not None
    assert coordinates.grad.isfinite().all()


def test_true_torsions_rebuild_the_heavy_atoms_of_real_proteins(shared):
    from workbench.training.data import read_chains

    by_residue: dict[str, list[torch.Tensor]] = {letter: [] for letter in AMINO_ACIDS}
    for protein in read_chains(shared / "data" / "valid_allatom.npz", 10_000)[:20]:
        atoms = torch.tensor(protein.coordinates)[None]
        kinds = torch.from_numpy(sequence_index(protein.sequence))[None]
        sin_cos, known = torsions_from_atoms(atoms, kinds)
        has = torch.from_numpy((torsion_columns() >= 0).all(-1))[kinds]
        built, present = atoms_from_torsions(
            frames_from_backbone(atoms[..., :3, :]), sin_cos, kinds
        )
        built = torch.where(present[..., None], built, torch.nan)
        error = (nearest_naming(built, atoms, kinds) - atoms).norm(dim=-1)
        whole = (known[..., 2:] | ~has).all(-1)
        for letter, errors in by_residue.items():
            off = error[whole & (kinds == AMINO_ACIDS.index(letter))]
            errors.append(off[off.isfinite()])
    medians = {letter: float(torch.cat(errors).median()) for letter, errors in by_residue.items()}
    overall = torch.cat([off for errors in by_residue.values() for off in errors])
    assert overall.median() < 0.1
    assert max(medians.values()) < 0.2, medians
