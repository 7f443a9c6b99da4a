"""Build the example protein that ships with the package: a three-helix bundle of ideal geometry.

Bond lengths and angles are ideal everywhere; the backbone torsions are found by gradient descent
so that three helices pack around one axis with hydrophobic residues inside. Side chains are the
chemical component dictionary's, turned about CA–CB away from their neighbours. The sequence is
that of the designed protein α3D; no experimental coordinates are used.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from biotite.structure import info

from workbench.constants import ATOM37, CA, CB, RESIDUE_NAMES, C, N, O
from workbench.geometry import full_backbone
from workbench.io import write_protein
from workbench.protein import Protein

SEQUENCE = "MGSWAEFKQRLAAIKTRLQALGGSEAELAAFEKEIAAFESELQAYKGKGNPEVEALRKEAAAIRDELQAYRHN"
HELICES = ((2, 21), (24, 45), (49, 72))
HYDROPHOBIC = "AFILMVWY"
LENGTHS = (1.329, 1.458, 1.525)  # C–N, N–CA, CA–C in Å [Engh & Huber 1991]
ANGLES = tuple(math.radians(a) for a in (121.7, 111.0, 116.6))  # at N, CA and C
RADIUS, RISE, HELIX_RADIUS = 5.6, 1.5, 2.3


def chain_from_torsions(phi: torch.Tensor, psi: torch.Tensor) -> torch.Tensor:
    """Backbone (length, 3, 3) with ideal bonds, trans peptides and these torsions in radians."""
    atoms = [torch.tensor(p) for p in ((0.0, 0.0, 0.0), (1.458, 0.0, 0.0), (2.0, 1.42, 0.0))]
    for i in range(1, len(phi)):
        # placing N turns about CA–C by psi, CA about C–N by omega, C about N–CA by phi
        torsions = (psi[i - 1], torch.tensor(math.pi), phi[i])
        bends = (ANGLES[2], ANGLES[0], ANGLES[1])
        for torsion, bend, length in zip(torsions, bends, LENGTHS, strict=True):
            atoms.append(_placed(*atoms[-3:], length, bend, torsion))
    return torch.stack(atoms).reshape(-1, 3, 3)


def _placed(a, b, c, length, bend, torsion):
    along = torch.nn.functional.normalize(c - b, dim=0)
    normal = torch.nn.functional.normalize(torch.linalg.cross(b - a, along), dim=0)
    side = torch.linalg.cross(normal, along)
    back = -length * math.cos(bend)
    out = length * math.sin(bend)
    return c + back * along + out * (torch.cos(torsion) * side + torch.sin(torsion) * normal)


def packed_bundle(seed: int, steps: int) -> tuple[float, torch.Tensor]:
    """Loss and backbone after ``steps`` of descent from helices joined by random loops."""
    torch.manual_seed(seed)
    length = len(SEQUENCE)
    helical = torch.zeros(length, dtype=torch.bool)
    phi = torch.full((length,), math.radians(-80.0)) + 0.5 * torch.randn(length)
    psi = torch.full((length,), math.radians(120.0)) + 0.8 * torch.randn(length)
    for start, stop in HELICES:
        helical[start:stop] = True
    ideal = math.radians(-62.0), math.radians(-42.0)
    phi[helical], psi[helical] = ideal
    phi.requires_grad_(), psi.requires_grad_()
    pose = torch.randn(6, requires_grad=True)
    optimizer = torch.optim.Adam([phi, psi, pose], lr=0.03)
    for _ in range(steps):
        backbone = chain_from_torsions(phi, psi)
        loss = bundle_loss(backbone, pose) + 40.0 * (
            (phi - ideal[0])[helical].square().mean() + (psi - ideal[1])[helical].square().mean()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return float(loss.detach()), chain_from_torsions(phi, psi).detach()


def bundle_loss(backbone: torch.Tensor, pose: torch.Tensor) -> torch.Tensor:
    """How far three antiparallel helices, clash-free loops and a buried core are from ideal."""
    rotation = torch.linalg.qr(torch.stack([pose[:3], pose[3:], torch.ones(3)]).T).Q
    placed = (backbone - backbone[:, 1].mean(0)) @ rotation
    ca = placed[:, 1]
    n, c = placed[:, 0], placed[:, 2]
    cb = ca + torch.nn.functional.normalize(2 * ca - n - c, dim=-1) * 1.5
    terms = []
    for k, (start, stop) in enumerate(HELICES):
        angle = 2 * math.pi * k / 3
        axis = RADIUS * torch.tensor([math.cos(angle), math.sin(angle)])
        up = 1.0 if k % 2 == 0 else -1.0
        height = up * RISE * (torch.arange(start, stop) - (start + stop - 1) / 2)
        out = (ca[start:stop, :2] - axis).norm(dim=-1)
        terms += [
            (out - HELIX_RADIUS).square().mean(),
            (ca[start:stop, 2] - height).square().mean(),
        ]
    inside = torch.tensor([letter in HYDROPHOBIC for letter in SEQUENCE])
    terms.append(0.1 * cb[inside, :2].norm(dim=-1).mean())
    apart = torch.cdist(ca, ca)[torch.triu_indices(len(ca), len(ca), 3).unbind()]
    terms.append(0.5 * torch.relu(5.0 - apart).square().sum())
    return torch.stack(terms).sum()


def with_side_chains(coordinates: np.ndarray) -> np.ndarray:
    """Heavy side-chain atoms of every residue, turned about CA–CB to stay clear of the rest."""
    for i, letter in [*enumerate(SEQUENCE)] * 3:
        template = info.residue(RESIDUE_NAMES[letter])
        local = {a.atom_name: a.coord for a in template if a.element != "H"}
        frame = _frame(*(local[name] for name in ("N", "CA", "C")))
        here = _frame(*(coordinates[i, atom] for atom in (N, CA, C)))
        names = [
            name for name in local if name in ATOM37 and ATOM37.index(name) not in (N, CA, C, O)
        ]
        names = [name for name in names if name != "OXT"]
        if not names:
            continue
        atoms = np.array([(local[name] - local["CA"]) @ frame for name in names])
        others = np.delete(coordinates, i, axis=0).reshape(-1, 3)
        others = others[np.isfinite(others[:, 0])]
        best = max(
            (
                _turned(atoms, names, angle) @ here.T + coordinates[i, CA]
                for angle in range(0, 360, 20)
            ),
            key=lambda placed: _clearance(placed[names.index("CB") + 1 :], others),
        )
        for name, position in zip(names, best, strict=True):
            coordinates[i, ATOM37.index(name)] = position
    return coordinates


def _clearance(placed: np.ndarray, others: np.ndarray) -> float:
    """Å to the nearest other atom, infinite for a side chain that is CB alone."""
    return np.linalg.norm(placed[:, None] - others, axis=-1).min(initial=math.inf)


def _frame(n: np.ndarray, ca: np.ndarray, c: np.ndarray) -> np.ndarray:
    x = (ca - c) / np.linalg.norm(ca - c)
    y = (n - ca) - x * ((n - ca) @ x)
    y /= np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def _turned(atoms: np.ndarray, names: list[str], degrees: float) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    axis = atoms[names.index("CB")] / np.linalg.norm(atoms[names.index("CB")])
    return Rotation.from_rotvec(axis * degrees, degrees=True).apply(atoms)


def main() -> None:
    """Try several starts, keep the best, write mmCIF."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=4)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    tried = []
    for seed in range(arguments.starts):
        tried.append(packed_bundle(seed, arguments.steps))
        print(f"start {seed}: loss {tried[-1][0]:.3f}", flush=True)
    _, backbone = min(tried, key=lambda pair: pair[0])
    centred = (backbone - backbone[:, 1].mean(0)).numpy()
    ends = np.arange(len(SEQUENCE)) == len(SEQUENCE) - 1
    coordinates = with_side_chains(full_backbone(centred, SEQUENCE, ends))
    assert np.isfinite(coordinates[np.array(list(SEQUENCE)) != "G", CB]).all()
    write_protein(Protein(SEQUENCE, coordinates, name=arguments.out.stem), arguments.out)


if __name__ == "__main__":
    main()
