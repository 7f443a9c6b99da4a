"""What Python and the browser must agree on, as cases that pytest and node both replay.

``python tests/helpers/contract_cases.py`` writes them into tests/contract from Python's own rules;
the tests say whether the files still are what Python does, and whether the browser does the same.
"""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from widgets import axis
from widgets.designs.still import columns_with_values
from widgets.designs.table_traits import described, shown_rows
from widgets.running.recipe_form import stages_of
from widgets.sharing.pack import Pack
from widgets.sharing.page import as_text
from widgets.tracks import rows
from widgets.tracks.painting import PaintCommand, paint
from widgets.tracks.spec import spec
from workbench.alignment import aligned, frequencies, information
from workbench.constants import AMINO_ACIDS
from workbench.errors import SelectionError
from workbench.prompt import Prompt
from workbench.protein import FunctionAnnotation, Protein
from workbench.sampling.recipe import Recipe
from workbench.selection import format_selection, parse_selection
from workbench.session import Column, Remark
from workbench.session.remark import MOST_STARS
from workbench.tracks import Track

FOLDER = Path(__file__).parents[1] / "contract"

TRACKS = [track.value for track in Track]
VALUES = ["sequence", "structure", "ss8", "sasa"]


def strand_of(length: int) -> np.ndarray:
    """Some backbone: where atoms are plays no part here."""
    xyz = np.full((length, 37, 3), np.nan, np.float32)
    for atom in range(5):
        xyz[:, atom] = np.arange(length)[:, None] * 3.8 + atom
    return xyz


def template() -> Protein:
    """Ten residues in two chains; of some residues something is not known on each track."""
    coordinates = strand_of(10)
    coordinates[[3, 9]] = np.nan
    sasa = np.linspace(0, 135, 10, dtype=np.float32)
    sasa[[0, 5]] = np.nan
    return Protein(
        "MKTX_YIAKU",
        coordinates=coordinates,
        chain_id=np.array(["A"] * 6 + ["B"] * 4),
        residue_number=np.array([-1, 0, 1, 2, 3, 4, 1, 2, 3, 5]),
        ss8="CHHH_EEETC",
        sasa=sasa,
        function=(FunctionAnnotation("kinase", 1, 5), FunctionAnnotation("binding", 3, 8)),
        residue_annotations=(FunctionAnnotation("Active site", 2, 3),),
        name="contract",
    )


def stroke(op: str, tracks: list[str], start: int, stop: int, value: object = None) -> dict:
    """A command as the browser sends it."""
    command = {"op": op, "tracks": tracks, "start": start, "stop": stop}
    return command if value is None else command | {"value": value}


