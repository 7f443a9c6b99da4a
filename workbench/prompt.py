"""Prompt: what the model must keep, what it may change, and what it should want.

Per track and residue a cell is *given* (a value the model keeps), *masked* (the model decides) or,
on the function and residue tracks, explicitly *none*. A masked cell holds no value: ``_`` on letter
tracks, NaN in SASA and coordinates, -1 in structure tokens. So states are read off the values and
can never disagree with them. Painting returns a new Prompt; the template it was made from is kept
for restoring.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from .constants import AMINO_ACIDS, MASK, SS8_CLASSES
from .errors import PromptError, SelectionError
from .protein import SEQUENCE_LETTERS, FunctionAnnotation, Protein, frozen
from .selection import parse_selection
from .tracks import CODEBOOK_SIZE, Track

Where = str | int | slice | range | Sequence[int] | np.ndarray
Tracks = Track | str | Iterable[Track | str] | None

LETTER_TRACKS = {Track.SEQUENCE: SEQUENCE_LETTERS, Track.SS8: frozenset(SS8_CLASSES) | {MASK}}
ANNOTATION_TRACKS = (Track.FUNCTION, Track.RESIDUE)


class State(IntEnum):
    """What a cell of the prompt asks of the model."""

    MASKED = 0
    GIVEN = 1
    NONE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """Values of every track on the residue axis of ``template``; see the module for conventions.

    ``structure_tokens`` holds tokens set directly (by a sampled step); where they are -1, a residue
    with backbone coordinates gets its token from the encoder. ``allowed`` has one column per letter
    of ``AMINO_ACIDS``.
    """

    template: Protein
    sequence: Shaped[np.ndarray, " length"]
    coordinates: Float[np.ndarray, "length 37 3"]
    structure_tokens: Int[np.ndarray, " length"]
    ss8: Shaped[np.ndarray, " length"]
    sasa: Float[np.ndarray, " length"]
    function: tuple[FunctionAnnotation, ...]
    function_none: Bool[np.ndarray, " length"]
    residue: tuple[FunctionAnnotation, ...]
    residue_none: Bool[np.ndarray, " length"]
    allowed: Bool[np.ndarray, "length 20"]

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, entry.name, frozen(value))

    @classmethod
    def from_protein(
        cls, protein: Protein, tracks: Tracks = (Track.SEQUENCE, Track.STRUCTURE)
    ) -> "Prompt":
        """All residues of these tracks given as the protein has them, everything else masked."""
        return cls.blank(protein).restore(slice(None), tracks)

    @classmethod
    def blank(cls, protein: Protein | int) -> "Prompt":
        """Everything masked, on the residue axis of a protein or of a new chain of some length."""
        if isinstance(protein, int):
            if protein < 1:
                raise PromptError(f"a prompt needs at least one residue, not {protein}")
            protein = Protein(MASK * protein)
        length = len(protein)
        return cls(
            template=protein,
            sequence=np.full(length, MASK),
            coordinates=np.full((length, 37, 3), np.nan, np.float32),
            structure_tokens=np.full(length, -1, np.int64),
            ss8=np.full(length, MASK),
            sasa=np.full(length, np.nan, np.float32),
            function=(),
            function_none=np.zeros(length, bool),
            residue=(),
            residue_none=np.zeros(length, bool),
            allowed=np.ones((length, len(AMINO_ACIDS)), bool),
        )

    def __len__(self) -> int:
        return len(self.template)

    # -- reading ---------------------------------------------------------------------------------

    def positions(self, where: Where) -> Int[np.ndarray, " chosen"]:
        """Sorted 0-based positions of a selection text, index, slice, indices or Boolean mask."""
        if isinstance(where, str):
            return parse_selection(where, self.template)
        if isinstance(where, slice):
            ends = [end for end in (where.start, where.stop) if end is not None]
            if any(abs(end) > len(self) for end in ends):
                raise SelectionError(
                    f"residues {where.start}:{where.stop} are outside this prompt of {len(self)}; "
                    "give 0-based, half-open positions"
                )
            return np.sort(np.arange(len(self))[where])
        at = np.atleast_1d(np.asarray(where))
        if at.dtype == bool:
            if len(at) != len(self):
                raise SelectionError(
                    f"a Boolean selection of {len(at)} entries "
                    f"does not fit this prompt of {len(self)}"
                )
            return np.flatnonzero(at)
        if len(at) and at.dtype.kind not in "iu":
            raise SelectionError(f"positions are whole numbers, not {where!r}")
        at = np.unique(at.astype(np.int64))
        if len(at) and (at[0] < 0 or at[-1] >= len(self)):
            outside = at[0] if at[0] < 0 else at[-1]
            raise SelectionError(
                f"position {outside} is outside this prompt of {len(self)} residues; "
                f"give 0-based positions from 0 to {len(self) - 1}"
            )
        return at

    def state(self, track: Track | str) -> Int[np.ndarray, " length"]:
        """The State of every residue on one track."""
        track = Track.named(track)
        if track in ANNOTATION_TRACKS:
            annotations, none = self._annotations(track)
            state = np.where(none, State.NONE, State.MASKED).astype(np.int64)
            for annotation in annotations:
                state[annotation.start : annotation.stop] = State.GIVEN
            return state
        given = {
            Track.SEQUENCE: lambda: self.sequence != MASK,
            Track.STRUCTURE: lambda: (self.structure_tokens >= 0) | self.has_backbone,
            Track.SS8: lambda: self.ss8 != MASK,
            Track.SASA: lambda: np.isfinite(self.sasa),
        }[track]()
        return np.where(given, State.GIVEN, State.MASKED).astype(np.int64)

    def masked(self, track: Track | str) -> Bool[np.ndarray, " length"]:
        """Which residues the model fills on this track."""
        return self.state(track) == State.MASKED

    @property
    def has_backbone(self) -> Bool[np.ndarray, " length"]:
        """Which residues have N, CA and C in the prompt."""
        return np.asarray(np.isfinite(self.coordinates[:, :3]).all(axis=(1, 2)))

    # -- painting --------------------------------------------------------------------------------

    def mask(self, where: Where, track: Tracks = None) -> "Prompt":
        """Leave these residues to the model, on one track, several, or all (None)."""
        at = self.positions(where)
        prompt = self
        for one in _tracks(track):
            prompt = prompt._masked_at(at, one)
        return prompt

    def restore(self, where: Where, track: Tracks = None) -> "Prompt":
        """Bring back the template's values; what the template does not know becomes masked."""
        at = self.positions(where)
        prompt = self
        for one in _tracks(track):
            prompt = prompt._restored_at(at, one)
        return prompt

    def paint(self, where: Where, track: Track | str, value: object) -> "Prompt":
        """Write one value on all residues, or a text or list with one value for each.

        Sequence takes one-letter codes, SS8 one of GHITEBSC, SASA an area in Å²; ``_`` or None
        masks.
        Function and residue annotations are written with ``annotate``, structure with ``restore``.
        """
        track, at = Track.named(track), self.positions(where)
        if _length(value) > 1:
            self._refuse_other_order(where, at)
        if track in LETTER_TRACKS:
            return self._lettered(at, track, value)
        if track is Track.SASA:
            return self._with_sasa(at, value)
        hint = (
            "annotate(label, where, track)"
            if track in ANNOTATION_TRACKS
            else "restore or place_motif"
        )
        raise PromptError(f"the {track} track has no single value to paint; use {hint}")

    def annotate(self, label: str, where: Where, track: Track | str = Track.FUNCTION) -> "Prompt":
        """Ask for a function keyword, InterPro entry or residue annotation on these residues."""
        track, at = Track.named(track), self.positions(where)
        if track not in ANNOTATION_TRACKS:
            raise PromptError(f"the {track} track takes no labels; annotate function or residue")
        old, none = self._annotations(track)
        new = [FunctionAnnotation(label, start, stop) for start, stop in _ranges(at)]
        kept = tuple(annotation for annotation in old if annotation not in new)
        none = none.copy()
        none[at] = False
        return self._with_annotations(track, kept + tuple(new), none)

    def without(self, where: Where, track: Track | str) -> "Prompt":
        """Say explicitly that these residues carry no annotation on this track."""
        track, at = Track.named(track), self.positions(where)
        if track not in ANNOTATION_TRACKS:
            raise PromptError(f"the {track} track has no state 'none'; mask it instead")
        annotations, none = self._annotations(track)
        none = none.copy()
        none[at] = True
        return self._with_annotations(track, _cut(annotations, at), none)

    def allow(self, where: Where, residues: str) -> "Prompt":
        """Let the model choose only these amino acids at these residues."""
        return self._with_allowed(where, residues, lambda listed: listed)

    def forbid(self, where: Where, residues: str) -> "Prompt":
        """Let the model choose any standard amino acid but these at these residues."""
        return self._with_allowed(where, residues, lambda listed: ~listed)

    def with_tokens(self, where: Where, tokens: Int[np.ndarray, " chosen"]) -> "Prompt":
        """Set structure tokens (0–4095) directly; their residues then have no coordinates."""
        at = self.positions(where)
        self._refuse_other_order(where, at)
        tokens = np.asarray(tokens, dtype=np.int64)
        if tokens.shape != at.shape or not ((tokens >= 0) & (tokens < CODEBOOK_SIZE)).all():
            raise PromptError(
                f"give {len(at)} structure tokens from 0 to 4095 for {len(at)} residues"
            )
        structure, coordinates = self.structure_tokens.copy(), self.coordinates.copy()
        structure[at], coordinates[at] = tokens, np.nan
        return replace(self, structure_tokens=structure, coordinates=coordinates)

    def _refuse_other_order(self, where: Where, at: np.ndarray) -> None:
        """Values that come one per residue need positions in the order they are written in."""
        if isinstance(where, str | slice) or np.asarray(where).dtype == bool:
            return
        if np.atleast_1d(where).tolist() != at.tolist():
            raise PromptError(
                "give positions in ascending order, each once, where each gets its own value"
            )

    # -- one track at a time ---------------------------------------------------------------------

    def _masked_at(self, at: np.ndarray, track: Track) -> "Prompt":
        if track in ANNOTATION_TRACKS:
            annotations, none = self._annotations(track)
            none = none.copy()
            none[at] = False
            return self._with_annotations(track, _cut(annotations, at), none)
        if track is Track.STRUCTURE:
            structure, coordinates = self.structure_tokens.copy(), self.coordinates.copy()
            structure[at], coordinates[at] = -1, np.nan
            return replace(self, structure_tokens=structure, coordinates=coordinates)
        values = getattr(self, track.value).copy()
        values[at] = np.nan if track is Track.SASA else MASK
        return replace(self, **{track.value: values})

    def _restored_at(self, at: np.ndarray, track: Track) -> "Prompt":
        template = self.template
        prompt = self._masked_at(at, track)
        if track is Track.STRUCTURE:
            coordinates = prompt.coordinates.copy()
            known = at[template.has_backbone[at]]
            coordinates[known] = template.coordinates[known]
            return replace(prompt, coordinates=coordinates)
        if track is Track.SASA:
            sasa = prompt.sasa.copy()
            sasa[at] = template.sasa[at]
            return replace(prompt, sasa=sasa)
        if track in LETTER_TRACKS:
            letters = prompt.sequence if track is Track.SEQUENCE else prompt.ss8
            letters = letters.copy()
            letters[at] = np.array(list(getattr(template, track.value)))[at]
            return replace(prompt, **{track.value: letters})
        source = template.function if track is Track.FUNCTION else template.residue_annotations
        outside = np.setdiff1d(np.arange(len(self)), at)
        kept, none = prompt._annotations(track)
        whole = _joined(kept + _cut(source, outside))
        in_order = sorted(
            whole, key=lambda one: source.index(one) if one in source else len(source)
        )
        return prompt._with_annotations(track, tuple(in_order), none)

    def _lettered(self, at: np.ndarray, track: Track, value: object) -> "Prompt":
        letters = MASK if value is None else value
        letters = (
            list(letters) if isinstance(letters, str | list | tuple | np.ndarray) else [letters]
        )
        if len(letters) not in (1, len(at)):
            raise PromptError(
                f"{len(letters)} letters do not fit {len(at)} residues of the {track} track; "
                "give one letter or one per residue"
            )
        for letter in letters:
            if letter not in LETTER_TRACKS[track]:
                alphabet = "".join(sorted(LETTER_TRACKS[track]))
                raise PromptError(f"{letter!r} is no letter of the {track} track; use {alphabet}")
        values = getattr(self, track.value).copy()
        values[at] = letters
        return replace(self, **{track.value: values})

    def _with_sasa(self, at: np.ndarray, value: object) -> "Prompt":
        try:
            areas = np.array(
                [np.nan if v is None or v == MASK else float(v) for v in _as_list(value)],
                np.float32,
            )
        except (TypeError, ValueError):
            raise PromptError(
                f"{value!r} is no solvent accessible area; give Å² or {MASK} to mask"
            ) from None
        if len(areas) not in (1, len(at)):
            raise PromptError(
                f"{len(areas)} areas do not fit {len(at)} residues; give one or one each"
            )
        if np.isinf(areas).any() or (areas < 0).any():
            raise PromptError(
                f"a solvent accessible area is finite and at least 0 Å², not {value!r}"
            )
        sasa = self.sasa.copy()
        sasa[at] = areas
        return replace(self, sasa=sasa)

    def _with_allowed(self, where: Where, residues: str, choose) -> "Prompt":
        strange = sorted(set(residues) - set(AMINO_ACIDS))
        if strange:
            raise PromptError(
                f"{strange[0]!r} is no standard amino acid; use letters of {AMINO_ACIDS}"
            )
        row = choose(np.array([letter in residues for letter in AMINO_ACIDS]))
        if not row.any():
            raise PromptError("at least one amino acid must stay allowed")
        allowed = self.allowed.copy()
        allowed[self.positions(where)] = row
        return replace(self, allowed=allowed)

    def _annotations(
        self, track: Track
    ) -> tuple[tuple[FunctionAnnotation, ...], Bool[np.ndarray, " length"]]:
        if track is Track.FUNCTION:
            return self.function, self.function_none
        return self.residue, self.residue_none

    def _with_annotations(
        self, track: Track, annotations: tuple[FunctionAnnotation, ...], none: np.ndarray
    ) -> "Prompt":
        name = track.value
        return replace(self, **{name: annotations, f"{name}_none": none})


