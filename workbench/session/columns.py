"""Columns: what a table of designs holds, for pandas, for files and for the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite
from typing import TYPE_CHECKING, Literal

from ..metrics import OF_DESIGNS, Metric, as_shown
from .design import Design
from .remark import NO_REMARK, Remarks

if TYPE_CHECKING:
    import pandas as pd


Kind = Literal["text", "number", "sequence", "stars", "note"]
"""How the values of a column are shown; stars are numbers, a note is text that can be edited."""

NUMBERS = ("number", "stars")

WIDE = Context(prec=400)
"""Room for every digit of any number."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in code and files, its title and tooltip on screen.

    Numbers are shown times ``scale`` with ``digits`` after the point. ``higher_is_better`` is None
    where neither is. A ``minor`` one goes first where a page is short of room. Values are as in
    memory; ``shown`` and ``written`` are as people read them.
    """

    name: str
    title: str
    help: str
    kind: Kind = "text"
    higher_is_better: bool | None = None
    scale: int = 1
    digits: int = 2
    minor: bool = False

    def shown(self, value: object) -> object:
        """A value in the unit of screen and files; None where there is none."""
        if self.kind not in NUMBERS or value is None:
            return value
        number = self.scale * float(value)  # type: ignore[arg-type]
        if not isfinite(number):
            return None
        return number if self.digits else round(number)

    def written(self, value: object) -> str:
        """A value as text for people; a dash where there is none. Halves are rounded up, as a
        browser does.
        """
        shown = self.shown(value)
        if shown is None:
            return "–"
        if self.kind not in NUMBERS:
            return str(shown)
        exact = Decimal(shown + 0.0)  # type: ignore[operator]
        return str(exact.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP, WIDE))


DESIGN = Column("design", "design", "Its name.")
STATUS = Column(
    "status",
    "status",
    "A control, a gate that was missed or a broken chain; empty where all is well.",
)
STARS = Column("stars", "stars", "Stars that you gave it, 0 to 3.", "stars", True, digits=0)
NOTE = Column("note", "note", "What you noted of it.", "note")
SEED = Column("seed", "seed", "The seed of its random draws.", "number", digits=0, minor=True)
LENGTH = Column("length", "length", "How many residues it has.", "number", digits=0, minor=True)
RECIPE = Column("recipe", "recipe", "The stages that made it.", minor=True)
SEQUENCE = Column(
    "sequence", "sequence", "Its residues in one-letter code.", "sequence", minor=True
)


def columns_of(designs: Sequence[Design]) -> list[Column]:
    """The columns of a table of these designs."""
    measured = measured_columns(own_scores(designs))
    return [DESIGN, STATUS, STARS, NOTE, SEED, LENGTH, *measured, RECIPE, SEQUENCE]


def measured_columns(own: Iterable[str]) -> list[Column]:
    """A column for every metric, and after them for scores of a person's own by these names."""
    known = {metric.name for metric in OF_DESIGNS}
    return [
        *(_of_metric(metric) for metric in OF_DESIGNS),
        *(_of_score(name) for name in own if name not in known),
    ]


def own_scores(designs: Sequence[Design]) -> list[str]:
    """Names of scores of your own that some design has."""
    names = dict.fromkeys(name for design in designs for name in design.metrics)
    known = {metric.name for metric in OF_DESIGNS}
    return [name for name in names if name not in known]


def rows_of(designs: Sequence[Design], remarks: Remarks) -> list[dict[str, object]]:
    """What stands in the table of each design, by its column's name."""
    return [
        {
            "design": design.name,
            "status": design.status,
            "stars": remarks.get(design.name, NO_REMARK).stars,
            "note": remarks.get(design.name, NO_REMARK).note,
            "seed": None if design.is_control else design.seed,
            "length": len(design.protein),
            **design.metrics,
            "recipe": design.recipe_text,
            "sequence": design.protein.sequence,
        }
        for design in designs
    ]


def frame(designs: Sequence[Design], remarks: Remarks) -> "pd.DataFrame":
    """A table of designs in pandas, values as in memory: pLDDT is 0–1."""
    import pandas as pd

    names = [column.name for column in columns_of(designs)]
    return pd.DataFrame(rows_of(designs, remarks), columns=names)


def csv_of(table: "pd.DataFrame") -> str:
    """A table of designs as the content of a file: pLDDT is 0–100 there, as in structure files."""
    return as_shown(table).to_csv(index=False)


def _of_metric(metric: Metric) -> Column:
    title = f"{metric.title} {metric.unit}".rstrip()
    return Column(
        metric.name, title, metric.help, "number", metric.higher_is_better, metric.scale,
        metric.digits, metric.minor,
    )  # fmt: skip


def _of_score(name: str) -> Column:
    return Column(name, name, "A score of your own; higher is better.", "number", True)
