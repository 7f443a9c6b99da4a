"""Training on the function track: what is shown and asked of a chain, and the decoder of tokens."""

from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss

from ..model.function_decoder import FunctionDecoder
from ..protein import FunctionAnnotation
from ..tokenizers.function import encode_function, tfidf
from ..tracks import TRACKS, Track
from ..vocabulary import FunctionVocabulary
from .families import Families
from .plan import Plan

SHOWN_WHOLE = 0.3
"""Share of the annotated chains that come with their function; of the others it is asked."""
NONE_SHOWN = 0.1
"""Share of the chains without a keyword that count as having no function. GO's silence proves
nothing; some such chains have to be, or the model would never say none.
"""
NOT_ASKED = -100
SEVERAL = 0.25
KEYWORDS_ALONE = 0.3
"""Of the label sets that the decoder learns: those of two entries, and those without any."""

Row = Int[np.ndarray, "8"]


@dataclass(frozen=True, eq=False)
class FunctionDraw:
    """Function tokens of chains by their families; an annotation covers the whole chain."""

    vocabulary: FunctionVocabulary
    families: Families
    _known: dict[frozenset[str], Row] = field(default_factory=dict, repr=False)

    def __call__(self, families: str, random: np.random.Generator) -> tuple[Row, Row]:
        """One residue's tokens as given, and as wanted (-100 where nothing is asked).

        Half of the chains that come with their function come with some of its keywords only, as
        people ask for it.
        """
        spec = TRACKS[Track.FUNCTION]
        nothing = np.full(spec.width, spec.mask), np.full(spec.width, NOT_ASKED)
        keywords = self.keywords(families)
        if not families or (not keywords and random.random() >= NONE_SHOWN):
            return nothing
        if random.random() >= SHOWN_WHOLE:
            return nothing[0], self.tokens(keywords)
        if keywords and random.random() < 0.5:
            count = int(random.integers(1, len(keywords) + 1))
            keywords = frozenset(random.permutation(sorted(keywords))[:count].tolist())
        return self.tokens(keywords), nothing[1]

    def keywords(self, families: str) -> frozenset[str]:
        """The model's keywords of a chain's families."""
        return self.families.keywords(families) & frozenset(self.vocabulary.keywords)

    def tokens(self, keywords: frozenset[str]) -> Row:
        """The 8 tokens of a set of keywords; none where it is empty."""
        if keywords not in self._known:
            labels = [FunctionAnnotation(word, 0, 1) for word in sorted(keywords)]
            self._known[keywords] = encode_function(labels, np.ones(1, bool), self.vocabulary)[0]
        return self._known[keywords]


Asked = tuple[Tensor, ...]


class LabelDraw:
    """Sets of a few entries and keywords, as tokens and as what the decoder is to read."""

    def __init__(self, vocabulary: FunctionVocabulary, plan: Plan) -> None:
        """``residues`` of the plan is how many sets one step has."""
        self.vocabulary, self.plan = vocabulary, plan
        self.columns = {name: i for i, name in enumerate(vocabulary.accessions)}
        self.keywords = np.array(vocabulary.keywords)
        self.accessions = np.array(vocabulary.accessions)

    def __call__(self, step: int, random: np.random.Generator, device: torch.device) -> Asked:
        """Tokens, keywords present, their TF-IDF, and entries present."""
        size, vocabulary = self.plan.residues, self.vocabulary
        tokens = np.zeros((size, TRACKS[Track.FUNCTION].width), np.int64)
        present = np.zeros((size, len(vocabulary.keywords)), np.float32)
        values = np.zeros_like(present)
        entries = np.zeros((size, len(self.columns)), np.float32)
        for i in range(size):
            few = 1 + int(random.random() < SEVERAL)
            accessions = list(dict.fromkeys(random.choice(self.accessions, few).tolist()))
            labels = list(accessions)
            if random.random() < KEYWORDS_ALONE:
                labels = random.choice(self.keywords, int(random.integers(1, 5))).tolist()
                accessions = []
            given = [FunctionAnnotation(label, 0, 1) for label in dict.fromkeys(labels)]
            tokens[i] = encode_function(given, np.zeros(1, bool), vocabulary)[0]
            texts = [vocabulary.keywords_of(a) for a in accessions] or [labels]
            for text in texts:
                columns, weights = tfidf(text, vocabulary)
                values[i, columns] = np.maximum(values[i, columns], weights)
                present[i, columns] = 1.0
            entries[i, [self.columns[a] for a in accessions]] = 1.0
        arrays = (tokens, present, values, entries)
        return tuple(torch.from_numpy(array).to(device) for array in arrays)


class LabelObjective(nn.Module):
    """Cross-entropies of keywords and entries, and the error of TF-IDF, per set."""

    def __init__(self, decoder: FunctionDecoder) -> None:
        """Trains the whole decoder."""
        super().__init__()
        self.decoder = decoder

    def forward(self, batch: Asked, progress: float) -> dict[str, Tensor]:
        """The losses; ``progress`` changes nothing."""
        tokens, present, values, entries = batch
        outputs = self.decoder(tokens)
        return {
            "keywords": binary_cross_entropy_with_logits(outputs["keyword_logits"], present),
            "tfidf": mse_loss(outputs["keyword_tfidf"], values),
            "entries": binary_cross_entropy_with_logits(outputs["interpro_logits"], entries),
        }


WEIGHTS = {"keywords": 20.0, "tfidf": 20.0, "entries": 100.0}
"""Nearly all keywords and entries are absent, so that their means are small."""
