"""Training of the trunk: hide part of every track, predict what was hidden [Hayes et al. 2025,
A.2].
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from ..errors import CheckpointError
from ..model.chain_codes import STEP, UNBROKEN, step_axes
from ..model.embedding import TrackTokens
from ..model.esm3 import ESM3
from ..model.structure_encoder import StructureEncoder
from ..tracks import CODEBOOK_SIZE, RESIDUE_NONE, TRACKS, Track
from .corpus import Corpus
from .function import FunctionDraw
from .masking import TRACK_NOISE, Noise, drawn_task, masked_residues
from .plan import Plan
from .sites import SITES, UNKNOWN, site_ids

WEIGHTS = {
    Track.SEQUENCE: 1.0,
    Track.STRUCTURE: 0.3,
    Track.SS8: 0.35,
    Track.SASA: 0.25,
    Track.FUNCTION: 0.1,
    Track.RESIDUE: 0.5,
}
SHARES = {"inverse_folding": 0.4, "folding": 0.2, "from_nothing": 0.15}
"""Shares of the crops for each task, where the plan's options give none."""
SITE_NOISE = Noise("square_root", 0.7)
MOST_NOISE = 0.1
"""Å: coordinates are moved by Gaussian noise of up to this spread, another in every crop."""
NEVER = -1e4
"""Bias of the logit of what is never predicted."""
ALIKE, SPREAD = 24, 0.35
"""Codes that share the target of a hidden structure token, and how far, in Å, it spreads."""

Rows = tuple[TrackTokens, dict[Track, Tensor]]


class TrunkDraw:
    """Crops of a tokenized corpus with their noise."""

    def __init__(self, corpus: Corpus, plan: Plan, function: FunctionDraw | None = None) -> None:
        """The plan's options may set the share of crops of each task."""
        self.corpus, self.plan, self.function = corpus, plan, function
        self.shares = SHARES | plan.options

    def __call__(self, step: int, random: np.random.Generator, device: torch.device) -> Rows:
        """Rows, and the true ids where a track was hidden (-100 elsewhere).

        A crop carries BOS or EOS only where the protein really begins or ends.
        """
        size, length = self.plan.crops(step), self.plan.length(step)
        rows = TrackTokens.masked(size, length)
        truth = {track: torch.full((size, length), -100) for track in TRACK_NOISE}
        truth[Track.RESIDUE] = torch.full((size, length, len(SITES)), -100)
        if self.function is not None:
            tables = TRACKS[Track.FUNCTION].width
            truth[Track.FUNCTION] = torch.full((size, length, tables), -100)
        for i, chain in enumerate(self.corpus.drawn(size, random)):
            self._place(rows, truth, i, int(chain), random)
        moved = {name: getattr(rows, name).to(device) for name in TrackTokens.__dataclass_fields__}
        return TrackTokens(**moved), {track: ids.to(device) for track, ids in truth.items()}

    def _place(
        self,
        rows: TrackTokens,
        truth: dict[Track, Tensor],
        i: int,
        chain: int,
        random: np.random.Generator,
    ) -> None:
        length, corpus = rows.sequence.shape[1], self.corpus
        first, last = (int(bound) for bound in corpus.offsets[chain : chain + 2])
        whole = last - first + 2
        start = int(random.integers(max(1, whole - length + 1)))
        stop = min(whole, start + length)
        begins, ends = start == 0, stop == whole
        residues = slice(first + max(0, start - 1), first + stop - 1 - ends)
        at = slice(int(begins), stop - start - int(ends))
        count = at.stop - at.start
        task = drawn_task(self.shares, random)
        for track, noise in task.tracks.items():
            spec, ids = TRACKS[track], corpus.tokens[track][residues]
            values = (ids >= spec.values.start) & (ids < spec.values.stop)
            hidden = masked_residues(noise, count, random)
            row = getattr(rows, track.value)[i]
            row[at] = torch.from_numpy(np.where(hidden, spec.mask, ids))
            truth[track][i, at] = torch.from_numpy(np.where(hidden & values, ids, -100))
            if begins:
                row[0] = spec.bos
            if ends:
                row[at.stop] = spec.eos
            row[stop - start :] = spec.pad
        self._place_sites(rows, truth, i, at, corpus.sites[residues], random)
        rows.residue[i, stop - start :] = TRACKS[Track.RESIDUE].pad
        if self.function is not None:
            given, labels = self.function(str(corpus.families[chain]), random)
            rows.function[i, at] = torch.from_numpy(given)
            truth[Track.FUNCTION][i, at] = torch.from_numpy(labels)
            rows.function[i, stop - start :] = TRACKS[Track.FUNCTION].pad
        shown = ~masked_residues(task.coordinates, count, random)
        backbone = np.where(shown[:, None, None], corpus.backbone(residues), np.nan)
        moved = random.standard_normal(backbone.shape, np.float32) * np.float32(
            MOST_NOISE * random.random()
        )
        rows.backbone[i, at] = torch.from_numpy(backbone + moved)
        is_placed = np.isfinite(backbone).all((1, 2))
        rows.residue_plddt[i, at] = torch.from_numpy(is_placed.astype(np.float32))
        rows.valid[i, stop - start :] = False

    @staticmethod
    def _place_sites(
        rows: TrackTokens,
        truth: dict[Track, Tensor],
        i: int,
        at: slice,
        bits: Int[np.ndarray, " residues"],
        random: np.random.Generator,
    ) -> None:
        """Show the sites of a crop, all or only those there are, or ask for them."""
        shown = ~masked_residues(SITE_NOISE, len(bits), random) & (bits != UNKNOWN)
        if random.random() < 0.5:
            shown &= bits > 0
        ids = site_ids(np.where(shown, bits, UNKNOWN), rows.residue.shape[-1])
        rows.residue[i, at] = torch.from_numpy(ids)
        labels = bits[:, None] >> np.arange(len(SITES)) & 1
        hidden = (~shown & (bits != UNKNOWN))[:, None]
        truth[Track.RESIDUE][i, at] = torch.from_numpy(np.where(hidden, labels, -100))