STROKES = {
    "masking every track": [stroke("mask", TRACKS, 2, 7)],
    "restoring every track, known or not": [stroke("restore", TRACKS, 0, 10)],
    "restoring a part": [stroke("restore", TRACKS, 3, 5)],
    "restoring after masking": [stroke("mask", TRACKS, 0, 10), stroke("restore", TRACKS, 2, 6)],
    "restoring function beside what is there": [
        stroke("restore", ["function"], 0, 3),
        stroke("restore", ["function"], 3, 10),
    ],
    "restoring over another label": [
        stroke("annotate", ["function"], 2, 9, "zinc"),
        stroke("restore", ["function"], 4, 6),
    ],
    "restoring what was said to be none": [
        stroke("none", ["function", "residue"], 0, 10),
        stroke("restore", ["function", "residue"], 0, 4),
    ],
    "one letter on many residues": [stroke("write", ["sequence"], 0, 4, "W")],
    "a text letter by letter, with masks": [stroke("write", ["sequence"], 1, 5, "AC_U")],
    "a mask written as a letter": [stroke("write", ["sequence"], 0, 2, "_")],
    "an SS8 class": [stroke("write", ["ss8"], 4, 9, "E")],
    "an area": [stroke("write", ["sasa"], 0, 3, 40.5)],
    "no area": [stroke("write", ["sasa"], 0, 3, "_")],
    "a label, and a mask through it": [
        stroke("annotate", ["function"], 0, 9, "zinc"),
        stroke("mask", ["function"], 4, 5),
    ],
    "a label twice": [
        stroke("annotate", ["residue"], 0, 9, "zinc"),
        stroke("annotate", ["residue"], 0, 9, "zinc"),
    ],
    "a label on what was none": [
        stroke("none", ["residue"], 2, 6),
        stroke("annotate", ["residue"], 3, 4, "zinc"),
    ],
    "none through a label": [
        stroke("annotate", ["function"], 0, 9, "zinc"),
        stroke("none", ["function"], 4, 6),
    ],
    "masking sites leaves functions": [
        stroke("annotate", ["function"], 0, 4, "zinc"),
        stroke("mask", ["residue"], 0, 4),
    ],
    "allowed letters": [stroke("allow", ["sequence"], 0, 5, "AV")],
    "forbidden letters": [stroke("forbid", ["sequence"], 0, 5, "C")],
    "a limit in the place of another": [
        stroke("allow", ["sequence"], 0, 6, "DE"),
        stroke("forbid", ["sequence"], 2, 4, "PC"),
    ],
    "most letters allowed": [stroke("allow", ["sequence"], 0, 5, "ARNDQEGHILKMFSTWYV")],
    "a limit drawn on": [
        stroke("forbid", ["sequence"], 4, 9, "PC"),
        stroke("forbid", ["sequence"], 0, 4, "CP"),
    ],
    "a limit taken back": [
        stroke("allow", ["sequence"], 0, 6, "DE"),
        stroke("allow", ["sequence"], 1, 6, AMINO_ACIDS),
    ],
    "letters forbidden one after the other": [
        stroke("forbid", ["sequence"], 0, 6, "C"),
        stroke("forbid", ["sequence"], 3, 8, "P"),
    ],
    "letters forbidden among those allowed": [
        stroke("allow", ["sequence"], 0, 4, "AV"),
        stroke("forbid", ["sequence"], 2, 6, "VC"),
    ],
}
"""Strokes on a prompt of the template that gives sequence and structure."""


def painting() -> dict:
    """Cells before and after strokes, as ``rows`` gives them for the prompt that Python paints."""
    protein = template()
    prompt = Prompt.from_protein(protein)
    cases = [
        {"name": name, "commands": commands, "after": cells(painted(prompt, commands))}
        for name, commands in STROKES.items()
    ]
    return {"axis": rows.axis(protein), "before": cells(prompt), "cases": cases}


def painted(prompt: Prompt, commands: list[dict]) -> Prompt:
    """The prompt after these commands."""
    return paint(prompt, map(PaintCommand.parse, commands))[0]


def cells(prompt: Prompt) -> dict:
    """What the editor draws of a prompt: no order among annotations, limits by residue."""
    annotations = [
        [
            labelled_range["row"],
            labelled_range["label"],
            labelled_range["start"],
            labelled_range["stop"],
        ]
        for labelled_range in rows.labelled_ranges(prompt, prompt)
    ]
    return {
        "states": rows.cell_states(prompt).ravel().tolist(),
        "letters": rows.letters(prompt).decode(),
        "areas": [None if np.isnan(area) else float(area) for area in prompt.sasa],
        "annotations": sorted(annotations),
        "limits": sorted(
            [limit["start"], limit["stop"], limit["label"]] for limit in rows.limits(prompt)
        ),
    }


def numbered(*chains: tuple[str, list[str]]) -> Protein:
    """A protein with these chains and residue numbers, insertion codes behind them."""
    names = [(name, number) for name, numbers in chains for number in numbers]
    return Protein(
        "A" * len(names),
        chain_id=np.array([name for name, _ in names]),
        residue_number=np.array([int(number.rstrip("AB")) for _, number in names]),
        insertion_code=np.array([number.lstrip("-0123456789") for _, number in names]),
    )


