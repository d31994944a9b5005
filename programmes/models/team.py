"""Who works with a cohort, and the support given to them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models.cohorts import Cohort


class TeamMember(models.Model):
    """Who works with a cohort: the scope within which a role holds."""

    class Job(models.TextChoices):
        LEAD = "lead", _("Programme lead")
        FACILITATOR = "facilitator", _("Facilitator")
        PARENT = "parent", _("Parent with lived experience")
        MANAGER = "manager", _("Team manager")
        EVALUATION = "evaluation", _("Evaluation support")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="teams")
    job = models.CharField(_("job"), max_length=12, choices=Job.choices)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], condition=Q(left_on=None), name="once_in_a_team")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_job_display()})"


class SupportRequestQuerySet(models.QuerySet["SupportRequest"]):
    def visible_to(self, user: User) -> Self:
        """As the support itself: of the teams of the cohorts the user sees."""
        if not can(user, P.TEAM_SUPPORT):
            return self.none()
        return self.filter(member__cohort__in=Cohort.objects.visible_to(user))

    def of(self, user: User) -> Self:
        """Their own."""
        return self.filter(member__user=user)

    def open(self) -> Self:
        """Nothing has been offered since."""
        return self.filter(met_by=None)


class TeamSupportQuerySet(models.QuerySet["TeamSupport"]):
    def visible_to(self, user: User) -> Self:
        """Of the teams of the cohorts the user sees: a manager's are all."""
        if not can(user, P.TEAM_SUPPORT):
            return self.none()
        return self.filter(member__cohort__in=Cohort.objects.visible_to(user))

    def of(self, user: User) -> Self:
        """Their own: that it was offered and held, as they know anyway."""
        return self.filter(member__user=user)


class TeamSupport(models.Model):
    """Support given to somebody of the team: that it was offered and held, never what was said."""

    class Kind(models.TextChoices):
        CLINICAL = "clinical", _("Clinical session before the programme")
        REFLECTIVE = "reflective", _("Reflective session during the programme")
        AFTER = "after", _("Support after the programme")

    code = CodeField()
    member = models.ForeignKey(TeamMember, on_delete=models.CASCADE, related_name="support")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    offered_on = models.DateField(_("offered"))
    held_on = models.DateField(_("held"), null=True, blank=True)
    not_wanted = models.BooleanField(_("not wanted"), default=False)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = TeamSupportQuerySet.as_manager()

    class Meta:
        ordering = ["offered_on", "id"]
        indexes = [
            models.Index(fields=["offered_on"], condition=Q(held_on=None, not_wanted=False), name="support_not_held")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(held_on=None) | Q(not_wanted=False), name="held_or_not_wanted"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class SupportRequest(models.Model):
    """That somebody of the team asked for support, and on which day: never why."""

    code = CodeField()
    member = models.ForeignKey(TeamMember, on_delete=models.CASCADE, related_name="support_requests")
    asked_on = models.DateField()
    # What was offered upon it. Where that was recorded by mistake, the request is open again.
    met_by = models.ForeignKey(TeamSupport, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_on", "id"]
        indexes = [models.Index(fields=["asked_on"], condition=Q(met_by=None), name="support_asked_for")]

    def __str__(self) -> str:
        return "request for support"
