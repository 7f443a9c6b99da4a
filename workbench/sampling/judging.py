"""Judging: which candidate of a pass is kept, and whether a stage passes its gate."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ..metrics.metric import Need
from ..protein import Protein
from ..tokenizers.codec import decode_together
from ..tokenizers.residue_tokens import ResidueTokens
from .annotation_reading import annotated_afresh, readable
from .forward import likeliest
from .goals import measured, needs_of
from .passes import chooses
from .run_plan import RunPlan
from .step import Outcome, SamplingStep, Steps, closest

TOKENS_AT_ONCE = 8192
"""Tokens in one pass of candidates."""


def candidate_count(plan: RunPlan, number: int) -> int:
    """How many candidates a pass draws."""
    stage = plan.stage(number)
    several = chooses(stage, plan.passes[number].step, plan.closes(number))
    return stage.best if several else 1


def best_of(plan: RunPlan, candidates: Sequence[SamplingStep]) -> SamplingStep:
    """The candidate with the highest reward, of those that meet or come closest to the subject."""
    if len(candidates) == 1:
        return candidates[0]
    stage = plan.recipe.stages[candidates[0].stage]
    values = _measured(plan, stage.metrics, [step.tokens for step in candidates], draft=True)
    rewards = [stage.reward.of(value, plan.scores) for value in values]
    misses = [stage.subject.distance(value) if stage.subject else 0.0 for value in values]
    best = min(range(len(candidates)), key=lambda k: (misses[k], -rewards[k]))
    return replace(candidates[best], reward=rewards[best])


def judged(plan: RunPlan, steps: Steps) -> Steps:
    """The steps with the outcome of the stage that they finish, if they finish one with a gate.

    When all its attempts missed, the steps of the best one are kept.
    """
    last, number = steps[-1], len(steps) - 1
    stage = plan.recipe.stages[last.stage]
    if stage.gate is None or not plan.closes(number):
        return steps
    first = plan.opening(last.stage)
    (values,) = _measured(plan, stage.gate.metrics, [last.tokens])
    attempt = len(attempts(steps))
    outcome = Outcome(last.stage, attempt, stage.gate, values, steps[first:])
    outcomes = (*last.outcomes, outcome)
    if not outcome.passed and attempt >= stage.retries:
        steps = steps[:first] + closest(_of_stage(outcomes, last.stage)).steps
    return (*steps[:-1], replace(steps[-1], outcomes=outcomes))


def attempts(steps: Steps) -> tuple[Outcome, ...]:
    """The outcomes of the stage of the last step."""
    return _of_stage(steps[-1].outcomes, steps[-1].stage) if steps else ()


def attempts_are_kept(plan: RunPlan, outcomes: Sequence[Outcome], stage: int) -> bool:
    """Whether the steps of all attempts at a stage are at hand."""
    passes = sum(planned.stage == stage for planned in plan.passes)
    return all(len(outcome.steps) == passes for outcome in _of_stage(outcomes, stage))


def missed(plan: RunPlan, steps: Steps) -> bool:
    """Whether the last step finished a stage that fell short of its gate."""
    if not steps or not plan.closes(len(steps) - 1) or plan.stage(len(steps) - 1).gate is None:
        return False
    return not any(attempt.passed for attempt in attempts(steps))


def stopped(plan: RunPlan, steps: Steps) -> str:
    """Why a run ended before its plan did; empty while it goes on."""
    if not missed(plan, steps):
        return ""
    stage, tried = plan.stage(len(steps) - 1), attempts(steps)
    if len(tried) <= stage.retries:
        return ""
    best = closest(tried)
    count = "1 attempt" if len(tried) == 1 else f"{len(tried)} attempts"
    return (
        f"the {stage.track} stage missed {stage.gate} in {count}; "
        f"attempt {best.attempt + 1} came closest with {best.measured} and is kept"
    )


def judged_proteins(
    plan: RunPlan,
    tokens: Sequence[ResidueTokens],
    needs: Collection[Need] = ("pae",),
    *,
    draft: bool = False,
) -> list[Protein]:
    """The proteins these tokens lead to: masked sequence and structure filled by the likeliest.

    ``needs`` is what is worked out of them, of a ``draft`` of their structure where that will do.
    They share their passes, as many at a time as ``TOKENS_AT_ONCE`` allows.
    """
    size = max(1, TOKENS_AT_ONCE // plan.layout.length)
    proteins = []
    for start in range(0, len(tokens), size):
        some = likeliest(plan, tokens[start : start + size])
        prompts = [plan.prompt] * len(some)
        decoded = decode_together(some, prompts, plan.model, pairs="pae" in needs, draft=draft)
        if "annotations" in needs:
            decoded = annotated_afresh(decoded, some, plan.model)
        proteins += decoded
    return proteins


def _measured(
    plan: RunPlan,
    metrics: tuple[str, ...],
    tokens: Sequence[ResidueTokens],
    *,
    draft: bool = False,
) -> list[dict[str, float]]:
    proteins = judged_proteins(plan, tokens, needs_of(metrics, plan.scores), draft=draft)
    return measured(metrics, proteins, readable(plan.prompt, plan.model), plan.scores)


def _of_stage(outcomes: Sequence[Outcome], stage: int) -> tuple[Outcome, ...]:
    return tuple(outcome for outcome in outcomes if outcome.stage == stage)
