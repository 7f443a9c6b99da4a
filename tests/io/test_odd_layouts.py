"""Structure files laid out at random as programs lay them out, and what must hold of all."""

import random

import numpy as np
import pytest
from structure_files import atom

from workbench.errors import StructureError
from workbench.io import read_protein, write_protein
from workbench.protein import Protein

SEEDS = range(120)
_PLACES = {"N": (0, 0), "CA": (1.2, 0.8), "C": (2.2, 0)}


def _chains(rng: random.Random) -> list[list[str]]:
    """Chains in places of their own; names, numbers and segments may come twice."""
    names = rng.choice(["ABCD", "AAAA", "ABAB", "    ", "A A ", "abAB"])
    segids = rng.choice(["    ", "S1S1S2S2", "S1S2S3S4"]).strip()
    chains = []
    for at in range(rng.randrange(1, 5)):
        count = rng.randrange(1, 9)
        first = rng.choice([1, 1, 5, -3, 95])
        numbers = list(range(first, first + count))
        if rng.random() < 0.2:
            turn = rng.randrange(count)
            numbers = numbers[turn:] + numbers[:turn]
        lines = []
        for place, number in enumerate(numbers):
            for name, (x, y) in _PLACES.items():
                where = (3.5 * place + x, y, 50.0 * at)
                line = atom(name, rng.choice(["ALA", "GLY"]), number, where, names[at].strip())
                lines.append(line)
        lines = [
            lines[k - k % 3][17:20].join([line[:17], line[20:]]) for k, line in enumerate(lines)
        ]
        if segids:
            lines = [f"{line[:72]}{segids[2 * at : 2 * at + 2]:<4}{line[76:]}" for line in lines]
        chains.append(lines)
    return chains


def _laid_out(chains: list[list[str]], rng: random.Random) -> list[str]:
    """The chains as one file: with TER or not, atoms in turns, more frames, ions."""
    ter = rng.random() < 0.5
    turns = rng.random() < 0.2
    lines = []
    for chain in chains:
        if turns:
            chain = sorted(chain, key=lambda line: list(_PLACES).index(line[13:16].strip()))
        lines += [*chain, *(["TER"] if ter else [])]
    if rng.random() < 0.3:
        lines.append(atom("ZN", "ZN", 300, (9, 9, -50), "A", record="HETATM"))
    frames = rng.choice(["", "", "END", "MODEL"])
    moved = [
        f"{line[:30]}{float(line[30:38]) + 400:8.3f}{line[38:]}" if len(line) > 30 else line
        for line in lines
    ]
    match frames:
        case "END":
            return [*lines, "END", *moved, "END"]
        case "MODEL":
            return ["MODEL 1", *lines, "ENDMDL", "MODEL 2", *moved, "ENDMDL", "END"]
    return [*lines, "END"]


def _read(seed: int, folder) -> tuple[Protein, list[list[str]]] | None:
    rng = random.Random(seed)
    chains = _chains(rng)
    path = folder / f"odd-{seed}.pdb"
    path.write_text("\n".join(_laid_out(chains, rng)) + "\n")
    try:
        return read_protein(path), chains
    except StructureError as refusal:
        if "two residues are called" in str(refusal):
            return None
        raise


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> list[tuple[Protein, list[list[str]]]]:
    """What was read of many such files; few are refused, for names that stay double."""
    folder = tmp_path_factory.mktemp("odd")
    read = [protein for seed in SEEDS if (protein := _read(seed, folder))]
    assert len(read) > 0.9 * len(SEEDS)
    return read


def test_no_two_residues_have_one_name(odd):
    for protein, _ in odd:
        names = [protein.label(at) for at in range(len(protein))]
        assert len(set(names)) == len(names), names


def test_every_atom_of_the_first_frame_is_there_once_and_in_its_residue(odd):
    for protein, chains in odd:
        residues = [chain[at : at + 3] for chain in chains for at in range(0, len(chain), 3)]
        expected = sorted(
            [[float(line[a:b]) for a, b in ((30, 38), (38, 46), (46, 54))] for line in residue]
            for residue in residues
        )
        assert len(protein) == len(residues)
        np.testing.assert_allclose(sorted(protein.backbone.tolist()), expected, atol=1e-3)


def test_no_chain_is_cut_but_where_the_file_or_a_bond_ends(odd):
    for protein, chains in odd:
        assert len(protein.chain_ranges) <= len(chains)
        for start, stop in protein.chain_ranges:
            steps = np.diff(protein.backbone[start:stop, 1, 0])
            assert (np.abs(steps - 3.5) < 0.01).sum() >= len(steps) - (len(chains) - 1)


def test_what_was_read_reads_back_equal(odd, tmp_path):
    for protein, _ in odd[::6]:
        for suffix in ("pdb", "cif"):
            back = read_protein(write_protein(protein, tmp_path / f"back.{suffix}"))
            assert back.sequence == protein.sequence
            assert [back.label(at) for at in range(len(back))] == [
                protein.label(at) for at in range(len(protein))
            ]
