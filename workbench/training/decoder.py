"""Training of the decoder on the tokens of a frozen encoder: stage 2 [Hayes et al. 2025, A.1.7.3].

A decoder of all atoms also learns torsions, and to do without letters; part of the crops carry
wrong tokens, from which only the confidence heads learn.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..constants import ATOM37
from ..model.chain_codes import STEP, frame_numbers
from ..model.frames import Frames, frames_from_backbone
from ..model.sidechains import atoms_from_torsions, torsions_from_atoms
from ..model.structure_decoder import StructureDecoder, residue_kinds
from ..model.structure_encoder import StructureEncoder
from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from . import losses
from .corpus import Corpus
from .plan import Plan

WRONG = 0.3
"""Share of the crops with wrong tokens."""
UNLETTERED = 0.12
"""Share of the crops without any letter; as many more lack some."""
PAIRED_CROPS, PAIRED = 2, 40
"""Crops, and residues of each, that the pair head is trained on in one step."""
ATOMS_OF = 12
"""Residues in a row whose atoms are compared all to all."""
SPREAD = 0.3
"""Standard deviation of new embeddings."""

WEIGHTS = {
    "near": 1.0, "far": 0.33, "lddt": 3.0, "distance": 0.05, "direction": 0.1, "torsion": 0.5,
    "atoms": 0.1, "distogram": 0.1, "direction_bins": 0.05, "pae": 0.1, "plddt": 0.15,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class DecoderBatch:
    """Rows of tokens with BOS and EOS, the true atoms (NaN where absent), and which rows have
    wrong tokens.
    """

    structure: Int[Tensor, "batch row"]
    sequence: Int[Tensor, "batch row"]
    atoms: Float[Tensor, "batch length 37 3"]
    kinds: Int[Tensor, "batch length"]
    wrong: Bool[Tensor, " batch"]


class DecoderDraw:
    """Crops of a tokenized corpus."""

    def __init__(self, corpus: Corpus, plan: Plan, used: int) -> None:
        """``used`` structure codes are in use."""
        self.corpus, self.plan, self.used = corpus, plan, used

    def __call__(
        self, step: int, random: np.random.Generator, device: torch.device
    ) -> DecoderBatch:
        """The batch of one step."""
        size, length = self.plan.crops(step), self.plan.length(step)
        tracks = {
            track: np.full((size, length + 2), TRACKS[track].pad)
            for track in (Track.STRUCTURE, Track.SEQUENCE)
        }
        letters = np.full((size, length), TRACKS[Track.SEQUENCE].mask)
        atoms = np.full((size, length, len(ATOM37), 3), np.nan, np.float32)
        for row, chain in enumerate(random.integers(len(self.corpus), size=size)):
            first, last = (int(bound) for bound in self.corpus.offsets[chain : chain + 2])
            start = first + int(random.integers(max(1, last - first - length + 1)))
            crop = slice(start, min(last, start + length))
            count = crop.stop - crop.start
            atoms[row, :count] = self.corpus.coordinates(crop)
            letters[row, :count] = self.corpus.tokens[Track.SEQUENCE][crop]
            for track, rows in tracks.items():
                spec = TRACKS[track]
                rows[row, 1 : count + 1] = self.corpus.tokens[track][crop]
                rows[row, 0], rows[row, count + 1] = spec.bos, spec.eos
            hidden = random.random(count) < _hidden_share(random)
            tracks[Track.SEQUENCE][row, 1 : count + 1][hidden] = TRACKS[Track.SEQUENCE].mask
        wrong = random.random(size) < WRONG
        for row in np.nonzero(wrong)[0]:
            ids = tracks[Track.STRUCTURE][row]
            hit = (random.random(len(ids)) < random.random() / 2) & (ids < CODEBOOK_SIZE)
            ids[hit] = random.integers(self.used, size=int(hit.sum()))
        structure, sequence = (torch.from_numpy(rows).to(device) for rows in tracks.values())
        kinds = residue_kinds(torch.from_numpy(letters)).to(device)
        return DecoderBatch(
            structure, sequence, torch.from_numpy(atoms).to(device), kinds,
            torch.from_numpy(wrong).to(device),
        )  # fmt: skip


def _hidden_share(random: np.random.Generator) -> float:
    drawn = random.random()
    if drawn < UNLETTERED:
        return 1.0
    return random.random() if drawn < 2 * UNLETTERED else 0.0


class DecoderObjective(nn.Module):
    """Every loss of decoding true tokens; far pairs come in over the first sixth of the run."""

    def __init__(self, decoder: StructureDecoder) -> None:
        """Trains all of the decoder but a chained head's own steps, which are the codebook's."""
        super().__init__()
        self.decoder = decoder

    def forward(self, batch: DecoderBatch, progress: float) -> dict[str, Tensor]:
        """The losses by name."""
        decoder, at = self.decoder, slice(1, -1)
        valid = batch.structure != TRACKS[Track.STRUCTURE].pad
        x = decoder.states(batch.structure, valid, batch.sequence)[:, at]
        frames, torsions = decoder.affine_output_projection(x, batch.structure[:, at])
        backbone = frames.backbone()
        true = batch.atoms[:, :, :3]
        present = true.isfinite().all(-1).all(-1)
        known = present & ~batch.wrong[:, None]
        true_frames = frames_from_backbone(true)
        true = torch.where(present[..., None, None], true, 0.0)
        ramp = min(1.0, 6 * progress + 0.05)
        row = losses.window(x.shape[1], 32)
        terms = {
            **losses.frame_losses(frames, true_frames, known, ramp),
            "lddt": ramp * losses.smooth_lddt_loss(backbone, true, known),
            "distance": ramp * losses.distance_loss(backbone, true, known),
            "direction": losses.direction_loss(backbone, true, known, row),
        }
        if decoder.config.all_atoms:
            terms |= self._side_chains(batch, frames, torsions, known)
        lddt = losses.residue_lddt(backbone.detach(), true, present)
        terms["plddt"] = losses.plddt_loss(decoder.plddt_head(x), lddt, present)
        rows = torch.randperm(len(x), device=x.device)[:PAIRED_CROPS, None]
        some = torch.randperm(x.shape[1], device=x.device)[:PAIRED].sort().values
        logits = decoder.pairwise_classification_head(x[rows, some]).float()
        chosen = Frames(
            frames.rotation[rows, some], frames.origin[rows, some], frames.known[rows, some]
        )
        return terms | losses.pair_losses(logits, chosen, true[rows, some], present[rows, some])

    def _side_chains(
        self, batch: DecoderBatch, frames: Frames, torsions: Tensor, known: Tensor
    ) -> dict[str, Tensor]:
        true, measured = torsions_from_atoms(batch.atoms, batch.kinds)
        measured = measured & known[..., None]
        row = losses.window(known.shape[1], ATOMS_OF)
        atoms, present = atoms_from_torsions(
            Frames(frames.rotation[:, row], frames.origin[:, row], frames.known[:, row]),
            torsions[:, row],
            batch.kinds[:, row],
        )
        return {
            "torsion": losses.torsion_loss(torsions, true, measured, batch.kinds),
            "atoms": losses.atom_distance_loss(
                atoms, batch.atoms[:, row], present & known[:, row, None], batch.kinds[:, row]
            ),
        }


@torch.no_grad()
def start_from_codes(decoder: StructureDecoder, encoder: StructureEncoder, used: int) -> None:
    """Begin a chained decoder where its encoder's codes are steps: it places every residue by its
    code at once, and codes that are alike look alike.
    """
    codes = encoder.codebook.embeddings[:used, :STEP]
    scaled = (codes - codes.mean(0)) / codes.std(0).clamp_min(0.05)
    spread = torch.randn(STEP, decoder.config.width) / STEP**0.5
    embed, head = decoder.embed.weight, decoder.affine_output_projection
    embed.normal_(std=SPREAD)
    embed[:used] = scaled @ spread + 0.05 * torch.randn(used, decoder.config.width)
    head.step_embed.weight[:] = frame_numbers(codes.mean(0))
    head.step_embed.weight[:used] = frame_numbers(codes)
    head.step_embed.weight.requires_grad_(False)
    head.proj.weight[:9], head.proj.bias[:9] = 0.0, 0.0
    if decoder.config.all_atoms:
        decoder.sequence_embed.weight.normal_(std=SPREAD)
