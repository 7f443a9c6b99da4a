"""What the 20 standard residues are made of: names of heavy atoms, as the wwPDB writes them."""

BACKBONE_ATOMS = ("N", "CA", "C", "O")

SIDECHAIN_ATOMS = {
    "A": ("CB",),
    "R": ("CB", "CG", "CD", "NE", "CZ", "NH1", "NH2"),
    "N": ("CB", "CG", "OD1", "ND2"),
    "D": ("CB", "CG", "OD1", "OD2"),
    "C": ("CB", "SG"),
    "Q": ("CB", "CG", "CD", "OE1", "NE2"),
    "E": ("CB", "CG", "CD", "OE1", "OE2"),
    "G": (),
    "H": ("CB", "CG", "ND1", "CD2", "CE1", "NE2"),
    "I": ("CB", "CG1", "CG2", "CD1"),
    "L": ("CB", "CG", "CD1", "CD2"),
    "K": ("CB", "CG", "CD", "CE", "NZ"),
    "M": ("CB", "CG", "SD", "CE"),
    "F": ("CB", "CG", "CD1", "CD2", "CE1", "CE2", "CZ"),
    "P": ("CB", "CG", "CD"),
    "S": ("CB", "OG"),
    "T": ("CB", "OG1", "CG2"),
    "W": ("CB", "CG", "CD1", "CD2", "NE1", "CE2", "CE3", "CZ2", "CZ3", "CH2"),
    "Y": ("CB", "CG", "CD1", "CD2", "CE1", "CE2", "CZ", "OH"),
    "V": ("CB", "CG1", "CG2"),
}
"""Heavy side-chain atoms, CB included."""

_TRIGONAL = "D.CG E.CD F.CG H.CG N.CG Q.CD R.CZ W.CG W.CD2 W.CE2 Y.CG Y.CZ"
_AROMATIC = "F.CD1 F.CD2 F.CE1 F.CE2 F.CZ H.CD2 H.CE1 W.CD1 W.CE3 W.CZ2 W.CZ3 W.CH2"
_AROMATIC += " Y.CD1 Y.CD2 Y.CE1 Y.CE2"
_HYDROXYL = "D.OD2 E.OE2 S.OG T.OG1 Y.OH"
_SPECIAL = {
    **dict.fromkeys(_TRIGONAL.split(), 1.61),
    **dict.fromkeys(_AROMATIC.split(), 1.76),
    **dict.fromkeys(_HYDROXYL.split(), 1.46),
}
_USUAL = {"C": 1.88, "N": 1.64, "O": 1.42, "S": 1.77}


def protor_radius(letter: str, atom: str) -> float:
    """Radius in Å of a heavy atom with its hydrogens [ProtOr, Tsai et al. 1999].

    What biotite finds from the chemical component dictionary, without the second that it takes to
    read it.
    """
    if atom in ("C", "OXT"):
        return 1.61 if atom == "C" else 1.46
    return _SPECIAL.get(f"{letter}.{atom}", _USUAL[atom[0]])
