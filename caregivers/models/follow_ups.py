"""Time for one caregiver outside the session."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caregivers.models.people import Caregiver
from ppg.access.permissions import P, can
from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> Self:
        """Of caregivers in cohorts whose team the user is in."""
        if not can(user, P.FOLLOW_UP):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def due(self) -> Self:
        """Still to be done, the most pressing first."""
        return self.filter(done_at=None).order_by(F("due_on").asc(nulls_last=True), "id")

    def with_people(self) -> Self:
        """With all that a page shows of each; one query however many. Of the person only names and ways to reach."""
        person = ("code", "name", "liked_name", "phone", "email", "safe_ways", "safe_when", "registered_at")
        return self.select_related("caregiver", "cohort", "owner", "recorded_by", "follows").only(
            *(field.name for field in FollowUp._meta.concrete_fields),
            *(f"caregiver__{name}" for name in person),
            *("cohort__code", "cohort__name", "owner__name", "recorded_by__name", "follows__next_step"),
        )


class FollowUp(models.Model):
    """Time for one caregiver outside the session: the minutes after it, a call, an e-mail.

    Offered, taken or not, how long, and what comes next. Two absences in a row raise a call by themselves.
    """

    class Kind(models.TextChoices):
        AFTER = "after", _("Talk after the session")
        CALL = "call", _("Phone call")
        EMAIL = "email", _("E-mail")
        VISIT = "visit", _("Visit")
        CATCH_UP = "catch_up", _("Catch-up on a session")

    class Reason(models.TextChoices):
        ASKED = "asked", _("They asked for it")
        OFFERED = "offered", _("We offered it")
        ABSENT = "absent", _("Two sessions missed in a row")
        MISSED = "missed", _("Missed the session")
        NEXT = "next", _("Agreed last time")

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Spoke to them")
        NOT_WANTED = "not_wanted", _("Did not want it")
        NOT_REACHED = "not_reached", _("Not reached")

    code = CodeField()
    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="follow_ups")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="follow_ups")
    session_number = models.PositiveSmallIntegerField(null=True, blank=True)  # the session it belongs to, if any
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices)
    offered_on = models.DateField(_("offered"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("what became of it"), max_length=11, choices=Outcome.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    next_step = EncryptedTextField(_("next step"), max_length=500, blank=True)
    # Whose next step this is: one follow-up leads to one other at most.
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by")
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["offered_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["caregiver", "cohort", "session_number", "reason"],
                condition=Q(reason__in=["absent", "missed"]),
                name="one_call_for_an_absence",
            ),
            models.UniqueConstraint(
                fields=["caregiver", "cohort", "session_number"],
                condition=Q(kind="after"),
                name="one_talk_after_a_session",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, outcome="") | Q(done_at__isnull=False) & ~Q(outcome=""),
                name="done_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse("caregivers:follow_up", args=[self.code])
