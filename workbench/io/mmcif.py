"""mmCIF and its binary twin BinaryCIF: the same tables in two encodings.

Author chain names and numbers are used, not the label ones. Beside the standard tables our own
files carry ``workbench_chain`` with the letters of each chain (see ``Axis``). pLDDT in percent and
pTM are in the standard ``ma_qa_metric`` tables; any file that has them is read with confidence.
"""

import io
import re
from typing import Any

import numpy as np
from biotite.structure.io import pdbx

from ..errors import StructureError
from ..protein import Protein
from .atom_site import UNKNOWN, models_of, polymer_of, read_atoms, rows_of, stretches_of
from .chosen import Conformer, chosen_model
from .decoded_size import refuse_long_words, unpacked
from .entry import Axis, Entry, no_atoms
from .foreign import refused_clearly
from .layout import lay_out
from .model_quality import read_confidence

Block = pdbx.CIFBlock | pdbx.BinaryCIFBlock

_USUAL = {
    name.lower(): name
    for name in (
        "group_PDB", "Cartn_x", "Cartn_y", "Cartn_z", "B_iso_or_equiv", "pdbx_PDB_ins_code",
        "pdbx_PDB_model_num",
    )
}  # fmt: skip
"""Items that mmCIF usually writes with capitals."""

_WORD = re.compile(r"^([ \t]*)(data_|loop_|_\w+\.[^\s]+)", re.IGNORECASE)
_WORDS = re.compile(_WORD.pattern, re.IGNORECASE | re.MULTILINE)

_OURS = "workbench_chain"


def parse_cif(text: str, conformer: Conformer = None) -> Entry:
    """Read one model of mmCIF text."""
    refuse_long_words(text)
    with refused_clearly("mmCIF"):
        return _entry(_block(pdbx.CIFFile.deserialize(_in_usual_case(text))), conformer)


def parse_bcif(data: bytes, conformer: Conformer = None) -> Entry:
    """Read one model of BinaryCIF content."""
    with refused_clearly("BinaryCIF"):
        return _entry(_block(pdbx.BinaryCIFFile.deserialize(unpacked(data))), conformer)


def cif_text(protein: Protein) -> str:
    """mmCIF text of a protein."""
    file = pdbx.CIFFile()
    file[_block_name(protein)] = _written(protein, pdbx.CIFBlock())
    return file.serialize()


def bcif_bytes(protein: Protein) -> bytes:
    """BinaryCIF content of a protein."""
    file = pdbx.BinaryCIFFile()
    file[_block_name(protein)] = _written(protein, pdbx.BinaryCIFBlock())
    target = io.BytesIO()
    compressed: Any = pdbx.compress(file)
    compressed.write(target)
    return target.getvalue()


# -- reading -------------------------------------------------------------------------------------


def _block(file: pdbx.CIFFile | pdbx.BinaryCIFFile) -> Block:
    """The first block with atoms, or with a residue axis of ours."""
    for name in file:
        block = file[name]
        if "atom_site" in block or _OURS in block:
            return block
    raise StructureError(
        "it has no atom_site table and so no coordinates; give the coordinate file of the entry"
    )


def _entry(block: Block, conformer: Conformer) -> Entry:
    axis = _axis(block)
    if "atom_site" not in block:
        none = no_atoms()
        return Entry(none, np.array([], dtype=np.int8), np.array([]), axis=axis)
    table = block["atom_site"]
    models = models_of(table)
    model = list(models)[chosen_model(conformer, tuple(models.values()))]
    atoms = read_atoms(table, model)
    plddt, ptm = read_confidence(block, atoms, model)
    return Entry(
        atoms=atoms,
        polymer=polymer_of(atoms),
        plddt=plddt,
        models=tuple(models.values()),
        conformer=conformer,
        parents=_parents(block),
        axis=axis,
        ptm=ptm,
        stretch=stretches_of(atoms),
    )


def _in_usual_case(text: str) -> str:
    """The text with its keywords and tags in their usual case, which CIF does not ask for.

    Texts of several lines, between lines that begin with a semicolon, stay as they are.
    """
    if all(match[2] == _usual(match[2]) for match in _WORDS.finditer(text)):
        return text
    lines, inside = [], False
    for line in text.splitlines():
        if line.startswith(";"):
            inside = not inside
        elif not inside:
            line = _WORD.sub(lambda match: match[1] + _usual(match[2]), line)
        lines.append(line)
    return "\n".join(lines) + "\n"


def _usual(word: str) -> str:
    category, dot, item = word.lower().partition(".")
    return f"{category}{dot}{_USUAL.get(item, item)}" if item else category


def _parents(block: Block) -> dict[str, str]:
    if "pdbx_struct_mod_residue" not in block:
        return {}
    table = block["pdbx_struct_mod_residue"]
    if not {"label_comp_id", "parent_comp_id"} <= set(table):
        return {}
    pairs = rows_of(table, "label_comp_id", "parent_comp_id")
    return {name: parent for name, parent in pairs if parent not in UNKNOWN}


def _axis(block: Block) -> Axis | None:
    if _OURS not in block or "pdbx_poly_seq_scheme" not in block:
        return None
    ours, scheme = block[_OURS], block["pdbx_poly_seq_scheme"]
    letters = rows_of(ours, "auth_asym_id", "letters")
    columns = ("pdb_strand_id", "pdb_seq_num", "pdb_ins_code", "auth_seq_num")
    absent = tuple(
        (chain, int(number), "" if code in UNKNOWN else code)
        for chain, number, code, observed in rows_of(scheme, *columns)
        if observed in UNKNOWN
    )
    return Axis(tuple((chain, text) for chain, text in letters), absent)


# -- writing -------------------------------------------------------------------------------------


