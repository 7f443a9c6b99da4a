"""Code text: Python that opens a bench, runs it and takes its designs, as a person clicked."""

import os
from functools import partial

from workbench.code import Origin
from workbench.embedded import DEFAULT_MODEL
from workbench.io.chosen import ALL, Choice
from workbench.sampling.passes import passes_of
from workbench.sampling.settings import RunSettings
from workbench.session import Design

from ..frame import Frame


def opening_of(
    source: object,
    model: object = DEFAULT_MODEL,
    device: str | None = None,
    choice: Choice = ALL,
) -> str:
    """Lines that open a bench on this source and call its prompt ``prompt``."""
    if source is None or isinstance(source, str | os.PathLike | int):
        given, remark = _literal(source), ""
    else:
        given, remark = "source", f"  # the {type(source).__name__} given to Bench"
    name = model if isinstance(model, str | os.PathLike) else getattr(model, "folder", None)
    text = os.path.basename(os.fspath(name)) if name is not None else ""
    options = (
        "" if text == DEFAULT_MODEL else f", model={os.fspath(name)!r}" if name else ", model=model"
    )
    chosen = ({"device": device} if device else {}) | choice.given
    options += "".join(f", {key}={value!r}" for key, value in chosen.items())
    arguments = (given + options).removeprefix(", ")
    return f"from widgets import Bench\nbench = Bench({arguments}){remark}\nprompt = bench.prompt"


def _literal(source: str | os.PathLike | int | None) -> str:
    """What a person typed as Python text; nothing where they typed nothing."""
    if source is None:
        return ""
    return repr(source if isinstance(source, int) else os.fspath(source))


def run_of(settings: RunSettings) -> list[str]:
    """Lines that run ``prompt`` with these settings."""
    plain = RunSettings()
    changed = {
        name: getattr(settings, name)
        for name in settings.__dataclass_fields__
        if name not in ("recipe", "seed") and getattr(settings, name) != getattr(plain, name)
    }
    named = "".join(f", {name}={value!r}" for name, value in changed.items())
    return ["bench.prompt = prompt", f"bench.run({settings.recipe!r}, seed={settings.seed}{named})"]


def design_of(design: Design) -> list[str]:
    """Lines that make this design of ``prompt``, with no step more than it has; a control is its
    prompt.
    """
    if design.recipe is None:
        return ["bench.prompt = prompt"]
    arguments = f"{str(design.recipe)!r}, seed={design.seed}"
    if not _cut_short(design):
        return ["bench.prompt = prompt", f"bench.run({arguments})"]
    lines = ["bench.prompt = prompt", f"bench.step({arguments}).wait()"]
    if len(design.steps) > 1:
        lines += [f"for _ in range({len(design.steps) - 1}):", "    bench.step().wait()"]
    return [*lines, "bench.stop()"]


def origin_of(design: Design) -> Origin:
    """The design as something that a prompt may have its coordinates from."""
    return Origin(design.prompt, Frame.of_design(design).filled, partial(_branch_code, design))


def _branch_code(design: Design, number: int) -> list[str]:
    return [*design_of(design), "bench.wait()", f"prompt = bench.to_prompt('design-{number}')"]


def _cut_short(design: Design) -> bool:
    """Whether its run was stopped; one with gates ends when they say so."""
    recipe = design.recipe
    if recipe is None:
        return False
    gated = any(stage.gate is not None for stage in recipe.stages)
    planned = passes_of(recipe, lambda track: int(design.prompt.masked(track).sum()))
    return bool(design.steps) and not gated and len(design.steps) < len(planned)
