"""Metrics: the numbers that judge a design, each with one name and one meaning. No torch."""

from .achieved import Achieved, achieved_of
from .adherence import (
    chain_breaks,
    clashes,
    designed_plddt,
    designed_recovery,
    motif_rmsd,
    painted_sasa,
    painted_sasa_error,
    painted_ss8,
)
from .agreement import (
    keyword_recovery,
    keywords_found,
    recovery,
    sasa_rho,
    ss3_agreement,
    ss8_agreement,
)
from .catalogue import METRICS, OF_DESIGNS, OLDER_COLUMNS, find_metric
from .measuring import as_shown, measure, summary, table
from .metric import Metric
from .pareto import pareto_front
from .ramachandran import outlier_share, ramachandran, torsions
from .shape import backbone_rmsd, ca_rmsd, lddt, tm_score

__all__ = [
    "METRICS",
    "OF_DESIGNS",
    "OLDER_COLUMNS",
    "Achieved",
    "Metric",
    "achieved_of",
    "as_shown",
    "backbone_rmsd",
    "ca_rmsd",
    "chain_breaks",
    "clashes",
    "designed_plddt",
    "designed_recovery",
    "find_metric",
    "keyword_recovery",
    "keywords_found",
    "lddt",
    "measure",
    "motif_rmsd",
    "outlier_share",
    "painted_sasa",
    "painted_sasa_error",
    "painted_ss8",
    "pareto_front",
    "ramachandran",
    "recovery",
    "sasa_rho",
    "ss3_agreement",
    "ss8_agreement",
    "summary",
    "table",
    "tm_score",
    "torsions",
]  # fmt: skip
