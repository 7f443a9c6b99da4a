import pytest
from reference import import_reference

from workbench.constants import SASA_EDGES, SS8_CLASSES
from workbench.errors import PromptError
from workbench.tracks import TRACKS, Track

PUBLISHED = {
    # size, values, mask, pad, bos, eos, chain break, width [Hayes et al. 2025, A.1.5.1]
    Track.SEQUENCE: (64, range(4, 31), 32, 1, 0, 2, 31, 1),
    Track.STRUCTURE: (4101, range(4096), 4096, 4099, 4098, 4097, 4100, 1),
    Track.SS8: (11, range(3, 11), 0, 0, 0, 0, 0, 1),
    Track.SASA: (19, range(3, 19), 0, 0, 0, 0, 0, 1),
    Track.FUNCTION: (260, range(3, 260), 0, 0, 0, 0, 0, 8),
    Track.RESIDUE: (1478, range(3, 1478), 0, 0, 0, 0, 0, 16),
}


@pytest.fixture(scope="module")
def reference():
    return import_reference()


@pytest.mark.parametrize("track", Track)
def test_every_track_has_the_ids_of_the_published_table(track):
    spec = TRACKS[track]
    ids = (spec.size, spec.values, spec.mask, spec.pad, spec.bos, spec.eos, spec.chain_break)
    assert (*ids, spec.width) == PUBLISHED[track]


@pytest.mark.parametrize("track", Track)
def test_special_ids_are_no_values_and_fit_the_vocabulary(track):
    spec = TRACKS[track]
    for special in (spec.mask, spec.pad, spec.bos, spec.eos, spec.chain_break):
        assert special not in spec.values
        assert 0 <= special < spec.size
    assert spec.values.stop <= spec.size


def test_sequence_tokens_are_the_published_ones_in_order():
    tokens = TRACKS[Track.SEQUENCE].tokens
    assert "".join(tokens[4:31]) == "LAGVSERTIDPKQNFYMHWCXBUZO.-"
    assert tokens[:4] == ("<cls>", "<pad>", "<eos>", "<unk>")
    assert tokens[31:] == ("|", "<mask>")


def test_sequence_ids_are_the_reference_tokenizer_s(reference):
    oracle, spec = reference.EsmSequenceTokenizer(), TRACKS[Track.SEQUENCE]
    assert oracle.get_vocab() == {token: i for i, token in enumerate(spec.tokens)}
    assert (oracle.mask_token_id, oracle.pad_token_id) == (spec.mask, spec.pad)
    assert (oracle.bos_token_id, oracle.eos_token_id) == (spec.bos, spec.eos)
    assert oracle.chain_break_token_id == spec.chain_break


def test_structure_ids_are_the_reference_tokenizer_s(reference):
    oracle, spec = reference.StructureTokenizer(), TRACKS[Track.STRUCTURE]
    assert (oracle.mask_token_id, oracle.pad_token_id) == (spec.mask, spec.pad)
    assert (oracle.bos_token_id, oracle.eos_token_id) == (spec.bos, spec.eos)
    assert oracle.chain_break_token_id == spec.chain_break


def test_ss8_ids_are_the_reference_tokenizer_s(reference):
    oracle, spec = reference.SecondaryStructureTokenizer(kind="ss8"), TRACKS[Track.SS8]
    assert tuple(oracle.vocab) == spec.tokens
    assert oracle.encode(SS8_CLASSES).tolist() == [spec.bos, *spec.values, spec.eos]
    assert oracle.mask_token_id == spec.mask


def test_sasa_bins_are_the_reference_tokenizer_s(reference):
    oracle, spec = reference.SASADiscretizingTokenizer(), TRACKS[Track.SASA]
    assert tuple(oracle._boundaries) == SASA_EDGES
    assert len(oracle.vocab) == spec.size == len(spec.tokens)
    between = [0.0, *(edge + 0.01 for edge in SASA_EDGES)]
    assert oracle.encode(between, add_special_tokens=False).tolist() == list(spec.values)
    assert oracle.mask_token_id == spec.mask


@pytest.mark.parametrize("name", ["sequence", "SS8", " sasa ", Track.FUNCTION])
def test_a_track_is_found_by_its_name_however_it_is_typed(name):
    assert Track.named(name) is Track(str(name).strip().lower())


def test_an_unknown_track_is_refused_with_the_tracks_there_are():
    with pytest.raises(PromptError, match=r"no track 'ss3'.*sequence, structure, ss8, sasa"):
        Track.named("ss3")