class TrunkObjective(nn.Module):
    """Cross-entropy of each track over its hidden residues; heads see only those.

    A structure token is as well predicted by a code that looks like it: the target is spread over
    codes that are alike.
    """

    def __init__(self, trunk: ESM3, codes: Float[Tensor, "codes 12"] | None = None) -> None:
        """Trains the trunk; ``codes`` are those of a chained tokenizer, whose distances mean Å."""
        super().__init__()
        self.trunk, self.alike = trunk, None if codes is None else codes_alike(codes)

    def forward(self, batch: Rows, progress: float) -> dict[str, Tensor]:
        """The losses by track; ``progress`` changes nothing."""
        rows, truth = batch
        x = self.trunk.transformer.norm(self.trunk.embed(rows))
        losses = {}
        for track, ids in truth.items():
            hidden = ids >= 0 if ids.ndim == 2 else (ids >= 0).all(-1)
            if hidden.any():
                logits = self.trunk.output_heads(x[hidden], track).float()
                if track is Track.STRUCTURE and self.alike is not None:
                    near, share = (table.to(logits.device)[ids[hidden]] for table in self.alike)
                    log_likelihood = logits.gather(-1, near) - logits.logsumexp(-1, keepdim=True)
                    losses[track.value] = -(log_likelihood * share).sum(-1).mean()
                elif track is Track.RESIDUE:
                    bits, first = ids[hidden].float(), RESIDUE_NONE + 1
                    losses[track.value] = binary_cross_entropy_with_logits(
                        logits[..., first : first + len(SITES)], bits, reduction="sum"
                    ) / len(bits)
                else:
                    losses[track.value] = cross_entropy(
                        logits.flatten(0, -2), ids[hidden].flatten()
                    )
        return losses


def codes_alike(
    codes: Float[Tensor, "codes 12"],
) -> tuple[Int[Tensor, "codes alike"], Float[Tensor, "codes alike"]]:
    """For each code those nearest to it, and their shares of one."""
    square, near = torch.cdist(codes, codes).square().topk(min(ALIKE, len(codes)), largest=False)
    return near, (-square / (2 * SPREAD**2)).softmax(-1)


@torch.no_grad()
def start_from_codes(trunk: ESM3, encoder: StructureEncoder, used: int) -> None:
    """Begin where codes that are alike look alike and are as likely as each other."""
    codes = encoder.codebook.embeddings[:used, :STEP]
    scaled = (codes - codes.mean(0)) / codes.std(0).clamp_min(0.05)
    width, parts = trunk.config.width, codes.shape[1]
    embed = trunk.encoder.structure_tokens_embed.weight
    embed[:used] = 0.7 * scaled @ torch.randn(parts, width) / parts**0.5
    embed[:used] += 0.1 * torch.randn(used, width)
    last = _code_logits(trunk)
    last.weight[:used] = 0.05 * scaled @ torch.randn(parts, width) / parts**0.5
    last.weight[:used] += 0.01 * torch.randn(used, width)
    last.bias.zero_()
    last.bias[min(used, CODEBOOK_SIZE) :] = -10.0


@torch.no_grad()
def leave_out_jumps(trunk: ESM3, codes: Float[Tensor, "codes width"]) -> None:
    """Have it predict no step that is longer than a bond, so that what it makes has no gaps.

    Codes that are given may still say that a chain goes on behind residues nobody saw.
    """
    _, shifts = step_axes(codes[:, :STEP])
    last = _code_logits(trunk)
    last.bias[: len(codes)][shifts.norm(dim=-1) >= UNBROKEN] = NEVER


def _code_logits(trunk: ESM3) -> nn.Linear:
    """The layer that gives the logits of structure codes."""
    last = trunk.output_heads.structure_head[-1]
    assert isinstance(last, nn.Linear)
    return last


@torch.no_grad()
def start_from_trunk(trunk: ESM3, given: ESM3) -> None:
    """Begin with the parameters of a trunk of the same width.

    Geometric heads and layers that it lacks begin silent: they add nothing until they have learnt.
    Raises CheckpointError where the two have nothing else in common.
    """
    known = given.state_dict()
    for name, value in trunk.state_dict().items():
        if name in known and known[name].shape == value.shape:
            value.copy_(known[name])
        elif ".geom_attn." not in name:
            raise CheckpointError(
                f"the model to start from has no {name} of shape {tuple(value.shape)}; "
                "choose the sizes of its trunk"
            )
        elif name.endswith("out_proj.weight"):
            value.zero_()