def _tracks(track: Tracks) -> list[Track]:
    if track is None:
        return list(Track)
    if isinstance(track, str):
        return [Track.named(track)]
    return [Track.named(one) for one in track]


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple | np.ndarray) else 1


def _as_list(value: object) -> list:
    return list(value) if isinstance(value, list | tuple | np.ndarray) else [value]


def _ranges(at: np.ndarray) -> list[tuple[int, int]]:
    """Half-open ranges of neighbouring positions."""
    if not len(at):
        return []
    runs = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)
    return [(int(run[0]), int(run[-1]) + 1) for run in runs]


def _joined(annotations: Iterable[FunctionAnnotation]) -> list[FunctionAnnotation]:
    """The same labels on the same residues, pieces that touch made one."""
    under: dict[str, set[int]] = {}
    for annotation in annotations:
        under.setdefault(annotation.label, set()).update(range(annotation.start, annotation.stop))
    return [
        FunctionAnnotation(label, *run)
        for label, at in under.items()
        for run in _ranges(np.array(sorted(at)))
    ]


def _cut(
    annotations: tuple[FunctionAnnotation, ...], at: np.ndarray
) -> tuple[FunctionAnnotation, ...]:
    """The annotations with these positions taken out, split where needed."""
    kept: list[FunctionAnnotation] = []
    for annotation in annotations:
        inside = np.setdiff1d(np.arange(annotation.start, annotation.stop), at)
        kept += [FunctionAnnotation(annotation.label, *run) for run in _ranges(inside)]
    return tuple(kept)
