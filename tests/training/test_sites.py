"""Sites computed from structures: labels of the embedded model's residue track."""

import numpy as np

from workbench.constants import ATOM37
from workbench.io import read_protein
from workbench.protein import Protein
from workbench.tracks import MAX_RESIDUE_LABELS
from workbench.training.sites import SITES, UNKNOWN, save_sites, site_bits, site_ids
from workbench.vocabulary import ResidueVocabulary


def residues_of(protein: Protein, start: str) -> list[int]:
    """0-based residues of the sites whose label starts so."""
    sites = [has_site(protein) for label, has_site in SITES.items() if label.startswith(start)]
    return np.flatnonzero(np.any(sites, axis=0)).tolist()


def numbered(protein: Protein, residues: list[int]) -> list[int]:
    return sorted(int(protein.residue_number[residue]) for residue in residues)


def test_a_protein_whose_sites_are_known_has_them(shared):
    protease = read_protein(shared / "data" / "structures" / "3SGB.pdb", chain="E")
    # The file's SSBOND records, and the catalytic residues of Streptomyces griseus protease B.
    assert numbered(protease, residues_of(protease, "disulfide")) == [42, 58, 191, 220]
    assert numbered(protease, residues_of(protease, "catalytic")) == [57, 102, 195]
    assert numbered(protease, residues_of(protease, "cis")) == [99]


def test_patterns_of_a_sequence_are_found_even_where_they_overlap():
    protein = Protein("ANNTSAGPSGSGKTAACPYCA")
    assert residues_of(protein, "N-glyc") == [1, 2, 3, 4]
    assert residues_of(protein, "phosphate") == list(range(6, 14))
    assert residues_of(protein, "cysteine") == list(range(16, 20))


def test_a_chain_without_side_chains_cannot_tell_its_sites():
    atoms = np.full((5, len(ATOM37), 3), np.nan, np.float32)
    atoms[:, :5] = 1.0
    assert (site_bits(Protein("NATCC", atoms)) == UNKNOWN).all()
    assert (site_ids(np.full(5, UNKNOWN), MAX_RESIDUE_LABELS) == 0).all()


def test_the_vocabulary_reads_the_ids_that_training_writes(tmp_path):
    save_sites(tmp_path, chains=100)
    vocabulary = ResidueVocabulary.load(tmp_path)
    assert vocabulary.labels == tuple(SITES)
    every = np.arange(len(SITES))
    ids = site_ids(1 << every, MAX_RESIDUE_LABELS)[:, 0]
    assert [vocabulary.label_of(int(number)) for number in ids] == list(SITES)
