"""A session in words: what was asked and how it was run, as escaped HTML."""

import html
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from workbench.archive.values import without_folders
from workbench.prompt import ANNOTATION_TRACKS, Prompt, State
from workbench.sampling.settings import RunSettings
from workbench.selection import format_selection
from workbench.session import Design, Session, made_designs
from workbench.tracks import Track

from ..tracks.rows import limits

SAID = {
    State.GIVEN: "given",
    State.MASKED: "masked",
    State.NONE: "explicitly none",
    State.SAMPLED: "sampled",
}


def session_html(session: Session, settings: RunSettings, model: str, code: str = "") -> str:
    """Prompt, recipe, history and code of a session as HTML."""
    designs = made_designs(session.designs)
    at_hand = session.trajectory or next(reversed(designs), None)
    recipe = str(settings.plan() if at_hand is None else at_hand.recipe)
    seed = settings.seed if at_hand is None else at_hand.seed
    run = [("recipe", recipe), ("model", model), ("seed", str(seed))]
    run += recipes_of(designs)
    history = "".join(
        f"<li>{html.escape(without_folders(label))}</li>" for label in session.history
    )
    parts = [
        "<h2>Prompt</h2>", _rows(prompt_words(session.prompt)),
        "<h2>Recipe</h2>", _rows(run),
        "<h2>History</h2>",
        f"<ol>{history}</ol>",
    ]  # fmt: skip
    if code:
        parts.append(f"<h2>The same in Python</h2><pre>{html.escape(without_folders(code))}</pre>")
    return "\n".join(parts)


def recipes_of(designs: Sequence[Design]) -> list[tuple[str, str]]:
    """Recipe and seeds of designs that follow each other with the same recipe."""
    rows = []
    for recipe, group in groupby(designs, lambda design: design.recipe_text):
        alike = list(group)
        first, last = alike[0], alike[-1]
        names = first.name if first is last else f"{first.name} to {last.name}"
        seeds = ", ".join(str(design.seed) for design in alike)
        text = f"{recipe}, {'seed' if first is last else 'seeds'} {seeds}"
        rows.append((f"recipe of {names}", text))
    return rows


def prompt_words(prompt: Prompt) -> list[tuple[str, str]]:
    """Each track and what it asks, in the file's numbering."""
    template = prompt.template
    rows = [("protein", template.name or "unnamed"), ("length", f"{len(prompt)} residues")]
    for track in Track:
        states = prompt.state(track)
        parts = [
            f"{name} {_where(np.flatnonzero(states == state), prompt)}"
            for state, name in SAID.items()
            if (states == state).any()
        ]
        rows.append((str(track.value), "; ".join(parts)))
        if track in ANNOTATION_TRACKS:
            labels = prompt.function if track is Track.FUNCTION else prompt.residue
            rows += [
                (
                    f"{track.value} label",
                    f"{label.label} on {_span(label.start, label.stop, prompt)}",
                )
                for label in labels
            ]
    rows += [("sequence asked", "".join(prompt.sequence)), ("SS8 asked", "".join(prompt.ss8))]
    rows += [
        (f"residues at {_span(limit['start'], limit['stop'], prompt)}", limit["label"])
        for limit in limits(prompt)
    ]
    motifs = getattr(prompt.constraints, "forbidden", ())
    rows += [("forbidden motifs", ", ".join(map(str, motifs)))] if motifs else []
    return rows


def _where(positions: np.ndarray, prompt: Prompt) -> str:
    if len(positions) == len(prompt):
        return "everywhere"
    return format_selection(positions, prompt.template)


def _span(start: int, stop: int, prompt: Prompt) -> str:
    return format_selection(np.arange(start, stop), prompt.template)


def _rows(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(text)}</td></tr>'
        for name, text in pairs
    )
    return f"<table><tbody>{rows}</tbody></table>"
