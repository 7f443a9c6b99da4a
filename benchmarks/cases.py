"""The comparisons, each a generator of rows."""

import copy
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from reference_networks import reference_forward

from workbench import Prompt, Protein, load_model
from workbench.model.cuda_graphs import CudaGraphs
from workbench.model.embedding import TrackTokens
from workbench.model.fidelity import compare_precision
from workbench.model.reduced_precision import multiplies_bfloat16, reduce_blocks
from workbench.protein import FunctionAnnotation
from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory, advance_together
from workbench.tokenizers.function import decode_function, encode_function
from workbench.tracks import TRACKS, Track

from .memory import peak_megabytes
from .subjects import Subjects, backbone_of, row_of
from .timing import Row, finish, side_by_side

ALL_TRACKS = tuple(Track)
BATCH = 8
GPU_BATCHES = (1, 32)
LONGEST_OF_REFERENCE = 1024


def forward(two: Subjects, length: int, turns: int, device: str) -> Iterator[Row]:
    """One pass of the trunk; ours also with only the logits that a structure step reads."""
    for coordinates in (False, True):
        row = row_of(length, coordinates=coordinates, device=device)
        name = "forward with coordinates" if coordinates else "forward"
        reference = partial(reference_forward, two.trunk, row)
        yield side_by_side(
            name, two.size, length, partial(two.ours.trunk, row, ALL_TRACKS), reference, turns,
            note="all six tracks",
        )  # fmt: skip
        if not coordinates:
            yield side_by_side(
                name, two.size, length, partial(two.ours.trunk, row, (Track.STRUCTURE,)), reference,
                turns, note="structure logits only",
            )  # fmt: skip


def reduced_precision(two: Subjects, length: int, turns: int, device: str) -> Iterator[Row]:
    """One pass in reduced precision, against the reference in float32, and what it changes."""
    row = row_of(length, coordinates=True, device=device)
    for dtype in (torch.int8, torch.bfloat16):
        if dtype is torch.bfloat16 and not multiplies_bfloat16():
            continue
        trunk = reduce_blocks(copy.deepcopy(two.ours.trunk), dtype)
        changes = compare_precision(replace(two.ours, trunk=trunk), two.ours, row).values()
        divergence, changed = max(x.divergence for x in changes), max(x.changed for x in changes)
        name = str(dtype).removeprefix("torch.")
        yield side_by_side(
            f"forward with coordinates, {name}", two.size, length,
            partial(trunk, row, ALL_TRACKS), partial(reference_forward, two.trunk, row), turns,
            note=f"KL at most {divergence:.0e}, likeliest changed at most {changed:.0%}",
        )  # fmt: skip


def graphics(two: Subjects, length: int, turns: int) -> Iterator[Row]:
    """One structure pass in bfloat16 on a GPU, kernel by kernel and as a CUDA graph.

    The reference runs under autocast, as it does for its users.
    """
    row, tracks = row_of(length, coordinates=False, device="cuda"), (Track.STRUCTURE,)
    trunk = copy.deepcopy(two.ours.trunk).bfloat16()
    weights = sum(value.numel() for value in trunk.parameters())
    for count in GPU_BATCHES:
        many = _repeated(row, count)

        def theirs(many: TrackTokens = many) -> None:
            with torch.autocast("cuda", torch.bfloat16):
                reference_forward(two.trunk, many)

        work = f"{2 * weights * count * length / 1e12:.2f} TFLOP"
        passes = {"kernel by kernel": trunk, "CUDA graph": CudaGraphs(trunk)}
        for way, ours in passes.items():
            yield side_by_side(
                f"forward, bfloat16, {way}, batch {count}", two.size, length,
                partial(ours, many, tracks), theirs, turns, note=work,
            )  # fmt: skip


def memory(two: Subjects, length: int, device: str) -> Iterator[Row]:
    """Memory of one pass above the weights; beyond 1,024 residues the reference has not enough."""
    row = row_of(length, coordinates=True, device=device)
    ours = peak_megabytes(partial(two.ours.trunk, row, ALL_TRACKS), device)
    theirs = None
    if length <= LONGEST_OF_REFERENCE:
        theirs = peak_megabytes(partial(reference_forward, two.trunk, row), device)
    if ours is not None:
        ratio = theirs / max(ours, 1.0) if theirs else None
        spread = None if ratio is None else (ratio, ratio)
        name = "memory above the weights"
        yield Row(name, two.size, length, ours, theirs, ratio, spread, unit="MB")


def function_tokens(turns: int) -> Iterator[Row]:
    """Annotations of the embedded model on 256 residues to tokens and back."""
    model = load_model("esm3-nano")
    vocabulary, decoder = model.function_vocabulary, model.function_decoder
    if decoder is None:
        return
    labels = random.Random(0).sample(vocabulary.accessions, 10)
    annotations = [FunctionAnnotation(label, 20 * k, 20 * k + 60) for k, label in enumerate(labels)]
    nothing = np.zeros(256, bool)
    encoded = partial(encode_function, annotations, nothing, vocabulary)
    yield side_by_side("function tokens", "nano", 256, encoded, None, turns, note="10 annotations")
    decoded = partial(decode_function, encoded(), decoder, vocabulary)
    yield side_by_side("read function tokens", "nano", 256, decoded, None, turns)


