"""The ESM3 trunk: any subset of tracks in, logits of any track out [Hayes et al. 2025, A.1.5]."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from jaxtyping import Float
from torch import Tensor, nn

from ..tracks import TRACKS, Track
from .config import TrunkConfig
from .embedding import InputEmbedding, TrackTokens
from .frames import Frames, frames_from_backbone
from .heads import OutputHeads
from .static_shapes import holds, shapes_are_static
from .transformer import Transformer, padding_mask


class ESM3(nn.Module):
    """The masked language model over all tracks.

    Where ``graphs`` is set, it answers in place of the layers (see ``CudaGraphs``).
    """

    graphs: Callable[[TrackTokens, Iterable[Track]], dict[Track, Tensor]] | None = None

    def __init__(self, config: TrunkConfig) -> None:
        """Any size; parameter names and shapes are the published checkpoint's."""
        super().__init__()
        self.config = config
        self.encoder = InputEmbedding(config.width, config.residue_labels)
        self.transformer = Transformer(
            config.width,
            config.heads,
            config.layers,
            geometric_heads=config.geometric_heads,
            geometric_layers=config.geometric_layers,
        )
        self.output_heads = OutputHeads(config.width, config.residue_labels)

    def embed(self, tokens: TrackTokens, layer: int = -1) -> Float[Tensor, "batch length width"]:
        """Embeddings: the stream after a block, the last one's before the final norm.

        ``layer`` is a block's number from 0, or from the end as -1.
        """
        tokens = with_special_structure_tokens(tokens)
        frames: Frames | None = frames_from_backbone(tokens.backbone)
        if holds(~frames.known.any()):
            frames = None
        valid = padding_mask(tokens.valid)
        depth = layer % self.config.layers + 1
        return self.transformer(self.encoder(tokens), valid, frames, tokens.chain, depth)

    def forward(
        self, tokens: TrackTokens, tracks: Iterable[Track] = tuple(Track)
    ) -> dict[Track, Float[Tensor, "..."]]:
        """Logits of the tracks asked for, and of no others; see ``OutputHeads`` for shapes."""
        if self.graphs is not None and not shapes_are_static():
            return self.graphs(tokens, tracks)
        x = self.transformer.norm(self.embed(tokens))
        return {track: self.output_heads(x, track) for track in tracks}


def with_special_structure_tokens(tokens: TrackTokens) -> TrackTokens:
    """BOS, EOS, padding and chain breaks of the sequence track, copied to the structure track."""
    sequence, structure = TRACKS[Track.SEQUENCE], TRACKS[Track.STRUCTURE]
    ids = tokens.structure
    for sequence_id, structure_id in (
        (sequence.bos, structure.bos),
        (sequence.eos, structure.eos),
        (sequence.pad, structure.pad),
        (sequence.chain_break, structure.chain_break),
    ):
        ids = ids.masked_fill(tokens.sequence == sequence_id, structure_id)
    return replace(tokens, structure=ids)
