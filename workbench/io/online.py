"""fetch: proteins from the RCSB PDB and the AlphaFold database, when there is a network."""

import re
import threading
from importlib import import_module

from ..errors import StructureError
from ..protein import Protein
from .chosen import Chains, Choice, Conformer, Content
from .files import MAX_BYTES, Format
from .foreign import brief
from .reading import content_of_bytes

_PDB_ID = re.compile(r"(?:pdb_0000)?(?P<id>[0-9][A-Z0-9]{3})|pdb_[0-9]{4}[A-Z0-9]{4}", re.I)
_ACCESSION = re.compile(
    r"(?:AF-)?(?P<id>[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})"
    r"(?:-F1)?(?:-model_v\d+)?",
    re.I,
)
_BIOTITE_NAMES = {Format.BCIF: "bcif", Format.CIF: "cif"}


def is_entry(name: str) -> bool:
    """Whether ``fetch`` knows a database for a name."""
    return any(form.fullmatch(name.strip()) for form in (_PDB_ID, _ACCESSION))


def fetch(
    name: str, chain: Chains = None, timeout: float = 30.0, conformer: Conformer = None
) -> Protein:
    """Load an entry by PDB id (``1UBQ``, ``pdb_00001ubq``) or AlphaFold database id.

    ``AF-P69905-F1`` and the UniProt accession ``P69905`` mean the AlphaFold database; small and
    capital letters are the same. ``chain`` and ``conformer`` choose as in ``read_protein``. Waits
    at most ``timeout`` seconds.
    """
    return fetch_content(name, Choice(chain, conformer=conformer), timeout).protein


def fetch_content(name: str, choice: Choice, timeout: float = 30.0) -> Content:
    """Load what is chosen of an entry, as ``fetch`` does, and which models it has."""
    name = name.strip()
    pdb, accession = _PDB_ID.fullmatch(name), _ACCESSION.fullmatch(name)
    if pdb:
        source, database, form = "rcsb", "RCSB PDB", Format.BCIF
        key = pdb["id"] or name
    elif accession:
        source, database, form = "afdb", "the AlphaFold database", Format.CIF
        key = accession["id"].upper()
    else:
        raise StructureError(
            f"{name!r} is neither a PDB id such as 1UBQ nor a UniProt accession such as P69905; "
            "for a file on this machine use read_protein(path)"
        )
    data = _download(source, key, form, f"could not fetch {name} from {database}", timeout)
    try:
        return content_of_bytes(data, form, name, choice)
    except StructureError as error:
        raise StructureError(f"{name} from {database}: {error}") from error.__cause__


def _download(source: str, key: str, form: Format, refusal: str, timeout: float) -> bytes:
    """Bytes of an entry. In a thread, because biotite waits for ever on a silent network."""
    from requests import ConnectionError as NoConnection

    advice = "check the connection, or give a file to read_protein(path)"
    outcome: list[bytes | Exception] = []

    def load() -> None:
        try:
            module = import_module(f"biotite.database.{source}")
            content = module.fetch(key, _BIOTITE_NAMES[form]).read(MAX_BYTES + 1)
            outcome.append(content.encode() if isinstance(content, str) else content)
        except (
            Exception
        ) as error:  # requests, biotite and the server's answer each fail in own ways
            outcome.append(error)

    loader = threading.Thread(target=load, name=f"fetch {key}", daemon=True)
    loader.start()
    loader.join(timeout)
    if not outcome:
        raise StructureError(f"{refusal}: no answer within {timeout:g} s; {advice}")
    result = outcome[0]
    if isinstance(result, NoConnection):
        raise StructureError(f"{refusal}: there is no connection to it; {advice}") from result
    if isinstance(result, Exception):
        raise StructureError(f"{refusal}: {brief(result)}; {advice}") from result
    if len(result) > MAX_BYTES:
        raise StructureError(f"{refusal}: it is larger than {MAX_BYTES // 2**20} MiB; {advice}")
    return result
