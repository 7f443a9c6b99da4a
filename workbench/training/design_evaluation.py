"""Evaluation of designs as chains: designs from nothing, folds, refolded inverse folds.

Where a true structure is known, it is kept beside the model's confidence, so that the two can be
compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from .. import metrics
from ..annotate import compute_ss8
from ..constants import CA, MASK, SS8_TO_SS3
from ..metrics.chains import broken_after, clashing_pairs
from ..metrics.ramachandran import outlier_share
from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..sampling.recipe import Recipe
from ..sampling.trajectory import Trajectory, advance_together
from ..tracks import Track
from .lddt import residue_lddt

FROM_NOTHING = (
    "sequence:20,structure:20",
    "structure:25,sequence:20",
    "ss8:10,structure:20,sequence:20",
    "structure:50(strategy=entropy;temperature=0.7),sequence:20",
)
FOLD, SCAFFOLD = "structure:20", "structure:25,sequence:20"
INVERSE_FOLD = "sequence:20"
TOGETHER = 10
CONTACT, APART = 8.0, 4
SAME_FOLD = 0.5

MOTIFS = {"one piece of 20": (20,), "two pieces of 10": (10, 10), "eight residues": (1,) * 8}
"""Lengths of the pieces of a motif, placed at random."""
MOTIFS_OF_EACH, SEEDS_OF_EACH = 3, 4


@dataclass(frozen=True, slots=True)
class Shape:
    """One design as a chain: lengths in Å, shares 0–1, contacts of each residue on average."""

    gyration: float
    clashes: int
    breaks: int
    strand: float
    helix: float
    contacts: float
    outliers: float


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """A structure of the model with its predicted and true quality (NaN if unknown)."""

    group: str
    shape: Shape
    ptm: float
    tm: float
    plddt: Float[np.ndarray, " length"]
    lddt: Float[np.ndarray, " length"]
    protein: Protein


def shape_of(protein: Protein) -> Shape:
    """How a decoded chain looks; one in pieces, without any torsion, is all outliers."""
    ca = protein.coordinates[:, CA].astype(float)
    distance = np.linalg.norm(ca[:, None] - ca[None], axis=-1)
    at = np.arange(len(ca))
    far = np.abs(at[:, None] - at) >= APART
    classes = [SS8_TO_SS3.get(letter, "C") for letter in compute_ss8(protein)]
    return Shape(
        gyration=float(np.sqrt(np.square(ca - ca.mean(0)).sum(1).mean())),
        clashes=len(clashing_pairs(protein.coordinates[:, CA], protein.chain_id)),
        breaks=int(broken_after(protein).sum()),
        strand=float(np.mean([letter == "E" for letter in classes])),
        helix=float(np.mean([letter == "H" for letter in classes])),
        contacts=float((far & (distance < CONTACT)).sum() / len(ca)),
        outliers=float(np.nan_to_num(outlier_share(protein), nan=1.0)),
    )


def run_recipe(
    model: Model, prompts: Sequence[Prompt], recipe: str, seeds: Sequence[int]
) -> list[Protein]:
    """What a recipe makes of each prompt, run together."""
    done: list[Protein] = []
    for first in range(0, len(prompts), TOGETHER):
        some = slice(first, first + TOGETHER)
        runs = [
            Trajectory(model, prompt, Recipe.parse(recipe), seed=seed)
            for prompt, seed in zip(prompts[some], seeds[some], strict=True)
        ]
        while open_runs := [run for run in runs if not run.done]:
            advance_together(open_runs)
        done += [run.protein() for run in runs]
    return done


def designs_from_nothing(
    model: Model, recipe: str, length: int = 100, count: int = 20
) -> list[Prediction]:
    """Designs of a length by one recipe; nothing is true of them."""
    prompts = [Prompt.blank(length)] * count
    designs = run_recipe(model, prompts, recipe, range(count))
    nothing = np.full(length, np.nan)
    return [_judged(recipe, design, nothing, float("nan")) for design in designs]


def folds(model: Model, proteins: Sequence[Protein], group: str) -> list[Prediction]:
    """Native sequences folded."""
    prompts = [Prompt.from_protein(_sequence_only(protein)) for protein in proteins]
    folded = run_recipe(model, prompts, FOLD, range(len(proteins)))
    return [_against(group, *both) for both in zip(folded, proteins, strict=True)]


def refolds(model: Model, proteins: Sequence[Protein], group: str) -> list[Prediction]:
    """Structures inverse folded, and those sequences folded again."""
    backbones = [Prompt.from_protein(protein.with_(sequence=MASK * len(protein)))
                 for protein in proteins]  # fmt: skip
    written = run_recipe(model, backbones, INVERSE_FOLD, range(len(proteins)))
    prompts = [Prompt.from_protein(_sequence_only(design)) for design in written]
    folded = run_recipe(model, prompts, FOLD, range(len(proteins)))
    return [_against(group, *both) for both in zip(folded, proteins, strict=True)]


@dataclass(frozen=True, slots=True)
class Scaffold:
    """One design around a motif."""

    group: str
    motif_rmsd: float
    shape: Shape


def scaffolds(model: Model, proteins: Sequence[Protein], group: str) -> list[Scaffold]:
    """Designs around motifs of each protein, whose letters and coordinates are given."""
    prompts = [
        Prompt.blank(protein).restore(motif, (Track.SEQUENCE, Track.STRUCTURE))
        for at, protein in enumerate(proteins)
        for draw in range(MOTIFS_OF_EACH)
        for motif in [motif_of(len(protein), MOTIFS[group], np.random.default_rng([at, draw]))]
        for _ in range(SEEDS_OF_EACH)
    ]
    designs = run_recipe(model, prompts, SCAFFOLD, range(len(prompts)))
    return [
        Scaffold(group, metrics.motif_rmsd(design, prompt), shape_of(design))
        for design, prompt in zip(designs, prompts, strict=True)
    ]


def motif_of(
    length: int, pieces: Sequence[int], random: np.random.Generator
) -> Int[np.ndarray, " residues"]:
    """Residues of pieces in this order, apart from each other, at random places."""
    free = length - sum(pieces) - (len(pieces) - 1)
    gaps = np.sort(random.integers(free + 1, size=len(pieces)))
    starts = gaps + np.cumsum([0, *pieces[:-1]]) + np.arange(len(pieces))
    return np.concatenate(
        [np.arange(start, start + piece) for start, piece in zip(starts, pieces, strict=True)]
    )


def _sequence_only(protein: Protein) -> Protein:
    return protein.with_(coordinates=np.full_like(protein.coordinates, np.nan))


def _against(group: str, predicted: Protein, true: Protein) -> Prediction:
    lddt = residue_lddt(predicted.coordinates, true.coordinates)
    return _judged(group, predicted, lddt, metrics.tm_score(predicted, true))


def _judged(
    group: str, predicted: Protein, lddt: Float[np.ndarray, " length"], tm: float
) -> Prediction:
    confidence = predicted.confidence
    assert confidence is not None
    ptm = confidence.ptm
    assert ptm is not None
    return Prediction(group, shape_of(predicted), ptm, tm, confidence.plddt, lddt, predicted)


def fold_clusters(proteins: Sequence[Protein], least: float = SAME_FOLD) -> int:
    """How many groups designs of one length make, of which no two are joined by a TM-score of
    ``least``.
    """
    group = list(range(len(proteins)))
    for number in range(len(proteins)):
        for other in range(number):
            if group[number] != group[other] and (
                metrics.tm_score(proteins[number], proteins[other]) >= least
            ):
                old, new = group[number], group[other]
                group = [new if name == old else name for name in group]
    return len(set(group))
