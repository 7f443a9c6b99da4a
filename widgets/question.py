"""Question: a change made while a result is on view waits for what it is to be made on."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from .frame import Frame

PROMPT, CONTINUE = "prompt", "continue"


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is to happen to the prompt, or to a new one that goes on from ``frame``.

    ``on_prompt`` says whether the prompt has the residues that the change was meant for.
    """

    frame: Frame
    changes: tuple[Callable[[], None], ...]
    on_prompt: bool

    def and_then(self, change: Callable[[], None], instead: bool = False) -> "Question":
        """The same question about one change more, or about another than the last."""
        earlier = self.changes[:-1] if instead else self.changes
        return replace(self, changes=(*earlier, change))

    @property
    def choices(self) -> list[list[str]]:
        """Answers and their words, the one proposed first."""
        words = [[CONTINUE, f"Continue from {self.frame.title}"]]
        return [[PROMPT, "Edit the prompt"], *words] if self.on_prompt else words

    @property
    def text(self) -> str:
        """What the person reads."""
        opening = f"{self.frame.title} is a result."
        lacking = "" if self.on_prompt else " The prompt has other residues by now."
        return f"{opening}{lacking} What should this change?"
