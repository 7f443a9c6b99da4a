"""A table of designs as HTML that needs no script: in saved notebooks and in a campaign's cell."""

import html
from collections.abc import Mapping, Sequence

from workbench.session import Column

MOST_LETTERS = 200
"""Letters of a text; sequences are shown whole."""
LINE = 20
"""Letters of a sequence after which a line may break."""


def still_table(columns: Sequence[Column], rows: Sequence[Mapping[str, object]]) -> str:
    """Rows of values as in memory, by column name; a column without any value is left out."""
    filled = columns_with_values(columns, rows)
    head = "".join(
        f'<th title="{html.escape(column.help)}">{html.escape(column.title)}</th>'
        for column in filled
    )
    body = "".join(
        f"<tr>{''.join(_cell(column, row.get(column.name)) for column in filled)}</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def columns_with_values(
    columns: Sequence[Column], rows: Sequence[Mapping[str, object]]
) -> list[Column]:
    """Those in which some row has a value; no stars and no note are none."""
    return [column for column in columns if any(_has_value(column, row) for row in rows)]


def _has_value(column: Column, row: Mapping[str, object]) -> bool:
    nothing = (None, "", 0) if column.kind == "stars" else (None, "")
    return column.shown(row.get(column.name)) not in nothing


def _cell(column: Column, value: object) -> str:
    text = column.written(value)
    if column.kind == "sequence":
        parts = [html.escape(text[at : at + LINE]) for at in range(0, len(text), LINE)]
        return f'<td align="left"><code>{"<wbr>".join(parts)}</code></td>'
    return f"<td>{html.escape(text[:MOST_LETTERS])}</td>"
