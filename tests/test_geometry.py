import numpy as np
from scipy.spatial.transform import Rotation

from workbench.constants import CA, CB, C, N, O
from workbench.geometry import full_backbone, superpose


def test_superposing_undoes_any_rigid_motion_and_ignores_missing_residues():
    random = np.random.default_rng(0)
    target = random.normal(size=(20, 37, 3)).astype(np.float32) * 10
    target[4] = np.nan
    mobile = target @ Rotation.random(rng=1).as_matrix().T + 5
    mobile[9] = np.nan
    back = superpose(mobile.astype(np.float32), target)
    known = np.setdiff1d(np.arange(20), [4, 9])
    assert np.abs(back[known] - target[known]).max() < 1e-3


def test_superposing_never_mirrors():
    random = np.random.default_rng(0)
    target = random.normal(size=(20, 37, 3)).astype(np.float32) * 10
    mirrored = target * np.array([1, 1, -1], np.float32)
    assert np.abs(superpose(mirrored, target) - target).max() > 1


def test_added_atoms_have_ideal_bond_lengths_and_glycine_no_cb(shared):
    from workbench.io import read_protein

    protein = read_protein(shared / "data" / "structures" / "1ubq.pdb")
    ends = np.zeros(len(protein), bool)
    ends[-1] = True
    built = full_backbone(protein.backbone, protein.sequence, ends)
    assert np.allclose(np.linalg.norm(built[:, O] - built[:, C], axis=-1), 1.231, atol=1e-3)
    error = np.linalg.norm(built[:-1, O] - protein.coordinates[:-1, O], axis=-1)
    assert np.median(error) < 0.1
    glycine = np.array(list(protein.sequence)) == "G"
    assert np.isnan(built[glycine, CB]).all()
    cb = np.linalg.norm(built[~glycine, CB] - protein.coordinates[~glycine, CB], axis=-1)
    assert np.median(cb) < 0.15
    assert np.array_equal(built[:, [N, CA, C]], protein.backbone)
