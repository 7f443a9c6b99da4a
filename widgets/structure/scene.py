"""The 3D scene as py3Dmol calls, which the live viewer replays and a static page can run.

Residues are numbered for the viewer alone (position + 1, one more after every break, so that no
cartoon is drawn across it); ``owner`` says which residue each atom belongs to. Atoms keep their
order, so moving them needs only their coordinates.
"""

import hashlib
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import py3Dmol
from jaxtyping import Bool, Float, Int

from workbench.constants import ATOM37, CA, CB, RESIDUE_NAMES, N, O
from workbench.constants import C as CARBONYL
from workbench.protein import Ligand, Protein

from .. import palette

PEPTIDE_REACH = 4.5
"""CA–CA distance in Å above which two neighbours are not joined."""

BACKBONE = (N, CA, CARBONYL, O)
CHAIN_LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits
TEMPLATE_STYLE = {"cartoon": {"color": palette.themed("template")}}
OTHER_STYLE = {"cartoon": {"color": palette.themed("compared"), "opacity": 0.8}}
LIGAND_COLOR = "#4a9c5d"
_BY_ELEMENT = {
    "prop": "elem",
    "map": {**palette.ELEMENTS, "C": LIGAND_COLOR, "P": "#e07b00"},
}
LIGAND_STYLE = {
    "stick": {"colorscheme": _BY_ELEMENT, "radius": 0.2},
    "sphere": {"colorscheme": _BY_ELEMENT, "scale": 0.3},
}


class Recorder(py3Dmol.view):
    """A py3Dmol view that also keeps its calls as ``[method, arguments]`` for a live viewer."""

    def __init__(self) -> None:
        object.__setattr__(self, "calls", [])
        super().__init__(js="")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Call(self, name, super().__getattr__(name))


@dataclass(frozen=True, slots=True)
class _Call:
    recorder: Recorder
    name: str
    inner: Any

    def __call__(self, *arguments: Any) -> Any:
        self.recorder.calls.append([self.name, list(arguments)])
        return self.inner(*arguments)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnAtoms:
    """The atoms on view: residue and atom37 column of each, in the order the viewer has them."""

    owner: Int[np.ndarray, " atom"]
    column: Int[np.ndarray, " atom"]

    @classmethod
    def of(cls, protein: Protein, backbone: bool = False) -> "DrawnAtoms":
        """All atoms that have coordinates, or only N, CA, C and O."""
        known = np.isfinite(protein.coordinates).all(2)
        if backbone:
            is_backbone = np.zeros(len(ATOM37), bool)
            is_backbone[list(BACKBONE)] = True
            known = known & is_backbone
        return cls(*np.nonzero(known))

    def numbers(self, atoms: Sequence[tuple[int, str]]) -> Int[np.ndarray, " named"]:
        """Where these atoms (residue and name) are among those drawn; -1 for one that is not."""
        wide = len(ATOM37)
        keys = self.owner * wide + self.column
        at = np.array([i * wide + ATOM37.index(name) for i, name in atoms], np.int64)
        place = np.searchsorted(keys, at)
        is_drawn = place < len(keys)
        is_drawn[is_drawn] = keys[place[is_drawn]] == at[is_drawn]
        return np.where(is_drawn, place, -1)

    def coordinates(self, protein: Protein) -> Float[np.ndarray, "atom 3"]:
        """Where these atoms are, in Å."""
        return protein.coordinates[self.owner, self.column].astype(np.float32)

    @property
    def key(self) -> str:
        """Equal for equal atoms: as long as it stays, coordinates are all the viewer needs."""
        return hashlib.sha1(self.owner.tobytes() + self.column.tobytes()).hexdigest()[:16]


@lru_cache(maxsize=8)
def key_of(template: Protein) -> str:
    """Equal for templates of one name that look the same and call their residues the same."""
    fields = (template.coordinates, template.residue_number, template.chain_id)
    digest = hashlib.sha1(f"{template.name}\n{template.sequence}".encode())
    for values in (*fields, template.insertion_code):
        digest.update(np.ascontiguousarray(values).tobytes())
    for ligand in template.ligands:
        digest.update(f"{ligand} {ligand.elements}".encode() + ligand.coordinates.tobytes())
    return digest.hexdigest()[:16]


