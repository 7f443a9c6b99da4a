"""What a design is judged by: what its prompt asks for, whatever its template was."""

import io
from dataclasses import replace

import numpy as np
import pytest
from Bio.PDB import NeighborSearch, PDBParser, PPBuilder
from Bio.PDB.Atom import Atom
from ideal_chains import ideal_chain, strand

from workbench.constants import CA
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


def test_secondary_structure_is_compared_with_what_was_painted(template):
    prompt = Prompt.blank(template).paint("1-6", "ss8", "H")
    design = Protein("A" * LENGTH, ss8="HHH" + "E" * (LENGTH - 3))
    assert painted_ss8(design, prompt) == 0.5


def test_accessibility_is_compared_with_what_was_painted(template):
    prompt = Prompt.blank(template).paint(slice(None), "sasa", RISING[::-1].tolist())
    assert painted_sasa(Protein("A" * LENGTH, sasa=RISING[::-1]), prompt) == pytest.approx(1)
    assert painted_sasa(Protein("A" * LENGTH, sasa=RISING), prompt) == pytest.approx(-1)


def test_one_area_painted_on_all_is_compared_in_square_angstrom(template):
    """It has no rank order, so the correlation says nothing of it."""
    prompt = Prompt.blank(template).paint("1-6", "sasa", 50)
    areas = np.full(LENGTH, 60, np.float32)
    areas[:2], areas[6:] = 20, np.nan
    design = Protein("A" * LENGTH, sasa=areas)
    assert np.isnan(painted_sasa(design, prompt))
    assert painted_sasa_error(design, prompt) == pytest.approx((2 * 30 + 4 * 10) / 6)
    assert painted_sasa_error(design, prompt, [0, 5, 8]) == pytest.approx((30 + 10) / 2)
    assert np.isnan(painted_sasa_error(design, Prompt.blank(template)))


def test_painted_areas_are_none_of_a_design_without_side_chains():
    prompt = Prompt.blank(LENGTH).paint(slice(None), "sasa", RISING.tolist())
    bare = Protein("A" * LENGTH, strand(LENGTH), sasa=RISING)
    assert np.isnan(painted_sasa(bare, prompt))
    assert np.isnan(painted_sasa_error(bare, prompt))
    assert np.isnan(achieved_of(bare, prompt).sasa).all()


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
    prompt = prompt.paint("2-4", "sasa", [5, 50, 120])
    moved = template.coordinates.copy()
    moved[5, :3] += 4
    got = achieved_of(template.with_(coordinates=moved), prompt)
    assert np.isnan(got.sasa).all()
    unfolded = template.with_(coordinates=np.full_like(moved, np.nan))
    assert np.flatnonzero(np.isfinite(achieved_of(unfolded, prompt).sasa)).tolist() == [1, 2, 3]
    assert got.ss8[3:] == "_" * (LENGTH - 3)
    assert "_" not in got.ss8[:3]
    assert np.flatnonzero(np.isfinite(got.deviation)).tolist() == [0, 1, 2, 3, 4, 5]
    assert int(np.nanargmax(got.deviation)) == 5
    overall = np.sqrt(np.nanmean(got.deviation**2))
    assert overall == pytest.approx(motif_rmsd(template.with_(coordinates=moved), prompt))


def test_keywords_are_counted_against_the_prompt_not_the_template(template):
    carries = template.with_(function=(FunctionAnnotation("kinase", 0, 6),))
    prompt = Prompt.from_protein(carries).annotate("zinc", "7-10").annotate("kinase", "1-4")
    found = find_metric("keyword_recovery")
    assert found.of(carries, prompt, None) == 0.5
    assert np.isnan(found.of(carries, Prompt.from_protein(carries), None))


# -- the chain -----------------------------------------------------------------------------------


def pulled_apart(protein: Protein, after: int, by: float = 5.0) -> Protein:
    """The protein with everything after a residue moved away along z."""
    coordinates = protein.coordinates.copy()
    coordinates[after + 1 :, :, 2] += by
    return protein.with_(coordinates=coordinates)


@pytest.fixture
def bonded() -> Protein:
    return Protein("A" * 30, coordinates=ideal_chain("A" * 30))


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
        tuple(sorted((one.serial_number, other.serial_number)))
        for one, other in search.search_all(3.0)
    }
    expected = [pair for pair in pairs if pair[1] - pair[0] > 1]
    assert clashes(pressed, Prompt.blank(protein)) == len(expected) > 10
    assert clashes(protein, Prompt.blank(protein)) == 0
