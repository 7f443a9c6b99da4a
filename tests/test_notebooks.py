"""The notebooks of the classic jobs: each runs from top to bottom, and its results hold."""

import json
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
JOBS = sorted(FOLDER.glob("0[2-9]_*.ipynb"))
MARK = "results of the test:"


def results_of(name: str, expression: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a notebook in a fresh kernel and return the value that an expression has at its end."""
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    ask = f"import json\nprint({MARK!r} + json.dumps({expression}, default=float))"
    notebook.cells.append(nbformat.v4.new_code_cell(ask))
    nbclient.NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": tmp_path}},
        store_widget_state=False,
    ).execute()
    printed = "".join(output.get("text", "") for output in notebook.cells[-1].outputs)
    return json.loads(printed.partition(MARK)[2])


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_small_with_outputs_and_without_errors(path: Path):
    code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    assert path.stat().st_size < 400_000
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = [output.output_type for cell in code for output in cell.outputs]
    assert len(kinds) >= 5
    assert "error" not in kinds


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.stem)
def test_the_published_model_is_one_changed_line_away(path: Path):
    code = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    lines = [line for source in code for line in source.splitlines() if "esm3-" in line]
    assert lines == ['MODEL = "esm3-mini"  # "esm3-sm-open-v1" where its weights are at hand']


pytestmark = pytest.mark.filterwarnings("default")


def test_a_motif_given_in_space_comes_out_closer_than_one_given_in_letters(tmp_path, monkeypatch):
    results = results_of(
        "02_motif_scaffolding",
        "dict(median=summary['median'].to_dict(), kept=results['recovery'].tolist(), "
        "wanted=3 * len(SEEDS), made=len(designs))",
        tmp_path,
        monkeypatch,
    )
    assert results["made"] == results["wanted"] == len(results["kept"])
    assert set(results["kept"]) == {1.0}
    assert results["median"]["motif"] < results["median"]["letters only"]
    assert 0 < results["median"]["motif, best of 3"] < results["median"]["letters only"]


def test_the_helix_comes_out_shorter_than_it_was(tmp_path, monkeypatch):
    results = results_of(
        "03_helix_shortening",
        "dict(made=results['made'].tolist(), before=stop - start, asked=asked[1] - asked[0], "
        "lengths=[len(one) for one in designs], protein=len(protein))",
        tmp_path,
        monkeypatch,
    )
    sequences = sorted(results["made"])
    assert results["asked"] == results["before"] - 7
    assert set(results["lengths"]) == {results["protein"] - 7}
    assert 4 <= sequences[len(sequences) // 2] < results["before"]


def test_a_helix_asked_into_the_solvent_has_fewer_hydrophobic_residues(tmp_path, monkeypatch):
    results = results_of(
        "04_exposing_a_helix",
        "dict(greasy=summary['greasy'].to_dict(), rest=[int(sum(a != b for i, (a, b) in "
        "enumerate(zip(one.sequence, protein.sequence)) if i not in at)) "
        "for one in designs.values()])",
        tmp_path,
        monkeypatch,
    )
    greasy = results["greasy"]
    assert (greasy["asked"] + greasy["guided"]) / 2 < greasy["not asked"]
    assert greasy["guided, biased"] < min(greasy["not asked"], greasy["the protein itself"])
    assert set(results["rest"]) == {0}


def test_a_word_changes_a_design_exactly_where_the_model_can_read_it(tmp_path, monkeypatch):
    results = results_of(
        "05_function_prompts",
        "dict(words=bool(words.available), read=bool(read), notes=list(trajectory.notes), "
        "same=results['identical residues'].tolist())",
        tmp_path,
        monkeypatch,
    )
    assert results["read"] == results["words"]
    assert (set(results["same"]) == {1.0}) == (not results["words"])
    assert results["words"] or any("function" in note for note in results["notes"])


def test_a_sequence_made_for_a_backbone_fits_it_better_than_its_shuffled_self(
    tmp_path, monkeypatch
):
    results = results_of(
        "06_inverse_folding",
        "dict(score=results.set_index('design')['score'].to_dict(), "
        "sctm=results['sctm'].tolist(), scrmsd=results['scrmsd'].tolist())",
        tmp_path,
        monkeypatch,
    )
    score = results["score"]
    assert len(score) == 6
    assert all(score[f"design {k}"] > score["shuffled"] for k in range(4))
    assert all(0 < value <= 1 for value in results["sctm"])
    assert all(0 < value < 100 for value in results["scrmsd"])


def test_every_candidate_goes_through_the_funnel_and_keeps_the_rules(tmp_path, monkeypatch):
    results = results_of(
        "07_chain_of_thought",
        "dict(funnel=funnel.tolist(), candidates=CANDIDATES, table=results['design'].tolist(), "
        "finished=results['fold gate'].tolist(), ptm=results['ptm'].fillna(-1).tolist(), "
        "gate=PTM_GATE, sequences=[one.sequence for one in designs.values()], "
        "sites=int(checks['sites'].sum()), attempts=results['attempts'].tolist())",
        tmp_path,
        monkeypatch,
    )
    assert results["funnel"][0] == results["candidates"] == len(set(results["table"]))
    assert results["funnel"] == sorted(results["funnel"], reverse=True)
    assert sum(results["finished"]) == len(results["sequences"]) == results["funnel"][1] > 0
    assert set(results["attempts"]) <= {1, 2}
    assert results["sites"] == 0
    assert not any("C" in sequence or "_" in sequence for sequence in results["sequences"])


def test_uncertainty_is_read_in_the_bounds_that_the_text_gives(tmp_path, monkeypatch):
    results = results_of(
        "08_reading_uncertainty",
        "dict(low=float(choices.min().min()), high=float(choices.max().max()), "
        "own=[float(scan.loc[label, letter]) for label, letter in scan['letter'].items()], "
        "tracks=list(speaks.columns), decided=run.isna().sum().tolist(), "
        "scores=scores.to_dict(), structure=float(choices['with structure'].mean()), "
        "alone=float(choices['sequence only'].mean()))",
        tmp_path,
        monkeypatch,
    )
    assert 1 <= results["low"] <= results["high"] <= 20.001
    assert results["structure"] < results["alone"]
    assert set(results["own"]) == {0.0}
    assert results["tracks"] == ["letter", "sequence", "structure", "ss8", "sasa"]
    assert results["decided"] == sorted(results["decided"])
    assert results["scores"]["the protein"] > results["scores"]["shuffled"]
