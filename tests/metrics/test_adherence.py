"""What a design is judged by: what its prompt asks for, whatever its template was."""

import io
from dataclasses import replace

import numpy as np
import pytest
from Bio.PDB import NeighborSearch, PDBParser, PPBuilder
from Bio.PDB.Atom import Atom
from ideal_chains import ideal_chain, strand

from workbench.annotate import compute_sasa
from workbench.constants import CA
from workbench.embedded import example
from workbench.io import read_protein, structure_text
from workbench.metrics import (
    achieved_of,
    chain_breaks,
    clashes,
    designed_plddt,
    designed_recovery,
    find_metric,
    motif_rmsd,
    painted_sasa,
    painted_sasa_error,
    painted_ss8,
    recovery,
)
from workbench.prompt import Prompt
from workbench.protein import Confidence, FunctionAnnotation, Protein

LENGTH = 12
RISING = np.linspace(0, 110, LENGTH, dtype=np.float32)


@pytest.fixture
def template() -> Protein:
    return Protein("A" * LENGTH, strand(LENGTH), ss8="E" * LENGTH, sasa=RISING)


@pytest.fixture
def folded() -> Protein:
    """The protein that ships, with its side chains."""
    return example()


@pytest.fixture
def bonded() -> Protein:
    return Protein("A" * 30, coordinates=ideal_chain("A" * 30))


def test_secondary_structure_is_compared_with_what_was_painted(bonded):
    prompt = Prompt.blank(bonded).paint("5-8", "ss8", "H").paint("9-12", "ss8", "E")
    assert painted_ss8(bonded, prompt) == 0.5
    assert painted_ss8(bonded, prompt, range(8)) == 1


def test_accessibility_is_compared_with_what_was_painted(folded):
    areas = compute_sasa(folded)
    same = Prompt.blank(folded).paint(slice(None), "sasa", areas.tolist())
    assert painted_sasa(folded, same) > 0.99
    opposite = Prompt.blank(folded).paint(slice(None), "sasa", (areas.max() - areas).tolist())
    assert painted_sasa(folded, opposite) < -0.99


def test_one_area_painted_on_all_is_compared_in_square_angstrom(folded):
    """It has no rank order, so the correlation says nothing of it."""
    prompt = Prompt.blank(folded).paint("1-6", "sasa", 50)
    apart = np.abs(compute_sasa(folded) - prompt.sasa)
    assert np.isnan(painted_sasa(folded, prompt))
    assert painted_sasa_error(folded, prompt) == pytest.approx(apart[:6].mean())
    assert painted_sasa_error(folded, prompt, [0, 5, 8]) == pytest.approx(apart[[0, 5]].mean())
    assert np.isnan(painted_sasa_error(folded, Prompt.blank(folded)))


@pytest.mark.parametrize(
    "coordinates", [np.full((LENGTH, 37, 3), np.nan, np.float32), strand(LENGTH)],
    ids=["none", "backbone"],
)  # fmt: skip
def test_a_design_does_not_have_what_was_painted_only_because_it_was_painted(coordinates):
    """Its own classes and areas are those of its prompt, whatever it became."""
    prompt = Prompt.blank(LENGTH).paint(slice(None), "sasa", RISING.tolist())
    prompt = prompt.paint(slice(None), "ss8", "H")
    bare = Protein("A" * LENGTH, coordinates, ss8="H" * LENGTH, sasa=RISING)
    for metric in (painted_sasa, painted_sasa_error):
        assert np.isnan(metric(bare, prompt))
    achieved = achieved_of(bare, prompt)
    assert np.isnan(achieved.sasa).all()
    assert "H" not in achieved.ss8
    assert np.isnan(painted_ss8(bare, prompt)) or painted_ss8(bare, prompt) == 0


def test_the_motif_that_was_given_is_all_that_an_rmsd_looks_at(template):
    prompt = Prompt.from_protein(template).mask("7-12", "structure")
    moved = template.coordinates.copy()
    moved[6:] += 20
    assert motif_rmsd(template.with_(coordinates=moved), prompt) == pytest.approx(0, abs=1e-3)
    moved[0, :3] += 5
    assert motif_rmsd(template.with_(coordinates=moved), prompt) > 1


def test_recovery_of_the_designed_residues_leaves_out_the_letters_given(template):
    prompt = Prompt.from_protein(template).mask("1-4", "sequence")
    design = template.with_(sequence="AAAC" + "A" * (LENGTH - 4))
    assert designed_recovery(design, prompt) == 0.75
    assert recovery(design, template) == 11 / 12
    assert np.isnan(designed_recovery(design, Prompt.from_protein(template)))


def test_plddt_of_the_designed_residues_counts_open_sequence_and_open_structure(template):
    prompt = Prompt.from_protein(template).mask("1-2", "sequence").mask("2-3", "structure")
    plddt = np.full(LENGTH, 1.0, np.float32)
    plddt[:3] = 0.2, 0.4, 0.6
    design = template.with_(confidence=Confidence(plddt))
    assert designed_plddt(design, prompt) == pytest.approx(0.4)


