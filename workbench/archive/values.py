"""Values as JSON and arrays: proteins, prompts and the frozen values they are made of.

Generic over dataclass fields, so that a new field of a prompt is stored without a change here. A
field that an older record lacks gets its default; one that is not known is refused. Proteins and
prompts are stored once and referred to by number, so what was one value stays one value.
"""

import os
import re
from dataclasses import fields, is_dataclass, replace
from math import isfinite
from typing import Any

import numpy as np

from ..constraints import Constraints
from ..errors import RecordError
from ..prompt import LETTER_TRACKS, Prompt
from ..protein import Confidence, FunctionAnnotation, Ligand, Protein
from ..tracks import CODEBOOK_SIZE, Track
from .container import MAX_DECODED, ArrayWriter, Budget, Container

PAE_STEP = 0.125
"""Å per unit of a stored PAE; 255 units reach the top of the model's scale."""

MAX_LENGTH = 10_000
"""Residues of a protein in a record; far more than the model takes."""

PROTEIN_BYTES, PROMPT_BYTES, PAE_BYTES = 600, 400, 4
"""Memory of a protein and of a prompt for each residue, and of a PAE for each pair of them."""

ROUNDING = 1e-3
"""How far beyond 0 to 1 a confidence may be."""

OVERHEAD = 20
"""What each protein and prompt takes beside its residues, in residues."""

MAX_LIGAND_ATOMS = 100_000
"""Atoms of a ligand in a record; far more than any file's ligands keep."""

_FOLDERS = re.compile(r"(?<![\w.~])(?:~\w*|[A-Za-z]:)?(?:[/\\][^\s/\\:'\"]+)+[/\\]")
_QUOTED = re.compile(
    r"""(?P<quote>['"])
    (?:(?:~\w*|[A-Za-z]:)?[/\\](?:(?!(?P=quote))[^\n])*[/\\]  # a path from the top
    |(?:(?!(?P=quote))[^\n])*[/\\](?=[^/\\'"\n]*\.\w{1,8}(?P=quote)))  # or one of a file
    (?P<name>(?:(?!(?P=quote))[^\n/\\])*)(?P=quote)""",
    re.VERBOSE,
)


def without_folders(text: str) -> str:
    """Text with the folders of this machine taken off its paths.

    A path with spaces is known by the quotes around it, or by the folder where work is done.
    """
    for folder in (os.getcwd(), os.path.expanduser("~")):
        if len(folder) > 1:
            text = text.replace(folder + os.sep, "")
    text = _QUOTED.sub(lambda path: f"{path['quote']}{path['name']}{path['quote']}", text)
    return _FOLDERS.sub("", text)


class Values:
    """Writes values; ``proteins`` and ``prompts`` fill as they are met."""

    def __init__(self, memory: int = MAX_DECODED) -> None:
        self.arrays = ArrayWriter()
        self.proteins: list[Any] = []
        self.prompts: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._alive: list[object] = []
        self.budget = Budget(memory)

    def protein(self, protein: Protein) -> int:
        """The number of a protein."""

        def written() -> dict[str, Any]:
            self.budget.spend(_size_of(protein))
            return self._fields(protein.with_(notes=tuple(map(without_folders, protein.notes))))

        return self._numbered(protein, self.proteins, written)

    def prompt(self, prompt: Prompt) -> int:
        """The number of a prompt."""

        def written() -> dict[str, Any]:
            self.budget.spend(PROMPT_BYTES * (len(prompt) + OVERHEAD))
            template = self.protein(prompt.template)
            return {**self._fields(prompt, leave="template"), "template": template}

        return self._numbered(prompt, self.prompts, written)

    def _numbered(self, value: object, table: list[Any], write: Any) -> int:
        if id(value) not in self._numbers:
            entry = write()
            self._numbers[id(value)] = len(table)
            self._alive.append(value)
            table.append(entry)
        return self._numbers[id(value)]

    def _fields(self, value: Any, leave: str = "") -> dict[str, Any]:
        return {
            field.name: self.any(getattr(value, field.name))
            for field in fields(value)
            if field.name != leave
        }

    def any(self, value: Any) -> Any:
        """Any value that proteins and prompts are made of."""
        if isinstance(value, np.ndarray):
            return {"array": self.arrays.keep(value)}
        if isinstance(value, Confidence) and value.pae is not None:
            units = np.clip(np.nan_to_num(value.pae / PAE_STEP, nan=255), 0, 255).round()
            return {
                **self.any(replace(value, pae=None)),
                "pae": self.any(units.astype(np.uint8)),
            }
        if is_dataclass(value):
            return {"kind": type(value).__name__, **self._fields(value)}
        if isinstance(value, tuple | list):
            return [self.any(item) for item in value]
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, float) and not isfinite(value):
            return None
        if value is None or isinstance(value, str | int | float):
            return value
        raise RecordError(f"a {type(value).__name__} cannot be written to a record")


