"""Small tables of families and entries, in the form of those of Pfam, InterPro and GO."""

import gzip
from pathlib import Path

PFAM = {
    "PF00001": ("kin_a", ["protein kinase activity", "ATP binding"]),
    "PF00002": ("kin_b", ["lipid kinase activity", "ATP binding"]),
    "PF00003": ("zinc_a", ["zinc ion binding"]),
    "PF00004": ("zinc_b", ["zinc ion binding", "regulation of transcription"]),
}
INTERPRO = {
    "IPR000001": ("Domain", "Kinase, short", ["protein kinase activity", "ATP binding"]),
    "IPR000002": ("Family", "Kinase with a longer name", ["ATP binding", "kinase activity"]),
    "IPR000003": ("Domain", "Zinc finger", ["zinc ion binding"]),
    "IPR000004": ("Domain", "Nothing of these", ["heme transport"]),
}

CHAINS = ["PF00001"] * 3 + ["PF00002"] * 3 + ["PF00003", "PF00003;PF00004"] * 3 + [""] * 4
"""Families of the chains of a corpus."""


def write_tables(folder: Path) -> Path:
    """The three tables in a folder, with the comment lines that the real ones open with."""
    folder.mkdir(exist_ok=True)
    pfam = [
        f"Pfam:{accession} {name} > GO:{term} ; GO:0000001"
        for accession, (name, terms) in PFAM.items()
        for term in terms
    ]
    interpro = [
        f"InterPro:{accession} {name} > GO:{term} ; GO:0000001"
        for accession, (_, name, terms) in INTERPRO.items()
        for term in terms
    ]
    rows = [f"{accession}\t{kind}\t{name}" for accession, (kind, name, _) in INTERPRO.items()]
    for name, lines in (
        ("pfam2go.txt.gz", ["!version date: today", *pfam]),
        ("interpro2go.txt.gz", ["!version date: today", *interpro]),
        ("interpro_entry.list.tsv.gz", ["ENTRY_AC\tENTRY_TYPE\tENTRY_NAME", *rows]),
    ):
        with gzip.open(folder / name, "wt", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    return folder
