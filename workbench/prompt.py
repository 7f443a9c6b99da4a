"""Prompt: what the model must keep, what it may change, and what it should want.

Per track and residue a cell is *given* (a value the model keeps), *masked* (the model decides) or,
on the function and residue tracks, explicitly *none*. A masked cell holds no value: ``_`` on letter
tracks, NaN in SASA and coordinates, -1 in structure tokens. So states are read off the values and
can never disagree with them. Painting returns a new Prompt; the template it was made from is kept
for restoring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from .annotation_ranges import cut, joined
from .constants import MASK
from .constraints import Constraints
from .equality import same_fields
from .errors import PromptError
from .placement import in_template
from .protein import FunctionAnnotation, Protein, frozen, known_atoms
from .runs import ranges
from .selection import Where, positions_of
from .states import ANNOTATION_TRACKS, State, Tracks, row_of, tracks_of
from .tracks import CODEBOOK_SIZE, TRACKS, Track
from .values import LETTER_TRACKS, count_values, in_order, read_areas, read_letters


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """Values of every track on the residue axis of ``template``; see the module for conventions.

    ``structure_tokens`` holds tokens set directly (by a sampled step); where they are -1, a residue
    with backbone coordinates gets its token from the encoder. ``function_tokens`` and
    ``residue_tokens`` are the same for annotations that were sampled. ``plddt``, 0 to 1 or NaN,
    says how sure the structure is. ``sampled`` (tracks in their order) marks values that
    a model filled. ``decoded`` is where residues with structure tokens alone lie, in Å: to be seen
    and measured, not read by the model.
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
    constraints: Constraints
    plddt: Float[np.ndarray, " length"]
    sampled: Bool[np.ndarray, "length 6"]
    decoded: Float[np.ndarray, "length 37 3"]
    function_tokens: Int[np.ndarray, "length 8"]
    residue_tokens: Int[np.ndarray, "length 16"]

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
            constraints=Constraints.free(length),
            plddt=np.full(length, np.nan, np.float32),
            sampled=np.zeros((length, len(Track)), bool),
            decoded=np.full((length, 37, 3), np.nan, np.float32),
            function_tokens=np.full((length, TRACKS[Track.FUNCTION].width), -1, np.int64),
            residue_tokens=np.full((length, TRACKS[Track.RESIDUE].width), -1, np.int64),
        )

    def __len__(self) -> int:
        return len(self.template)

    # -- reading ---------------------------------------------------------------------------------

    def positions(self, where: Where) -> Int[np.ndarray, " chosen"]:
        """Sorted 0-based positions of a selection text, index, slice, indices or Boolean mask."""
        near = isinstance(where, str) and "within" in where.lower()
        return positions_of(where, self.structure if near else self.template)

    @property
    def own_coordinates(self) -> Float[np.ndarray, "length 37 3"]:
        """Where the prompt itself has its residues, in Å; NaN where structure is masked."""
        return np.where(self.has_backbone[:, None, None], self.coordinates, self.decoded)

    @property
    def structure(self) -> Protein:
        """What is seen and measured of the prompt in space; see ``placement``."""
        return in_template(self.template, self.own_coordinates)

    def state(self, track: Track | str) -> Int[np.ndarray, " length"]:
        """The State of every residue on one track."""
        return _states(self, Track.named(track))

    def _values_of(self, track: Track) -> Int[np.ndarray, " length"]:
        if track in ANNOTATION_TRACKS:
            annotations, none = self._annotations(track)
            state = np.where(none, State.NONE, State.MASKED).astype(np.int64)
            for annotation in annotations:
                state[annotation.start : annotation.stop] = State.GIVEN
            state[(self._rows(track) >= 0).any(-1)] = State.GIVEN
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
    def allowed(self) -> Bool[np.ndarray, "length 20"]:
        """Which of ``AMINO_ACIDS`` the model may choose at each residue."""
        return self.constraints.allowed

    @property
    def has_backbone(self) -> Bool[np.ndarray, " length"]:
        """Which residues have N, CA and C in the prompt."""
        return np.all(known_atoms(self.coordinates[:, :3]), axis=-1)

    def same_as(self, other: "Prompt") -> bool:
        """Whether both ask the same of residues with the same names."""
        names = ("chain_id", "residue_number", "insertion_code")
        own = [entry.name for entry in fields(self) if entry.name != "template"]
        return same_fields(self.template, other.template, names) and same_fields(self, other, own)

    # -- painting --------------------------------------------------------------------------------

    def mask(self, where: Where, track: Tracks = None) -> "Prompt":
        """Leave these residues to the model, on one track, several, or all (None)."""
        at = self.positions(where)
        prompt = self
        for member in tracks_of(track):
            prompt = prompt._masked_at(at, member)
        return prompt

    def restore(self, where: Where, track: Tracks = None) -> "Prompt":
        """Bring back the template's values; what the template does not know becomes masked."""
        at = self.positions(where)
        prompt = self
        for member in tracks_of(track):
            prompt = prompt._restored_at(at, member)
        return prompt

    def paint(self, where: Where, track: Track | str, value: object) -> "Prompt":
        """Write one value on all residues, or a text or list with one value for each.

        Sequence takes one-letter codes, SS8 one of GHITEBSC, SASA an area in Å²; ``_`` or None
        masks.
        Function and residue annotations are written with ``annotate``, structure with ``restore``.
        """
        track, at = Track.named(track), self.positions(where)
        if count_values(value) > 1:
            in_order(where, at)
        if track in LETTER_TRACKS:
            return self._written(at, track, read_letters(value, track, len(at)))
        if track is Track.SASA:
            return self._written(at, track, read_areas(value, len(at)))
        labels = track in ANNOTATION_TRACKS
        hint = "annotate(label, where, track)" if labels else "restore(where, track)"
        raise PromptError(f"the {track} track has no single value to paint; use {hint}")

    def annotate(self, label: str, where: Where, track: Track | str = Track.FUNCTION) -> "Prompt":
        """Ask for a function keyword, InterPro entry or residue annotation on these residues."""
        track, at = Track.named(track), self.positions(where)
        if track not in ANNOTATION_TRACKS:
            raise PromptError(f"the {track} track takes no labels; annotate function or residue")
        old, none = self._annotations(track)
        new = [FunctionAnnotation(label, start, stop) for start, stop in ranges(at)]
        unchanged = tuple(annotation for annotation in old if annotation not in new)
        none = none.copy()
        none[at] = False
        return self._with_annotations(track, unchanged + tuple(new), none, at)

    def without(self, where: Where, track: Track | str) -> "Prompt":
        """Say explicitly that these residues carry no annotation on this track."""
        track, at = Track.named(track), self.positions(where)
        if track not in ANNOTATION_TRACKS:
            raise PromptError(f"the {track} track has no state 'none'; mask it instead")
        annotations, none = self._annotations(track)
        none = none.copy()
        none[at] = True
        return self._with_annotations(track, cut(annotations, at), none, at)

    def allow(self, where: Where, residues: str) -> "Prompt":
        """Let the model choose only these amino acids at these residues.

        This replaces every limit set there before, ``forbid`` included.
        """
        return replace(self, constraints=self.constraints.allow(self.positions(where), residues))

    def forbid(self, where: Where, residues: str) -> "Prompt":
        """Take these amino acids away from what the model may choose at these residues.

        Limits set there before stay. ``allow`` gives amino acids back. Raises PromptError where no
        amino acid would be left.
        """
        at, label = self.positions(where), self.template.label
        return replace(self, constraints=self.constraints.forbid(at, residues, label))

    def bias(self, where: Where, values: Mapping[str, float] | Sequence | np.ndarray) -> "Prompt":
        """Make amino acids likelier (positive) or less likely, in nats: ``{"A": 1.5}`` or a PSSM.

        A PSSM has 20 columns in the order of ``AMINO_ACIDS``: one row for all these residues, or
        one each. 0 takes a bias back.
        """
        at = self.positions(where)
        if np.ndim(values) == 2:  # type: ignore[arg-type]
            in_order(where, at)
        return replace(self, constraints=self.constraints.favour(at, values))

    def forbid_motif(self, motif: str) -> "Prompt":
        """Keep a motif such as ``N-X-S/T`` or ``N-{P}-[ST]`` from arising in what is sampled.

        Where alphabets and given residues leave no way out, a motif arises nevertheless; the step's
        ``notes`` name the residue.
        """
        return replace(self, constraints=self.constraints.forbid_motif(motif))

    def permit_motif(self, motif: str) -> "Prompt":
        """Take a forbidden motif back."""
        return replace(self, constraints=self.constraints.permit_motif(motif))

    def with_plddt(self, where: Where, value: float | None) -> "Prompt":
        """Say how sure the structure is at these residues, 0 to 1; None takes it back.

        Where nothing is said, a model that was trained so reads 1 at residues with coordinates. The
        mean over all residues that have a pLDDT is given to the model as the protein's own.
        """
        if value is not None and not 0 <= value <= 1:
            raise PromptError(f"a pLDDT of {value} is outside 0 to 1; give a share, such as 0.9")
        plddt = self.plddt.copy()
        plddt[self.positions(where)] = np.nan if value is None else value
        return replace(self, plddt=plddt)

    def with_tokens(self, where: Where, tokens: Int[np.ndarray, " chosen"]) -> "Prompt":
        """Set structure tokens (0–4095) directly; their residues then have no coordinates."""
        at = self.positions(where)
        in_order(where, at)
        tokens = np.asarray(tokens, dtype=np.int64)
        if tokens.shape != at.shape or not ((tokens >= 0) & (tokens < CODEBOOK_SIZE)).all():
            raise PromptError(
                f"give {len(at)} structure tokens from 0 to 4095 for {len(at)} residues"
            )
        prompt = self._masked_at(at, Track.STRUCTURE)
        structure = self.structure_tokens.copy()
        structure[at] = tokens
        return replace(prompt, structure_tokens=structure)

    def with_annotation_tokens(
        self, where: Where, track: Track | str, rows: Int[np.ndarray, "chosen width"]
    ) -> "Prompt":
        """Set function (8 ids) or residue annotation (16 ids) tokens directly, one row per residue.

        Annotations on these residues give way.
        """
        track, at = Track.named(track), self.positions(where)
        if track not in ANNOTATION_TRACKS:
            raise PromptError(
                f"the {track} track takes no annotation tokens; use function or residue"
            )
        in_order(where, at)
        spec, rows = TRACKS[track], np.asarray(rows, dtype=np.int64)
        if rows.shape != (len(at), spec.width) or not ((rows >= 0) & (rows < spec.size)).all():
            raise PromptError(
                f"give {len(at)} rows of {spec.width} {track} tokens from 0 to {spec.size - 1}"
            )
        prompt = self._masked_at(at, track)
        tokens = prompt._rows(track).copy()
        tokens[at] = rows
        return replace(prompt, **{f"{track.value}_tokens": tokens})

    def mark_sampled(self, where: Where, track: Tracks) -> "Prompt":
        """Say of the values here that a model filled them: they are *sampled*, not given."""
        return self._marked(self.positions(where), tracks_of(track), True)

    def mask_sampled(self, where: Where = slice(None), track: Tracks = None) -> "Prompt":
        """Leave what a model filled here to the model again."""
        if not self.sampled.any():
            return self
        at, prompt = self.positions(where), self
        for member in tracks_of(track):
            prompt = prompt.mask(at[prompt.state(member)[at] == State.SAMPLED], member)
        return prompt

    def _marked(self, at: np.ndarray, tracks: list[Track], mark: bool) -> "Prompt":
        sampled = self.sampled.copy()
        sampled[np.ix_(at, np.array([row_of(track) for track in tracks], np.int64))] = mark
        return replace(self, sampled=sampled)

    # -- one track at a time ---------------------------------------------------------------------

    def _masked_at(self, at: np.ndarray, track: Track) -> "Prompt":
        if track in ANNOTATION_TRACKS:
            annotations, none = self._annotations(track)
            none = none.copy()
            none[at] = False
            return self._with_annotations(track, cut(annotations, at), none, at)
        if track is Track.STRUCTURE:
            names, empty = ("structure_tokens", "coordinates", "decoded"), (-1, np.nan, np.nan)
        else:
            names, empty = (track.value,), (np.nan if track is Track.SASA else MASK,)
        values = {name: getattr(self, name).copy() for name in names}
        for name, nothing in zip(names, empty, strict=True):
            values[name][at] = nothing
        return replace(self._marked(at, [track], False), **values)

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
        others, none = prompt._annotations(track)
        whole = joined(others + cut(source, outside))
        place = {annotation: number for number, annotation in enumerate(source)}
        in_order = sorted(whole, key=lambda annotation: place.get(annotation, len(source)))
        return prompt._with_annotations(track, tuple(in_order), none, at)

    def _written(self, at: np.ndarray, track: Track, read: object) -> "Prompt":
        values = getattr(self, track.value).copy()
        values[at] = read
        return replace(self._marked(at, [track], False), **{track.value: values})

    def _annotations(
        self, track: Track
    ) -> tuple[tuple[FunctionAnnotation, ...], Bool[np.ndarray, " length"]]:
        if track is Track.FUNCTION:
            return self.function, self.function_none
        return self.residue, self.residue_none

    def _with_annotations(
        self,
        track: Track,
        annotations: tuple[FunctionAnnotation, ...],
        none: np.ndarray,
        at: np.ndarray,
    ) -> "Prompt":
        """Annotations changed at some residues, whose tokens set directly are dropped."""
        name, rows = track.value, self._rows(track).copy()
        rows[at] = -1
        changes = {name: annotations, f"{name}_none": none, f"{name}_tokens": rows}
        return replace(self._marked(at, [track], False), **changes)

    def _rows(self, track: Track) -> Int[np.ndarray, "length width"]:
        return self.function_tokens if track is Track.FUNCTION else self.residue_tokens


@lru_cache(maxsize=64)
def _states(prompt: Prompt, track: Track) -> Int[np.ndarray, " length"]:
    """Read off the values once, as views, linter and plan all ask the same of one prompt."""
    state = prompt._values_of(track)
    is_sampled = (state == State.GIVEN) & prompt.sampled[:, row_of(track)]
    return frozen(np.where(is_sampled, State.SAMPLED, state))
