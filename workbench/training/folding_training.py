"""Training of a folding decoder: tokens of every quality, one true structure.

It learns distances, directions and torsions alone: the descent that folds by them has nothing to
learn.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..constants import ATOM37
from ..model.chain_codes import STEP, frame_numbers
from ..model.folding_decoder import FoldingDecoder
from ..model.frames import frames_from_backbone
from ..model.pair_views import LAST_EDGE, cb_pairs, distance_bins, fitting_pairs
from ..model.sidechains import torsions_from_atoms
from ..model.structure_decoder import residue_kinds
from ..model.structure_encoder import StructureEncoder
from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from .corpus import Corpus
from .decoder import SPREAD, UNLETTERED
from .losses import masked_mean, torsion_loss
from .masking import masked_residues
from .plan import Plan
from .token_damage import SHARES, SOME, TokenDamage

GIVEN = 0.25
"""Share of the crops of which some coordinates are given."""
MOST_ALIKE = 256
"""Codes that may stand in for one that is like them."""
SCATTERED = 12
"""Most residues, each on its own, whose coordinates are given in every other such crop."""

WEIGHTS = {"near": 1.0, "far": 0.5, "direction": 1.0, "torsion": 1.0}


@dataclass(frozen=True, slots=True, eq=False)
class FoldingBatch:
    """Rows with BOS and EOS at the ends: tokens, letters, given backbones, and the true atoms.

    ``atoms`` and ``given`` are in Å, NaN where absent; ``letters`` are all the true ones.
    """

    structure: Int[Tensor, "batch row"]
    sequence: Int[Tensor, "batch row"]
    given: Float[Tensor, "batch row 3 3"]
    atoms: Float[Tensor, "batch row 37 3"]
    letters: Int[Tensor, "batch row"]


class FoldingDraw:
    """Crops of a tokenized corpus with the tokens that a decoder may be given."""

    def __init__(
        self,
        corpus: Corpus,
        plan: Plan,
        codes: Float[Tensor, "codes 12"],
        pools: Int[np.ndarray, "pools residues"] | None = None,
    ) -> None:
        """``codes`` are those in use, whose distances mean Å; ``pools`` as ``TokenDamage`` takes
        them.
        """
        shares = {name: plan.options.get(name, share) for name, share in SHARES.items()}
        self.corpus, self.plan = corpus, plan
        nearest = torch.cdist(codes, codes).topk(min(MOST_ALIKE, len(codes)), largest=False)
        alike = nearest.indices.numpy()
        self.damage = TokenDamage(corpus, len(codes), shares, alike, pools)

    def __call__(
        self, step: int, random: np.random.Generator, device: torch.device
    ) -> FoldingBatch:
        """The batch of one step."""
        size, length = self.plan.crops(step), self.plan.length(step) + 2
        rows = {
            track: np.full((size, length), TRACKS[track].pad)
            for track in (Track.STRUCTURE, Track.SEQUENCE)
        }
        letters = np.full((size, length), TRACKS[Track.SEQUENCE].mask)
        atoms = np.full((size, length, len(ATOM37), 3), np.nan, np.float32)
        given = np.full((size, length, 3, 3), np.nan, np.float32)
        for row, chain in enumerate(self.corpus.drawn(size, random)):
            first, last = (int(bound) for bound in self.corpus.offsets[chain : chain + 2])
            start = first + int(random.integers(max(1, last - first - length + 3)))
            crop = slice(start, min(last, start + length - 2))
            count = crop.stop - crop.start
            at = slice(1, count + 1)
            kind, tokens, true = self.damage(crop, random)
            atoms[row, at] = self.corpus.coordinates(crop)
            letters[row, at] = self.corpus.tokens[Track.SEQUENCE][crop]
            shown = _given_residues(kind, true, random)
            given[row, at][shown] = atoms[row, at, :3][shown]
            hidden = random.random(count) < _hidden_share(kind, random)
            rows[Track.STRUCTURE][row, at] = tokens
            rows[Track.SEQUENCE][row, at] = np.where(
                hidden, TRACKS[Track.SEQUENCE].mask, letters[row, at]
            )
            for track, ids in rows.items():
                ids[row, 0], ids[row, at.stop] = TRACKS[track].bos, TRACKS[track].eos
        arrays = (rows[Track.STRUCTURE], rows[Track.SEQUENCE], given, atoms, letters)
        return FoldingBatch(*(torch.from_numpy(array).to(device) for array in arrays))


def _given_residues(
    kind: str, true: Bool[np.ndarray, " residues"], random: np.random.Generator
) -> Bool[np.ndarray, " residues"]:
    """Residues whose coordinates are given."""
    count = len(true)
    if kind == "pieces":
        return true & (random.random() < 0.7)
    if random.random() >= GIVEN:
        return np.zeros(count, bool)
    if random.random() < 0.5:
        return np.isin(np.arange(count), random.integers(count, size=random.integers(1, SCATTERED)))
    return ~masked_residues(SOME, count, random)


def _hidden_share(kind: str, random: np.random.Generator) -> float:
    drawn = random.random()
    if kind == "hidden" or drawn >= 2 * UNLETTERED:
        return 0.0
    return 1.0 if drawn < UNLETTERED else random.random()


class FoldingObjective(nn.Module):
    """What the decoder says of every pair and every torsion, held to the truth."""

    def __init__(self, decoder: FoldingDecoder) -> None:
        """Trains all of the decoder but the steps of its tokens."""
        super().__init__()
        self.decoder = decoder

    def forward(self, batch: FoldingBatch, progress: float) -> dict[str, Tensor]:
        """The losses by name; ``progress`` changes nothing."""
        valid = batch.structure != TRACKS[Track.STRUCTURE].pad
        view, torsions = self.decoder.view(batch.structure, valid, batch.sequence, batch.given)
        true = frames_from_backbone(batch.atoms[:, :, :3])
        distance, direction = cb_pairs(true)
        pairs, reached = fitting_pairs(true.known), distance < LAST_EDGE
        missed = -view.chances.gather(-1, distance_bins(distance)[..., None])[..., 0]
        turned = (view.directions - direction).square().sum(-1)
        kinds = residue_kinds(batch.letters)
        true_torsions, measured = torsions_from_atoms(batch.atoms, kinds)
        return {
            "near": masked_mean(missed, pairs & reached),
            "far": masked_mean(missed, pairs & ~reached),
            "direction": masked_mean(turned, pairs & reached),
            "torsion": torsion_loss(
                torsions, true_torsions, measured & true.known[..., None], kinds
            ),
        }


@torch.no_grad()
def start_from_codes(decoder: FoldingDecoder, encoder: StructureEncoder, used: int) -> None:
    """Begin where every token's step is known and codes that are alike look alike."""
    codes = encoder.codebook.embeddings[:used, :STEP]
    scaled = (codes - codes.mean(0)) / codes.std(0).clamp_min(0.05)
    width = decoder.config.width
    decoder.embed.weight.normal_(std=SPREAD)
    decoder.embed.weight[:used] = scaled @ (torch.randn(STEP, width) / STEP**0.5)
    decoder.embed.weight[:used] += 0.05 * torch.randn(used, width)
    decoder.sequence_embed.weight.normal_(std=SPREAD)
    decoder.step_embed.weight[:] = frame_numbers(codes.mean(0))
    decoder.step_embed.weight[:used] = frame_numbers(codes)
    decoder.step_embed.weight.requires_grad_(False)
    assert used <= CODEBOOK_SIZE
