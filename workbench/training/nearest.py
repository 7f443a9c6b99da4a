"""The nearest training chain: what copying from it would give, without any model.

Near is how many different triplets of residues two chains share; residues are paired by a global
alignment (BLOSUM62, gaps −10 and −1) and what has no partner counts as wrong.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from biotite.sequence import ProteinSequence
from biotite.sequence.align import SubstitutionMatrix, align_optimal  # pyright: ignore
from jaxtyping import Bool, Float, Int
from scipy.stats import spearmanr

from ..annotate import compute_sasa, compute_ss8
from ..constants import AMINO_ACIDS, MASK, SS8_TO_SS3
from ..metrics import ca_rmsd
from ..protein import Protein
from ..tokenizers.residue import encode_sasa
from .lddt import residue_lddt

TRIPLET = 3
GAPS = (-10, -1)


@dataclass(frozen=True, slots=True, eq=False)
class CopiedResult:
    """What copying from the nearest training chain gives, as the fields of ``Chain``."""

    rmsd: float
    lddt: float
    recovered: Bool[np.ndarray, " letters"]
    ss8: Bool[np.ndarray, " classes"]
    ss3: Bool[np.ndarray, " classes"]
    sasa: float


@dataclass(frozen=True, slots=True, eq=False)
class Copied:
    """What the nearest training chain says of each residue of a chain.

    ``sequence`` and ``ss8`` have ``_`` and the others NaN where no residue is paired.
    """

    sequence: str
    ss8: str
    sasa: Float[np.ndarray, " length"]
    coordinates: Float[np.ndarray, "length 37 3"]


class Neighbours:
    """Training chains that can be searched."""

    def __init__(self, chains: Sequence[Protein]) -> None:
        """Count the triplets of every chain."""
        self.chains = [chain for chain in chains if len(chain) >= TRIPLET]
        sets = [np.unique(_triplets(chain.sequence)) for chain in self.chains]
        owner = np.repeat(np.arange(len(sets)), [len(own) for own in sets])
        triplets = np.concatenate(sets) if sets else np.zeros(0, np.int64)
        order = np.argsort(triplets, kind="stable")
        self._triplets, self._owner = triplets[order], owner[order]
        self._size = np.array([len(own) for own in sets])

    def copied(self, protein: Protein) -> Copied:
        """Everything that the nearest chain other than itself has, on this protein's residues."""
        nearest = self.nearest(protein)
        pairs = _paired(protein.sequence, nearest.sequence)
        own, theirs = pairs[:, 0], pairs[:, 1]
        letters, classes = np.full((2, len(protein)), "_")
        letters[own] = np.array(list(nearest.sequence))[theirs]
        classes[own] = np.array(list(compute_ss8(nearest)))[theirs]
        sasa = np.full(len(protein), np.nan)
        sasa[own] = compute_sasa(nearest)[theirs]
        coordinates = np.full((len(protein), *nearest.coordinates.shape[1:]), np.nan, np.float32)
        coordinates[own] = nearest.coordinates[theirs]
        return Copied("".join(letters), "".join(classes), sasa, coordinates)

    def nearest(self, protein: Protein) -> Protein:
        """The chain with most triplets in common, as a share of both chains' triplets."""
        triplets = np.unique(_triplets(protein.sequence))
        first, last = (
            np.searchsorted(self._triplets, triplets, side) for side in ("left", "right")
        )
        shared = np.zeros(len(self.chains))
        for start, stop in zip(first, last, strict=True):
            shared[self._owner[start:stop]] += 1
        return self.chains[int(np.argmax(shared / (self._size + len(triplets) - shared)))]


def measure_copied(protein: Protein, neighbours: Neighbours) -> CopiedResult:
    """How right the nearest training chain is on a chain."""
    copied = neighbours.copied(protein)
    true_ss8, true_sasa = compute_ss8(protein), encode_sasa(compute_sasa(protein))
    known = np.array([letter != MASK for letter in protein.sequence])
    classes = [(a, b) for a, b in zip(copied.ss8, true_ss8, strict=True) if b != MASK]
    both = np.isfinite(copied.sasa)
    copy = protein.with_(coordinates=copied.coordinates)
    enough = both.sum() >= 3
    return CopiedResult(
        rmsd=ca_rmsd(copy, protein) if enough else float("nan"),
        lddt=float(np.nan_to_num(residue_lddt(copied.coordinates, protein.coordinates)).mean()),
        recovered=(np.array(list(copied.sequence)) == np.array(list(protein.sequence)))[known],
        ss8=np.array([a == b for a, b in classes]),
        ss3=np.array([SS8_TO_SS3.get(a) == SS8_TO_SS3[b] for a, b in classes]),
        sasa=float(np.asarray(spearmanr(encode_sasa(copied.sasa)[both], true_sasa[both]))[0])
        if enough
        else float("nan"),
    )


def _triplets(sequence: str) -> Int[np.ndarray, " triplets"]:
    codes = np.array([AMINO_ACIDS.find(letter) for letter in sequence])
    windows = np.lib.stride_tricks.sliding_window_view(codes, TRIPLET)
    whole = windows[(windows >= 0).all(1)]
    return whole @ (len(AMINO_ACIDS) ** np.arange(TRIPLET))


def _paired(one: str, other: str) -> Int[np.ndarray, "pairs 2"]:
    """Indices of the aligned residues of two sequences."""
    first, second = (
        ProteinSequence("".join(x if x in AMINO_ACIDS else "X" for x in text))
        for text in (one, other)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        best = align_optimal(
            first, second, SubstitutionMatrix.std_protein_matrix(), gap_penalty=GAPS, max_number=1
        )[0]
    return best.trace[(best.trace >= 0).all(1)]
