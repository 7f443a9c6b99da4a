"""Training of a folding decoder: tokens of every quality, one true structure.

What it must learn is to keep true tokens as they are and to make one consistent chain of all
others; and to say how far each is right.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..constants import ATOM37
from ..model.chain_codes import STEP, frame_numbers
from ..model.folding_decoder import Folded, FoldingDecoder
from ..model.frames import Frames, frames_from_backbone, in_full_precision
from ..model.sidechains import atoms_from_torsions, torsions_from_atoms
from ..model.structure_decoder import residue_kinds
from ..model.structure_encoder import StructureEncoder
from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from . import losses
from .corpus import Corpus
from .decoder import ATOMS_OF, SPREAD, UNLETTERED
from .masking import masked_residues
from .plan import Plan
from .token_damage import SHARES, SOME, TokenDamage

TOLD = 0.25
"""Share of the crops of which some coordinates are given."""
SCATTERED = 12
"""Most residues, each on its own, whose coordinates are given in every other such crop."""
LOOKS_AGAIN = 0.6
"""Share of the steps that learn from the second look."""
EARLIER = 0.3
"""What the rounds before the last weigh."""

WEIGHTS = {
    "near": 1.0, "far": 0.33, "lddt": 3.0, "distogram": 0.3, "torsion": 0.5, "atoms": 0.1,
    "bonds": 1.0, "clashes": 0.5, "plddt": 0.1, "pae": 0.1,
}  # fmt: skip


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
        used: int,
        pools: Int[np.ndarray, "pools residues"] | None = None,
    ) -> None:
        """``used`` structure codes are in use; ``pools`` as ``TokenDamage`` takes them."""
        shares = {name: plan.options.get(name, share) for name, share in SHARES.items()}
        self.corpus, self.plan = corpus, plan
        self.damage = TokenDamage(corpus, used, shares, pools)

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
            told = _told(kind, true, random)
            given[row, at][told] = atoms[row, at, :3][told]
            hidden = random.random(count) < _hidden_share(kind, random)
            rows[Track.STRUCTURE][row, at] = tokens
            rows[Track.SEQUENCE][row, at] = np.where(
                hidden, TRACKS[Track.SEQUENCE].mask, letters[row, at]
            )
            for track, ids in rows.items():
                ids[row, 0], ids[row, at.stop] = TRACKS[track].bos, TRACKS[track].eos
        arrays = (rows[Track.STRUCTURE], rows[Track.SEQUENCE], given, atoms, letters)
        return FoldingBatch(*(torch.from_numpy(array).to(device) for array in arrays))


def _told(
    kind: str, true: Bool[np.ndarray, " residues"], random: np.random.Generator
) -> Bool[np.ndarray, " residues"]:
    """Residues whose coordinates are given."""
    count = len(true)
    if kind == "pieces":
        return true & (random.random() < 0.7)
    if random.random() >= TOLD:
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
    """Every loss of one structure; far pairs come in over the first part of the run."""

    def __init__(self, decoder: FoldingDecoder, ramp: float = 0.02) -> None:
        """Trains all of the decoder but the steps of its tokens; ``ramp`` is a share of the run."""
        super().__init__()
        self.decoder, self.ramp = decoder, ramp

    def forward(self, batch: FoldingBatch, progress: float) -> dict[str, Tensor]:
        """The losses by name."""
        valid = batch.structure != TRACKS[Track.STRUCTURE].pad
        asked = (batch.structure, valid, batch.sequence, batch.given)
        found = None
        if torch.rand(()) < LOOKS_AGAIN:
            with torch.no_grad():
                found = self.decoder.look(*asked)
        found = self.decoder.look(*asked, found)
        distogram = self.decoder.distograms(found)
        plddt, pae = self.decoder.confidence(found)
        ramp = min(1.0, progress / self.ramp + 0.1)
        return _losses(batch, found, (distogram.float(), plddt.float(), pae.float()), ramp)


@in_full_precision
def _losses(
    batch: FoldingBatch, found: Folded, said: tuple[Tensor, Tensor, Tensor], ramp: float
) -> dict[str, Tensor]:
    true = batch.atoms[:, :, :3]
    known = true.isfinite().all(-1).all(-1)
    true_frames = frames_from_backbone(true)
    true = torch.where(known[..., None, None], true, 0.0)
    frames, length = found.frames, true.shape[1]
    backbone = frames.backbone()
    terms = losses.frame_losses(frames, true_frames, known, ramp)
    for earlier in found.rounds[:-1]:
        for name, term in losses.frame_losses(earlier, true_frames, known, ramp).items():
            terms[name] = terms[name] + EARLIER * term / (len(found.rounds) - 1)
    kinds = residue_kinds(batch.letters)
    true_torsions, measured = torsions_from_atoms(batch.atoms, kinds)
    some = losses.window(length, ATOMS_OF).to(true.device)
    shown = Frames(frames.rotation[:, some], frames.origin[:, some], frames.known[:, some])
    atoms, present = atoms_from_torsions(shown, found.torsions[:, some], kinds[:, some])
    lddt = losses.residue_lddt(backbone.detach(), true, known)
    distogram, plddt, pae = said
    return terms | {
        "lddt": ramp * losses.smooth_lddt_loss(backbone, true, known),
        "torsion": losses.torsion_loss(
            found.torsions, true_torsions, measured & known[..., None], kinds
        ),
        "atoms": losses.atom_distance_loss(
            atoms, batch.atoms[:, some], present & known[:, some, None], kinds[:, some]
        ),
        "bonds": losses.bond_loss(backbone, true, known),
        "clashes": losses.clash_loss(backbone, known),
        "distogram": losses.distogram_loss(distogram, true, known),
        "plddt": losses.plddt_loss(plddt, lddt, known),
        "pae": losses.pae_loss(pae, frames, true_frames, known),
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
