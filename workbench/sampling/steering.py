"""Steering: which pass comes next and on what, and which of its results are kept.

Everything follows from the steps made so far and the seed, so a run that is rewound or resumed is
steered the same way again. A plain recipe takes none of these paths.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from ..constraints import MotifGuard
from ..model.model import Model
from ..protein import Protein
from ..tokenizers.codec import decode_together, encode, to_rows
from ..tokenizers.layout import Layout
from ..tokenizers.residue import AMINO_ACID_IDS, decode_letters
from ..tokenizers.residue_tokens import ResidueTokens
from ..tracks import TRACKS, Track
from .goals import Outcome, measured
from .guidance import without
from .logits import draw, nucleus, tempered
from .passes import Remask, chooses

if TYPE_CHECKING:
    from .step import SamplingStep
    from .trajectory import Trajectory

TOKENS_AT_ONCE = 8192
"""Tokens in one pass of candidates."""
SWEEP = 1 << 31
"""Keeps the draws of a sweep's order apart from those of its passes."""


@dataclass(frozen=True, slots=True, eq=False)
class Upcoming:
    """The next pass of a run: its number in the plan, and the tokens it starts from.

    ``unguided`` holds, for every track or label that guides, its weight and the tokens without it.
    """

    number: int
    attempt: int
    before: ResidueTokens
    outcomes: tuple[Outcome, ...]
    unguided: tuple[tuple[float, ResidueTokens], ...] = ()

    @property
    def rows(self) -> list[ResidueTokens]:
        """What the model reads: the plain tokens first."""
        return [self.before, *(tokens for _, tokens in self.unguided)]


def upcoming(run: "Trajectory") -> Upcoming:
    """The next pass: the next of the plan, or the first of a stage that has to be tried again."""
    number = len(run.steps)
    outcomes = run.outcomes
    if missed(run):
        number = next(i for i, one in enumerate(run.passes) if one.stage == run.steps[-1].stage)
    following = run.passes[number]
    attempt = sum(outcome.stage == following.stage for outcome in outcomes)
    before = run.tokens(number)
    if following.remask is not None:
        before = _remasked(run, number, following.remask, before)
    guide = run.recipe.stages[following.stage].guide
    weights = guide.active(run.prompt) if guide else ()
    unguided = tuple((weight, _hidden(run, name, before)) for name, weight in weights)
    return Upcoming(number, attempt, before, outcomes, unguided)


def residue_logits(
    model: Model, tokens: list[ResidueTokens], layouts: list[Layout], tracks: set[Track]
) -> list[dict[Track, Tensor]]:
    """Logits of these tracks at each protein's own residues.

    What shares a pass changes where sums are rounded, and narrow weights make that large. So on a
    processor, where sharing gains little, only proteins of one length share a pass, and with narrow
    weights none do.
    """
    found: list[dict[Track, Tensor]] = [{} for _ in tokens]
    for shared in _sharing(layouts, model):
        own = [layouts[i] for i in shared]
        rows = to_rows([tokens[i] for i in shared], own, model.device)
        logits = model.trunk(rows, [track for track in Track if track in tracks])
        for row, (i, layout) in enumerate(zip(shared, own, strict=True)):
            at = _place(layout, model.device)
            found[i] = {track: values[row, at] for track, values in logits.items()}
    return found


def guided(
    coming: Upcoming, track: Track, logits: Sequence[dict[Track, Tensor]]
) -> dict[Track, Tensor]:
    """(1 + w) · with − w · without, summed over what guides, on the track that is sampled."""
    plain = logits[0]
    if not coming.unguided:
        return plain
    steered = plain[track].float()
    for (weight, _), bare in zip(coming.unguided, logits[1:], strict=True):
        steered = steered + weight * (plain[track].float() - bare[track].float())
    return {**plain, track: steered}


