"""Structure-token encoder: the local shape around a residue as one of 4096 codes [A.1.7, Alg. 7].

Structure in, nothing else: each residue sees its 16 nearest residues (by CA distance, itself
first) and their sequence offsets. Residues without a frame have no code.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from .chain_codes import follow_chain
from .config import EncoderConfig
from .embedding import drawn, embedding_table
from .frames import Frames, frames_from_backbone
from .geometric_attention import GeometricAttention
from .transformer import swiglu_mlp

MAX_OFFSET = 32
NO_CODE = -1


class Codebook(nn.Module):
    """Vectors of the codes, with the running sums that training keeps."""

    embeddings: Tensor
    N: Tensor
    z_avg: Tensor

    def __init__(self, codes: int, width: int) -> None:
        """``codes`` vectors of ``width``."""
        super().__init__()
        self.register_buffer("embeddings", drawn(codes, width))
        self.register_buffer("N", torch.ones(codes))
        self.register_buffer("z_avg", self.embeddings.clone())

    def nearest(self, z: Float[Tensor, "*batch width"]) -> Int[Tensor, "*batch"]:
        """Index of the code nearest to each vector, by Euclidean distance."""
        dots = z @ self.embeddings.T
        return (self.embeddings.square().sum(-1) - 2 * dots).argmin(-1)


class EncoderBlock(nn.Module):
    """Geometric attention and MLP, both with biases; no self-attention."""

    def __init__(self, width: int, geometric_heads: int) -> None:
        """One block over neighbourhoods."""
        super().__init__()
        self.geom_attn = GeometricAttention(width, geometric_heads, bias=True, zero_frameless=False)
        self.ffn = swiglu_mlp(width, 4, bias=True)

    def forward(self, x: Tensor, frames: Frames, keys: Tensor, queries: int | None) -> Tensor:
        """The stream after this block, at the first ``queries`` positions (None: at all)."""
        x = x[:, :queries] + self.geom_attn(x, frames, keys, queries=queries)
        return x + self.ffn(x)


class _Stack(nn.Module):
    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            EncoderBlock(config.width, config.geometric_heads) for _ in range(config.layers)
        )


class _Offsets(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.embedding = embedding_table(2 * MAX_OFFSET + 2, width)


class StructureEncoder(nn.Module):
    """Backbone coordinates to structure tokens."""

    def __init__(self, config: EncoderConfig) -> None:
        """Any size; parameter names and shapes are the published checkpoint's."""
        super().__init__()
        self.config = config
        self.transformer = _Stack(config)
        self.pre_vq_proj = nn.Linear(config.width, config.code_width)
        self.codebook = Codebook(config.codes, config.code_width)
        self.relative_positional_embedding = _Offsets(config.width)

    def embed(
        self,
        backbone: Float[Tensor, "batch length 3 3"],
        index: Int[Tensor, "batch length"] | None = None,
        valid: Bool[Tensor, "batch length"] | None = None,
    ) -> tuple[Float[Tensor, "batch length code"], Bool[Tensor, "batch length"]]:
        """Vectors before quantisation, and which residues have a frame.

        ``index`` numbers the residues along the sequence (default 0 …); ``valid`` is False on
        padding.
        """
        batch, length = backbone.shape[:2]
        frames = frames_from_backbone(backbone)
        if valid is None:
            valid = torch.ones_like(frames.known)
        known = frames.known & valid
        near, usable = nearest_residues(frames.origin, known, valid, self.config.neighbours)
        if index is None:
            index = torch.arange(length, device=backbone.device).expand(batch, length)
        rows = torch.arange(batch, device=backbone.device)[:, None, None]
        local = Frames(
            frames.rotation[rows, near].flatten(0, 1),
            frames.origin[rows, near].flatten(0, 1),
            (known[rows, near] & usable).flatten(0, 1),
        )
        offset = (index[rows, near] - index[..., None]).clamp(-MAX_OFFSET, MAX_OFFSET)
        x = self.describe(local, offset.flatten(0, 1)).unflatten(0, (batch, length))
        return self.pre_vq_proj(x.masked_fill(~known[..., None], 0.0)), known

    def describe(
        self, local: Frames, offset: Int[Tensor, "residues near"]
    ) -> Float[Tensor, "residues width"]:
        """The state of each residue among the frames nearest to it, itself first."""
        x = self.relative_positional_embedding.embedding(offset + MAX_OFFSET + 1)
        last = len(self.transformer.blocks) - 1
        for layer, block in enumerate(self.transformer.blocks):
            x = block(x, local, local.known, queries=1 if layer == last else None)
        return x[:, 0]

    def forward(
        self,
        backbone: Float[Tensor, "batch length 3 3"],
        index: Int[Tensor, "batch length"] | None = None,
        valid: Bool[Tensor, "batch length"] | None = None,
    ) -> Int[Tensor, "batch length"]:
        """Structure tokens, ``NO_CODE`` where a residue has no frame."""
        z, known = self.embed(backbone, index, valid)
        codes = self._following(z, backbone) if self.config.feedback else self.codebook.nearest(z)
        return codes.masked_fill(~known, NO_CODE)

    def _following(
        self, z: Float[Tensor, "batch length code"], backbone: Float[Tensor, "batch length 3 3"]
    ) -> Int[Tensor, "batch length"]:
        frames = frames_from_backbone(backbone.cpu())
        codebook = self.codebook.embeddings.float().cpu()
        codes = [
            follow_chain(vectors, Frames(*parts), codebook, self.config.feedback)
            for vectors, *parts in zip(
                z.float().cpu(), frames.rotation, frames.origin, frames.known, strict=True
            )
        ]
        return torch.stack(codes).to(z.device)


def nearest_residues(
    ca: Float[Tensor, "batch length 3"],
    known: Bool[Tensor, "batch length"],
    valid: Bool[Tensor, "batch length"],
    count: int,
) -> tuple[Int[Tensor, "batch length near"], Bool[Tensor, "batch length near"]]:
    """The ``count`` nearest residues of each, itself first, and which of them are not padding.

    By CA distance between residues with coordinates; all others follow, by distance along the
    sequence.
    """
    length = ca.shape[1]
    at = torch.arange(length, device=ca.device)
    along = (at[:, None] - at).abs() * 100.0 + 1e6
    distance = torch.linalg.vector_norm(ca[:, :, None] - ca[:, None], dim=-1)
    both = known[:, :, None] & known[:, None]
    distance = torch.where(both, distance, along)
    # Itself comes first, also where the CA of another lies in the same place.
    distance = distance.masked_fill(at[:, None] == at, -1.0)
    distance = distance.masked_fill(~(valid[:, :, None] & valid[:, None]), torch.inf)
    distance, near = distance.sort(dim=-1, stable=True)
    return near[..., :count], distance[..., :count].isfinite()
