"""Cohorts and their checklist."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models.programmes import Programme


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: User) -> Self:
        """A manager sees every cohort's page and figures; the others those whose team they are in."""
        if not can(user, P.COHORT_SEE):
            return self.none()
        if user.role == "manager":
            return self
        return self.filter(team__user=user, team__left_on=None)

    def opened_to(self, user: User) -> Self:
        """Those whose anonymous data the user may take: the evaluator's and the lead's, by the team they are in."""
        if not can(user, P.DATA_TAKE):
            return self.none()
        return self.filter(team__user=user, team__left_on=None)


class Cohort(models.Model):
    """One run of a programme with one group of caregivers."""

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=80)
    area = models.CharField(_("area"), max_length=80)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    online_link = models.URLField(_("online link"), max_length=500, blank=True)
    places = models.PositiveSmallIntegerField(_("places"))
    made_on = models.DateField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(places__gte=1), name="at_least_one_place")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohort", args=[self.code])


class ChecklistLine(models.Model):
    """A line of a cohort's checklist. Where the data already tells, `programmes.checklist.lines` ticks it by itself;
    the others have an owner, a due date, and who ticked them when."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before")
        DURING = "during", _("During")
        AFTER = "after", _("After")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="checklist")
    phase = models.CharField(max_length=6, choices=Phase.choices)
    slug = models.SlugField()  # which line: its words and its rule are in the code
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(_("due"), null=True, blank=True)
    ticked_at = models.DateTimeField(null=True, blank=True)
    ticked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "phase", "slug"], name="one_line_of_a_kind"),
            models.CheckConstraint(
                condition=Q(ticked_at=None, ticked_by=None) | Q(ticked_at__isnull=False, ticked_by__isnull=False),
                name="ticked_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