def draw_avoiding(
    choices: Float[Tensor, "positions ids"],
    positions: Int[np.ndarray, " positions"],
    luck: Float[np.ndarray, " positions"],
    guard: MotifGuard,
    temperature: float,
    top_p: float,
) -> tuple[Int[Tensor, " positions"], Int[np.ndarray, " dead"]]:
    """One amino acid after the other, each seeing those before it, so that no motif arises.

    Where every allowed one would make a motif, those that make fewest are drawn from; these
    positions are returned beside the ids.
    """
    ids, dead = [], []
    amino_acids = torch.from_numpy(AMINO_ACID_IDS).to(choices.device)
    for row, position, chance in zip(choices, positions.tolist(), luck, strict=True):
        allowed = torch.isfinite(row[amino_acids]).cpu().numpy()
        made = guard.completed(position)
        fewest = made[allowed].min()
        out = amino_acids[torch.from_numpy(made > fewest).to(choices.device)]
        left = row.index_fill(0, out, -torch.inf)[None]
        final = nucleus(tempered(left, temperature), top_p)
        one = draw(final, torch.tensor([chance], device=final.device))
        guard.place(position, int(np.flatnonzero(int(one) == AMINO_ACID_IDS)[0]))
        ids.append(one)
        if fewest:
            dead.append(position)
    return torch.cat(ids), np.array(dead, np.int64)


def motif_guard(run: "Trajectory", tokens: ResidueTokens) -> MotifGuard:
    """Guards the forbidden motifs of a run's prompt from these tokens on."""
    letters = decode_letters(tokens.sequence, Track.SEQUENCE)
    return MotifGuard(run.prompt.constraints, letters, run.prompt.template.chain_ranges)


def motif_notes(run: "Trajectory") -> tuple[str, ...]:
    """Forbidden motifs that the prompt holds or cannot avoid, in words for the person."""
    if not run.prompt.constraints.forbidden:
        return ()
    guard, label = motif_guard(run, run.start), run.prompt.template.label
    reasons = ((guard.given, "is given and stays"), (guard.forced, "cannot be avoided"))
    return tuple(
        f"the forbidden motif {one.motif} {reason} at {label(one.start)} to {label(one.stop - 1)}"
        for found, reason in reasons
        for one in found
    )


# -- candidates and gates ------------------------------------------------------------------------


