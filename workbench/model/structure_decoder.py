"""Structure-token decoder: tokens to backbone coordinates and confidence [A.1.7, Algorithm 8]."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from ..rigid_groups import sequence_index
from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from .confidence import PairHead, PLDDTHead, expected_plddt
from .config import DecoderConfig
from .embedding import embedding_table
from .frames import Frames, composed, gram_schmidt
from .sidechains import atoms_from_torsions
from .transformer import Transformer, padding_mask

TRANSLATION_SCALE = 10.0
CORRECTION = 0.1
"""Share of the state's frame numbers in the place of a chained residue."""
IN_PLACE = (0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
"""Frame numbers of a residue that stays where its chain puts it."""
FRAME = 9
"""Numbers of a frame: its origin in 10 Å and two directions in its plane."""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedStructure:
    """Backbone N, CA, C in Å; pLDDT 0–1; PAE in Å and pTM when they were asked for.

    ``atoms`` is atom37 in Å, NaN where absent, from a decoder of all atoms; else None.
    """

    backbone: Float[Tensor, "batch length 3 3"]
    plddt: Float[Tensor, "batch length"]
    pae: Float[Tensor, "batch length length"] | None
    ptm: Float[Tensor, " batch"] | None
    atoms: Float[Tensor, "batch length 37 3"] | None = None


class FrameHead(nn.Module):
    """Frame of each residue from its state, and 7 torsions that the open model leaves unused.

    The published head gives global frames. A ``chained`` one composes the steps of the tokens, each
    the frame of a residue seen from the residue before, and the state corrects every residue in its
    place.
    """

    def __init__(self, width: int, *, chained: bool = False) -> None:
        """A head on a decoder of this width."""
        super().__init__()
        self.chained = chained
        self.ffn1 = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.proj = nn.Linear(width, FRAME + 14)
        if chained:
            self.step_embed = embedding_table(CODEBOOK_SIZE + 5, FRAME)

    def forward(
        self, x: Float[Tensor, "batch length width"], tokens: Int[Tensor, "batch length"]
    ) -> tuple[Frames, Float[Tensor, "batch length 7 2"]]:
        """Frames in an arbitrary but common global system, and torsions as (sin, cos) of any
        length.
        """
        out = self.proj(self.norm(nn.functional.gelu(self.ffn1(x)))).float()
        frame, torsions = out[..., :FRAME], out[..., FRAME:].unflatten(-1, (7, 2))
        if not self.chained:
            return frames_of_numbers(frame), torsions
        chain = composed(frames_of_numbers(self.step_embed(tokens).float()))
        place = frames_of_numbers(CORRECTION * frame + frame.new_tensor(IN_PLACE))
        origin = chain.place(place.origin[..., None, :])[..., 0, :]
        return Frames(chain.rotation @ place.rotation, origin, chain.known), torsions


def frames_of_numbers(numbers: Float[Tensor, "*batch length 9"]) -> Frames:
    """Frames from an origin in 10 Å and two directions each."""
    origin, toward_c, toward_n = numbers.split(3, dim=-1)
    toward_c, toward_n = (v / (v.norm(dim=-1, keepdim=True) + 1e-5) for v in (toward_c, toward_n))
    known = torch.ones_like(origin[..., 0], dtype=torch.bool)
    return Frames(gram_schmidt(-toward_c, toward_n), origin * TRANSLATION_SCALE, known)


class StructureDecoder(nn.Module):
    """A bidirectional transformer over structure tokens, with BOS and EOS at the ends."""

    drafts = False
    """Whether a draft is there sooner."""

    def __init__(self, config: DecoderConfig) -> None:
        """Any size; parameter names and shapes are the published checkpoint's."""
        super().__init__()
        self.config = config
        self.embed = embedding_table(CODEBOOK_SIZE + 5, config.width)
        if config.all_atoms:
            self.sequence_embed = embedding_table(TRACKS[Track.SEQUENCE].size, config.width)
        self.decoder_stack = Transformer(config.width, config.heads, config.layers, scaled=False)
        self.affine_output_projection = FrameHead(config.width, chained=config.chained)
        self.pairwise_classification_head = PairHead(config.width)
        self.plddt_head = PLDDTHead(config.width)

    def states(
        self,
        tokens: Int[Tensor, "batch length"],
        valid: Bool[Tensor, "batch length"] | None = None,
        sequence: Int[Tensor, "batch length"] | None = None,
    ) -> Float[Tensor, "batch length width"]:
        """The normalised last state that every head reads.

        A decoder of all atoms also reads ``sequence`` tokens, all masked where there are none.
        """
        x = self.embed(tokens)
        if self.config.all_atoms:
            if sequence is None:
                sequence = torch.full_like(tokens, TRACKS[Track.SEQUENCE].mask)
            x = x + self.sequence_embed(sequence)
        return self.decoder_stack.norm(self.decoder_stack(x, padding_mask(valid)))

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
        for side chains.

        ``sequence`` tokens are read by a decoder of all atoms, which gives residues whose letter is
        masked a backbone only. ``given`` coordinates are not read: tokens alone say where all is.
        A ``draft`` is no different, so quick is this decoder.
        """
        x = self.states(tokens, valid, sequence)
        frames, torsions = self.affine_output_projection(x, tokens)
        plddt = expected_plddt(self.plddt_head(x))
        pae = ptm = None
        if pairs:
            residues = tokens < CODEBOOK_SIZE
            pae, ptm = self.pairwise_classification_head.aligned_error(x, residues)
        side_chain_atoms = None
        if atoms and self.config.all_atoms and sequence is not None:
            side_chain_atoms = atoms_of_letters(frames, torsions, sequence)
        return DecodedStructure(frames.backbone(), plddt, pae, ptm, side_chain_atoms)


def atoms_of_letters(
    frames: Frames,
    torsions: Float[Tensor, "batch length 7 2"],
    sequence: Int[Tensor, "batch length"],
) -> Float[Tensor, "batch length 37 3"]:
    """All heavy atoms of these sequence tokens in Å, NaN where a residue lacks one."""
    atoms, present = atoms_from_torsions(frames, torsions, residue_kinds(sequence))
    return atoms.masked_fill(~present[..., None], torch.nan)


def residue_kinds(sequence: Int[Tensor, "*batch length"]) -> Int[Tensor, "*batch length"]:
    """Residue types, as side chains know them, of sequence tokens."""
    spec = TRACKS[Track.SEQUENCE]
    letters = [token if len(token) == 1 else "X" for token in spec.tokens]
    kinds = sequence_index("".join(letters).ljust(spec.size, "X"))
    return torch.from_numpy(kinds).to(sequence.device)[sequence]
