"""Folding decoder: structure tokens, sequence and given coordinates to one consistent chain.

Tokens that a trunk makes up fit each other locally only: composed one after another they fly apart.
This decoder starts from the chain that they compose, looks at it as pairs of residues, and moves
every residue to where all of them agree [after Jumper et al. 2021 and Lin et al. 2023].
"""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from .chain_codes import UNBROKEN
from .confidence import DISTOGRAM_BINS, PAE_BINS, PLDDTHead, expected_plddt, predicted_errors
from .config import DecoderConfig
from .embedding import embedding_table
from .frames import Frames, composed, frames_from_backbone, in_full_precision
from .geometric_attention import GeometricAttention
from .pair_track import (
    GEOMETRY,
    PATCH,
    BiasedAttention,
    ChainOffsets,
    PairBlock,
    by_patches,
    by_residues,
    pair_geometry,
    patches,
)
from .peptide_relaxation import relaxed
from .structure_decoder import (
    FRAME,
    TRANSLATION_SCALE,
    DecodedStructure,
    atoms_of_letters,
    frames_of_numbers,
)
from .transformer import Transformer, swiglu_mlp

RECYCLES = 1
"""How often the decoder looks again at the structure it has made."""
ROUNDS = 4
"""Moves of all residues in each look."""
TRUSTED = 4.0
"""What an untaught decoder says of the chain of its tokens, as a logit."""
STEEP = 4.0
"""What the state's word for or against it weighs: enough to be learnt soon."""
SPECIAL = TRACKS[Track.STRUCTURE]


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """What one look ends in: states, pairs, the frames after every round, and torsions."""

    x: Float[Tensor, "batch length width"]
    z: Float[Tensor, "batch patches patches pair"]
    rounds: tuple[Frames, ...]
    torsions: Float[Tensor, "batch length 7 2"]

    @property
    def frames(self) -> Frames:
        """Where every residue ends."""
        return self.rounds[-1]


class StructureRound(nn.Module):
    """One move of every residue, the same weights in every round."""

    def __init__(self, width: int, heads: int, geometric_heads: int, pair: int) -> None:
        """Attention told by the pairs, geometric attention over the frames, and the move."""
        super().__init__()
        self.attn = BiasedAttention(width, heads, pair)
        self.geom_attn = GeometricAttention(width, geometric_heads)
        self.ffn = swiglu_mlp(width, 4 / 3)
        last = nn.Linear(width, 6)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.move = nn.Sequential(nn.LayerNorm(width), last)

    def forward(
        self, x: Tensor, z: Tensor, frames: Frames
    ) -> tuple[Float[Tensor, "batch length width"], Frames]:
        """States and frames after this round."""
        x = x + self.attn(x, z, frames.known)
        x = x + self.geom_attn(x, frames, frames.known)
        x = x + self.ffn(x)
        turn, shift = self.move(x).float().split(3, dim=-1)
        return x, moved(frames, turn, 10.0 * shift)


@in_full_precision
def moved(
    frames: Frames, turn: Float[Tensor, "batch length 3"], shift: Float[Tensor, "batch length 3"]
) -> Frames:
    """Frames turned and shifted in their own axes; ``turn`` is a quaternion's vector part, whose
    scalar part is 1 before it is made a unit.
    """
    unit = torch.cat([torch.ones_like(turn[..., :1]), turn], dim=-1)
    w, x, y, z = (unit / unit.norm(dim=-1, keepdim=True)).unbind(-1)
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    rotation = torch.stack(rows, dim=-1).unflatten(-1, (3, 3))
    origin = frames.place(shift[..., None, :])[..., 0, :]
    return Frames(frames.rotation @ rotation, origin, frames.known)


