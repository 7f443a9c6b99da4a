"""Chemistry and geometry that the whole package shares. Lengths in Å, areas in Å²."""

AMINO_ACIDS = "ARNDCQEGHILKMFPSTWYV"
"""The 20 standard amino acids in AlphaFold's order; the axis of per-position alphabets."""

RESIDUE_NAMES = {
    "A": "ALA", "R": "ARG", "N": "ASN", "D": "ASP", "C": "CYS", "Q": "GLN", "E": "GLU",
    "G": "GLY", "H": "HIS", "I": "ILE", "L": "LEU", "K": "LYS", "M": "MET", "F": "PHE",
    "P": "PRO", "S": "SER", "T": "THR", "W": "TRP", "Y": "TYR", "V": "VAL",
    "U": "SEC", "O": "PYL", "B": "ASX", "Z": "GLX", "X": "UNK",
}  # fmt: skip
"""One-letter to three-letter residue names (wwPDB chemical component ids)."""

RESIDUE_LETTERS = {name: letter for letter, name in RESIDUE_NAMES.items()}

ATOM37 = (
    "N", "CA", "C", "CB", "O", "CG", "CG1", "CG2", "OG", "OG1", "SG", "CD", "CD1", "CD2",
    "ND1", "ND2", "OD1", "OD2", "SD", "CE", "CE1", "CE2", "CE3", "NE", "NE1", "NE2", "OE1",
    "OE2", "CH2", "NH1", "NH2", "OH", "CZ", "CZ2", "CZ3", "NZ", "OXT",
)  # fmt: skip
"""Heavy atoms of one residue, in AlphaFold's atom37 order; the atom axis of coordinates."""

N, CA, C, CB, O = range(5)
"""Columns of the backbone atoms (and CB) in ``ATOM37``."""

BACKBONE_LOCAL = ((0.5256, 1.3612, 0.0), (0.0, 0.0, 0.0), (-1.5251, 0.0, 0.0))
"""N, CA and C in the residue's own frame [Hayes et al. 2025, A.1.6]."""

MAX_COORDINATE = 1e6
"""An atom with a coordinate this far from the origin counts as absent."""

MASK = "_"
"""How a person writes "the model decides" on every letter track."""

SS8_CLASSES = "GHITEBSC"
"""DSSP's eight classes as ESM3 writes them; C is coil, DSSP's blank."""

SS8_TO_SS3 = {"G": "H", "H": "H", "I": "H", "E": "E", "B": "E", "T": "C", "S": "C", "C": "C"}

SASA_EDGES = (
    0.8, 4.0, 9.6, 16.4, 24.5, 32.9, 42.0, 51.5, 61.2, 70.9, 81.6, 93.3, 107.2, 125.4, 151.4,
)  # fmt: skip
"""Edges between the 16 SASA bins [Hayes et al. 2025, A.1.5.1]."""

MAX_RESIDUES = 2046
"""Longest protein of the published model: a context of 2048 less BOS and EOS."""
