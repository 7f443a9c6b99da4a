"""Selections: residues in the words of the file, such as ``A:45-62,B:3``.

Text is in the file's chain names and residue numbers, ends included, and a range follows the file's
order; code works with 0-based positions.
"""

import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Int

from .errors import SelectionError
from .neighbours import around, within
from .protein import Protein

Where = str | int | slice | range | Sequence[int] | np.ndarray

_PART = re.compile(
    r"(?:(?P<chain>[^:,\s]*):)?(?:(?P<first>-?\d+[A-Za-z]?)(?:\s*-\s*(?P<last>-?\d+[A-Za-z]?))?)?"
)
_WITHIN = re.compile(
    r"within\s+(?P<distance>\d+(?:\.\d+)?)\s*Å?\s+of\s+(?P<where>.+)", re.IGNORECASE
)

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
"""Dashes that editors and papers write for a hyphen, and the minus sign."""

_LIGAND = re.compile(r"\w+(\s+\S*:-?\d+[A-Za-z]?)?")


def positions_of(where: Where, protein: Protein) -> Int[np.ndarray, " chosen"]:
    """Sorted 0-based positions of a selection text, index, slice, indices or Boolean mask."""
    if isinstance(where, str):
        return parse_selection(where, protein)
    if isinstance(where, slice):
        ends = [end for end in (where.start, where.stop) if end is not None]
        if any(abs(end) > len(protein) for end in ends):
            raise SelectionError(
                f"residues {where.start}:{where.stop} are outside this protein of {len(protein)}; "
                "give 0-based, half-open positions"
            )
        return np.sort(np.arange(len(protein))[where])
    at = np.atleast_1d(np.asarray(where))
    if at.dtype == bool:
        if len(at) != len(protein):
            raise SelectionError(
                f"a Boolean selection of {len(at)} entries "
                f"does not fit this protein of {len(protein)}"
            )
        return np.flatnonzero(at)
    if len(at) and at.dtype.kind not in "iu":
        raise SelectionError(f"positions are whole numbers, not {where!r}")
    at = np.unique(at.astype(np.int64))
    if len(at) and (at[0] < 0 or at[-1] >= len(protein)):
        outside = at[0] if at[0] < 0 else at[-1]
        raise SelectionError(
            f"position {outside} is outside this protein of {len(protein)} residues; "
            f"give 0-based positions from 0 to {len(protein) - 1}"
        )
    return at


def plain_dashes(text: str) -> str:
    """The text with every dash as a hyphen."""
    return text.translate(_DASHES)


def parse_selection(text: str, protein: Protein) -> Int[np.ndarray, " chosen"]:
    """Positions named by text such as ``45-62``, ``A:45-62,B:3,C:`` or ``all``, in file order.

    ``within 5 of A:45-62`` adds every residue with a heavy atom that close to one of them, in Å;
    ``within 5 of HEM`` are those that close to a ligand of that name, ``within 5 of HEM A:142`` to
    that one.

    The chain may be left out when there is only one. Residues that the file lacks inside a range
    are passed over; a range whose ends lie outside the chain is a SelectionError.
    """
    text = plain_dashes(text)
    if text.strip().lower() in ("all", "*"):
        return np.arange(len(protein))
    near = _WITHIN.fullmatch(text.strip())
    if near is not None:
        return _near(near["where"], float(near["distance"]), protein)
    chosen: set[int] = set()
    for part in text.split(","):
        chosen.update(_parse_part(part.strip(), text, protein))
    return np.array(sorted(chosen), dtype=np.int64)


