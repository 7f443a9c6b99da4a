"""Design records: one file with all that a session holds, to open, to rebuild and to pass on.

A ``.design`` file is a zip of ``record.json`` (described by ``record.schema.json`` beside this
module) and one ``.npy`` per array. Whatever is wrong with a file is a RecordError.
"""

from .embedded_record import design_in, write_design
from .rebuilding import Rebuilt, rebuild
from .record import open_record, save

__all__ = ["Rebuilt", "design_in", "open_record", "rebuild", "save", "write_design"]
