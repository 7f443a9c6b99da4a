"""Hub: the published checkpoint, from the hub's cache on this machine or by download.

A cache that holds every part is used as it is, without asking the network for a newer one.
"""

from pathlib import Path

from ..errors import CheckpointError
from ..vocabulary import TABLES
from .config import PUBLISHED

PUBLISHED_FILES = {
    "trunk": "data/weights/esm3_sm_open_v1.pth",
    "structure_encoder": "data/weights/esm3_structure_encoder_v0.pth",
    "structure_decoder": "data/weights/esm3_structure_decoder_v0.pth",
    "function_decoder": "data/weights/esm3_function_decoder_v0.pth",
}
OPTIONAL = {"function_decoder"}
REPOSITORIES = ("biohub/esm3-sm-open-v1", "EvolutionaryScale/esm3-sm-open-v1")
"""Where the checkpoint is published; the first is asked first."""


def repositories(name: str) -> tuple[str, ...]:
    """Repositories that hold the model of this name, which may be one of theirs; or none."""
    if name == PUBLISHED.name:
        return REPOSITORIES
    return (name,) if name in REPOSITORIES else ()


def published_snapshot(name: str, cache: str | Path | None = None) -> Path:
    """Folder of the published checkpoint, downloaded if it is not here.

    With a ``cache`` (a folder laid out as the hub's own) only that is searched and nothing is
    downloaded.
    """
    from huggingface_hub import constants

    folders = [cached_snapshot(repository, cache) for repository in repositories(name)]
    for folder in folders:
        if folder and not missing_parts(folder):
            return folder
    reasons = []
    if cache is None and constants.HF_HUB_OFFLINE:
        reasons = ["HF_HUB_OFFLINE is set"]
    elif cache is None:
        for repository in repositories(name):
            try:
                return download(repository)
            except Exception as error:  # the hub's library lets its transport's own errors through
                lines = str(error).strip().splitlines() or [""]
                reasons.append(f"{repository}: {type(error).__name__}: {lines[0]}")
    for folder in folders:
        if folder and set(missing_parts(folder)) <= OPTIONAL:
            return folder
    raise CheckpointError(_absent(name, cache, [folder for folder in folders if folder], reasons))


def cached_snapshot(repository: str, cache: str | Path | None = None) -> Path | None:
    """Folder of a repository's main revision in the hub's cache; None where no part is there."""
    from huggingface_hub import try_to_load_from_cache

    for file in PUBLISHED_FILES.values():
        path = try_to_load_from_cache(repository, file, cache_dir=cache)
        if isinstance(path, str):
            return Path(path).parents[len(Path(file).parts) - 1]
    return None


def missing_parts(folder: Path) -> list[str]:
    """Parts of the published checkpoint that a folder lacks."""
    return [part for part, file in PUBLISHED_FILES.items() if not (folder / file).is_file()]


def download(repository: str) -> Path:
    """Fetch the parts and the tables into the hub's cache; raises what the hub's library raises."""
    from huggingface_hub import snapshot_download

    patterns = [*PUBLISHED_FILES.values(), *(f"data/{table}" for table in TABLES)]
    return Path(snapshot_download(repository, allow_patterns=patterns))


def _absent(name: str, cache: str | Path | None, partial: list[Path], reasons: list[str]) -> str:
    place = "this machine's hub cache" if cache is None else f"the hub cache {cache}"
    lacking = f"{place} does not hold {name}"
    if partial:
        lacking = f"{partial[0]} lacks {', '.join(missing_parts(partial[0]))} of {name}"
    tried = f" and it cannot be downloaded ({'; '.join(reasons)})" if reasons else ""
    return (
        f"{lacking}{tried}. Where there is a network, run `hf download {REPOSITORIES[0]} "
        "--local-dir FOLDER` (after `hf auth login` if it asks for an account), copy FOLDER here "
        'and give its path: load_model("FOLDER"); a hub cache elsewhere is found by '
        "load_model(…, cache=FOLDER) or the variable HF_HUB_CACHE"
    )
