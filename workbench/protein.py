"""Protein: what is known of a protein, on one residue axis.

All arrays share the residue axis of length L, 0-based. Residues of several chains follow each
other; ``chain_id`` says where one ends. Numbers and insertion codes are the file's own. Coordinates
are in Å in atom37 order with NaN where an atom is absent; SASA is in Å² with NaN where unknown; SS8
has ``_`` where unknown; pLDDT is 0–1.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from .constants import ATOM37, CA, MASK, MAX_COORDINATE, RESIDUE_NAMES, SS8_CLASSES, C, N
from .errors import StructureError
from .names import clean_name
from .runs import equal_ranges

SEQUENCE_LETTERS = frozenset(RESIDUE_NAMES) | {MASK}

_DSSP_COIL = str.maketrans(" -P", "CCC")


def as_ss8(text: str) -> str:
    """SS8 letters with DSSP's blank, ``-`` and ``P`` (polyproline helix) as coil, ``C``."""
    return text.translate(_DSSP_COIL)


def frozen(values: np.ndarray) -> np.ndarray:
    """Return a read-only copy, which its maker cannot change either."""
    if values.flags.writeable:
        values = values.copy()
        values.flags.writeable = False
    return values


def known_atoms(coordinates: Float[np.ndarray, "*atoms 3"]) -> Bool[np.ndarray, "*atoms"]:
    """Which atoms are there: all three coordinates are finite and within ``MAX_COORDINATE``."""
    # NaN is not below anything.
    return np.asarray((np.abs(coordinates) < MAX_COORDINATE).all(-1))