class Reading:
    """Reads values back; raises RecordError for what does not fit together."""

    def __init__(
        self,
        container: Container,
        proteins: list[Any],
        prompts: list[Any],
        memory: int = MAX_DECODED,
    ) -> None:
        self._container = container
        self.budget = Budget(memory)
        self._proteins = [self._protein(protein) for protein in proteins]
        self._prompts = [self._prompt(prompt) for prompt in prompts]

    def protein(self, number: object) -> Protein:
        """The protein of this number."""
        return self._proteins[index(number, len(self._proteins), "protein")]

    def prompt(self, number: object) -> Prompt:
        """The prompt of this number."""
        return self._prompts[index(number, len(self._prompts), "prompt")]

    def array(self, entry: Any, kind: str, shape: tuple[int, ...]) -> np.ndarray:
        """An array that must be of this kind (a letter, as numpy writes it) and shape."""
        array = self._container.array(entry["array"])
        if array.dtype.kind not in kind or array.shape != shape:
            raise RecordError(
                f"array {entry['array']} is {array.dtype} of shape {array.shape}, not {shape}"
            )
        if array.dtype.kind == "f" and np.isinf(array).any():
            raise RecordError(f"array {entry['array']} holds infinite numbers")
        if array.dtype.kind == "b" and (array.view(np.uint8) > 1).any():
            raise RecordError(f"array {entry['array']} holds neither true nor false")
        if array.dtype.kind == "U":
            array.tolist()
        return array

    def shape(self, entry: Any) -> tuple[int, ...]:
        """The shape of a stored array."""
        return self._container.array(entry["array"]).shape

    def _protein(self, entry: dict[str, Any]) -> Protein:
        length = len(_text(entry["sequence"]))
        if length > MAX_LENGTH:
            raise RecordError(f"a protein of {length} residues is longer than {MAX_LENGTH}")
        self.budget.spend(PROTEIN_BYTES * (length + OVERHEAD))
        blank = Protein("A" * max(1, length))
        confidence = entry.get("confidence")
        plain = {name: value for name, value in entry.items() if name != "confidence"}
        values = self._like(blank, plain)
        if confidence is not None:
            plddt = self.array(confidence["plddt"], "f", (length,))
            stored, ptm = confidence["pae"], confidence["ptm"]
            pae = None
            if stored is not None:
                self.budget.spend(PAE_BYTES * length**2)
                pae = self.array(stored, "u", (length, length)) * np.float32(PAE_STEP)
            ptm = None if ptm is None else float(ptm)
            for known in (plddt[np.isfinite(plddt)], np.array([] if ptm is None else [ptm])):
                if known.size and not -ROUNDING <= known.min() <= known.max() <= 1 + ROUNDING:
                    raise RecordError(f"its confidence goes up to {known.max():g}, not to 1")
            values["confidence"] = Confidence(plddt, pae, ptm)
        return Protein(**values)

    def _prompt(self, entry: dict[str, Any]) -> Prompt:
        template = self.protein(entry["template"])
        self.budget.spend(PROMPT_BYTES * (len(template) + OVERHEAD))
        plain = {name: value for name, value in entry.items() if name != "template"}
        prompt = replace(Prompt.blank(template), **self._like(Prompt.blank(template), plain))
        for track, letters in LETTER_TRACKS.items():
            strange = set(getattr(prompt, Track(track).value).tolist()) - letters
            if strange:
                raise RecordError(f"the {track} of a prompt holds {min(strange)[:20]!r}")
        tokens = prompt.structure_tokens
        if len(tokens) and not -1 <= tokens.min() <= tokens.max() < CODEBOOK_SIZE:
            raise RecordError("a prompt holds structure tokens outside the codebook")
        for annotation in (*prompt.function, *prompt.residue):
            if annotation.stop > len(prompt):
                raise RecordError(f"annotation {annotation.label[:40]!r} ends beyond its prompt")
        return prompt

    def _like(self, blank: Any, entry: dict[str, Any]) -> dict[str, Any]:
        known = {field.name for field in fields(blank)}
        unknown = sorted(set(entry) - known - {"kind"})
        if unknown:
            raise RecordError(
                f"it has {unknown[0][:40]!r} in a {type(blank).__name__}, which this version does "
                "not know; update esm3-workbench"
            )
        return {
            name: self._value(getattr(blank, name), value, name)
            for name, value in entry.items()
            if name != "kind"
        }

    def _value(self, blank: Any, value: Any, name: str) -> Any:
        if isinstance(blank, np.ndarray):
            kind = blank.dtype.kind
            array = self.array(value, "iu" if kind == "i" else kind, blank.shape)
            return array if kind == "U" else array.astype(blank.dtype, copy=False)
        if isinstance(blank, Constraints):
            return Constraints(**self._like(blank, value))
        if isinstance(blank, tuple) and name == "ligands":
            return tuple(map(self._ligand, value))
        if isinstance(blank, tuple):
            return tuple(
                FunctionAnnotation(
                    _text(item["label"]), _whole(item["start"]), _whole(item["stop"])
                )
                if isinstance(item, dict)
                else _text(item)
                for item in value
            )
        if isinstance(blank, str):
            return _text(value)
        raise RecordError(f"{name} of a {type(blank).__name__} cannot be read")

    def _ligand(self, entry: dict[str, Any]) -> Ligand:
        elements = tuple(map(_text, entry["elements"]))
        if len(elements) > MAX_LIGAND_ATOMS or any(len(element) > 2 for element in elements):
            raise RecordError("a ligand has atoms that cannot be")
        coordinates = self.array(entry["coordinates"], "f", (len(elements), 3))
        self.budget.spend(100 * len(elements))
        return Ligand(_text(entry["name"]), _text(entry["label"]), elements, coordinates)


def _size_of(protein: Protein) -> int:
    confidence = protein.confidence
    pairs = 0 if confidence is None or confidence.pae is None else len(protein) ** 2
    return PROTEIN_BYTES * (len(protein) + OVERHEAD) + PAE_BYTES * pairs


def index(number: object, size: int, what: str) -> int:
    """A number that must count one of ``size`` things."""
    value = _whole(number)
    if not 0 <= value < size:
        raise RecordError(f"there is no {what} {value}; there are {size}")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RecordError(f"{str(value)[:40]!r} is no whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RecordError(f"{str(value)[:40]!r} is no text")
    return value
