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
from .runs import ranges

Where = str | int | slice | range | Sequence[int] | np.ndarray

_PART = re.compile(
    r"(?:(?P<chain>[^:,\s]*):)?(?:(?P<first>-?\d+[A-Za-z]?)(?:\s*-\s*(?P<last>-?\d+[A-Za-z]?))?)?"
)
_WITHIN = re.compile(r"within\s+(?P<distance>\d+(?:\.\d+)?)\s*Å?\s+of", re.IGNORECASE)
_WORD = re.compile(rf"\s*({_WITHIN.pattern}(?=\s)|\b(?:and|or|not)\b|[,()])\s*", re.IGNORECASE)
_CHAIN = re.compile(r"(?:chain\s+)?(?P<name>\S+?):?", re.IGNORECASE)

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
    """Positions named by text such as ``45-62``, ``A:45-62,90,B`` or ``all``, in file order.

    ``within 5 of A:45-62`` adds every residue with a heavy atom that close to one of them, in Å;
    ``within 5 of HEM`` are those that close to a ligand of that name, ``within 5 of HEM A:142`` to
    that one. ``and``, ``or``, ``not`` and brackets join lists: ``A and not within 5 of B``.

    The chain may be left out when there is only one, and after a part of a list that names it.
    Residues that the file lacks inside a range are passed over; a range whose ends lie outside the
    chain is a SelectionError.
    """
    return np.flatnonzero(_Reading(text, protein).whole()).astype(np.int64)


class _Reading:
    """A selection text read from left to right, each part as a mask over the protein.

    ``or`` binds loosest, then ``and``, then ``not`` and ``within``; a comma joins parts of a list.
    """

    def __init__(self, text: str, protein: Protein) -> None:
        self.text, self.protein, self.chain = text, protein, None
        words = selection_words(text)
        self.words, self.at = [*words, ""], 0

    def whole(self) -> Bool[np.ndarray, " length"]:
        chosen = self.any_of()
        if self.word:
            raise self.unreadable(self.word)
        return chosen

    @property
    def word(self) -> str:
        return self.words[self.at]

    def take(self, *words: str) -> bool:
        """Whether the next word is one of these, which is then passed."""
        matches = bool(self.word) and self.word.lower() in words
        self.at += matches
        return matches

    def any_of(self) -> Bool[np.ndarray, " length"]:
        chosen = self.all_of()
        while self.take("or"):
            chosen = chosen | self.all_of()
        return chosen

    def all_of(self) -> Bool[np.ndarray, " length"]:
        chosen = self.listed()
        while self.take("and"):
            chosen = chosen & self.listed()
        return chosen

    def listed(self) -> Bool[np.ndarray, " length"]:
        self.chain = None
        chosen = self.part()
        while self.take(","):
            chosen = chosen | self.part()
        return chosen

    def part(self) -> Bool[np.ndarray, " length"]:
        if self.take("not"):
            return ~self.part()
        if self.take("("):
            chosen = self.any_of()
            if not self.take(")"):
                raise self.unreadable(self.word)
            return chosen
        near = _WITHIN.fullmatch(self.word)
        word, self.at = self.word, min(self.at + 1, len(self.words) - 1)
        if near is not None:
            return self.mask(self.near(float(near["distance"])))
        return self.mask(self.residues(word))

    def near(self, distance: float) -> Int[np.ndarray, " chosen"]:
        """What is near a ligand, if that is what the next word names, or near residues."""
        name, protein = " ".join(self.word.split()).upper(), self.protein
        names = [(ligand.name.upper(), str(ligand).upper()) for ligand in protein.ligands]
        ligands = [
            ligand for ligand, known in zip(protein.ligands, names, strict=True) if name in known
        ]
        if ligands and not self.names_residues(self.word):
            self.at += 1
            return around(
                protein, np.concatenate([ligand.coordinates for ligand in ligands]), distance
            )
        if _LIGAND.fullmatch(self.word) and not self.names_residues(self.word):
            known = ", ".join(sorted({ligand.name for ligand in protein.ligands})) or "none"
            raise SelectionError(
                f"there is no ligand {self.word!r} in this protein; it has {known}. "
                "Write residues as 45-62 or A:45-62,B:3"
            )
        return within(protein, np.flatnonzero(self.listed()), distance)

    def names_residues(self, word: str) -> bool:
        """Whether a word is residues, a chain or an operator rather than a ligand."""
        lone = word.lower() in ("all", "*", "not", "(") or _WITHIN.fullmatch(word)
        return bool(lone) or _PART.fullmatch(word) is not None or self.chain_of(word) is not None

    def chain_of(self, word: str) -> str | None:
        """The chain that is named alone: ``B``, ``B:`` or ``chain B``."""
        match = _CHAIN.fullmatch(word)
        return match["name"] if match and match["name"] in self.protein.chains else None

    def residues(self, word: str) -> "Sequence[int] | np.ndarray":
        if word.lower() in ("all", "*"):
            return range(len(self.protein))
        match = _PART.fullmatch(word)
        if word and match is not None and (match["first"] or match["chain"] is not None):
            if match["chain"] is not None:
                self.chain = match["chain"]
            text = word if self.chain is None or ":" in word else f"{self.chain}:{word}"
            return _parse_part(text, self.protein)
        chain = self.chain_of(word)
        if chain is None and re.fullmatch(r"[A-Za-z]\w?|(?i:chain)\s+\S+", word):
            raise _no_chain(word.split()[-1], self.protein)
        if chain is None:
            raise self.unreadable(word)
        return np.flatnonzero(self.protein.chain_id == chain)

    def mask(self, at: "Sequence[int] | np.ndarray") -> Bool[np.ndarray, " length"]:
        chosen = np.zeros(len(self.protein), bool)
        chosen[np.asarray(at, np.int64)] = True
        return chosen

    def unreadable(self, word: str) -> SelectionError:
        return SelectionError(
            f"cannot read {word!r} in the selection {self.text!r}; write residues as 45-62 or "
            "A:45-62,B:3, a chain as B, and join them as in: A and not within 5 of B"
        )


