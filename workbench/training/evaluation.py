"""How good a model is on chains it has not seen, chain by chain; ``summary`` makes the table."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from .. import metrics
from ..annotate import compute_sasa, compute_ss8
from ..constants import AMINO_ACIDS, ATOM37, MASK, SS8_TO_SS3, C
from ..model.model import Model
from ..prompt import Prompt
from ..protein import Protein
from ..tokenizers.codec import decode, encode, to_rows
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS, decode_letters, encode_letters, encode_sasa
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .families import Families, families_of
from .function import FunctionDraw
from .keywords import KeywordResult, common_keywords, measure_keywords
from .lddt import all_atom_lddt, residue_lddt
from .nearest import CopiedResult, Neighbours, measure_copied

FILLED = 0.3
MOST_DAMAGE = 0.5
RISE, RADIUS, TURN = 1.5, 2.3, 100.0
"""CA atoms of an ideal helix: Å, Å and degrees per residue."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """What was measured on one chain, per residue where it is an array."""

    rmsd: float
    lddt: Float[np.ndarray, " length"]
    all_atom_lddt: float
    plddt: Float[np.ndarray, " length"]
    tm: float
    ptm: float
    damaged: tuple[Float[np.ndarray, " length"], Float[np.ndarray, " length"], float, float]
    codes: Int[np.ndarray, " length"]
    recovered: Bool[np.ndarray, " letters"]
    surprise: Float[np.ndarray, " letters"]
    ss8: Bool[np.ndarray, " classes"]
    ss3: Bool[np.ndarray, " classes"]
    sasa: float
    filled: Bool[np.ndarray, " hidden"]
    fill_lddt: float
    random_lddt: float
    helix_rmsd: float
    helix_lddt: float
    common_letter: Bool[np.ndarray, " letters"]
    common_ss8: Bool[np.ndarray, " classes"]
    common_ss3: Bool[np.ndarray, " classes"]
    copied: CopiedResult | None = None
    keywords: KeywordResult | None = None


def measure(
    model: Model,
    proteins: list[Protein],
    report: Callable[[int], None] = lambda done: None,
    neighbours: Neighbours | None = None,
    families: Families | None = None,
) -> list[Chain]:
    """Every chain's results; residues without N, CA and C are left out.

    ``neighbours`` are the training chains that a baseline copies from; ``families`` say what the
    function track should have read.
    """
    functions, common = None, frozenset()
    if families is not None and model.function_decoder is not None:
        functions = FunctionDraw(model.function_vocabulary, families)
        known = [] if neighbours is None else neighbours.chains
        common = common_keywords(known, families, functions.vocabulary)
    results = []
    for done, protein in enumerate(proteins):
        whole = np.flatnonzero(np.isfinite(protein.coordinates[:, : C + 1]).all((1, 2)))
        if len(whole) >= 3:
            chain = protein.take(whole)
            measured = _measure_chain(model, chain, done)
            if neighbours is not None:
                measured = replace(measured, copied=measure_copied(chain, neighbours))
            true = functions.keywords(families_of(protein)) if functions else frozenset()
            if functions and true:
                random = np.random.default_rng(done)
                keywords = measure_keywords(
                    model, chain, true, common, functions.tokens(true), random
                )
                measured = replace(measured, keywords=keywords)
            results.append(measured)
        report(done)
    return results


def _measure_chain(model: Model, protein: Protein, seed: int) -> Chain:
    random = np.random.default_rng([seed, len(protein)])
    protein = protein.with_(
        sequence="".join(a if a in AMINO_ACIDS else MASK for a in protein.sequence)
    )
    prompt = Prompt.from_protein(protein)
    tokens = encode(prompt, model)
    given = replace(tokens, sequence=encode_letters(protein.sequence, Track.SEQUENCE))
    unplaced = replace(given, backbone=np.full_like(given.backbone, np.nan))
    decoded = decode(unplaced, prompt, model)
    lddt = residue_lddt(decoded.coordinates, protein.coordinates)
    blind = _masked(given, Track.SEQUENCE, Track.SS8, Track.SASA)
    logits = _logits(model, blind, prompt, Track.SEQUENCE, Track.SS8, Track.SASA)
    letters = _letters(logits[Track.SEQUENCE], protein.sequence)
    true_ss8 = compute_ss8(protein)
    own = _masked(given, Track.STRUCTURE, Track.SS8, Track.SASA)
    own = replace(own, backbone=np.full_like(own.backbone, np.nan))
    from_sequence = _logits(model, own, prompt, Track.SS8)[Track.SS8]
    ss8, ss3 = _ss8(logits[Track.SS8], true_ss8), _ss8(from_sequence, true_ss8)
    known = np.array([x != MASK for x in true_ss8])
    filled = _filled(model, unplaced, prompt, random)
    helix = protein.with_(coordinates=ideal_helix(len(protein)))
    plddt, ptm = _confidence(decoded)
    return Chain(
        rmsd=metrics.backbone_rmsd(decoded, protein),
        lddt=lddt,
        all_atom_lddt=all_atom_lddt(decoded, protein),
        plddt=plddt,
        tm=metrics.tm_score(decoded, protein),
        ptm=ptm,
        damaged=_damaged(model, unplaced, prompt, random),
        codes=given.structure,
        recovered=letters[0],
        surprise=letters[1],
        ss8=(ss8 == np.array(list(true_ss8)))[known],
        ss3=np.array([SS8_TO_SS3[a] == SS8_TO_SS3[b] for a, b in zip(ss3, true_ss8, strict=True)
                      if b != MASK]),
        sasa=_sasa(logits[Track.SASA], compute_sasa(protein)),
        filled=filled[0],
        fill_lddt=filled[1],
        random_lddt=filled[2],
        helix_rmsd=metrics.ca_rmsd(helix, protein),
        helix_lddt=float(residue_lddt(helix.coordinates, protein.coordinates).mean()),
        common_letter=np.array([a == "L" for a in protein.sequence if a != MASK]),
        common_ss8=np.array([a == "H" for a in true_ss8 if a != MASK]),
        common_ss3=np.array([SS8_TO_SS3[a] == "H" for a in true_ss8 if a != MASK]),
    )  # fmt: skip


def _masked(tokens: ResidueTokens, *tracks: Track) -> ResidueTokens:
    hidden = {t.value: np.full(len(tokens.sequence), TRACKS[t].mask) for t in tracks}
    return replace(tokens, **hidden)


@torch.inference_mode()
def _logits(
    model: Model, tokens: ResidueTokens, prompt: Prompt, *tracks: Track
) -> dict[Track, Float[np.ndarray, "length ids"]]:
    layout = Layout.of(prompt.template)
    logits = model.trunk(to_rows([tokens], [layout], model.device), tracks)
    return {track: x[0].float().cpu().numpy()[layout.rows] for track, x in logits.items()}


def _letters(
    logits: Float[np.ndarray, "length ids"], sequence: str
) -> tuple[Bool[np.ndarray, " letters"], Float[np.ndarray, " letters"]]:
    known = np.array([letter != MASK for letter in sequence])
    true = np.array([AMINO_ACIDS.find(letter) for letter in sequence])[known]
    chances = logits[known][:, AMINO_ACID_IDS]
    log = chances - np.logaddexp.reduce(chances, axis=1, keepdims=True)
    return chances.argmax(1) == true, -log[np.arange(len(true)), true]


def _ss8(logits: Float[np.ndarray, "length ids"], true: str) -> np.ndarray:
    values = TRACKS[Track.SS8].values
    return decode_letters(logits[:, values.start : values.stop].argmax(1) + values.start, Track.SS8)


def _sasa(logits: Float[np.ndarray, "length ids"], true: Float[np.ndarray, " length"]) -> float:
    values = TRACKS[Track.SASA].values
    logits = logits[:, values.start : values.stop]
    chances = np.exp(logits - logits.max(1, keepdims=True))
    expected = chances @ np.arange(len(values)) / chances.sum(1)
    bins, known = encode_sasa(true), np.isfinite(true)
    if known.sum() < 3:
        return float("nan")
    from scipy.stats import spearmanr

    return float(np.asarray(spearmanr(expected[known], bins[known]))[0])


def _filled(
    model: Model, tokens: ResidueTokens, prompt: Prompt, random: np.random.Generator
) -> tuple[Bool[np.ndarray, " hidden"], float, float]:
    """Hide part of the structure tokens, and give all other tokens but no coordinates."""
    hidden = random.random(len(tokens.structure)) < FILLED
    hidden[int(random.integers(len(hidden)))] = True
    ids = np.where(hidden, TRACKS[Track.STRUCTURE].mask, tokens.structure)
    masked = _masked(replace(tokens, structure=ids), Track.SS8, Track.SASA)
    logits = _logits(model, masked, prompt, Track.STRUCTURE)[Track.STRUCTURE]
    used = model.config.used_codes
    guesses = (logits[:, :used].argmax(1), random.integers(used, size=len(ids)))
    lddts = []
    for guess in guesses:
        protein = decode(
            replace(tokens, structure=np.where(hidden, guess, tokens.structure)),
            prompt, model, pairs=False,
        )  # fmt: skip
        lddts.append(residue_lddt(protein.coordinates, prompt.template.coordinates)[hidden].mean())
    return (guesses[0] == tokens.structure)[hidden], float(lddts[0]), float(lddts[1])


def _damaged(
    model: Model, tokens: ResidueTokens, prompt: Prompt, random: np.random.Generator
) -> tuple[Float[np.ndarray, " length"], Float[np.ndarray, " length"], float, float]:
    """Confidence and truth where a share of the tokens, 0–50 %, is wrong."""
    wrong = random.random(len(tokens.structure)) < random.random() * MOST_DAMAGE
    guess = random.integers(model.config.used_codes, size=len(wrong))
    protein = decode(
        replace(tokens, structure=np.where(wrong, guess, tokens.structure)), prompt, model
    )
    lddt = residue_lddt(protein.coordinates, prompt.template.coordinates)
    plddt, ptm = _confidence(protein)
    return plddt, lddt, ptm, metrics.tm_score(protein, prompt.template)


def _confidence(protein: Protein) -> tuple[Float[np.ndarray, " length"], float]:
    """pLDDT and pTM of a decoded protein."""
    confidence = protein.confidence
    if confidence is None or confidence.ptm is None:
        return np.full(len(protein), np.nan), float("nan")
    return confidence.plddt, confidence.ptm


def ideal_helix(length: int) -> Float[np.ndarray, "length 37 3"]:
    """A straight alpha helix of CA atoms."""
    angle = np.deg2rad(TURN) * np.arange(length)
    atoms = np.full((length, len(ATOM37), 3), np.nan, np.float32)
    atoms[:, 1] = np.stack(
        [RADIUS * np.cos(angle), RADIUS * np.sin(angle), RISE * np.arange(length)], axis=-1
    )
    return atoms
