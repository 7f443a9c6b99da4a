"""``workbench embed`` writes what ``embed`` gives."""

import numpy as np
import pytest

from workbench import load_model
from workbench.cli import main
from workbench.io import write_protein
from workbench.opening import open_prompt
from workbench.whatif.embedding import embed

OTHER = "MKTAYIAKQR"


@pytest.fixture
def file(tmp_path, annotated_protein):
    return write_protein(annotated_protein, tmp_path / "twelve.cif")


def test_arrays_are_written_by_the_proteins_names(file, tmp_path, capsys):
    out = tmp_path / "features.npz"
    assert main(["embed", str(file), OTHER, OTHER, "--out", str(out), "--layer", "2"]) == 0
    assert "3 proteins, 192 numbers each, layer 2" in capsys.readouterr().out
    model = load_model()
    with np.load(out) as written:
        assert len(written.files) == 3
        for name, source in zip(written.files, (str(file), OTHER, OTHER), strict=True):
            expected = embed(model, open_prompt(source), 2)
            assert np.allclose(written[name], expected, atol=1e-4)


@pytest.mark.parametrize("pooled", [False, True])
def test_a_table_has_a_row_per_residue_or_per_protein(file, tmp_path, pooled):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    out = tmp_path / "features.parquet"
    assert main(["embed", str(file), OTHER, "--out", str(out), *["--pooled"][: int(pooled)]]) == 0
    table = pd.read_parquet(out)
    assert len(table) == (2 if pooled else 12 + 10)
    if not pooled:
        assert table["residue"].tolist()[:2] == ["A:1", "A:2"]
    own = np.stack(table["embedding"])[table["protein"] == table["protein"].iloc[0]]
    expected = embed(load_model(), open_prompt(str(file)), pooled=pooled)
    assert np.allclose(own, np.atleast_2d(expected), atol=1e-4)


def test_another_ending_is_refused_before_the_model_is_read(capsys):
    assert main(["embed", OTHER, "--out", "features.csv"]) == 2
    assert "end it in .npz or .parquet" in capsys.readouterr().err
