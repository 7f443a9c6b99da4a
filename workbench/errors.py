"""Errors a person can act on: each names the value, the place and what to do."""


class WorkbenchError(Exception):
    """Anything this package refuses, with a message meant for the person at the keyboard."""


class StructureError(WorkbenchError):
    """A protein file or protein value cannot be used."""


class PromptError(WorkbenchError):
    """A painting operation or a prompt value is not possible."""


class SelectionError(PromptError):
    """A residue selection cannot be understood or lies outside the protein."""


class CheckpointError(WorkbenchError):
    """A model cannot be found, read or fitted to its configuration."""


class SamplingError(WorkbenchError):
    """A recipe or a sampling run is not possible."""


class RecordError(WorkbenchError):
    """A design record cannot be read, or is none."""


class FileError(WorkbenchError):
    """A file or folder cannot be written."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory is full, that of a graphics card included."""
    text = str(error).lower()
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "out of memory" in text
        or "can't allocate memory" in text
    )