class FoldingDecoder(nn.Module):
    """Single and pair track over the chain of the tokens, then rounds that move its residues."""

    def __init__(self, config: DecoderConfig) -> None:
        """``config.frames`` is "folded"."""
        super().__init__()
        self.config = config
        width, heads, pair = config.width, config.heads, config.pair_width
        self.embed = embedding_table(CODEBOOK_SIZE + 5, width)
        self.step_embed = embedding_table(CODEBOOK_SIZE + 5, FRAME)
        self.sequence_embed = embedding_table(TRACKS[Track.SEQUENCE].size, width)
        self.decoder_stack = Transformer(width, heads, 2, scaled=False)
        self.offsets = ChainOffsets(pair)
        self.geometry = nn.Linear(PATCH**2 * GEOMETRY, pair)
        self.given_geometry = nn.Linear(PATCH**2 * (GEOMETRY + 1), pair, bias=False)
        self.blocks = nn.ModuleList(PairBlock(width, heads, pair) for _ in range(config.layers))
        self.recycled_norms = nn.ModuleList((nn.LayerNorm(width), nn.LayerNorm(pair)))
        self.trust = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 1))
        self.round = StructureRound(width, heads, config.frame_heads, pair)
        self.torsions = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, 14)
        )
        self.plddt_head = PLDDTHead(width)
        self.judged_geometry = nn.Linear(PATCH**2 * GEOMETRY, pair, bias=False)
        self.judged_singles = nn.Linear(pair, width, bias=False)
        each = PATCH**2
        self.distogram_head = nn.Sequential(
            nn.LayerNorm(pair), nn.Linear(pair, each * DISTOGRAM_BINS)
        )
        self.pae_head = nn.Sequential(
            nn.LayerNorm(pair),
            nn.Linear(pair, 2 * pair),
            nn.GELU(),
            nn.Linear(2 * pair, each * PAE_BINS),
        )

    def look(
        self,
        tokens: Int[Tensor, "batch length"],
        valid: Bool[Tensor, "batch length"],
        sequence: Int[Tensor, "batch length"],
        given: Float[Tensor, "batch length 3 3"] | None = None,
        before: Folded | None = None,
    ) -> Folded:
        """One look: at the chain of the tokens, or at what the look before has made.

        ``given`` are known N, CA and C in Å, NaN elsewhere.
        """
        residues = valid & ((tokens < CODEBOOK_SIZE) | (tokens == SPECIAL.mask))
        there = patches(residues[..., None]).any(-1)
        mask = there[:, :, None] & there[:, None]
        chain = (tokens == SPECIAL.chain_break).cumsum(-1)
        start = chain_of_tokens(self.step_embed(tokens), residues)
        x = self.embed(tokens) + self.sequence_embed(sequence)
        x = self.decoder_stack(x, valid)
        seen = start if before is None else before.frames
        z = self.offsets(chain) + self.geometry(by_patches(pair_geometry(seen)))
        if before is not None:
            x = x + self.recycled_norms[0](before.x)
            z = z + self.recycled_norms[1](before.z)
        if given is not None:
            known = frames_from_backbone(given)
            both = (known.known[:, :, None] & known.known[:, None])[..., None].float()
            told = torch.cat([pair_geometry(known) * both, both], dim=-1)
            z = z + self.given_geometry(by_patches(told))
        for block in self.blocks:
            x, z = block(x, z, residues, mask)
        trust = (STEEP * self.trust(x)[..., 0].float() + TRUSTED).masked_fill(~residues, 0.0)
        trust = (trust.sum(-1) / residues.sum(-1).clamp_min(1)).sigmoid()[:, None, None]
        centre = (start.origin * residues[..., None]).sum(1) / residues.sum(1).clamp_min(1)[:, None]
        frames = Frames(start.rotation, trust * (start.origin - centre[:, None]), residues)
        rounds = []
        for _ in range(ROUNDS):
            x, frames = self.round(x, z, frames)
            rounds.append(frames)
            frames = Frames(frames.rotation.detach(), frames.origin, frames.known)
        return Folded(x, z, tuple(rounds), self.torsions(x).float().unflatten(-1, (7, 2)))

    def distograms(self, found: Folded) -> Float[Tensor, "batch length length bins"]:
        """Logits of the distances that the pairs speak of; only training asks for them."""
        return by_residues(self.distogram_head(found.z), found.x.shape[1])

    def confidence(
        self, found: Folded
    ) -> tuple[Float[Tensor, "batch length bins"], Float[Tensor, "batch length length errors"]]:
        """Logits of pLDDT and PAE for a structure that no gradient reaches through them."""
        frames = found.frames
        still = Frames(frames.rotation.detach(), frames.origin.detach(), frames.known)
        z = found.z.detach() + self.judged_geometry(by_patches(pair_geometry(still)))
        weight = patches(frames.known[..., None].to(z.dtype)).mean(-1)[:, None, :, None]
        pooled = (z * weight).sum(2) / weight.sum(2).clamp_min(1)
        pooled = self.judged_singles(pooled).repeat_interleave(PATCH, dim=1)
        length = frames.known.shape[1]
        x = found.x.detach() + pooled[:, :length]
        return self.plddt_head(x), by_residues(self.pae_head(z), length)

    def forward(
        self,
        tokens: Int[Tensor, "batch length"],
        valid: Bool[Tensor, "batch length"] | None = None,
        *,
        sequence: Int[Tensor, "batch length"] | None = None,
        given: Float[Tensor, "batch length 3 3"] | None = None,
        pairs: bool = True,
        atoms: bool = True,
    ) -> DecodedStructure:
        """Coordinates and confidence at every token; ``pairs`` asks for PAE and pTM too, ``atoms``
        for side chains, which residues have whose letter in ``sequence`` is not masked.

        ``given`` are N, CA and C in Å that are known, NaN elsewhere: what is made fits them.
        """
        asked = sequence
        if sequence is None:
            sequence = torch.full_like(tokens, TRACKS[Track.SEQUENCE].mask)
        if valid is None:
            valid = torch.ones_like(tokens, dtype=torch.bool)
        found = self.look(tokens, valid, sequence, given)
        for _ in range(RECYCLES):
            found = self.look(tokens, valid, sequence, given, found)
        whole = relaxed(found.frames, self._bonded(tokens))
        found = replace(found, rounds=(*found.rounds, whole))
        plddt, pae_logits = self.confidence(found)
        pae = ptm = None
        if pairs:
            pae, ptm = predicted_errors(pae_logits, found.frames.known)
        placed = None
        if atoms and asked is not None:
            placed = atoms_of_letters(found.frames, found.torsions, asked)
        return DecodedStructure(found.frames.backbone(), expected_plddt(plddt), pae, ptm, placed)

    def _bonded(self, tokens: Int[Tensor, "batch length"]) -> Bool[Tensor, "batch bonds"]:
        """Which residues are bonded to the next: those whose token is no jump over a gap."""
        step = self.step_embed(tokens)[:, 1:, :3].float().norm(dim=-1) * TRANSLATION_SCALE
        return step < UNBROKEN


@in_full_precision
def chain_of_tokens(
    numbers: Float[Tensor, "batch length 9"], residues: Bool[Tensor, "batch length"]
) -> Frames:
    """The chain that tokens compose, step after step."""
    chain = composed(frames_of_numbers(numbers.float()))
    return Frames(chain.rotation, chain.origin, residues)