def selection_words(text: str) -> list[str]:
    """Operators, brackets, commas, and what is written between them."""
    words, end = [], 0
    for match in _WORD.finditer(plain_dashes(text)):
        words += [plain_dashes(text)[end : match.start()].strip(), match[1]]
        end = match.end()
    words = [*words, plain_dashes(text)[end:].strip()]
    ends = (",", None)
    around_each = zip([None, *words], words, [*words[1:], None], strict=False)
    return [word for last, word, after in around_each if word or (last in ends and after in ends)]


def format_selection(positions: Int[np.ndarray, " chosen"], protein: Protein) -> str:
    """Text that ``parse_selection`` reads back to these positions; runs are joined."""
    parts: list[str] = []
    at = np.unique(np.asarray(positions, np.int64))
    for first, stop in ranges(at, protein.chain_id[at]):
        last = stop - 1
        number = f"{protein.residue_number[last]}{protein.insertion_code[last]}"
        parts.append(protein.label(first) + (f"-{number}" if last > first else ""))
    return ",".join(parts)


def _parse_part(part: str, protein: Protein) -> list[int]:
    match = _PART.fullmatch(part)
    assert match is not None
    chain = _only_chain(part, protein) if match["chain"] is None else match["chain"]
    if chain not in protein.chains:
        raise _no_chain(chain, protein)
    members = np.flatnonzero(protein.chain_id == chain)
    if match["first"] is None:
        return members.tolist()
    inside = members[
        _between(match["first"], match["last"] or match["first"], part, members, protein)
    ]
    return inside.tolist()


def _no_chain(name: str, protein: Protein) -> SelectionError:
    known = ", ".join(protein.chains)
    return SelectionError(f"there is no chain {name!r} in this protein; it has {known}")


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
        _refuse_two(members[[key == label for label in keys]], protein)
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


def _refuse_two(positions: np.ndarray, protein: Protein) -> None:
    """A name that two residues have names neither; files that are read have none such."""
    if len(positions) > 1:
        named = ", ".join(f"{protein.sequence[i]} at position {i}" for i in positions[:2].tolist())
        raise SelectionError(
            f"{protein.label(positions[0])} is the name of {len(positions)} residues ({named}); "
            "select by 0-based positions, or give them numbers of their own"
        )


def _residue_key(text: str) -> tuple[int, str]:
    code = text[-1] if text[-1].isalpha() else ""
    return int(text.removesuffix(code)), code