def predicted(
    run: "Trajectory", tokens: list[ResidueTokens], *, pairs: bool = True
) -> list[Protein]:
    """The proteins these tokens lead to: masked sequence and structure filled by the likeliest.

    They share their passes, as many at a time as ``TOKENS_AT_ONCE`` allows.
    """
    size = max(1, TOKENS_AT_ONCE // run.layout.length)
    proteins = []
    for start in range(0, len(tokens), size):
        some = _completed(run, tokens[start : start + size])
        proteins += decode_together(some, [run.prompt] * len(some), run.model, pairs=pairs)
    return proteins


def best_of(run: "Trajectory", candidates: list["SamplingStep"]) -> "SamplingStep":
    """The candidate with the highest reward, of those that meet or come closest to the subject."""
    stage = run.recipe.stages[candidates[0].stage]
    values = _measured(run, stage.metrics, [step.tokens for step in candidates])
    rewards = [stage.reward.of(one) for one in values]
    misses = [stage.subject.distance(one) if stage.subject else 0.0 for one in values]
    best = min(range(len(candidates)), key=lambda k: (misses[k], -rewards[k]))
    return replace(candidates[best], reward=rewards[best])


def choosing(run: "Trajectory", number: int) -> int:
    """How many candidates this pass draws."""
    one = run.passes[number]
    stage = run.recipe.stages[one.stage]
    return stage.best if chooses(stage, one.step, _closes(run, number)) else 1


def settle(run: "Trajectory") -> None:
    """Judge a stage that was just finished by its gate; when all attempts missed, keep the best."""
    last = run.steps[-1]
    gate = run.recipe.stages[last.stage].gate
    if gate is None or not _closes(run, len(run.steps) - 1):
        return
    first = next(i for i, one in enumerate(run.passes) if one.stage == last.stage)
    (values,) = _measured(run, gate.metrics, [last.tokens])
    attempt = sum(outcome.stage == last.stage for outcome in last.outcomes)
    outcome = Outcome(last.stage, attempt, gate, values, tuple(run.steps[first:]))
    outcomes = (*last.outcomes, outcome)
    own = [one for one in outcomes if one.stage == last.stage]
    if not outcome.passed and attempt >= run.recipe.stages[last.stage].retries:
        run.steps[first:] = min(own, key=lambda one: gate.distance(one.values)).steps
    run.steps[-1] = replace(run.steps[-1], outcomes=outcomes)


def missed(run: "Trajectory") -> bool:
    """Whether the last stage ended short of its gate."""
    if not run.steps or not _closes(run, len(run.steps) - 1):
        return False
    stage = run.steps[-1].stage
    if run.recipe.stages[stage].gate is None:
        return False
    return not any(one.passed for one in run.outcomes if one.stage == stage)


def stopped(run: "Trajectory") -> str:
    """Why a run ended before its plan did; empty while it goes on."""
    if not missed(run):
        return ""
    index = run.steps[-1].stage
    stage = run.recipe.stages[index]
    own = [one for one in run.outcomes if one.stage == index]
    if stage.gate is None or len(own) <= stage.retries:
        return ""
    best = min(own, key=lambda one: stage.gate.distance(one.values))  # type: ignore[union-attr]
    found = ", ".join(f"{name} {value:.3g}" for name, value in best.values.items())
    tried = "1 attempt" if len(own) == 1 else f"{len(own)} attempts"
    return (
        f"the {stage.track} stage missed {stage.gate} in {tried}; "
        f"attempt {best.attempt + 1} came closest with {found} and is kept"
    )


# -- parts ---------------------------------------------------------------------------------------


def _sharing(layouts: list[Layout], model: Model) -> Iterable[list[int]]:
    """Which proteins share a pass, as their numbers."""
    if model.device.type != "cpu":
        return [list(range(len(layouts)))]
    alone = model.precision != "float32"
    groups: dict[tuple[int, int], list[int]] = {}
    for i, layout in enumerate(layouts):
        groups.setdefault((layout.length, i if alone else 0), []).append(i)
    return groups.values()


def _place(layout: Layout, device: torch.device) -> slice | Tensor:
    """Where residues stand in a row, on this device."""
    span = layout.span
    return span if isinstance(span, slice) else torch.from_numpy(span).to(device)


def _closes(run: "Trajectory", number: int) -> bool:
    after = number + 1
    return after == len(run.passes) or run.passes[after].stage != run.passes[number].stage


def _remasked(
    run: "Trajectory", number: int, remask: Remask, tokens: ResidueTokens
) -> ResidueTokens:
    index = run.passes[number].stage
    track = run.recipe.stages[index].track
    free = np.flatnonzero(run.start.masked(track))
    if remask.block is None:
        chance = next(s.probability for s in reversed(run.steps[:number]) if s.track is track)
        at = free[np.argsort(chance[free], kind="stable")[: remask.count]]
    else:
        sweep, block, blocks = remask.block
        order = np.random.default_rng([run.seed, index, SWEEP + sweep]).permutation(free)
        at = np.array_split(order, blocks)[block]
    at = np.sort(at)
    mask = np.full_like(getattr(tokens, track.value)[at], TRACKS[track].mask)
    return tokens.filled(track, at, mask)


def _hidden(run: "Trajectory", name: str, tokens: ResidueTokens) -> ResidueTokens:
    """Tokens without what the prompt gives by this name; what was sampled stays."""
    if name not in run.bare:
        run.bare[name] = encode(without(run.prompt, name), run.model)
    start, bare = run.start, run.bare[name]
    kept = {}
    for entry in fields(ResidueTokens):
        given, gone = getattr(start, entry.name), getattr(bare, entry.name)
        same = (given == gone) | ((given != given) & (gone != gone))
        kept[entry.name] = np.where(same, getattr(tokens, entry.name), gone)
    return ResidueTokens(**kept)


def _measured(
    run: "Trajectory", metrics: tuple[str, ...], tokens: list[ResidueTokens]
) -> list[dict[str, float]]:
    pairs = "ptm" in metrics or any(name in run.scores for name in metrics)
    return measured(metrics, predicted(run, tokens, pairs=pairs), run.prompt, run.scores)


def _completed(run: "Trajectory", tokens: list[ResidueTokens]) -> list[ResidueTokens]:
    wanted = {
        track
        for track in (Track.SEQUENCE, Track.STRUCTURE)
        if any(one.masked(track).any() for one in tokens)
    }
    if not wanted:
        return tokens
    with torch.inference_mode():
        logits = residue_logits(run.model, tokens, [run.layout] * len(tokens), wanted)
        return [_likeliest(run, one, own) for one, own in zip(tokens, logits, strict=True)]


def _likeliest(
    run: "Trajectory", tokens: ResidueTokens, logits: dict[Track, Tensor]
) -> ResidueTokens:
    for track, values in logits.items():
        at = np.flatnonzero(tokens.masked(track))
        ids = run.choices(track, values, at).argmax(-1).cpu().numpy()
        tokens = tokens.filled(track, at, ids)
    return tokens
