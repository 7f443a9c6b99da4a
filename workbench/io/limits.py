"""How long a protein may be, said in terms of its chains."""

from collections.abc import Mapping

from ..constants import MAX_RESIDUES
from ..errors import StructureError


def refuse_too_long(lengths: Mapping[str, int]) -> None:
    """A StructureError if these chains together are longer than the model's context."""
    total = sum(lengths.values())
    if total <= MAX_RESIDUES:
        return
    if len(lengths) == 1:
        advice = "keep only the part that you need"
    else:
        shortest = min(lengths, key=lambda chain: lengths[chain])
        advice = f"choose one chain, for instance chain={shortest!r}"
    raise StructureError(
        f"{total} residues in {listed(lengths)} are more than the {MAX_RESIDUES} that the model "
        f"can take; {advice}"
    )


def listed(lengths: Mapping[str, int], most: int = 12) -> str:
    """Chains with their lengths, such as ``A (214), B (214)``."""
    parts = [f"{chain} ({length})" for chain, length in lengths.items()]
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return f"chain{'s' if len(parts) > 1 else ''} {', '.join(parts[:most])}{more}"
