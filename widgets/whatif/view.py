"""WhatIfView: mutations, reasons, pairs and torsions, in the place of the confidence figure.

Log-odds and couplings go out as float32 by rows; distances as bytes in quarters of an Å, 255 where
they are not known or larger.
"""

from typing import Any

import numpy as np
import traitlets

from workbench.constants import AMINO_ACIDS
from workbench.errors import PromptError
from workbench.metrics.ramachandran import REGIONS, ramachandran
from workbench.prompt import Prompt
from workbench.protein import Protein
from workbench.sampling.guidance import reasons_of
from workbench.tracks import Track
from workbench.whatif.asking import METHODS
from workbench.whatif.distances import contact_distances

from ..axis import positions_of, ranges_of
from ..browser import loader
from ..browser.style import style
from ..state import BenchState
from ..tracks.edits import Edits
from ..view import BenchView, Buffer
from .reading import INFLUENCE, MUTATIONS, PAIRS, RAMACHANDRAN, WHY, Reading, labels
from .what_if import WhatIf

TABS = (
    (MUTATIONS, "Mutations"),
    (WHY, "Why"),
    (PAIRS, "Pairs"),
    (RAMACHANDRAN, "Ramachandran"),
)
UNASKED = (RAMACHANDRAN,)
"""Tabs that the model is not asked for."""

LETTERS = "AVILMFWYCGPSTNQHDEKR"
"""Rows of the landscape: oily, aromatic, special, polar, charged."""

QUARTERS = 4
UNKNOWN = 255


