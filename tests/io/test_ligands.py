"""Ligands: read beside the chains, selected around, kept with their chain, never the model's."""

import json
import zipfile

import numpy as np
import pytest
from structure_files import atom, backbone
from toys import TOY, given_weights

from widgets.files.header import nearby
from widgets.structure.scene import DrawnAtoms, build
from workbench import read_protein
from workbench.archive import open_record, save
from workbench.editing import delete
from workbench.errors import RecordError, SelectionError, StructureError
from workbench.io.assembly import MOST_LIGAND_ATOMS
from workbench.model.model import Model, build_part
from workbench.prompt import Prompt
from workbench.protein import Ligand, Protein
from workbench.sampling.recipe import Recipe
from workbench.selection import parse_selection
from workbench.session import Session

HETERO = {"record": "HETATM"}
DIMER = [
    *backbone(1),
    *backbone(2),
    "TER",
    *[line.replace(" A ", " B ") for line in [*backbone(5), *backbone(6)]],
    "TER",
    atom("C1", "BNZ", 201, (4.0, 3.0, 0.0), **HETERO)[:76],
    atom("HC1", "BNZ", 201, (4.0, 4.0, 0.0), **HETERO),
    atom("O2", "BNZ", 201, (4.0, 3.0, 1.2), **HETERO),
    atom("ZN", "ZN", 202, (22.0, 3.0, 0.0), chain="B", **HETERO)[:76] + "ZN",
    atom("O", "HOH", 301, (0.0, 9.0, 0.0), **HETERO),
]


@pytest.fixture
def dimer(read_text) -> Protein:
    return read_text(DIMER)


def test_a_ligand_is_read_with_its_heavy_atoms(dimer):
    assert [str(ligand) for ligand in dimer.ligands] == ["BNZ A:201", "ZN B:202"]
    benzene = dimer.ligands[0]
    assert benzene.elements == ("C", "O")
    assert benzene.coordinates.tolist() == pytest.approx(np.array([[4, 3, 0], [4, 3, 1.2]]))
    assert "2 ligands that the model does not see: BNZ (A:201), ZN (B:202)" in dimer.notes


def test_ligands_of_chains_that_are_not_read_are_not_read(read_text):
    assert [ligand.name for ligand in read_text(DIMER, chain="B").ligands] == ["ZN"]


def test_ligands_beyond_what_can_be_drawn_are_set_aside_and_named(read_text):
    ions = [
        atom("K", "K", number, (22.0, 3.0, 0.1 * number), chain="B", **HETERO)[:76] + " K"
        for number in range(203, 203 + MOST_LIGAND_ATOMS - 2)
    ]
    ions, beyond = ions[:-1], ions[-1:]
    assert len(read_text([*DIMER, *ions]).ligands) == MOST_LIGAND_ATOMS - 1
    protein = read_text([*DIMER, *ions, *beyond])
    assert len(protein.ligands) == MOST_LIGAND_ATOMS - 1
    assert "1 ligand set aside: K (B:5200)" in protein.notes


@pytest.mark.parametrize("file", ["4DFR.pdb", "3o5r.cif", "pdb1cbs.ent.gz", "4CUP.cif"])
def test_what_is_near_a_ligand_is_what_distances_in_the_file_say(shared, file):
    protein = read_protein(shared / "data/structures" / file)
    ligand = max(protein.ligands, key=lambda ligand: len(ligand.elements))
    atoms = protein.coordinates[:, None, :, None] - ligand.coordinates
    nearest = np.nanmin(np.linalg.norm(atoms, axis=-1).reshape(len(protein), -1), axis=1)
    near = parse_selection(f"within 4.5 of {ligand}", protein)
    assert 0 < len(near) < len(protein) / 2
    assert near.tolist() == np.flatnonzero(nearest <= 4.5).tolist()


def test_methotrexate_lies_at_the_aspartate_that_holds_it(shared):
    """Asp27 of dihydrofolate reductase binds the inhibitor's pteridine (Bolin et al. 1982)."""
    protein = read_protein(shared / "data/structures/4DFR.pdb")
    site = [protein.label(i) for i in parse_selection("within 3.5 of MTX A:161", protein)]
    assert "A:27" in site
    assert {"A:52", "A:57"} & set(site)
    assert all(label.startswith("A:") for label in site)


def test_a_name_means_all_ligands_of_that_name_and_a_label_one(dimer):
    two = dimer.with_(ligands=(dimer.ligands[1], Ligand("ZN", "A:9", ("ZN",), np.zeros((1, 3)))))
    assert parse_selection("within 5 of zn", two).tolist() == [0, 2, 3]
    assert parse_selection("within 5 of ZN  b:202", two).tolist() == [2, 3]
    assert nearby(two) == ["within 5 of ZN", "within 5 of ZN B:202", "within 5 of ZN A:9"]


