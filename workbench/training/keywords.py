"""How well a model reads a protein's function, and how much a given function helps."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float, Int

from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..tokenizers.codec import encode, to_rows
from ..tokenizers.function import choose_function
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from ..vocabulary import FunctionVocabulary
from .families import Families, families_of

HIDDEN_SHARE = 0.7
"""Share of the residues that are hidden when it is measured what a function is worth."""


@dataclass(frozen=True, slots=True)
class KeywordResult:
    """How many keywords one chain has (``true``), the model reads (``read``), and are both.

    A guess of the ``common_total`` commonest keywords has ``common`` right. ``gain`` is how much
    more probable the native sequence is, in nats per hidden residue, when the function is given.
    """

    true: int
    read: int
    both: int
    common: int
    common_total: int
    gain: float


def common_keywords(
    chains: Iterable[Protein], families: Families, vocabulary: FunctionVocabulary
) -> frozenset[str]:
    """The commonest keywords of annotated chains, as many as an annotated chain has on average:
    the guess for a chain that nobody has looked at.
    """
    keywords = [
        families.keywords(families_of(chain)) & frozenset(vocabulary.keywords) for chain in chains
    ]
    counts = Counter(word for words in keywords for word in words)
    average = round(counts.total() / max(1, sum(bool(words) for words in keywords)))
    return frozenset(word for word, _ in counts.most_common(average))


def measure_keywords(
    model: Model,
    protein: Protein,
    true: frozenset[str],
    common: frozenset[str],
    function: Int[np.ndarray, "8"],
    random: np.random.Generator,
    hidden_share: float = HIDDEN_SHARE,
) -> KeywordResult:
    """How well the keywords ``true`` of a chain are read, and what giving them is worth.

    ``function`` holds the keywords as the 8 tokens of a residue. Keywords are read from sequence
    and structure; a keyword counts when most residues have it. ``hidden_share`` of the residues are
    hidden when it is measured what the function is worth.
    """
    vocabulary, decoder = model.function_vocabulary, model.function_decoder
    assert decoder is not None
    tokens, layout = encode(Prompt.from_protein(protein), model), Layout.of(protein)
    logits = _logits(model, tokens, layout, Track.FUNCTION)
    decoded = decoder.read(choose_function(logits))
    present = np.zeros(len(vocabulary.keywords), bool)
    if len(decoded.keywords):
        residues = np.where(decoded.row[:, None] >= 0, decoded.keywords[decoded.row], False)
        present = residues.mean(0) > 0.5
    read = {vocabulary.keywords[column] for column in np.flatnonzero(present)}
    hidden = random.random(len(tokens.sequence)) < hidden_share
    hidden &= np.isin(tokens.sequence, AMINO_ACID_IDS)
    blind = replace(
        tokens,
        sequence=np.where(hidden, TRACKS[Track.SEQUENCE].mask, tokens.sequence),
        structure=np.full_like(tokens.structure, TRACKS[Track.STRUCTURE].mask),
        ss8=np.full_like(tokens.ss8, TRACKS[Track.SS8].mask),
        sasa=np.full_like(tokens.sasa, TRACKS[Track.SASA].mask),
        backbone=np.full_like(tokens.backbone, np.nan),
    )
    likelihoods = [
        _log_probability(_logits(model, inputs, layout, Track.SEQUENCE), tokens)[hidden].mean()
        for inputs in (blind, replace(blind, function=np.tile(function, (len(hidden), 1))))
    ]
    return KeywordResult(
        true=len(true),
        read=len(read),
        both=len(read & true),
        common=len(common & true),
        common_total=len(common),
        gain=float(likelihoods[1] - likelihoods[0]),
    )


def f1(both: int, read: int, true: int) -> float:
    """Harmonic mean of precision and recall; 0 where nothing is right."""
    return 2 * both / (read + true) if both else 0.0


@torch.inference_mode()
def _logits(model: Model, tokens: ResidueTokens, layout: Layout, track: Track) -> torch.Tensor:
    logits = model.trunk(to_rows([tokens], [layout], model.device), (track,))[track]
    return logits[0].float().cpu()[torch.from_numpy(layout.rows)]


def _log_probability(logits: torch.Tensor, tokens: ResidueTokens) -> Float[np.ndarray, " length"]:
    """Of each residue's own amino acid, among the 20."""
    chances = logits[:, AMINO_ACID_IDS].log_softmax(-1).numpy()
    column = np.array([np.flatnonzero(i == AMINO_ACID_IDS)[:1].sum() for i in tokens.sequence])
    return chances[np.arange(len(column)), column]