def _block_name(protein: Protein) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", protein.name) or "protein"


def _written(protein: Protein, block: Block) -> Block:
    layout = lay_out(protein)
    name = _block_name(protein)
    asym = _asym_ids(protein.chains)
    runs = protein.chain_ranges
    run = np.repeat(np.arange(len(runs)), [stop - start for start, stop in runs])
    seq = np.concatenate([np.arange(1, stop - start + 1) for start, stop in runs])
    entity = run + 1
    number = np.asarray(protein.residue_number).astype(np.int32)
    code = np.asarray(protein.insertion_code).astype(str)
    chain = np.asarray(protein.chain_id).astype(str)
    names = layout.residue_names

    def add(table: str, **columns: Any) -> None:
        category = block.subcomponent_class()
        column = category.subcomponent_class()
        block[table] = category({key: _column(column, value) for key, value in columns.items()})

    add("entry", id=[name])
    add("entity", id=np.unique(entity), type=["polymer"] * len(runs))
    add(
        "entity_poly",
        entity_id=np.unique(entity),
        type=["polypeptide(L)"] * len(runs),
        pdbx_seq_one_letter_code_can=[
            protein.sequence[start:stop].replace("_", "X") for start, stop in runs
        ],
        pdbx_strand_id=list(protein.chains),
    )
    add("entity_poly_seq", entity_id=entity, num=seq, mon_id=names, hetero=["n"] * len(protein))
    add("struct_asym", id=asym, entity_id=np.unique(entity))
    numbers_seen = np.where(layout.has_atoms, number.astype(str), "?")
    add(
        "pdbx_poly_seq_scheme",
        asym_id=asym[run],
        entity_id=entity,
        seq_id=seq,
        mon_id=names,
        ndb_seq_num=seq,
        pdb_seq_num=number,
        auth_seq_num=numbers_seen,
        pdb_mon_id=np.where(layout.has_atoms, names, "?"),
        auth_mon_id=np.where(layout.has_atoms, names, "?"),
        pdb_strand_id=chain,
        pdb_ins_code=np.where(code == "", ".", code),
        hetero=["n"] * len(protein),
    )
    add(
        _OURS,
        asym_id=asym,
        auth_asym_id=[chain_name for chain_name, _ in layout.letters],
        letters=[letters for _, letters in layout.letters],
    )
    if protein.confidence is not None:
        _add_confidence(add, protein, asym[run], seq, names)
    if len(layout.residue):
        _add_atoms(add, layout, asym[run], seq, entity)
    return block


def _add_confidence(add, protein: Protein, asym, seq, names) -> None:
    confidence = protein.confidence
    assert confidence is not None
    known = np.flatnonzero(np.isfinite(confidence.plddt))
    has_ptm = confidence.ptm is not None
    count = 2 if has_ptm else 1
    add(
        "ma_qa_metric",
        id=["1", "2"][:count],
        name=["pLDDT", "pTM"][:count],
        type=["pLDDT", "pTM"][:count],
        mode=["local", "global"][:count],
    )
    if len(known):
        add(
            "ma_qa_metric_local",
            ordinal_id=np.arange(1, len(known) + 1),
            model_id=["1"] * len(known),
            label_asym_id=asym[known],
            label_seq_id=seq[known],
            label_comp_id=names[known],
            metric_id=["1"] * len(known),
            metric_value=[f"{value * 100:.3f}" for value in np.asarray(confidence.plddt)[known]],
        )
    if has_ptm:
        add(
            "ma_qa_metric_global",
            ordinal_id=["1"],
            model_id=["1"],
            metric_id=["2"],
            metric_value=[f"{confidence.ptm:.6f}"],
        )


def _add_atoms(add, layout, asym, seq, entity) -> None:
    atoms, residue = layout.atoms, layout.residue
    count = len(residue)
    add(
        "atom_site",
        group_PDB=["ATOM"] * count,
        id=np.arange(1, count + 1),
        type_symbol=atoms.element,
        label_atom_id=atoms.atom_name,
        label_alt_id=["."] * count,
        label_comp_id=atoms.res_name,
        label_asym_id=asym[residue],
        label_entity_id=entity[residue],
        label_seq_id=seq[residue],
        pdbx_PDB_ins_code=np.where(atoms.ins_code == "", "?", atoms.ins_code),
        Cartn_x=atoms.coord[:, 0],
        Cartn_y=atoms.coord[:, 1],
        Cartn_z=atoms.coord[:, 2],
        occupancy=atoms.occupancy,
        B_iso_or_equiv=atoms.b_factor,
        auth_seq_id=atoms.res_id,
        auth_comp_id=atoms.res_name,
        auth_asym_id=atoms.chain_id,
        auth_atom_id=atoms.atom_name,
        pdbx_PDB_model_num=["1"] * count,
    )


def _asym_ids(chains: tuple[str, ...]) -> np.ndarray:
    """One id per run: the chain's name, with a number where a name comes back."""
    ids: list[str] = []
    for name in chains:
        unique, turn = name, 2
        while unique in ids or (unique != name and unique in chains):
            unique, turn = f"{name}_{turn}", turn + 1
        ids.append(unique)
    return np.array(ids)


def _column(kind: Any, values: Any) -> Any:
    """A column with its mask; numbers of text files get three decimals."""
    array = np.asarray(values)
    if array.dtype.kind == "f":
        if kind is pdbx.CIFColumn:
            return kind(np.char.mod("%.3f", array))
        return kind(np.round(array.astype(np.float64), 3).astype(np.float32))
    if array.dtype.kind == "i":
        return kind(array.astype(np.int32))
    mask = np.select([array == ".", array == "?"], [1, 2], 0).astype(np.uint8)
    return kind(array, mask if mask.any() else None)
