"""Tools: what an agent may do, one public method each; nothing runs above the budget."""

from dataclasses import dataclass, field
from typing import Any

from ..embedded import DEFAULT_MODEL
from ..errors import SamplingError
from ..findings import lint
from ..opening import open_session
from ..sampling.passes import cost
from ..sampling.recipe import Recipe
from ..session import Session
from ..session.columns import csv_of
from .description import described
from .desk import Desk
from .proposal import Proposal, changed, edited

BENCH = "bench"
MOST_DESIGNS = 100


@dataclass
class Tools:
    """One agent's work: a session of its own, the desk of a bench, and passes left to run.

    ``budget`` counts passes of one protein through the model, retries included.
    """

    model: str = DEFAULT_MODEL
    device: str | None = None
    budget: int = 0
    desk: Desk | None = None
    _session: Session | None = field(default=None, repr=False)

    def open(self, source: str) -> str:
        """Open a protein to work on, and describe it.

        ``source`` is the path of a structure, FASTA or .design file, a PDB or AlphaFold DB entry, a
        sequence, a length, or "bench": what the person's bench holds right now.
        """
        self._session = self._desk.session() if source == BENCH else open_session(source)
        return self.describe()

    def describe(self) -> str:
        """Describe the prompt as text: every track, letters, findings, history and designs."""
        budget = f"budget: {self.budget} model passes left, model {self.model}"
        return described(self._at_hand, budget)

    def check(self) -> list[str]:
        """List what is odd about the prompt: errors keep a run from starting."""
        return [str(finding) for finding in lint(self._at_hand.prompt)]

    def edit(self, edits: list[dict[str, Any]], summary: str) -> str:
        """Change your own copy of the prompt; the person's bench is not touched.

        ``edits`` are calls such as {"call": "mask", "where": "A:45-62", "track": "sequence"},
        {"call": "paint", "where": "A:10-20", "track": "ss8", "value": "H"}, {"call": "annotate",
        "label": "kinase", "where": "A:5-90"}, or restore, without, allow, forbid, forbid_motif,
        permit_motif. Residues are in the file's numbering.
        """
        session = self._at_hand
        before = session.prompt
        session.edit(edited(before, edits), summary)
        return _description(changed(before, session.prompt))

    def propose(self, edits: list[dict[str, Any]], summary: str, author: str) -> str:
        """Propose edits to the person at the bench, who sees them hatched and accepts or rejects.

        ``edits`` are as in ``edit``; ``summary`` says in one line what they are good for;
        ``author`` signs them. Gives back the proposal's name, for ``answer``.
        """
        session = self._desk.session()
        proposal = Proposal.create(session.prompt, edits, author, summary)
        name = self._desk.propose(proposal)
        description = _description(changed(session.prompt, proposal.applied(session.prompt)))
        return f"{name} waits for a person; it would change {description}"

    def answer(self, name: str) -> str:
        """Return the answer to a proposal: accepted, rejected or waiting."""
        return self._desk.answer_to(name)

    def plan(self, recipe: str, designs: int = 1) -> str:
        """Say what a run would cost in passes through the model, and what is left; runs nothing."""
        needed = self._needed(recipe, designs)
        fits = "fits" if needed <= self.budget else "does not fit"
        return f"{needed} model passes at most; {self.budget} are left, so it {fits}"

    def run(self, recipe: str, designs: int = 1, seed: int = 0) -> str:
        """Fill what is masked, within the budget; gives back the table of all designs as CSV.

        ``recipe`` is text such as structure:8,sequence:8: tracks in order, with steps each. The
        next design's seed is one more.
        """
        from ..model.checkpoint import load_model

        session, needed = self._at_hand, self._needed(recipe, designs)
        if needed > self.budget:
            raise SamplingError(
                f"this takes up to {needed} model passes and {self.budget} are left; take fewer "
                "steps or designs, or ask the person for a larger --budget"
            )
        if session.model is None:
            session.model = load_model(self.model, device=self.device)
        self.budget -= needed
        for number in range(designs):
            trajectory = session.start(Recipe.parse(recipe), seed + number)
            for _ in trajectory:
                pass
            session.keep(trajectory)
        return self.table()

    def table(self) -> str:
        """The designs as CSV: names, seeds, metrics (pLDDT 0 to 1, distances in Å), sequences."""
        return csv_of(self._at_hand.table())

    def _needed(self, recipe: str, designs: int) -> int:
        if not 0 < designs <= MOST_DESIGNS:
            raise SamplingError(f"designs is 1 to {MOST_DESIGNS}, not {designs}")
        return cost(Recipe.parse(recipe), self._at_hand.prompt).most * designs

    @property
    def _at_hand(self) -> Session:
        if self._session is None:
            raise SamplingError("nothing is open yet; open a protein first")
        return self._session

    @property
    def _desk(self) -> Desk:
        if self.desk is None:
            raise SamplingError(
                "this server has no desk to meet a bench at; start it with --desk FOLDER"
            )
        return self.desk


def _description(changes: dict) -> str:
    return "; ".join(f"{track.value} at {where}" for track, where in changes.items()) or "nothing"
