"""Training of the structure tokenizer: a VQ-VAE from backbone to tokens and back [A.1.7].

Stage 1 trains encoder, codebook and decoder together; the codebook follows the encoder by
exponential moving average, and codes that fall out of use are replaced by encoder outputs. Stage 2
goes on with the decoder and its confidence heads alone, on the tokens of the frozen encoder.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss

from ..constants import ATOM37, MASK
from ..model.config import ModelConfig
from ..model.frames import Frames, frames_from_backbone
from ..model.structure_decoder import StructureDecoder, ideal_backbone
from ..model.structure_encoder import Codebook, StructureEncoder
from ..protein import Protein
from ..tokenizers.residue import decode_letters
from ..tracks import TRACKS, Track
from . import losses
from .corpus import Corpus
from .data import SHARD_ALPHABET, Batch, Crops, pad
from .descent import Descent

DECAY = 0.99
COMMITMENT = 0.25
UNUSED_BELOW = 0.05
SPECIAL = TRACKS[Track.STRUCTURE]


@dataclass(frozen=True, slots=True)
class StructureTraining:
    """What to train and for how long; ``continuous`` steps come before quantisation starts."""

    steps: int = 2000
    seconds: float = float("inf")
    continuous: int = 200
    batch: int = 16
    lengths: tuple[int, ...] = (64, 96, 160, 256)
    peak: float = 2e-3
    warm_up: int = 100
    paired: int = 64
    seed: int = 0


class StructureAutoencoder(nn.Module):
    """Encoder and decoder joined by the straight-through codebook."""

    def __init__(self, config: ModelConfig) -> None:
        """The two parts to train, and what connects code vectors to the decoder."""
        super().__init__()
        self.encoder = StructureEncoder(config.encoder)
        self.decoder = StructureDecoder(config.decoder)
        self.used = config.used_codes
        self.lift = nn.Linear(config.encoder.code_width, config.decoder.width)
        self.letters = nn.Linear(config.decoder.width, len(SHARD_ALPHABET))
        with torch.no_grad():
            self.encoder.codebook.embeddings[self.used :] = 1e4
            nn.init.normal_(self.decoder.embed.weight, std=0.5)

    def decode(self, codes: Float[Tensor, "batch length code"], batch: Batch) -> tuple:
        """Decoder states, frames and backbone for code vectors, with BOS and EOS around them."""
        known = batch.valid & torch.isfinite(batch.backbone).all(-1).all(-1)
        rows, length = batch.valid.shape
        body = torch.where(known[..., None], self.lift(codes), self._special(SPECIAL.mask))
        body = torch.where(batch.valid[..., None], body, self._special(SPECIAL.pad))
        x = body.new_zeros(rows, length + 2, body.shape[-1])
        x[:, 1:-1] = body
        x[:, 0] = self._special(SPECIAL.bos)
        end = batch.valid.sum(-1) + 1
        x[torch.arange(rows), end] = self._special(SPECIAL.eos)
        valid = torch.arange(length + 2) <= end[:, None]
        x = self.decoder.decoder_stack.norm(self.decoder.decoder_stack(x, valid))[:, 1:-1]
        frames = self.decoder.affine_output_projection(x)
        backbone = frames.place(ideal_backbone().expand(rows, length, 3, 3))
        return x, frames, backbone, known

    def _special(self, token: int) -> Float[Tensor, " width"]:
        return self.decoder.embed.weight[token]

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
    sums = torch.zeros(used, z.shape[1]).index_add_(0, code, z)
    codebook.N[:used] = DECAY * codebook.N[:used] + (1 - DECAY) * hits
    codebook.z_avg[:used] = DECAY * codebook.z_avg[:used] + (1 - DECAY) * sums
    unused = torch.nonzero(codebook.N[:used] < UNUSED_BELOW)[:, 0]
    fresh = z[torch.randint(len(z), (len(unused),))]
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


def train_structure(
    model: StructureAutoencoder,
    crops: Crops,
    plan: StructureTraining,
    report: Callable[[dict[str, float]], None],
) -> Iterator[int]:
    """Train; yields after every step, so that the caller may save and stop where it likes."""
    torch.manual_seed(plan.seed)
    descent = Descent(
        model, peak=plan.peak, warm_up=plan.warm_up, steps=plan.steps, seconds=plan.seconds
    )
    codebook, pool = model.encoder.codebook, []
    for step, progress in descent:
        length = plan.lengths[int(progress * len(plan.lengths) * 0.999)]
        batch = crops.batch(max(2, plan.batch * plan.lengths[0] // length), length)
        z, known = model.encoder.embed(batch.backbone, batch.number, batch.valid)
        codes, commitment, replaced = z, z.new_zeros(()), 0
        if step < plan.continuous:
            codes = z + 0.1 * torch.randn_like(z)
            commitment = 0.01 * z[known].square().mean()
            pool = [*pool[-11:], z[known].detach()]
        else:
            if step == plan.continuous:
                start_codebook(codebook, model.used, torch.cat(pool))
            index = codebook.nearest(z.detach())
            quantised = codebook.embeddings[index]
            commitment = COMMITMENT * mse_loss(z[known], quantised[known])
            codes = z + (quantised - z).detach()
            replaced = follow(codebook, model.used, z[known].detach(), index[known])
        terms, lddt = structure_losses(model, codes, batch, plan.paired)
        terms["commitment"] = commitment
        values = descent.descend(terms, WEIGHTS)
        report({"step": step, "replaced": replaced, "lddt": lddt, **values})
        yield step


def train_decoder(
    model: StructureAutoencoder,
    corpus: Corpus,
    plan: StructureTraining,
    report: Callable[[dict[str, float]], None],
) -> Iterator[int]:
    """Stage 2: the decoder alone, on tokens of whole chains; yields after every step."""
    torch.manual_seed(plan.seed)
    random = np.random.default_rng(plan.seed)
    descent = Descent(
        model, peak=plan.peak, warm_up=plan.warm_up, steps=plan.steps, seconds=plan.seconds
    )
    for step, progress in descent:
        length = plan.lengths[int(progress * len(plan.lengths) * 0.999)]
        batch, ids = corpus_crops(corpus, max(4, plan.batch * 64 // length), length, random)
        codes = model.encoder.codebook.embeddings[ids.clamp(max=model.used - 1)]
        terms, lddt = structure_losses(model, codes, batch, plan.paired)
        values = descent.descend(terms, WEIGHTS)
        report({"step": step, "length": length, "lddt": lddt, **values})
        yield step


def structure_losses(
    model: StructureAutoencoder,
    codes: Float[Tensor, "batch length code"],
    batch: Batch,
    paired: int,
) -> tuple[dict[str, Tensor], float]:
    """Every loss of decoding these code vectors, and the mean lDDT reached.

    ``paired`` residues, drawn at random, stand for all in the losses that compare vectors or need
    the pair head.
    """
    x, frames, backbone, known = model.decode(codes, batch)
    true = torch.where(known[..., None, None], batch.backbone, 0.0)
    lddt = losses.residue_lddt(backbone.detach(), true, known)
    some = torch.randperm(true.shape[1])[:paired].sort().values
    pair_logits = model.decoder.pairwise_classification_head(x[:3, some])
    terms = {
        "fape": losses.frame_aligned_loss(frames, frames_from_backbone(batch.backbone), known),
        "distance": losses.distance_loss(backbone, true, known),
        "direction": losses.direction_loss(backbone, true, known, some),
        "plddt": losses.plddt_loss(model.decoder.plddt_head(x.detach()), lddt, known),
        "letters": cross_entropy(model.letters(x)[known], batch.letters[known]),
        **losses.pair_losses(pair_logits, _among(frames, some), true[:3, some], known[:3, some]),
    }
    return terms, float(losses.masked_mean(lddt, known))


def corpus_crops(
    corpus: Corpus, size: int, length: int, random: np.random.Generator
) -> tuple[Batch, Int[Tensor, "batch length"]]:
    """Random crops of a corpus, and their structure tokens."""
    proteins, tokens = [], torch.zeros(size, length, dtype=torch.long)
    for row, chain in enumerate(random.integers(len(corpus), size=size)):
        first, last = int(corpus.offsets[chain]), int(corpus.offsets[chain + 1])
        start = first + int(random.integers(max(1, last - first - length + 1)))
        crop = slice(start, min(last, start + length))
        ids = corpus.tokens[Track.STRUCTURE][crop]
        tokens[row, : len(ids)] = torch.from_numpy(ids)
        coordinates = np.full((len(ids), len(ATOM37), 3), np.nan, np.float32)
        coordinates[:, :3] = corpus.backbone[crop]
        letters = "".join(decode_letters(corpus.tokens[Track.SEQUENCE][crop], Track.SEQUENCE))
        proteins.append(Protein(letters.replace(MASK, "X"), coordinates))
    return pad(proteins, [0] * size, length), tokens


WEIGHTS = {
    "fape": 2.0, "distance": 0.1, "direction": 0.2, "commitment": 1.0, "plddt": 0.1,
    "letters": 0.1, "distogram": 0.2, "direction_bins": 0.1, "pae": 0.1,
}  # fmt: skip


def _among(frames: Frames, at: Int[Tensor, " chosen"]) -> Frames:
    return Frames(frames.rotation[:3, at], frames.origin[:3, at], frames.known[:3, at])


def save(model: nn.Module, path: Path) -> None:
    """Write parameters to a safetensors file."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, path)
