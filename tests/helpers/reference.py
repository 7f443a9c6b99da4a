"""The reference package as a test oracle, without the packages that its networks never call.

Its model and tokenizer files import compression, cloud and chemistry packages at the top. Those
that are not installed stand in as empty modules while the reference is imported and are taken away
again. Nothing here reaches a hub: weights are the caller's business.
"""

import importlib
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace

UNUSED = (
    "Bio", "Bio.Data", "Bio.Data.PDBData", "boto3", "brotli", "cloudpathlib", "msgpack",
    "msgpack_numpy", "pygtrie", "tenacity", "transformers", "zstd",
)  # fmt: skip
CLASSES = {
    "ESM3": "esm.models.esm3",
    "TransformerStack": "esm.layers.transformer_stack",
    "StructureTokenEncoder": "esm.models.vqvae",
    "StructureTokenDecoder": "esm.models.vqvae",
    "FunctionTokenDecoder": "esm.models.function_decoder",
    "EsmSequenceTokenizer": "esm.tokenization.sequence_tokenizer",
    "StructureTokenizer": "esm.tokenization.structure_tokenizer",
    "SecondaryStructureTokenizer": "esm.tokenization.ss_tokenizer",
    "SASADiscretizingTokenizer": "esm.tokenization.sasa_tokenizer",
    "Affine3D": "esm.utils.structure.affine3d",
    "ESMProteinTensor": "esm.sdk.api",
    "GenerationConfig": "esm.sdk.api",
    "LogitsConfig": "esm.sdk.api",
    "iterative_sampling_tokens": "esm.utils.generation",
    "build_affine3d_from_coordinates": "esm.utils.structure.affine3d",
}


@cache
def import_reference() -> SimpleNamespace:
    """The reference classes of ``CLASSES``; ModuleNotFoundError where ``esm`` is missing."""
    with _stand_ins(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        classes = {name: getattr(importlib.import_module(m), name) for name, m in CLASSES.items()}
    return SimpleNamespace(**classes)


@contextmanager
def _stand_ins() -> Iterator[None]:
    missing = [name for name in UNUSED if find_spec(name.partition(".")[0]) is None]
    for name in missing:
        sys.modules[name] = _StandIn(name)
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


class _StandIn(ModuleType):
    """A module that has every name: classes to inherit from, to call, to use as decorators."""

    __path__ = ()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "PreTrainedTokenizerFast":
            return _TokenizerFromObject
        return sys.modules.get(f"{self.__name__}.{name}") or type(name, (_Anything,), {})


class _Anything:
    def __init__(self, *arguments: object, **named: object) -> None:
        pass

    def __call__(self, *arguments: object, **named: object) -> object:
        return arguments[0] if arguments else self


class _TokenizerFromObject:
    """What the reference's sequence tokenizer asks of its base class, on ``tokenizers``."""

    def __init__(self, tokenizer_object, additional_special_tokens=(), **special: str) -> None:
        self._tokenizer = tokenizer_object
        self._special = {name: token for name, token in special.items() if name.endswith("_token")}
        self._additional = list(additional_special_tokens)

    def __getattr__(self, name: str) -> str:
        if name in self.__dict__.get("_special", {}):
            return self._special[name]
        raise AttributeError(name)

    @property
    def vocab_size(self) -> int:
        return self._tokenizer.get_vocab_size()

    @property
    def all_special_ids(self) -> list[int]:
        tokens = dict.fromkeys([*self._special.values(), *self._additional])
        return [self._tokenizer.token_to_id(token) for token in tokens]

    def get_vocab(self) -> dict[str, int]:
        return self._tokenizer.get_vocab()

    def convert_tokens_to_ids(self, token: str) -> int:
        return self._tokenizer.token_to_id(token)

    def encode(self, text: str, add_special_tokens: bool = True) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=add_special_tokens).ids

    def decode(self, ids: list[int], skip_special_tokens: bool = False) -> str:
        return self._tokenizer.decode(list(ids), skip_special_tokens=skip_special_tokens)
