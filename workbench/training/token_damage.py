"""Structure tokens as a folding decoder meets them: true, damaged, made up or hidden."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int

from ..tracks import TRACKS, Track
from .corpus import Corpus
from .masking import Noise, masked_residues

SHARES = {"true": 0.12, "damaged": 0.13, "sampled": 0.4, "pieces": 0.1, "hidden": 0.25}
"""Shares of the crops by what their tokens are; a plan's options may set them."""
MOST_DAMAGE = 0.5
MOST_WRONG_CLASSES = 0.4
ALIKE = 0.5
"""Share of the made-up crops whose tokens are like the true ones."""
SOME = Noise("uniform")
MASK = TRACKS[Track.STRUCTURE].mask

Ids = Int[np.ndarray, " residues"]


@dataclass(frozen=True, eq=False)
class TokenDamage:
    """Draws the tokens of a crop, and which of its residues have their true ones.

    ``pools`` are tokens that a trunk has sampled for the chains of the corpus from their sequences
    alone. Where there are none, tokens stand in that are alike, up to ``alike`` of each code with
    the nearest first, or that other residues of the same secondary structure have.
    """

    corpus: Corpus
    codes: int
    shares: dict[str, float]
    alike: Int[np.ndarray, "codes alike"]
    pools: Int[np.ndarray, "pools residues"] | None = None

    def __call__(
        self, crop: slice, random: np.random.Generator
    ) -> tuple[str, Ids, Bool[np.ndarray, " residues"]]:
        """What the crop is, its tokens, and which are true."""
        true = self.corpus.tokens[Track.STRUCTURE][crop]
        count = len(true)
        names = list(self.shares)
        share = np.array([self.shares[name] for name in names])
        kind = names[int(random.choice(len(names), p=share / share.sum()))]
        is_true = np.ones(count, bool)
        if kind == "damaged":
            is_true = random.random(count) >= MOST_DAMAGE * random.random()
            return kind, np.where(is_true, true, random.integers(self.codes, size=count)), is_true
        if kind == "pieces":
            is_true = ~masked_residues(SOME, count, random)
        elif kind in ("sampled", "hidden"):
            is_true = np.zeros(count, bool)
        other = np.full(count, MASK) if kind == "hidden" else self._sampled(crop, random)
        return kind, np.where(is_true, true, other), is_true

    def _sampled(self, crop: slice, random: np.random.Generator) -> Ids:
        if self.pools is not None:
            return self.pools[int(random.integers(len(self.pools))), crop].astype(np.int64)
        if random.random() < ALIKE:
            return self._alike(self.corpus.tokens[Track.STRUCTURE][crop], random)
        classes = self.corpus.tokens[Track.SS8][crop].copy()
        wrong = masked_residues(SOME, len(classes), random)
        wrong &= random.random() < MOST_WRONG_CLASSES
        classes[wrong] = np.roll(classes, int(random.integers(3, 30)))[wrong]
        residue = np.empty(len(classes), np.int64)
        for ss8 in np.unique(classes):
            like = self._by_class.get(int(ss8), self._with_tokens)
            at = classes == ss8
            residue[at] = like[random.integers(len(like), size=int(at.sum()))]
        return self.corpus.tokens[Track.STRUCTURE][residue]

    def _alike(self, true: Ids, random: np.random.Generator) -> Ids:
        most = 1 + int(self.alike.shape[1] ** random.random())
        codes = np.minimum(true, self.codes - 1)
        other = self.alike[codes, random.integers(min(most, self.alike.shape[1]), size=len(true))]
        return np.where(true < self.codes, other, true)

    @cached_property
    def _with_tokens(self) -> Ids:
        return np.flatnonzero(self.corpus.tokens[Track.STRUCTURE] < self.codes)

    @cached_property
    def _by_class(self) -> dict[int, Ids]:
        ss8 = self.corpus.tokens[Track.SS8][self._with_tokens]
        return {int(code): self._with_tokens[ss8 == code] for code in np.unique(ss8)}