def test_what_a_model_filled_before_is_designed_and_not_asked_for(template):
    """*Continue from* leaves sampled values in the prompt; only what a person gave is asked for."""
    given = Prompt.from_protein(template).mask("5-12").paint("1-4", "ss8", "H")
    moved = template.coordinates.copy()
    moved[4:] += 20
    first = template.with_(coordinates=moved, sequence="C" * LENGTH)
    continued = (
        Prompt.from_protein(first)
        .paint("1-4", "ss8", "H")
        .paint("5-12", "ss8", "G")
        .paint("5-12", "sasa", 50)
        .annotate("kinase", "5-12")
    )
    every = ("sequence", "structure", "ss8", "sasa", "function")
    continued = replace(continued, template=template).mark_sampled("5-12", every)
    design = template.with_(ss8="HHHH" + "E" * 8, confidence=Confidence(np.linspace(0, 1, LENGTH)))
    for name in ("motif_rmsd", "painted_ss8", "painted_sasa", "painted_sasa_error",
                 "keyword_recovery", "designed_recovery", "designed_plddt",
                 "chain_breaks"):  # fmt: skip
        metric = find_metric(name)
        assert metric.of(design, continued, None) == pytest.approx(
            metric.of(design, given, None), nan_ok=True
        ), name
    assert motif_rmsd(design, continued) == pytest.approx(0, abs=1e-3)


def test_each_residue_shows_what_it_got_of_what_was_asked(template):
    prompt = Prompt.blank(template).restore("1-6", "structure").paint("1-3", "ss8", "H")
    moved = template.coordinates.copy()
    moved[5, :3] += 4
    got = achieved_of(template.with_(coordinates=moved), prompt)
    assert got.ss8[3:] == "_" * (LENGTH - 3)
    assert "_" not in got.ss8[:3]
    assert np.flatnonzero(np.isfinite(got.deviation)).tolist() == [0, 1, 2, 3, 4, 5]
    assert int(np.nanargmax(got.deviation)) == 5
    overall = np.sqrt(np.nanmean(got.deviation**2))
    assert overall == pytest.approx(motif_rmsd(template.with_(coordinates=moved), prompt))


def test_each_residue_shows_the_area_it_got_where_one_was_painted(folded):
    prompt = Prompt.blank(folded).paint(slice(1, 4), "sasa", [5, 50, 120])
    got = achieved_of(folded, prompt).sasa
    assert np.flatnonzero(np.isfinite(got)).tolist() == [1, 2, 3]
    assert got[1:4] == pytest.approx(compute_sasa(folded)[1:4])


def test_keywords_are_counted_against_the_prompt_not_the_template(template):
    carries = template.with_(function=(FunctionAnnotation("kinase", 0, 6),))
    prompt = Prompt.from_protein(carries).annotate("zinc", "7-10").annotate("kinase", "1-4")
    metric = find_metric("keyword_recovery")
    assert metric.of(carries, prompt, None) == 0.5
    assert np.isnan(metric.of(carries, Prompt.from_protein(carries), None))


# -- the chain -----------------------------------------------------------------------------------


def pulled_apart(protein: Protein, after: int, by: float = 5.0) -> Protein:
    """The protein with everything after a residue moved away along z."""
    coordinates = protein.coordinates.copy()
    coordinates[after + 1 :, :, 2] += by
    return protein.with_(coordinates=coordinates)


def test_a_chain_pulled_apart_has_one_break_where_the_prompt_has_none(bonded):
    broken = pulled_apart(bonded, 11)
    free = Prompt.blank(bonded)
    assert chain_breaks(bonded, free) == 0
    assert chain_breaks(broken, free) == 1
    assert chain_breaks(broken, free, [10, 11]) == 1
    assert chain_breaks(broken, free, [12, 13]) == 0
    assert chain_breaks(broken, Prompt.from_protein(broken)) == 0


def test_two_chains_need_no_bond_between_them(bonded):
    two = bonded.with_(chain_id=np.repeat(["A", "B"], 15))
    assert chain_breaks(pulled_apart(two, 14), Prompt.blank(two)) == 0


@pytest.mark.parametrize(("entry", "chain"), [("1aki.pdb", "A"), ("1ubq.cif", "A")])
def test_breaks_are_where_another_reader_ends_a_polypeptide(shared, entry, chain):
    """Biopython ends a peptide where C and N are too far apart; some residues are taken out."""
    protein = read_protein(shared / "data/structures" / entry, chain)
    kept = np.delete(np.arange(len(protein)), [20, 21, 40])
    gapped = protein.take(kept)
    assert chain_breaks(gapped, Prompt.blank(gapped)) == len(peptides(gapped)) - 1 == 2
    assert chain_breaks(gapped, Prompt.from_protein(gapped)) == 0


def peptides(protein: Protein) -> list:
    text = io.StringIO(structure_text(protein, "pdb"))
    structure = PDBParser(QUIET=True).get_structure("one", text)
    return PPBuilder(radius=2.5).build_peptides(structure)


def test_clashes_are_the_pairs_that_another_search_finds(shared):
    """A protein pressed to two thirds of its size lies on itself; Biopython counts where."""
    protein = read_protein(shared / "data/structures/1aki.pdb")
    pressed = protein.with_(coordinates=protein.coordinates * np.float32(0.66))
    search = NeighborSearch(
        [
            Atom("CA", place, 0, 1, " ", "CA", k, "C")
            for k, place in enumerate(pressed.coordinates[:, CA])
        ]
    )
    pairs = {
        tuple(sorted((atom.serial_number, other.serial_number)))
        for atom, other in search.search_all(3.0)
    }
    expected = [pair for pair in pairs if pair[1] - pair[0] > 1]
    assert clashes(pressed, Prompt.blank(protein)) == len(expected) > 10
    assert clashes(protein, Prompt.blank(protein)) == 0