class WhatIfView(BenchView):
    """Heatmap of mutations, bars of reasons, matrix of couplings; ``tab`` says which is on view.

    Without ``what_if`` it shows what was asked before and asks nothing.
    """

    _esm = loader.linked("whatif/view.js")
    _css = style("whatif/view.css")

    tab = traitlets.Unicode().tag(sync=True)
    live = traitlets.Bool().tag(sync=True)
    letters = traitlets.Unicode(LETTERS).tag(sync=True)
    methods = traitlets.List(list(METHODS)).tag(sync=True)
    answering = traitlets.Dict(help="what is being answered: kind, passes done and all").tag(
        sync=True
    )
    mutations = traitlets.Dict().tag(sync=True)
    odds = Buffer()
    entropy = Buffer()
    why = traitlets.Dict().tag(sync=True)
    pairs = traitlets.Dict().tag(sync=True)
    couplings = Buffer()
    template_distances = Buffer()
    distances = Buffer()
    ramachandran = traitlets.Dict(help="names, letters and outliers of the residues on view").tag(
        sync=True
    )
    torsions = Buffer()
    regions = traitlets.List([list(region) for region in REGIONS]).tag(sync=True)
    selection = traitlets.List().tag(sync=True)
    hovered = traitlets.Int(-1).tag(sync=True)
    bus = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        state: BenchState,
        what_if: WhatIf | None = None,
        edits: Edits | None = None,
    ) -> None:
        self._state, self._what_if, self._edits = state, what_if, edits
        super().__init__(state, bus=str(id(state)), live=what_if is not None)
        self._draw(None)
        self._mark(None)
        state.observe(self._draw, ["revision", "frame", "readings"])
        state.observe(self._mark, ["selection", "hovered"])
        state.observe(self._count, "reading_now")

    def show(self, tab: str) -> None:
        """Put one of ``TABS`` on view, or none of them; what was never asked is asked now."""
        chosen = tab if tab in dict(TABS) else ""
        self.push(tab=chosen)
        self._draw(None)
        if self._what_if is None or not chosen or chosen in self._state.readings:
            return
        if chosen == MUTATIONS and self._what_if.ready:
            self._what_if.ask_mutations()
        elif chosen == WHY and self._state.marked:
            self._what_if.ask_why(list(self._state.marked))

    # -- state out -------------------------------------------------------------------------------

    def _draw(self, _: object) -> None:
        shown, readings = self._state.shown, self._state.readings
        values: dict[str, Any] = {"why": self._why(shown)}
        if MUTATIONS in readings:
            values |= self._mutations(readings[MUTATIONS], shown)
        if self.tab == PAIRS or PAIRS in readings:
            values |= self._pairs(shown)
        if self.tab == RAMACHANDRAN or self._what_if is None:
            values |= self._torsions()
        self.push(**values)

    def _torsions(self) -> dict[str, Any]:
        frame = self._state.frame
        protein = self._state.prompt.structure
        if frame is not None:
            protein = frame.protein or frame.prompt.structure
        if not protein.has_backbone.any():
            return {"ramachandran": {}, "torsions": b""}
        table = ramachandran(protein)
        return {
            "ramachandran": {
                "labels": table.index.tolist(),
                "letters": protein.sequence,
                "outliers": np.flatnonzero(table["outlier"]).tolist(),
            },
            "torsions": _floats(table[["phi", "psi"]].to_numpy()),
        }

    def _mutations(self, reading: Reading, shown: Prompt) -> dict[str, Any]:
        table: Any = reading.answer
        return {
            "mutations": {
                "labels": table.index.tolist(),
                "letters": "".join(table["letter"]),
                "method": reading.description,
                **reading.place(shown),
            },
            "odds": _floats(table[list(LETTERS)].to_numpy()),
            "entropy": _floats(table["entropy"].to_numpy()),
        }

    def _why(self, shown: Prompt) -> dict[str, Any]:
        readings = self._state.readings
        content: dict[str, Any] = {"reasons": list(reasons_of(shown))}
        if WHY in readings:
            table: Any = readings[WHY].answer
            drops = table.drop(columns="letter")
            content |= {
                "labels": table.index.tolist(),
                "letters": "".join(table["letter"]),
                "drops": [[str(name), _rounded(drops[name])] for name in drops.columns],
                **readings[WHY].place(shown),
            }
        if INFLUENCE in readings:
            reading = readings[INFLUENCE]
            content["along"] = {
                "reason": reading.description,
                "labels": labels(reading.prompt),
                "nats": _rounded(reading.answer),
                **reading.place(shown),
            }
        return content

    def _pairs(self, shown: Prompt) -> dict[str, Any]:
        reading = self._state.readings.get(PAIRS)
        frame = self._state.frame
        of = shown if reading is None else reading.prompt
        own = shown.template.with_(coordinates=shown.own_coordinates)
        if frame is not None and frame.protein is not None:
            own = frame.protein
        length = len(of)
        known = {"known": reading is not None, "quarters": QUARTERS, "unknown": UNKNOWN}
        place = {} if reading is None else reading.place(shown)
        return {
            "pairs": {"labels": labels(of), **known, **place},
            "couplings": b"" if reading is None else _floats(np.asarray(reading.answer)),
            "template_distances": _distances(of.template, length),
            "distances": _distances(own, length),
        }

    def _mark(self, _: object) -> None:
        self.push(selection=ranges_of(self._state.marked), hovered=self._state.hovered)

    def _count(self, _: object) -> None:
        self.push(answering=dict(self._state.reading_now))

    # -- intent in -------------------------------------------------------------------------------

    def on_ask(self, kind: str, method: str = METHODS[0], reason: str = "") -> None:
        """Ask for a picture anew."""
        what_if = self._what_if
        if what_if is None:
            return
        if kind == MUTATIONS:
            what_if.ask_mutations(method)
        elif kind == PAIRS:
            what_if.ask_pairs()
        elif kind == INFLUENCE:
            what_if.ask_influence(reason)
        elif self._state.marked:
            what_if.ask_why(list(self._state.marked))
        else:
            raise PromptError("select the residues to explain, in the tracks or in 3D")

    def on_stop(self) -> None:
        """Stop what is being answered."""
        if self._what_if is not None:
            self._what_if.stop(self._state.reading_now.get("kind", ""))

    def on_paint(self, position: int, letter: str) -> None:
        """Write a letter of the landscape at a residue, one undo step."""
        edits = self._edits
        if letter not in AMINO_ACIDS or len(letter) != 1:
            raise PromptError(f"{letter!r} is no amino acid; use one of {AMINO_ACIDS}")
        if edits is not None:
            edits.ask(lambda: edits.write(Track.SEQUENCE, position, letter))

    def on_select(self, ranges: list[list[int]]) -> None:
        """Select these residues of what is on view."""
        self._state.mark(positions_of(ranges))

    def on_hover(self, position: int) -> None:
        """Point at a residue."""
        self._state.hover(position)

    def on_table(self) -> None:
        """Send the landscape to the browser as a CSV file."""
        reading = self._state.readings.get(MUTATIONS)
        if reading is None:
            raise PromptError("there is no landscape yet; compute it first")
        name = f"{reading.prompt.template.name or 'protein'}-{reading.description}.csv"
        text = f"# log-odds in nats, {reading.description}\n{reading.answer.to_csv()}"  # type: ignore[union-attr]
        self.send({"type": "file", "name": name}, [text.encode()])


def _floats(values: np.ndarray) -> bytes:
    return np.ascontiguousarray(values, np.float32).tobytes()


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 4) for value in values]


def _distances(protein: Protein | None, length: int) -> bytes:
    """Quarters of an Å between CB atoms, row by row; nothing where no residue has a backbone."""
    if protein is None or len(protein) != length or not protein.has_backbone.any():
        return b""
    quarters = np.nan_to_num(contact_distances(protein) * QUARTERS, nan=UNKNOWN)
    return np.minimum(quarters, UNKNOWN).round().astype(np.uint8).tobytes()