@dataclass(frozen=True, slots=True)
class FunctionAnnotation:
    """A label on the residues ``start`` up to but not including ``stop`` (0-based)."""

    label: str
    start: int
    stop: int

    def __post_init__(self) -> None:
        if not self.label:
            raise StructureError("an annotation needs a label")
        if not 0 <= self.start < self.stop:
            raise StructureError(
                f"annotation {self.label!r} spans {self.start}:{self.stop}; "
                "give 0 <= start < stop, half-open"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Confidence:
    """How sure the model is of a structure: pLDDT per residue (0–1), PAE in Å, pTM (0–1)."""

    plddt: Float[np.ndarray, " length"]
    pae: Float[np.ndarray, "length length"] | None = None
    ptm: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ligand:
    """A cofactor, substrate or ion beside the chains of a file; the model does not see it.

    ``label`` is its chain and number there, such as ``A:142``. ``elements`` are the symbols of its
    heavy atoms, ``coordinates`` their places in Å, in the frame of the protein beside it. Raises
    StructureError when the two do not fit.
    """

    name: str
    label: str
    elements: tuple[str, ...]
    coordinates: Float[np.ndarray, "atoms 3"]

    def __post_init__(self) -> None:
        if self.coordinates.shape != (len(self.elements), 3) or not self.elements:
            raise StructureError(
                f"the ligand {self} has {len(self.elements)} elements and coordinates of shape "
                f"{self.coordinates.shape}; give one row of x, y, z for each atom"
            )
        if not np.isfinite(self.coordinates).all():
            raise StructureError(f"the ligand {self} has an atom without a place; leave it out")
        object.__setattr__(self, "coordinates", frozen(self.coordinates))

    def __str__(self) -> str:
        return f"{self.name} {self.label}"

    @property
    def chain(self) -> str:
        """The chain that the file counts it to."""
        return self.label.rpartition(":")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Protein:
    """A frozen protein; every change is a new value. Only the sequence (or its length) is needed.

    ``notes`` say what reading the file set aside (water, other models, altlocs).
    Raises StructureError when lengths disagree or a letter is not in the alphabet.
    """

    sequence: str
    coordinates: Float[np.ndarray, "length 37 3"] = None  # type: ignore[assignment]
    chain_id: Shaped[np.ndarray, " length"] = None  # type: ignore[assignment]
    residue_number: Int[np.ndarray, " length"] = None  # type: ignore[assignment]
    insertion_code: Shaped[np.ndarray, " length"] = None  # type: ignore[assignment]
    ss8: str = ""
    sasa: Float[np.ndarray, " length"] = None  # type: ignore[assignment]
    function: tuple[FunctionAnnotation, ...] = ()
    residue_annotations: tuple[FunctionAnnotation, ...] = ()
    confidence: Confidence | None = None
    name: str = ""
    notes: tuple[str, ...] = field(default=())
    ligands: tuple[Ligand, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean_name(self.name))
        length = len(self.sequence)
        if length == 0:
            raise StructureError("a protein needs at least one residue; this one has none")
        strange = sorted(set(self.sequence) - SEQUENCE_LETTERS)
        if strange:
            place = next(i for i, letter in enumerate(self.sequence) if letter in strange)
            raise StructureError(
                f"{strange[0]!r} at position {place} is not a residue letter; "
                f"use {''.join(sorted(RESIDUE_NAMES))} or {MASK} for unknown"
            )
        defaults = {
            "coordinates": lambda: np.full((length, len(ATOM37), 3), np.nan, np.float32),
            "chain_id": lambda: np.full(length, "A"),
            "residue_number": lambda: np.arange(1, length + 1),
            "insertion_code": lambda: np.full(length, ""),
            "ss8": lambda: MASK * length,
            "sasa": lambda: np.full(length, np.nan, np.float32),
        }
        for name, default in defaults.items():
            value = getattr(self, name)
            if value is None or (name == "ss8" and not value):
                value = default()
                object.__setattr__(self, name, value)
            elif name == "ss8":
                object.__setattr__(self, name, as_ss8(value))
            if len(value) != length:
                raise StructureError(
                    f"{name} has {len(value)} entries for a sequence of {length} residues"
                )
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, frozen(value))
        if self.coordinates.shape != (length, len(ATOM37), 3):
            raise StructureError(
                f"coordinates have shape {self.coordinates.shape}; "
                f"give ({length}, 37, 3) in atom37 order"
            )
        if self.confidence is not None and len(self.confidence.plddt) != length:
            raise StructureError(
                f"plddt has {len(self.confidence.plddt)} entries "
                f"for a sequence of {length} residues"
            )
        unknown = sorted(set(self.ss8) - set(SS8_CLASSES) - {MASK})
        if unknown:
            raise StructureError(f"{unknown[0]!r} is not an SS8 class; use {SS8_CLASSES} or {MASK}")
        for annotation in (*self.function, *self.residue_annotations):
            if annotation.stop > length:
                raise StructureError(
                    f"annotation {annotation.label!r} ends at {annotation.stop}, "
                    f"beyond this protein of {length} residues"
                )

    def __len__(self) -> int:
        return len(self.sequence)

    @property
    def backbone(self) -> Float[np.ndarray, "length 3 3"]:
        """N, CA and C of each residue, in Å."""
        return self.coordinates[:, [N, CA, C]]

    @property
    def has_backbone(self) -> Shaped[np.ndarray, " length"]:
        """Which residues have N, CA and C, and so a frame."""
        return np.all(known_atoms(self.backbone), axis=-1)

    @property
    def chains(self) -> tuple[str, ...]:
        """Chain names in order of appearance."""
        return tuple(str(self.chain_id[start]) for start, _ in self.chain_ranges)

    @property
    def chain_ranges(self) -> tuple[tuple[int, int], ...]:
        """Half-open residue range of each chain."""
        return tuple(equal_ranges(self.chain_id))

    def label(self, position: int | np.integer) -> str:
        """What the file calls this residue, such as ``A:45`` or ``H:82A``."""
        number, code = self.residue_number[position], self.insertion_code[position]
        return f"{self.chain_id[position]}:{number}{code}"

    def with_(self, **changes: object) -> "Protein":
        """This protein with some values exchanged."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def take(self, positions: Sequence[int] | np.ndarray) -> "Protein":
        """The residues at these 0-based positions, in this order; annotations are dropped."""
        at = np.asarray(positions, dtype=np.int64)
        confidence = self.confidence
        if confidence is not None:
            pae = None if confidence.pae is None else confidence.pae[np.ix_(at, at)]
            confidence = Confidence(confidence.plddt[at], pae, confidence.ptm)
        return replace(
            self,
            sequence="".join(np.array(list(self.sequence))[at]),
            coordinates=self.coordinates[at],
            chain_id=self.chain_id[at],
            residue_number=self.residue_number[at],
            insertion_code=self.insertion_code[at],
            ss8="".join(np.array(list(self.ss8))[at]),
            sasa=self.sasa[at],
            function=(),
            residue_annotations=(),
            confidence=confidence,
            ligands=self.ligands_beside(self.chain_id[at]),
        )

    def ligands_beside(self, chains: Shaped[np.ndarray, " names"]) -> tuple[Ligand, ...]:
        """The ligands left when only these chains are: those of chains that go, go with them."""
        other_chains = set(self.chains) - set(chains.tolist())
        return tuple(ligand for ligand in self.ligands if ligand.chain not in other_chains)


def same_residues(one: Protein, other: Protein) -> tuple[np.ndarray, np.ndarray]:
    """Positions in both of the residues that have one name in both, in the order of the first.

    A name that a protein has twice says nothing and is passed over.
    """
    places = [_places(protein) for protein in (one, other)]
    shared = [name for name in places[0] if name in places[1]]
    positions = [np.array([known[name] for name in shared], np.int64) for known in places]
    return positions[0], positions[1]


def _places(protein: Protein) -> dict[str, int]:
    """The position of every residue whose name is its own."""
    names = [protein.label(at) for at in range(len(protein))]
    count = Counter(names)
    return {name: at for at, name in enumerate(names) if count[name] == 1}
