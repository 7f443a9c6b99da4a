"""Every metric there is, in one table.

Gates, rewards, sessions, campaigns, the command line and every view read names, titles, units and
directions here and nowhere else.
"""

from collections.abc import Callable

from ..prompt import Prompt
from ..protein import Protein
from . import adherence, agreement, shape
from .metric import Measure, Metric, Positions


def _ptm(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    confidence = design.confidence
    return float("nan") if confidence is None or confidence.ptm is None else float(confidence.ptm)


def _plddt(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    return adherence.mean_plddt(design, positions)


def _selection_rmsd(design: Protein, prompt: Prompt, positions: Positions = None) -> float:
    if positions is None:
        return float("nan")
    return shape.backbone_rmsd(design, prompt.template, positions)


def _of_template(compare: Callable[[Protein, Protein, Positions], float]) -> Measure:
    return lambda design, prompt, positions=None: compare(design, prompt.template, positions)


METRICS: tuple[Metric, ...] = (
    Metric(
        "motif_rmsd", "motif RMSD", "Å", False,
        "RMSD of N, CA and C over the residues whose coordinates the prompt gives, superposed on "
        "these atoms alone.",
        adherence.motif_rmsd,
    ),
    Metric(
        "painted_ss8", "SS8 as painted", "", True,
        "Share, 0–1, of the residues with SS8 in the prompt on which the design's coordinates have "
        "that DSSP class.",
        adherence.painted_ss8,
    ),
    Metric(
        "painted_sasa_error", "SASA off by", "Å²", False,
        "Mean distance in Å² of the design's accessible areas from those in the prompt.",
        adherence.painted_sasa_error, digits=0,
    ),
    Metric(
        "painted_sasa", "SASA as painted ρ", "", True,
        "Rank correlation, −1 to 1, of the design's accessible areas with those in the prompt.",
        adherence.painted_sasa,
    ),
    Metric(
        "keyword_recovery", "keywords found", "", True,
        "Share, 0–1, of the functions and sites in the prompt that the model reads off the "
        "finished design on at least half of their residues.",
        adherence.keyword_recovery, needs="annotations",
    ),
    Metric(
        "ptm", "pTM", "", True,
        "Predicted TM-score of the whole fold, 0–1: how sure the model is of it.",
        _ptm, needs="pae",
    ),
    Metric(
        "plddt", "pLDDT", "", True,
        "Mean pLDDT of all residues, 0–100: how sure the model is of each one's surroundings.",
        _plddt, scale=100, digits=1,
    ),
    Metric(
        "designed_plddt", "pLDDT designed", "", True,
        "Mean pLDDT, 0–100, of the residues whose sequence or structure the prompt left open.",
        adherence.designed_plddt, scale=100, digits=1,
    ),
    Metric(
        "ca_rmsd", "CA RMSD", "Å", False,
        "RMSD of all CA atoms to the template (the protein that was opened), superposed on all CA "
        "atoms.",
        _of_template(shape.ca_rmsd),
    ),
    Metric(
        "selection_rmsd", "selection RMSD", "Å", False,
        "RMSD of N, CA and C to the template over the residues chosen, superposed on these atoms "
        "alone.",
        _selection_rmsd, needs="selection",
    ),
    Metric(
        "tm_score", "TM-score", "", True,
        "TM-score of the CA atoms to the template, 0–1; superposed where most residues fit.",
        _of_template(shape.tm_score),
    ),
    Metric(
        "lddt", "lDDT", "", True,
        "Share of the template's CA–CA distances under 15 Å that the design keeps, 0–1; no "
        "superposition.",
        _of_template(shape.lddt), minor=True,
    ),
    Metric(
        "designed_recovery", "recovery designed", "", True,
        "Share, 0–1, of the residues whose sequence the prompt left open that have the template's "
        "letter.",
        adherence.designed_recovery,
    ),
    Metric(
        "recovery", "recovery", "", True,
        "Share, 0–1, of all residues that have the template's letter, those given too.",
        _of_template(agreement.recovery), minor=True,
    ),
    Metric(
        "ss8_agreement", "SS8", "", True,
        "Share, 0–1, of all residues in the template's DSSP class (of eight).",
        _of_template(agreement.ss8_agreement), minor=True,
    ),
    Metric(
        "ss3_agreement", "SS3", "", True,
        "Share, 0–1, of all residues that are helix, strand or coil as in the template.",
        _of_template(agreement.ss3_agreement), minor=True,
    ),
    Metric(
        "sasa_rho", "SASA ρ", "", True,
        "Rank correlation, −1 to 1, of all accessible areas with the template's.",
        _of_template(agreement.sasa_rho), minor=True,
    ),
    Metric(
        "chain_breaks", "chain breaks", "", False,
        "Missing bonds between neighbours of a chain (C to N over 2.5 Å) that the prompt's own "
        "coordinates do not have.",
        adherence.chain_breaks, digits=0,
    ),
    Metric(
        "clashes", "clashes", "", False,
        "Pairs of residues, not neighbours, whose CA atoms are nearer than 3 Å.",
        adherence.clashes, digits=0,
    ),
)  # fmt: skip
"""Every metric, in the order of columns: first what a prompt may ask for, NaN where it does not."""

OLDER_GOALS = {"rmsd": "motif_rmsd", "ss8": "painted_ss8", "sasa": "painted_sasa"}
"""What recipes written before version 0.2 call these metrics."""

OLDER_COLUMNS = {"rmsd": "ca_rmsd"}
"""What records and campaigns written before version 0.2 call these metrics."""

BY_NAME = {metric.name: metric for metric in METRICS}
OF_DESIGNS = tuple(metric for metric in METRICS if metric.needs != "selection")
"""Metrics of a design as a whole: the columns of sessions and campaigns."""


def find_metric(name: str) -> Metric | None:
    """The metric that a recipe calls so, by its name of before version 0.2 too; None for others."""
    return BY_NAME.get(OLDER_GOALS.get(name, name))
