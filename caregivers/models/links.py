"""What a caregiver opens without an account: the poster's page and their own links."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from caregivers.models.people import Caregiver
from ppg.links.codes import CodeField, SecretLink, SecretLinkQuerySet
from ppg.models import User
from programmes.models import Cohort


class Poster(models.Model):
    """The page behind the QR code of a cohort's poster, where somebody says that they would like to hear from us."""

    code = CodeField()  # in the poster's address: it opens nothing personal
    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="poster")
    closed_at = models.DateTimeField(null=True, blank=True)  # switched off: the group is full, or the time is over
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.BinaryField(null=True, editable=False)  # drawn by the worker
    pdf_of = models.CharField(max_length=64, blank=True, editable=False)  # of which words: see `poster_pdf.edition`

    def __str__(self) -> str:
        return "poster"


class LinkEnded(Exception):
    """The link was used, revoked or ran out between opening the page and sending it."""


class PersonalLinkQuerySet(SecretLinkQuerySet):
    def opened_by(self, token: str, now: datetime, purpose: str) -> Self:  # type: ignore[override]
        """The live link this token opens, where it was made for this: a link to register with opens no own page."""
        return super().opened_by(token, now).filter(purpose=purpose)

    def invitations(self, caregiver: Caregiver, cohort: Cohort) -> Self:
        """Those with which somebody registers for this group."""
        return self.filter(caregiver=caregiver, cohort=cohort, purpose=PersonalLink.Purpose.REGISTER)


class PersonalLink(SecretLink):
    """A caregiver's own link: to register with, or afterwards to their own page, where consents are withdrawn."""

    class Purpose(models.TextChoices):
        REGISTER = "register", _("Registration")
        OWN_PAGE = "own page", _("Own page")
        TIMES = "times", _("Best time")

    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="links")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)

    objects = PersonalLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.get_purpose_display()

    def use_up(self, now: datetime) -> None:
        """It has done its work, once: of two presses at the same moment the second finds it ended."""
        if not PersonalLink.objects.live(now).filter(pk=self.pk).update(used_at=now):
            raise LinkEnded
