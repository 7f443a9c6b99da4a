"""Training of encoder, codebook and decoder together: stage 1 [Hayes et al. 2025, A.1.7].

A VQ-VAE from backbone to tokens and back with a straight-through gradient. The codebook follows the
encoder by exponential moving average, and codes that fall out of use are replaced by encoder
outputs. Of use for absolute frames; a chained tokenizer starts from known steps (``tokens``).
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, distributed, nn
from torch.nn.functional import cross_entropy, mse_loss

from ..model.config import ModelConfig
from ..model.frames import Frames, frames_from_backbone
from ..model.structure_decoder import StructureDecoder
from ..model.structure_encoder import Codebook, StructureEncoder
from ..rigid_groups import UNKNOWN_RESIDUE
from ..tracks import TRACKS, Track
from . import losses
from .decoder import PAIRED, PAIRED_CROPS, DecoderBatch

DECAY = 0.99
COMMITMENT = 0.25
UNUSED_BELOW = 0.05
NOISE = 0.1
"""Spread of the noise on code vectors while they are still continuous."""
SPECIAL = TRACKS[Track.STRUCTURE]

WEIGHTS = {
    "fape": 2.0, "distance": 0.1, "direction": 0.2, "commitment": 1.0, "plddt": 0.1,
    "letters": 0.1, "distogram": 0.2, "direction_bins": 0.1, "pae": 0.1,
}  # fmt: skip


class AutoencoderObjective(nn.Module):
    """Encoder and decoder joined by the codebook; quantisation starts after ``continuous`` of the
    run.
    """

    def __init__(self, config: ModelConfig, continuous: float = 0.1) -> None:
        """The two parts to train, and what connects code vectors to the decoder."""
        super().__init__()
        self.encoder = StructureEncoder(config.encoder)
        self.decoder = StructureDecoder(config.decoder)
        self.used, self.continuous = config.used_codes, continuous
        self.lift = nn.Linear(config.encoder.code_width, config.decoder.width)
        self.letters = nn.Linear(config.decoder.width, UNKNOWN_RESIDUE + 1)
        self.register_buffer("started", torch.tensor(False))
        with torch.no_grad():
            self.encoder.codebook.embeddings[self.used :] = 1e4
            nn.init.normal_(self.decoder.embed.weight, std=0.5)

    def forward(self, batch: DecoderBatch, progress: float) -> dict[str, Tensor]:
        """The losses by name; moves the codebook while it trains."""
        backbone = batch.atoms[:, :, :3]
        inside = batch.structure[:, 1:-1] != SPECIAL.pad
        inside &= batch.structure[:, 1:-1] != SPECIAL.eos
        index = torch.arange(backbone.shape[1], device=backbone.device).expand(inside.shape)
        z, known = self.encoder.embed(backbone, index, inside)
        z = z.float()
        if progress < self.continuous:
            codes, commitment = z + NOISE * torch.randn_like(z), 0.01 * z[known].square().mean()
        else:
            codes, commitment = self._quantised(z, known)
        return self._decoded(codes, batch, known, inside) | {"commitment": commitment}

    def _quantised(self, z: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        codebook, vectors = self.encoder.codebook, z[known].detach()
        if self.training and not self.started:
            start_codebook(codebook, self.used, vectors)
            self.started.fill_(True)
        index = codebook.nearest(z.detach())
        quantised = codebook.embeddings[index]
        commitment = COMMITMENT * mse_loss(z[known], quantised[known])
        if self.training:
            follow(codebook, self.used, vectors, index[known])
        return z + (quantised - z).detach(), commitment

    def _decoded(
        self,
        codes: Float[Tensor, "batch length code"],
        batch: DecoderBatch,
        known: Bool[Tensor, "batch length"],
        inside: Bool[Tensor, "batch length"],
    ) -> dict[str, Tensor]:
        x = self.decoder.embed(batch.structure)
        body = torch.where(known[..., None], self.lift(codes).to(x.dtype), x[:, 1:-1])
        x = torch.cat([x[:, :1], body, x[:, -1:]], dim=1)
        valid = batch.structure != SPECIAL.pad
        x = self.decoder.decoder_stack.norm(self.decoder.decoder_stack(x, valid))[:, 1:-1]
        index = self.encoder.codebook.nearest(codes.detach())
        frames, _ = self.decoder.affine_output_projection(x, index)
        backbone = frames.backbone()
        true = batch.atoms[:, :, :3]
        true_frames = frames_from_backbone(true)
        true = torch.where(known[..., None, None], true, 0.0)
        lddt = losses.residue_lddt(backbone.detach(), true, known)
        some = torch.randperm(x.shape[1], device=x.device)[:PAIRED].sort().values
        rows = slice(0, PAIRED_CROPS)
        logits = self.decoder.pairwise_classification_head(x[rows, some]).float()
        chosen = Frames(
            frames.rotation[rows, some], frames.origin[rows, some], frames.known[rows, some]
        )
        return {
            "fape": losses.frame_aligned_loss(frames, true_frames, known),
            "distance": losses.distance_loss(backbone, true, known),
            "direction": losses.direction_loss(backbone, true, known, some),
            "plddt": losses.plddt_loss(self.decoder.plddt_head(x.detach()), lddt, known),
            "letters": cross_entropy(self.letters(x)[known], batch.kinds[known]),
            **losses.pair_losses(logits, chosen, true[rows, some], known[rows, some]),
        }

    @torch.no_grad()
    def export_embeddings(self) -> None:
        """Write each code's lifted vector into the token embedding that inference reads."""
        used = self.encoder.codebook.embeddings[: self.used]
        self.decoder.embed.weight[: self.used] = self.lift(used)


@torch.no_grad()
def follow(
    codebook: Codebook, used: int, z: Float[Tensor, "n code"], code: Int[Tensor, " n"]
) -> int:
    """Move the codebook towards the vectors assigned to it; how many codes were replaced."""
    hits = torch.bincount(code, minlength=used)[:used].float()
    sums = torch.zeros(used, z.shape[1], device=z.device).index_add_(0, code, z)
    if distributed.is_initialized():
        distributed.all_reduce(hits)
        distributed.all_reduce(sums)
    codebook.N[:used] = DECAY * codebook.N[:used] + (1 - DECAY) * hits
    codebook.z_avg[:used] = DECAY * codebook.z_avg[:used] + (1 - DECAY) * sums
    unused = torch.nonzero(codebook.N[:used] < UNUSED_BELOW)[:, 0]
    fresh = z[torch.randint(len(z), (len(unused),), device=z.device)]
    codebook.N[unused], codebook.z_avg[unused] = 0.5, 0.5 * fresh
    codebook.embeddings[:used] = codebook.z_avg[:used] / codebook.N[:used, None]
    return len(unused)


@torch.no_grad()
def start_codebook(codebook: Codebook, used: int, z: Float[Tensor, "n code"]) -> None:
    """Take encoder outputs as the first codes."""
    chosen = (
        z[torch.randint(len(z), (used,))] if len(z) < used else z[torch.randperm(len(z))[:used]]
    )
    codebook.embeddings[:used] = codebook.z_avg[:used] = chosen
    codebook.N[:used] = 1.0