NUMBERINGS = {
    "one chain": numbered(("A", ["-2", "-1", "0", "1", "1A", "2", "5", "6"])),
    "the same numbers in two chains": numbered(("A", ["1", "2", "3"]), ("B", ["1", "2", "3", "7"])),
    "a chain in two pieces": numbered(("A", ["1", "2"]), ("B", ["1"]), ("A", ["3", "4"])),
    "insertions, and numbers that fall": numbered(
        ("H", ["82", "82A", "82B", "83"]), ("L", ["1", "0"])
    ),
    "names that two residues have": numbered(("A", ["1", "2", "3", "2", "4"])),
}
TEXTS = (
    "all", " ALL ", "*", "1", "A:1", "A:1-3", "A:1 - 3", "B:", "A:,B:1", "A:1-", "A:3-1", "-1-0",
    "-2--1", "1A", "1A-2", "1-1A", "A:2-5", "A:3-4", "A:0-9", "C:1", "A:1,", ",", "A;1", "45",
    "2-3", "A:1-2,A:2-4", "B:1-7", "B:4-6", "H:82A-83", "H:82-82B", "L:0-1", "L:1-0", "A:all",
    "a:1", "A:1–3", "A:−1", "A:2", "A:2-4", "A:3-4", "A:1-4", "A",
    "chain A", "Chain B:", "A:1-2,3", "A:1,2,B:3", "A:1–2", "not A", "A and not A:1-2",
    "A:1 or B:1", "A, not (A or B)", "(A or H) and not A:1", "A:1 or A and B or A:2",
    "all and not A",
    "A and", "and A", "A B", "A 1", "(A", "A)", "not", "A:1,,A:2", "or", "L:1 or H",
)  # fmt: skip
"""Read in each numbering; nothing where it is refused."""


def selection_text() -> dict:
    """Texts and the ranges that they name, and ranges and the text that names them."""
    return {
        "cases": [
            {
                "name": name,
                "axis": {key: rows.axis(protein)[key] for key in ("length", "numbers", "chains")},
                "read": [[text, ranges_of(text, protein)] for text in TEXTS],
                "written": [
                    [axis.ranges_of(tuple(at)), format_selection(np.array(at, int), protein)]
                    for at in ([0], list(range(len(protein))), [0, 1, 3], [1, 3], [])
                ],
            }
            for name, protein in NUMBERINGS.items()
        ]
    }


def ranges_of(text: str, protein: Protein) -> list | None:
    """What Python reads, None for a refusal."""
    try:
        return axis.ranges_of(tuple(parse_selection(text, protein).tolist()))
    except SelectionError:
        return None


def packing() -> dict:
    """A pack as text, and what is in it by number."""
    pack = Pack()
    xyz = (np.round(np.linspace(-40, 60, 48) / 0.05) * 0.05).astype(np.float32)
    heat = np.array([[0.0, 31.0, 15.5], [np.nan, 3.0, 30.0]])
    held = {
        "text": pack.keep("β <strand> & more"),
        "nested": pack.keep({"rows": [1, None, "x"], "on": True}),
        "bytes": pack.keep(bytes(range(0, 256, 3))),
        "coordinates": pack.keep_coordinates(xyz.tobytes()),
        "matrix": pack.keep(heat),
        "again": pack.keep("β <strand> & more"),
    }
    low, high = np.nanmin(heat), np.nanmax(heat)
    grain = (high - low) / 62
    levels = [
        [None if np.isnan(v) else float(low + round((v - low) / grain) * grain) for v in row]
        for row in heat
    ]
    values = {
        "text": "β <strand> & more",
        "nested": {"rows": [1, None, "x"], "on": True},
        "bytes": list(range(0, 256, 3)),
        "coordinates": [round(float(v), 2) for v in xyz],
        "matrix": levels,
        "again": "β <strand> & more",
    }
    words = [bytes(range(count)) for count in (0, 1, 2, 3, 4, 5, 31)]
    return {
        "text": as_text(pack.compressed(held)),
        "values": values,
        "words": [[as_text(word), base64.b64encode(word).decode()] for word in words],
    }


