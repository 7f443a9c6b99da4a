"""Hidden: what the model expects at cells of a track, each read as if it were masked.

All cells that are masked share one row, the prompt as it is; a given cell takes a row of its own.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from jaxtyping import Float, Int

from ..constants import AMINO_ACIDS, SASA_EDGES, SS8_CLASSES
from ..errors import PromptError
from ..model.model import Model
from ..prompt import Prompt
from ..tokenizers.codec import encode, to_rows
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import CODEBOOK_SIZE, TRACKS, Track
from .asking import CELL_TRACKS, Progress
from .batches import in_batches


@cache
def choices_of(track: Track) -> tuple[str, ...]:
    """What the model chooses among on a track, in the order of its columns."""
    low, high = (0.0, *SASA_EDGES), (*SASA_EDGES, None)
    return {
        Track.SEQUENCE: tuple(AMINO_ACIDS),
        Track.SS8: tuple(SS8_CLASSES),
        Track.SASA: tuple(
            f"over {a:g} Å²" if b is None else f"{a:g}–{b:g} Å²"
            for a, b in zip(low, high, strict=True)
        ),
        Track.STRUCTURE: tuple(f"code {code}" for code in range(CODEBOOK_SIZE)),
    }[_read_track(track)]


def ids_of(track: Track) -> Int[np.ndarray, " choices"]:
    """Token id of each of ``choices_of``."""
    values = TRACKS[_read_track(track)].values
    return AMINO_ACID_IDS if track is Track.SEQUENCE else np.arange(values.start, values.stop)


def columns_of(ids: Int[np.ndarray, " length"], track: Track) -> Int[np.ndarray, " length"]:
    """Column of each token id among ``choices_of``; -1 for masked and rare ones."""
    place = np.full(TRACKS[track].size, -1)
    place[ids_of(track)] = np.arange(len(ids_of(track)))
    return place[ids]


def log_probabilities(
    model: Model,
    prompt: Prompt,
    at: Int[np.ndarray, " chosen"],
    track: Track = Track.SEQUENCE,
    progress: Progress | None = None,
) -> Float[np.ndarray, "chosen choices"]:
    """Log-probability of every choice at these residues, each cell hidden; float32."""
    tokens, layout = encode(prompt, model), Layout.of(prompt.template)
    masked = tokens.masked(track)[at]
    rows: list[int | None] = [*([None] if masked.any() else []), *at[~masked].tolist()]
    row_of = np.where(masked, 0, np.cumsum(~masked) - 1 + int(masked.any()))
    results = np.empty((len(at), len(choices_of(track))), np.float32)

    def work(some: range) -> None:
        hidden = [_hidden(model, prompt, tokens, rows[i], track) for i in some]
        mine = np.flatnonzero((row_of >= some.start) & (row_of < some.stop))
        places = np.stack([row_of[mine] - some.start, layout.rows[at[mine]]])
        results[mine] = read(model, hidden, layout, places, track)

    in_batches(model, layout.length, len(rows), work, progress)
    return results


def read(
    model: Model,
    rows: Sequence[ResidueTokens],
    layout: Layout,
    places: Int[np.ndarray, "2 places"],
    track: Track,
) -> Float[np.ndarray, "places choices"]:
    """Log-probabilities at these places, (row, token) each, of one pass over the rows."""
    with torch.inference_mode():
        batch = to_rows(list(rows), [layout] * len(rows), model.device)
        logits = model.trunk(batch, [track])[track]
        row, token = (torch.from_numpy(place).to(logits.device) for place in places)
        own = logits[row, token][:, torch.from_numpy(ids_of(track)).to(logits.device)].float()
        if track is Track.STRUCTURE:
            own[:, model.config.used_codes :] = -torch.inf
        return own.log_softmax(-1).cpu().numpy()


def _hidden(
    model: Model, prompt: Prompt, tokens: ResidueTokens, position: int | None, track: Track
) -> ResidueTokens:
    """The tokens with one cell masked; of structure its coordinates are hidden too."""
    if position is None:
        return tokens
    if track is Track.STRUCTURE:
        return encode(prompt.mask([position], track), model)
    return tokens.filled(track, np.array([position]), np.array([TRACKS[track].mask]))


def _read_track(track: Track) -> Track:
    if track not in CELL_TRACKS:
        known = ", ".join(CELL_TRACKS)
        raise PromptError(f"a residue has several {track} values at once; ask of {known}")
    return track
