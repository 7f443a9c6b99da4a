"""Folding decoder: structure tokens, sequence and given coordinates to one consistent chain.

Tokens that a trunk samples agree with their neighbours only: composed one after another they drift
apart. From tokens and sequence this decoder predicts how every two residues lie to each other, the
view. It uses the chain of the tokens over short distances only, where it is reliable. A gradient
descent then moves the chain until it agrees with the view, which gives the confidence too. A chain
that agrees with the view already, as that of a real protein's tokens does, is kept.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import pad

from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from .chain_codes import UNBROKEN
from .config import DecoderConfig
from .descent import FEW_STEPS, STEPS, descended
from .embedding import embedding_table
from .frames import Frames, composed, frames_from_backbone, in_full_precision
from .pair_track import (
    GEOMETRY,
    PATCH,
    ChainOffsets,
    PairBlock,
    by_patches,
    by_residues,
    pair_geometry,
    patches,
)
from .pair_views import BINS, PairView, agreement, expected_errors, expected_lddt
from .peptide_relaxation import relaxed
from .structure_decoder import (
    FRAME,
    TRANSLATION_SCALE,
    DecodedStructure,
    atoms_of_letters,
    frames_of_numbers,
)
from .transformer import Transformer

LAYERS = 3
"""Blocks over the residues alone, before there are pairs."""
LOCAL = 5
"""Patches along the chain within which the chain of the tokens is looked at."""
AGREEING, UNSURE = 0.7, 0.05
"""Agreement with the view at which a chain is believed by half, and how soon that changes."""
BEYOND = (LOCAL + 1) * PATCH
"""Residues apart along the chain from which on the view has not seen it."""
BELIEVED, GIVEN = 0.98, 0.9999
"""How sure the view is of a chain that is believed, and of coordinates that are given."""
SPECIAL = TRACKS[Track.STRUCTURE]


class FoldingDecoder(nn.Module):
    """Single and pair track over tokens and sequence, and the descent of their chain."""

    drafts = True
    """Whether a draft is there sooner."""

    def __init__(self, config: DecoderConfig) -> None:
        """``config.frames`` is "folded"."""
        super().__init__()
        self.config = config
        width, heads, pair = config.width, config.heads, config.pair_width
        self.embed = embedding_table(CODEBOOK_SIZE + 5, width)
        self.step_embed = embedding_table(CODEBOOK_SIZE + 5, FRAME)
        self.sequence_embed = embedding_table(TRACKS[Track.SEQUENCE].size, width)
        self.decoder_stack = Transformer(width, heads, LAYERS, scaled=False)
        self.offsets = ChainOffsets(pair)
        self.geometry = nn.Linear(PATCH**2 * GEOMETRY, pair)
        self.given_geometry = nn.Linear(PATCH**2 * (GEOMETRY + 1), pair, bias=False)
        self.blocks = nn.ModuleList(PairBlock(width, heads, pair) for _ in range(config.layers))
        self.pair_head = nn.Sequential(
            nn.LayerNorm(pair),
            nn.Linear(pair, 2 * pair),
            nn.GELU(),
            nn.Linear(2 * pair, PATCH**2 * (BINS + 3)),
        )
        self.torsion_head = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, 14)
        )

    def view(
        self,
        tokens: Int[Tensor, "batch length"],
        valid: Bool[Tensor, "batch length"],
        sequence: Int[Tensor, "batch length"],
        given: Float[Tensor, "batch length 3 3"] | None = None,
    ) -> tuple[PairView, Float[Tensor, "batch length 7 2"]]:
        """How every two residues lie to each other, and torsions.

        ``given`` are known N, CA and C in Å, NaN elsewhere.
        """
        chain = self.chain(tokens, valid)
        x = self.decoder_stack(self.embed(tokens) + self.sequence_embed(sequence), valid)
        z = self.geometry(by_patches(pair_geometry(chain)))
        at = torch.arange(z.shape[1], device=z.device)
        z = z * ((at[:, None] - at).abs() <= LOCAL)[..., None]
        z = z + self.offsets((tokens == SPECIAL.chain_break).cumsum(-1))
        known = _known_frames(given)
        if known is not None:
            both = _pairs(known.known)[..., None].float()
            given_pairs = torch.cat([pair_geometry(known) * both, both], dim=-1)
            z = z + self.given_geometry(by_patches(given_pairs))
        patch_known = patches(chain.known[..., None]).any(-1)
        for block in self.blocks:
            x, z = block(x, z, chain.known, _pairs(patch_known))
        outputs = by_residues(self.pair_head(z), tokens.shape[1]).float()
        chances, directions = outputs.split([BINS, 3], dim=-1)
        torsions = self.torsion_head(x).float().unflatten(-1, (7, 2))
        return PairView(chances.log_softmax(-1), directions), torsions

    def chain(
        self, tokens: Int[Tensor, "batch length"], valid: Bool[Tensor, "batch length"]
    ) -> Frames:
        """The chain that the tokens compose, step after step."""
        residues = valid & ((tokens < CODEBOOK_SIZE) | (tokens == SPECIAL.mask))
        return _composed(self.step_embed(tokens), residues)

    def forward(
        self,
        tokens: Int[Tensor, "batch length"],
        valid: Bool[Tensor, "batch length"] | None = None,
        *,
        sequence: Int[Tensor, "batch length"] | None = None,
        given: Float[Tensor, "batch length 3 3"] | None = None,
        pairs: bool = True,
        atoms: bool = True,
        draft: bool = False,
    ) -> DecodedStructure:
        """Coordinates and confidence at every token; ``pairs`` asks for PAE and pTM too, ``atoms``
        for side chains, which residues have whose letter in ``sequence`` is not masked. A ``draft``
        goes downhill for a short while only and keeps strained peptides: enough to look at while a
        run goes on.

        ``given`` are N, CA and C in Å that are known, NaN elsewhere: what is made fits them. Every
        protein is decoded alone: a descent makes much of the least difference, so none may depend
        on what is beside it.
        """
        if valid is None:
            valid = torch.ones_like(tokens, dtype=torch.bool)
        decoded = []
        for i, end in enumerate(valid.sum(-1).tolist()):
            one = slice(i, i + 1), slice(end)
            own = (x if x is None else x[one] for x in (sequence, given))
            parts = self._decoded(tokens[one], *own, pairs=pairs, atoms=atoms, draft=draft)
            decoded.append(parts)
        return _joined(decoded, tokens.shape[1])

    def _decoded(
        self,
        tokens: Int[Tensor, "1 length"],
        sequence: Int[Tensor, "1 length"] | None,
        given: Float[Tensor, "1 length 3 3"] | None,
        *,
        pairs: bool,
        atoms: bool,
        draft: bool,
    ) -> DecodedStructure:
        valid = torch.ones_like(tokens, dtype=torch.bool)
        letters = sequence
        if letters is None:
            letters = torch.full_like(tokens, TRACKS[Track.SEQUENCE].mask)
        view, torsions = self.view(tokens, valid, letters, given)
        view = view.even()
        chain, bonded = self.chain(tokens, valid), self._bonded(tokens)
        agreed = agreement(view, chain, BEYOND)
        belief = ((agreed - AGREEING) / UNSURE).sigmoid()
        view = view.believing(chain, BELIEVED * belief[:, None, None])
        known = _known_frames(given)
        if known is not None:
            view = view.believing(known, GIVEN * _pairs(known.known).float())
        steps = FEW_STEPS if draft or bool(agreed > AGREEING) else STEPS
        frames = descended(chain, bonded, view, steps, known)
        frames = frames if draft else relaxed(frames, bonded)
        pae, ptm = expected_errors(view, frames) if pairs else (None, None)
        atom_positions = None
        if atoms and sequence is not None:
            atom_positions = atoms_of_letters(frames, torsions, sequence)
        return DecodedStructure(
            frames.backbone(), expected_lddt(view, frames), pae, ptm, atom_positions
        )

    def _bonded(self, tokens: Int[Tensor, "batch length"]) -> Bool[Tensor, "batch bonds"]:
        """Which residues are bonded to the next: those whose token is no jump over a gap."""
        step = self.step_embed(tokens)[:, 1:, :3].float().norm(dim=-1) * TRANSLATION_SCALE
        return step < UNBROKEN


def _joined(alone: list[DecodedStructure], length: int) -> DecodedStructure:
    """Rows of one batch, each filled up to its length."""

    def rows(name: str, axes: int = 1, fill: float = 0.0) -> Tensor | None:
        parts = [getattr(answer, name) for answer in alone]
        if parts[0] is None:
            return None
        inner = parts[0].ndim - 1 - axes
        rest = [(0, 0) * inner + (0, length - part.shape[1]) * axes for part in parts]
        return torch.cat([pad(*each, value=fill) for each in zip(parts, rest, strict=True)])

    backbone, plddt = rows("backbone"), rows("plddt")
    assert backbone is not None
    assert plddt is not None
    ptm = (
        None
        if alone[0].ptm is None
        else torch.cat([answer.ptm for answer in alone if answer.ptm is not None])
    )
    return DecodedStructure(
        backbone, plddt, rows("pae", axes=2), ptm, rows("atoms", fill=torch.nan)
    )


def _known_frames(given: Float[Tensor, "batch length 3 3"] | None) -> Frames | None:
    """Frames of the residues whose N, CA and C are given; None where there are none."""
    frames = None if given is None else frames_from_backbone(given)
    return frames if frames is not None and frames.known.any() else None


def _pairs(each: Bool[Tensor, "batch length"]) -> Bool[Tensor, "batch length length"]:
    return each[:, :, None] & each[:, None]


@in_full_precision
def _composed(
    numbers: Float[Tensor, "batch length 9"], residues: Bool[Tensor, "batch length"]
) -> Frames:
    chain = composed(frames_of_numbers(numbers.float()))
    return Frames(chain.rotation, chain.origin, residues)