TABLE = [
    Column("design", "design", ""),
    Column("ptm", "pTM", "", "number", True),
    Column("plddt", "pLDDT", "", "number", True, scale=100, digits=1),
    Column("seed", "seed", "", "number", digits=0),
    Column("stars", "stars", "", "stars", True, digits=0),
    Column("note", "note", "", "note"),
    Column("lddt", "lDDT", "", "number", True),
]
DESIGNS: list[dict[str, object]] = [
    {"design": "design-1", "ptm": 0.125, "plddt": 0.7225, "seed": 0, "stars": 0, "note": ""},
    {"design": "design-2", "ptm": 2.675, "plddt": float("nan"), "seed": 12, "stars": 2, "note": ""},
    {"design": "design-3", "ptm": -0.375, "plddt": 0.5, "seed": 2**31 - 1, "stars": 0, "note": ""},
    {"design": "design-4", "ptm": -0.0, "plddt": None, "seed": 7, "stars": 3, "note": ""},
]


def table() -> dict:
    """A table of designs as the browser gets it, and how each value is written there and here."""
    return {
        "columns": described(TABLE),
        "rows": shown_rows(TABLE, DESIGNS),
        "written": [[column.written(row.get(column.name)) for column in TABLE] for row in DESIGNS],
        "with_values": [column.name for column in columns_with_values(TABLE, DESIGNS)],
        "stars": [str(Remark(count)) for count in range(MOST_STARS + 1)],
    }


def alignment() -> dict:
    """Proteins under a template: what each column tells, and their text as FASTA and A3M."""
    named = aligned(
        numbered(("A", ["1", "2", "3", "5"])),
        [numbered(("A", ["1", "2", "2A", "5"])), numbered(("A", ["2", "3", "5"]))],
        ["longer", "shorter"],
    )
    rows = ["MKWXA-", "MKTXAA", "MRT-CA", "MATUWA"]
    shares = [
        {letter: share for letter, share in zip(AMINO_ACIDS, column, strict=True) if share}
        for column in frequencies(rows).tolist()
    ]
    return {
        "rows": rows,
        "shares": shares,
        "bits": information(rows).tolist(),
        "names": named.names,
        "aligned": named.rows,
        "positions": named.positions,
        "fasta": named.fasta(),
        "a3m": named.a3m(),
    }


RECIPES = (
    "structure:8",
    "structure:8,sequence:16",
    "sequence:4(temperature=0.5;top_p=0.9;strategy=entropy)",
    "structure:8(gate=ptm>0.6+motif_rmsd<1.5;retries=3),sequence:8(guide=ss8:2+function:1.5)",
    "sequence:8(best=4;every=2;reward=ptm;subject=motif_rmsd<1.5;annealing=linear;refine=2)",
)


def recipe_text() -> dict:
    """Recipes as the form shows their stages, and as Python writes them."""
    return {
        "cases": [
            {"stages": stages_of(recipe), "text": str(Recipe.parse(recipe))} for recipe in RECIPES
        ]
    }


DOCUMENTS: dict[str, Callable[[], dict]] = {
    "spec": spec,
    "painting": painting,
    "selection_text": selection_text,
    "packing": packing,
    "table": table,
    "alignment": alignment,
    "recipe_text": recipe_text,
}


def text_of(name: str) -> str:
    """A document as it stands in tests/contract."""
    return json.dumps(DOCUMENTS[name](), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


if __name__ == "__main__":
    for name in DOCUMENTS:
        (FOLDER / f"{name}.json").write_text(text_of(name), "utf-8")
