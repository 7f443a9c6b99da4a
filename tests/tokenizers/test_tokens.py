import numpy as np
import pytest
import torch
from reference import import_reference

from workbench.constants import MASK, SASA_EDGES, SS8_CLASSES
from workbench.errors import PromptError
from workbench.protein import Protein
from workbench.tokenizers.layout import Layout
from workbench.tokenizers.residue import decode_letters, decode_sasa, encode_letters, encode_sasa
from workbench.tracks import Track


@pytest.fixture(scope="module")
def reference():
    return import_reference()


def test_sequence_and_ss8_letters_get_the_reference_s_ids(reference):
    letters = "LAGVSERTIDPKQNFYMHWCXBUZO"
    oracle = reference.EsmSequenceTokenizer()
    assert encode_letters(letters, Track.SEQUENCE).tolist() == oracle.encode(letters)[1:-1]
    ss8 = reference.SecondaryStructureTokenizer("ss8").encode(list(SS8_CLASSES))
    assert encode_letters(SS8_CLASSES, Track.SS8).tolist() == ss8[1:-1].tolist()


def test_areas_get_the_reference_s_bins_at_and_around_every_edge(reference):
    near = np.array([a + d for a in (0.0, *SASA_EDGES) for d in (0.0, 0.01)], np.float32)
    oracle = reference.SASADiscretizingTokenizer().encode([float(a) for a in near])
    assert encode_sasa(near).tolist() == oracle[1:-1].tolist()


@pytest.mark.parametrize("track", [Track.SEQUENCE, Track.SS8])
def test_peer_defect_5_masked_letters_come_back_as_masks(track):
    letters = "CE_H_" if track is Track.SS8 else "MK_X_"
    assert "".join(decode_letters(encode_letters(letters, track), track)) == letters


def test_peer_defect_2_a_masked_area_stays_masked_and_every_bin_comes_back():
    areas = np.array([np.nan, 0.0, 35.0, 151.5, 400.0], np.float32)
    ids = encode_sasa(areas)
    again = encode_sasa(decode_sasa(ids))
    assert np.array_equal(again, ids)
    assert np.array_equal(encode_sasa(decode_sasa(np.arange(3, 19))), np.arange(3, 19))
    assert np.isnan(decode_sasa(np.array([0, 1, 2]))).all()


def test_a_letter_outside_the_alphabet_is_named():
    with pytest.raises(PromptError, match="'j' is no letter of the sequence track"):
        encode_letters("Mj", Track.SEQUENCE)
    assert MASK not in SS8_CLASSES


def test_a_row_has_bos_chains_breaks_and_eos_in_order():
    chains = np.array(["A"] * 3 + ["B"] * 2 + ["C"])
    layout = Layout.of(Protein("MKTAYI", chain_id=chains))
    assert layout.length == 6 + 2 + 2
    assert layout.rows.tolist() == [1, 2, 3, 5, 6, 8]
    assert layout.breaks.tolist() == [4, 7]
    assert layout.chain.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 2, 2]
    assert len(set(torch.from_numpy(layout.rows).tolist())) == 6
