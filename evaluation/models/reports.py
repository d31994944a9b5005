"""The report while it is written, its published versions, and reports over many cohorts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.models import Quote
from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort, Programme


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        if not can(user, P.REPORT_WRITE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))


class Report(models.Model):
    """The text of a cohort's report while it is being written. Figures come from the data, live."""

    class State(models.TextChoices):
        """What its versions come to: `Report.state`."""

        WRITTEN = "written", _("Being written")
        PUBLISHED = "published", _("Published")
        OUT_OF_DATE = "out_of_date", _("Out of date")  # a new version is due

    code = CodeField()
    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="report")
    text = models.JSONField(default=dict)  # section → text; the sections are in evaluation/reports/sections.py
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # What was on the figures' page when somebody withdrew: [{domain: pairs}, …]. See `evaluation.disclosure`.
    told_before = models.JSONField(default=list)
    # When somebody's answers were last taken out: data that was taken before is out of date. See `withdrawing`.
    withdrawn_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Report of {self.cohort}"

    @property
    def stamp(self) -> str:
        """Up to which saving a page has heard that was opened now."""
        return self.edited_at.isoformat() if self.edited_at else ""

    def state(self) -> Report.State:
        """One query. The newest version counts."""
        newest = self.versions.order_by("-number").values_list("superseded_at", flat=True)[:1]
        if not (row := list(newest)):
            return Report.State.WRITTEN
        return Report.State.PUBLISHED if row[0] is None else Report.State.OUT_OF_DATE


# What leads from each state to which; docs/pictures.md shows it, tests/evaluation/reports/test_states.py does it.
STEPS: Mapping[str, Mapping[str, set[Report.State]]] = {
    Report.State.WRITTEN: {"publish": {Report.State.PUBLISHED}},
    Report.State.PUBLISHED: {
        "publish again": {Report.State.PUBLISHED},
        "somebody withdraws their answers": {Report.State.OUT_OF_DATE},
        "a quote is taken out": {Report.State.OUT_OF_DATE},
    },
    Report.State.OUT_OF_DATE: {"publish again": {Report.State.PUBLISHED}},
}


class SectionText(models.Model):
    """A section of a report as somebody saved it. Rows are added; within one sitting of a writer the row is kept up
    to date. The latest stands in the report, and nothing that anybody wrote is lost."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="texts")
    section = models.CharField(max_length=30)  # a key of evaluation/reports/sections.py
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sitting = models.CharField(max_length=22)  # one opening of the page in one browser
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["report", "section", "sitting"], name="one_text_per_sitting")]

    def __str__(self) -> str:
        return self.section


class Recommendation(models.Model):
    """What should change, and who sees to it."""

    code = CodeField()
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="recommendations")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what should change"), max_length=300)
    owner = models.CharField(_("who sees to it"), max_length=80)  # a role or a team, not a private person
    due_on = models.DateField(_("by when"), null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class ChosenQuote(models.Model):
    """A quote that stands in a report, under its theme."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="chosen_quotes")
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "quote"], name="a_quote_stands_once")]

    def __str__(self) -> str:
        return "quote"


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    def visible_to(self, user: User) -> Self:
        """Published versions of cohorts the user may see."""
        if not can(user, P.REPORT_READ):
            return self.none()
        return self.filter(report__cohort__in=Cohort.objects.visible_to(user))

    def without_contents(self) -> Self:
        """For lists: the text, the figures and the PDF stay in the database."""
        return self.select_related("report").defer(
            "text",
            "figures",
            "pdf",
            "shared_figures",
            "shared_pdf",
            "pooled_counts",
            "quotes",
            "recommendations",
            "report__text",
        )

    def with_pdf_state(self) -> Self:
        """Adds `has_pdf` and `has_shared_pdf`; the PDFs themselves stay in the database."""
        state = {"has_pdf": Q(pdf__isnull=False), "has_shared_pdf": Q(shared_pdf__isnull=False)}
        return self.defer("pdf", "shared_pdf").annotate(**state)


class ReportVersion(models.Model):
    """A published version: text and figures as they were, and the PDF made of them."""

    code = CodeField()
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.JSONField()
    figures = models.JSONField()
    cover = models.JSONField(default=dict)  # names and dates as they were; see `evaluation.reports.pages.Cover`
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True)  # somebody withdrew: a new version is due
    pdf = models.BinaryField(null=True)  # made by the worker; None until then
    # The edition to share: its own figures (fewer), the same text; None: published before there was one.
    shared_figures = models.JSONField(null=True)
    shared_pdf = models.BinaryField(null=True)
    # Where several groups are told in it together: what each added (`evaluation.disclosure.counts`).
    pooled_counts = models.BinaryField(null=True)
    quotes = models.JSONField(default=list)  # [{"code", "words", "theme"}, …]; a withdrawn one has words ""
    recommendations = models.JSONField(default=list)  # [{"text", "owner", "due"}, …]

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_version_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.report}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:version", args=[self.code])


class AcrossQuerySet(models.QuerySet["AcrossReport"]):
    def visible_to(self, user: User) -> Self:
        """Whoever may ask for one sees all of them: they hold figures over many cohorts and nobody's data."""
        return self if can(user, P.ACROSS) else self.none()

    def over(self, cohorts: Collection[int]) -> Self:
        """Those that have read any of these groups. What a report holds is not opened for it."""
        return self.filter(pk__in=AcrossGroup.objects.filter(cohort__in=cohorts).values("report"))

    def up_to_date(self) -> Self:
        """Ready or still being made, and not superseded."""
        return self.filter(state__in=[AcrossReport.State.RUNNING, AcrossReport.State.DONE], superseded_at=None)


class AcrossReport(models.Model):
    """One report over many cohorts, made in the background."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Not made")

    code = CodeField()
    programme = models.ForeignKey(Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area = models.CharField(_("area"), max_length=80, blank=True)  # empty: every area
    from_on = models.DateField(_("from"))  # the day of a cohort's first session
    until_on = models.DateField(_("until"))
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)  # cohorts read so far
    of = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)  # which of them is at work: an earlier one stops
    beat_at = models.DateTimeField(null=True)  # its last sign of life
    finished_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(null=True)
    counts = models.BinaryField(null=True)  # what each group added to it (`evaluation.disclosure.counts`)
    superseded_at = models.DateTimeField(null=True)  # somebody in one of its groups withdrew
    pdf = models.BinaryField(null=True)  # None while it is drawn again

    objects = AcrossQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.until_on}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:across_report", args=[self.code])


class AcrossGroup(models.Model):
    """A group that a report over many has read, by which a withdrawal, and its receipt, find the report. Which groups
    would be chosen today says nothing about it: their area and their dates may have changed.

    Written down just before the group is read. It stays when the report is superseded, as later receipts name it too.
    """

    report = models.ForeignKey(AcrossReport, on_delete=models.CASCADE, related_name="groups")
    # No constraint in the database: checking it would wait for whoever holds the group, and they may wait for us.
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "report"], name="a_report_reads_a_group_once")]

    def __str__(self) -> str:
        return "group"
