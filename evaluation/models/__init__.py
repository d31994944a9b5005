"""Before and after, and the report: a file for each."""

from evaluation.models.asking import (
    Card,
    Domain,
    EvaluationPlan,
    Measure,
    MeasureItem,
    Mode,
    PseudonymKey,
    Response,
    Wave,
    WaveLink,
    WaveQuerySet,
)
from evaluation.models.reports import (
    AcrossQuerySet,
    AcrossReport,
    ChosenQuote,
    Recommendation,
    Report,
    ReportQuerySet,
    ReportVersion,
    ReportVersionQuerySet,
    SectionText,
)

__all__ = [
    "AcrossQuerySet",
    "AcrossReport",
    "Card",
    "ChosenQuote",
    "Domain",
    "EvaluationPlan",
    "Measure",
    "MeasureItem",
    "Mode",
    "PseudonymKey",
    "Recommendation",
    "Report",
    "ReportQuerySet",
    "ReportVersion",
    "ReportVersionQuerySet",
    "Response",
    "SectionText",
    "Wave",
    "WaveLink",
    "WaveQuerySet",
]
