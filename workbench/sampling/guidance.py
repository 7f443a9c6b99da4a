"""Guidance: how much more the model should heed a track or an annotation of the prompt. No torch.

With weight w the logits are (1 + w) · with − w · without, so 0 is plain and more follows the
prompt more closely. Leaving a track out hides what the prompt gives on it; what was sampled stays.
"""

from dataclasses import dataclass, replace
from math import isfinite
from urllib.parse import quote, unquote

from ..errors import SamplingError
from ..prompt import Prompt
from ..tracks import Track
from .numbers import exact

MAX_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Guidance:
    """Weights by track name or annotation label."""

    weights: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        names = [name for name, _ in self.weights]
        if len(set(names)) < len(names):
            raise SamplingError(f"the guidance {self} names something twice; give one weight each")
        for name, weight in self.weights:
            if not (isfinite(weight) and abs(weight) <= MAX_WEIGHT):
                raise SamplingError(
                    f"the guidance weight of {name} is {weight}; give at most {MAX_WEIGHT:g}"
                )

    @classmethod
    def parse(cls, text: str) -> "Guidance":
        """Read ``ss8:2+IPR000719:1.5``; ``str`` writes it back, odd characters as %20."""
        weights = []
        for part in text.split("+"):
            name, _, weight = part.strip().rpartition(":")
            try:
                weights.append((unquote(name), float(weight)))
            except ValueError:
                name = ""
            if not name:
                raise SamplingError(
                    f"cannot read the guidance {part!r}; write it as ss8:2 or function:1.5"
                )
        return cls(tuple(weights))

    def __str__(self) -> str:
        return "+".join(f"{quote(name, safe='')}:{exact(w)}" for name, w in self.weights)

    def active(self, prompt: Prompt) -> tuple[tuple[str, float], ...]:
        """The weights that change anything: not 0, and the prompt gives what they name."""
        return tuple((name, w) for name, w in self.weights if w != 0 and _given(prompt, name))


def without(prompt: Prompt, name: str) -> Prompt:
    """The prompt with a track masked everywhere, or an annotation label taken out."""
    if name in _TRACKS:
        return prompt.mask(slice(None), name)
    function = tuple(annotation for annotation in prompt.function if annotation.label != name)
    residue = tuple(annotation for annotation in prompt.residue if annotation.label != name)
    return replace(prompt, function=function, residue=residue)


def reasons_of(prompt: Prompt) -> tuple[str, ...]:
    """What can be left out of a prompt: tracks given anywhere, then labels of annotations."""
    given = [track.value for track in Track if not prompt.masked(track).all()]
    labels = dict.fromkeys(annotation.label for annotation in (*prompt.function, *prompt.residue))
    return (*given, *labels)


_TRACKS = frozenset(track.value for track in Track)


def _given(prompt: Prompt, name: str) -> bool:
    if name in _TRACKS:
        return not prompt.masked(name).all()
    labels = {annotation.label for annotation in (*prompt.function, *prompt.residue)}
    if name not in labels:
        known = ", ".join((*Track, *sorted(labels)))
        raise SamplingError(f"the prompt has no {name!r} to guide by; it has {known}")
    return True
