"""Proposed: changes that an agent suggests, drawn over the prompt until a person answers."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.agent.proposal import Proposal, changed
from workbench.prompt import Prompt
from workbench.tracks import Track

ACCEPTED, REJECTED = "accepted", "rejected"


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """A proposal for ``prompt``; ``answered`` hears what the person said to it."""

    proposal: Proposal
    prompt: Prompt
    answered: Callable[[str], None]

    @property
    def changes(self) -> dict[Track, str]:
        """Residues that would change, by track, in the file's numbering."""
        return changed(self.prompt, self.proposal.applied(self.prompt))

    @property
    def text(self) -> str:
        """What the person reads."""
        rows = "; ".join(f"{track.value} {where}" for track, where in self.changes.items())
        limits = rows or "limits on what may be drawn"
        return f"{self.proposal.author} proposes: {self.proposal.summary} ({limits})"

    @property
    def rows(self) -> list[list[int]]:
        """Row and positions of every change, as the tracks draw them."""
        numbers = {track: row for row, track in enumerate(Track)}
        return [
            [numbers[track], *(int(i) for i in self.prompt.positions(where))]
            for track, where in self.changes.items()
        ]
