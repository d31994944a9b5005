"""E-mails that carried somebody's own link."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from caregivers.models.people import Caregiver
from ppg.access.permissions import P, can
from ppg.models import User
from programmes.models import Cohort


class LinkMailQuerySet(models.QuerySet["LinkMail"]):
    def visible_to(self, user: User) -> Self:
        """About cohorts whose team the user is in."""
        if not can(user, P.PEOPLE_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))


class LinkMail(models.Model):
    """What became of an e-mail with a link, for the record: neither the link nor the address is kept here."""

    class About(models.TextChoices):
        OWN_PAGE = "own page", _("their own page")
        QUESTIONS = "questions", _("the questions")
        ANSWERS = "answers", _("their own answers")

    class Fate(models.TextChoices):
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        UNKNOWN = "unknown", _("nobody knows whether it arrived")

    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="link_mails")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About.choices)
    fate = models.CharField(max_length=8, choices=Fate.choices)
    at = models.DateTimeField()

    objects = LinkMailQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_about_display()