def has_side_chains(protein: Protein) -> bool:
    """Whether any atom beyond the backbone and CB is known."""
    beyond = np.ones(len(ATOM37), bool)
    beyond[[*BACKBONE, CB]] = False
    return bool(np.isfinite(protein.coordinates[:, beyond]).any())


def breaks(protein: Protein) -> Bool[np.ndarray, " length"]:
    """Which residues are not joined to the one before them."""
    alpha = protein.coordinates[:, CA]
    far = np.ones(len(protein), bool)
    far[1:] = ~(np.linalg.norm(alpha[1:] - alpha[:-1], axis=1) < PEPTIDE_REACH)
    far[1:] |= protein.chain_id[1:] != protein.chain_id[:-1]
    return far


def pdb_text(protein: Protein, atoms: DrawnAtoms) -> str:
    """These atoms in PDB columns, numbered for the viewer."""
    broken = breaks(protein)
    broken[0] = False
    number = np.arange(1, len(protein) + 1) + np.cumsum(broken)
    chain = {}
    for name in protein.chains:
        chain.setdefault(name, CHAIN_LETTERS[len(chain) % len(CHAIN_LETTERS)])
    residues = [
        f"{RESIDUE_NAMES.get(letter, 'UNK'):>3s} {chain[str(name)]}{at:4d}"
        for letter, name, at in zip(protein.sequence, protein.chain_id, number, strict=True)
    ]
    lines = []
    each = (atoms.owner.tolist(), atoms.column.tolist(), atoms.coordinates(protein).tolist())
    for serial, (i, column, (x, y, z)) in enumerate(zip(*each, strict=True), 1):
        name = ATOM37[column]
        lines.append(
            f"ATOM  {serial % 100000:5d}  {name:<3s} {residues[i]}    {x:8.3f}{y:8.3f}{z:8.3f}"
            f"  1.00  0.00          {name[0]:>2s}"
        )
    return "\n".join([*lines, "END", ""])


def ligand_text(ligands: Sequence[Ligand]) -> str:
    """Ligands in PDB columns, numbered for the viewer, which finds their bonds by distance."""
    lines = []
    for number, ligand in enumerate(ligands, 1):
        for symbol, (x, y, z) in zip(ligand.elements, ligand.coordinates.tolist(), strict=True):
            lines.append(
                f"HETATM{len(lines) % 99999 + 1:5d} {symbol:>2s}   LIG A{number % 10000:4d}    "
                f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00          {symbol:>2s}"
            )
    return "\n".join([*lines, "END", ""])


def build(
    protein: Protein,
    atoms: DrawnAtoms,
    template: Protein | None,
    other: Protein | None = None,
    ligands: Sequence[Ligand] = (),
) -> Recorder:
    """The scene: model 0 is the protein on view, then the template laid over it, another design to
    compare and the ligands, each if it is there. Where model 0 has helices and strands, the viewer
    is told.
    """
    view = Recorder()
    view.addModel(pdb_text(protein, atoms), "pdb", {"noComputeSecondaryStructure": True})
    view.setStyle({"model": 0}, {"cartoon": {}})
    if template is not None:
        view.addModel(pdb_text(template, DrawnAtoms.of(template, backbone=True)), "pdb")
        view.setStyle({"model": 1}, TEMPLATE_STYLE)
    if other is not None:
        view.addModel(pdb_text(other, DrawnAtoms.of(other, backbone=True)), "pdb")
        view.setStyle({"model": 1 if template is None else 2}, OTHER_STYLE)
    if ligands:
        view.addModel(ligand_text(ligands), "pdb")
        view.setStyle({"model": 1 + (template is not None) + (other is not None)}, LIGAND_STYLE)
    view.zoomTo({"model": 0})
    return view