def _near(where: str, distance: float, protein: Protein) -> Int[np.ndarray, " chosen"]:
    """What reads as residues is residues; a ligand with such a name is told by its label."""
    wanted = " ".join(where.split()).upper()
    found = [one for one in protein.ligands if wanted in (one.name.upper(), str(one).upper())]
    if found and _PART.fullmatch(where) is None:
        return around(protein, np.concatenate([one.coordinates for one in found]), distance)
    if _LIGAND.fullmatch(where) and _PART.fullmatch(where) is None and wanted != "ALL":
        known = ", ".join(sorted({one.name for one in protein.ligands})) or "none"
        raise SelectionError(
            f"there is no ligand {where!r} in this protein; it has {known}. "
            "Write residues as 45-62 or A:45-62,B:3"
        )
    return within(protein, parse_selection(where, protein), distance)


def format_selection(positions: Int[np.ndarray, " chosen"], protein: Protein) -> str:
    """Text that ``parse_selection`` reads back to these positions; runs are joined."""
    parts: list[str] = []
    runs = _runs(sorted({int(i) for i in positions}), protein)
    for first, last in runs:
        number = f"{protein.residue_number[last]}{protein.insertion_code[last]}"
        parts.append(protein.label(first) + (f"-{number}" if last > first else ""))
    return ",".join(parts)


def _runs(positions: list[int], protein: Protein) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for i in positions:
        joined = runs and runs[-1][1] == i - 1 and protein.chain_id[i] == protein.chain_id[i - 1]
        if joined:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs


def _parse_part(part: str, text: str, protein: Protein) -> list[int]:
    match = _PART.fullmatch(part)
    if not part or match is None:
        raise SelectionError(
            f"cannot read {part!r} in the selection {text!r}; "
            "write residues as 45-62 or A:45-62,B:3"
        )
    chain = _only_chain(part, protein) if match["chain"] is None else match["chain"]
    if chain not in protein.chains:
        raise SelectionError(
            f"there is no chain {chain!r} in this protein; it has {', '.join(protein.chains)}"
        )
    members = np.flatnonzero(protein.chain_id == chain)
    if match["first"] is None:
        return members.tolist()
    inside = members[
        _between(match["first"], match["last"] or match["first"], part, members, protein)
    ]
    return inside.tolist()


def _only_chain(part: str, protein: Protein) -> str:
    first, *others = protein.chains
    if others:
        raise SelectionError(
            f"{part!r} does not say which chain; this protein has {', '.join(protein.chains)}, "
            f"so write {first}:{part}"
        )
    return first


def _between(
    first: str, last: str, part: str, members: np.ndarray, protein: Protein
) -> Bool[np.ndarray, " members"]:
    """Residues of a chain in a range, by the file's order if it has both ends, else by number."""
    keys = [(int(protein.residue_number[i]), str(protein.insertion_code[i])) for i in members]
    low, high = _residue_key(first), _residue_key(last)
    for key in (low, high):
        _refuse_two(members[[key == one for one in keys]], protein)
    order = np.arange(len(keys))
    if low in keys and high in keys:
        start, end = keys.index(low), keys.index(high)
        backwards, inside = start > end, (start <= order) & (order <= end)
    else:
        backwards, inside = low > high, np.array([low <= key <= high for key in keys])
    if backwards:
        raise SelectionError(f"the range {part!r} runs backwards; write the earlier residue first")
    span = f"chain {protein.chain_id[members[0]]}, which runs from " + " to ".join(
        protein.label(i) for i in members[[0, -1]]
    )
    if low < min(keys) or high > max(keys):
        raise SelectionError(f"residues {part!r} are outside {span}")
    if not inside.any():
        raise SelectionError(f"the file has no residues {part!r} in {span}")
    return inside


def _refuse_two(found: np.ndarray, protein: Protein) -> None:
    """A name that two residues have names neither; files that are read have none such."""
    if len(found) > 1:
        named = ", ".join(f"{protein.sequence[i]} at position {i}" for i in found[:2].tolist())
        raise SelectionError(
            f"{protein.label(found[0])} is the name of {len(found)} residues ({named}); "
            "select by 0-based positions, or give them numbers of their own"
        )


def _residue_key(text: str) -> tuple[int, str]:
    code = text[-1] if text[-1].isalpha() else ""
    return int(text.removesuffix(code)), code