def test_what_reads_as_residues_is_residues(dimer):
    one = dimer.take([0, 1])
    numbered = one.with_(ligands=(Ligand("2", "A:9", ("C",), np.full((1, 3), 99.0)),))
    assert parse_selection("within 0 of 2", numbered).tolist() == [1]
    assert parse_selection("within 5 of 2 A:9", numbered).tolist() == []
    assert parse_selection("within 0 of all", numbered).tolist() == [0, 1]


def test_a_ligand_that_is_not_there_is_named_beside_those_that_are(dimer):
    with pytest.raises(SelectionError, match=r"no ligand 'ATP' in this protein; it has BNZ, ZN"):
        parse_selection("within 5 of ATP", dimer)
    with pytest.raises(SelectionError, match="it has none"):
        parse_selection("within 5 of HEM", Protein("MKT"))
    with pytest.raises(SelectionError, match="no residue has coordinates"):
        parse_selection("within 5 of ZN", Protein("MKT", ligands=dimer.ligands))


def test_ligands_go_with_their_chain(dimer):
    assert [ligand.name for ligand in dimer.take([0, 2]).ligands] == ["BNZ", "ZN"]
    assert [ligand.name for ligand in dimer.take([2, 3]).ligands] == ["ZN"]
    prompt = Prompt.from_protein(dimer)
    assert [ligand.name for ligand in delete(prompt, "A:1,B:5").template.ligands] == ["BNZ", "ZN"]
    assert [ligand.name for ligand in delete(prompt, "B:").template.ligands] == ["BNZ"]
    free = dimer.with_(ligands=(Ligand("HEM", "X:1", ("FE",), np.zeros((1, 3))),))
    assert [ligand.name for ligand in free.take([0]).ligands] == ["HEM"]


@pytest.mark.parametrize(
    ("elements", "coordinates", "complaint"),
    [
        (("C", "O"), np.zeros((1, 3)), "2 elements and coordinates of shape"),
        ((), np.zeros((0, 3)), "0 elements"),
        (("C",), np.full((1, 3), np.nan), "an atom without a place"),
    ],
)
def test_a_ligand_that_does_not_fit_together_is_refused(elements, coordinates, complaint):
    with pytest.raises(StructureError, match=f"BNZ A:1.*{complaint}"):
        Ligand("BNZ", "A:1", elements, coordinates)


@pytest.fixture
def session(dimer) -> Session:
    parts = {name: given_weights(build_part(TOY, name), 1) for name in TOY.parts}
    return Session(Prompt.from_protein(dimer).mask("A:1", "sequence"), Model(TOY, **parts))


def test_a_design_claims_no_ligand_and_its_record_keeps_those_of_the_template(session, tmp_path):
    run = session.start(Recipe.parse("sequence:1,structure:1"), 1)
    list(run)
    session.keep(run)
    back = open_record(save(session, tmp_path / "some.design"))
    assert back.designs[0].protein.ligands == ()
    both = back.prompt.template.ligands, session.prompt.template.ligands
    for ligand, kept in zip(*both, strict=True):
        assert (str(ligand), ligand.elements) == (str(kept), kept.elements)
        np.testing.assert_array_equal(ligand.coordinates, kept.coordinates)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"elements": ["C"] * 3}, "not (3, 3)"),
        ({"elements": ["C", "<b>"]}, "atoms that cannot be"),
        ({"elements": ["C"] * 200_000}, "atoms that cannot be"),
        ({"name": 7}, "no text"),
    ],
)
def test_a_ligand_in_a_record_is_not_trusted(session, tmp_path, change, complaint):
    path = save(session, tmp_path / "some.design")
    with zipfile.ZipFile(path) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    document = json.loads(content["record.json"])
    document["proteins"][0]["ligands"][0].update(change)
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in content.items():
            packed.writestr(name, json.dumps(document) if name == "record.json" else data)
    with pytest.raises(RecordError) as refused:
        open_record(path)
    assert complaint in str(refused.value)


def test_the_viewer_gets_ligands_as_the_last_model_with_elements_and_places(dimer):
    view = build(dimer, DrawnAtoms.of(dimer), dimer, dimer, dimer.ligands)
    models = [arguments[0] for name, arguments in view.calls if name == "addModel"]
    assert len(models) == 4
    rows = [line for line in models[3].splitlines() if line.startswith("HETATM")]
    places = [[float(row[at : at + 8]) for at in (30, 38, 46)] for row in rows]
    assert [row[76:78].strip() for row in rows] == ["C", "O", "ZN"]
    assert np.allclose(places, np.concatenate([ligand.coordinates for ligand in dimer.ligands]))
    styled = [arguments[0]["model"] for name, arguments in view.calls if name == "setStyle"]
    assert styled == [0, 1, 2, 3]
