"""How annotations are checked at run time, in tests only: an int is a float, as PEP 484 says."""

from beartype import BeartypeConf, beartype

typechecked = beartype(conf=BeartypeConf(is_pep484_tower=True))