def batch(two: Subjects, length: int, turns: int, device: str) -> Iterator[Row]:
    """Eight proteins: one pass of ours against eight of the reference, which has no padding."""
    row = row_of(length, coordinates=False, device=device)
    many = _repeated(row, BATCH)

    def one_by_one() -> None:
        for _ in range(BATCH):
            reference_forward(two.trunk, row)

    yield side_by_side(
        f"{BATCH} proteins", two.size, length, partial(two.ours.trunk, many, ALL_TRACKS),
        one_by_one, turns,
    )  # fmt: skip


def generation(two: Subjects, length: int, turns: int, device: str, steps: int) -> Iterator[Row]:
    """A whole run; the reference's side is its forwards alone, without its sampling."""
    prompt = _prompt(length)
    row = row_of(length + 2, coordinates=False, device=device)

    def ours() -> None:
        for _ in Trajectory(two.ours, prompt, Recipe.parse(f"structure:{steps}")):
            pass

    def forwards() -> None:
        for _ in range(steps):
            reference_forward(two.trunk, row)

    yield side_by_side(
        f"{steps}-step run", two.size, length, ours, forwards, turns, note="reference: passes only"
    )


def step(two: Subjects, length: int, turns: int, device: str) -> Iterator[Row]:
    """What a sampling step costs beside the pass in it, alone and for a batch."""
    recipe = Recipe.parse("structure:100000")
    for count in (1, BATCH):
        runs = [Trajectory(two.ours, _prompt(length), recipe, seed) for seed in range(count)]
        passes, whole = [], []
        original = two.ours.trunk.forward

        def timed(*arguments: object, original=original, passes=passes, **named: object):
            began = time.perf_counter()
            try:
                return original(*arguments, **named)
            finally:
                finish()
                passes.append(time.perf_counter() - began)

        two.ours.trunk.forward = timed
        try:
            for _ in range(turns + 1):
                began = time.perf_counter()
                advance_together(runs)
                finish()
                whole.append(time.perf_counter() - began)
        finally:
            del two.ours.trunk.forward
        beside = [all_ - pass_ for all_, pass_ in zip(whole[1:], passes[1:], strict=True)]
        share = 100 * min(beside) / min(passes[1:])
        yield Row(
            f"step beside its pass, batch {count}", two.size, length, min(beside),
            note=f"{share:.0f} % of the pass",
        )  # fmt: skip


def tokens(two: Subjects, length: int, turns: int, device: str) -> Iterator[Row]:
    """Structure tokens from coordinates and back."""
    backbone = backbone_of(length).to(device)
    ids = torch.from_numpy(np.random.default_rng(0).integers(0, 4096, (1, length + 2))).to(device)
    spec = TRACKS[Track.STRUCTURE]
    ids[0, 0], ids[0, -1] = spec.bos, spec.eos
    encoder, decoder = two.ours.structure_encoder, two.ours.structure_decoder
    yield side_by_side(
        "encode structure", two.size, length, partial(encoder, backbone),
        partial(two.encoder.encode, backbone), turns,
    )  # fmt: skip
    reference = partial(two.decoder.decode, ids)
    yield side_by_side(
        "decode structure", two.size, length, partial(decoder, ids), reference, turns
    )
    yield side_by_side(
        "decode structure", two.size, length, partial(decoder, ids, pairs=False), reference, turns,
        note="without PAE, as live frames",
    )  # fmt: skip
    if device == "cpu" and two.size != "nano" and multiplies_bfloat16():
        exact, narrow = decoder(ids), reduce_blocks(copy.deepcopy(decoder), torch.bfloat16)
        moved = (narrow(ids).backbone - exact.backbone).square().sum(-1).mean().sqrt()
        yield side_by_side(
            "decode structure, bfloat16", two.size, length, partial(narrow, ids), reference, turns,
            note=f"atoms move {moved:.3f} Å (random weights)",
        )  # fmt: skip


STARTS = {
    "import workbench": "import workbench",
    "load esm3-nano": "from workbench import load_model; load_model('esm3-nano')",
    "load esm3-mini": "from workbench import load_model; load_model('esm3-mini')",
    "bench: first step": (
        "from widgets import Bench; from workbench.embedded import example; b = Bench(example()); "
        "b.prompt = b.prompt.mask('all', 'sequence'); b.step('sequence:8'); b.wait()"
    ),
}


def starts(turns: int) -> Iterator[Row]:
    """Fresh interpreters: import, load, and the first step of a bench without a browser."""
    empty = _fresh("pass", turns)
    for name, text in STARTS.items():
        seconds = _fresh(text, turns) - empty
        yield Row(name, "nano", 0, seconds, note="above an empty interpreter")


def _fresh(text: str, turns: int) -> float:
    best = float("inf")
    for _ in range(turns):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-W", "ignore", "-c", text], check=True)
        best = min(best, time.perf_counter() - began)
    return best


def _prompt(length: int) -> Prompt:
    letters = np.random.default_rng(length).choice(list("ACDEFGHIKLMNPQRSTVWY"), length)
    return Prompt.from_protein(Protein("".join(letters)), tracks=[Track.SEQUENCE])


def _repeated(row: TrackTokens, count: int) -> TrackTokens:
    """One protein many times in a batch."""
    return TrackTokens(**{
        name: getattr(row, name).expand(count, *getattr(row, name).shape[1:]).contiguous()
        for name in TrackTokens.__dataclass_fields__
    })  # fmt: skip
