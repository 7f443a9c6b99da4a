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
                "name": option.name,
                "title": option.title,
                "about": option.about,
                "group": option.group,
                "kind": option.kind,
                "choices": list(option.choices),
                "least": option.least,
                "most": option.most if math.isfinite(option.most) else None,
                "example": option.example,
                "default": _text(getattr(plain, option.name)),
            }
            for option in OPTIONS
        ],
    }


def stages_of(recipe: str) -> list[dict[str, Any]]:
    """Track, steps and options that are spelt out, of every stage of a recipe's text."""
    return [
        {
            "track": stage.track.value,
            "steps": stage.steps,
            "options": {
                option.name: _text(getattr(stage, option.name))
                for option in OPTIONS
                if stage.has_own(option.name)
            },
        }
        for stage in Recipe.parse(recipe).stages
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)
