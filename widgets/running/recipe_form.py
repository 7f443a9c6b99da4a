"""The form of a recipe: its stages as the page shows them, and every option that one can have."""

import math
from typing import Any

from workbench.sampling.recipe import Recipe, Stage
from workbench.sampling.stage_options import MAX_STEPS, OPTIONS
from workbench.tracks import TRACKS, Track


def stage_form() -> dict[str, Any]:
    """What a stage can be: its tracks, steps and options, each with a sentence."""
    plain = Stage(Track.SEQUENCE, 1)
    return {
        "tracks": [[track.value, TRACKS[track].title] for track in Track],
        "most_steps": MAX_STEPS,
        "options": [
            {
                "name": one.name,
                "title": one.title,
                "about": one.about,
                "kind": one.kind,
                "choices": list(one.choices),
                "least": one.least,
                "most": one.most if math.isfinite(one.most) else None,
                "example": one.example,
                "default": _text(getattr(plain, one.name)),
            }
            for one in OPTIONS
        ],
    }


def stages_of(recipe: str) -> list[dict[str, Any]]:
    """Track, steps and options that are spelt out, of every stage of a recipe's text."""
    return [
        {
            "track": stage.track.value,
            "steps": stage.steps,
            "options": {
                one.name: _text(getattr(stage, one.name))
                for one in OPTIONS
                if stage.has_own(one.name)
            },
        }
        for stage in Recipe.parse(recipe).stages
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)
