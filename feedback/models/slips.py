"""Slips that people draw, one each: whoever reads the answers can make none of them.

A slip has no row. Its code comes from the key of its sheet and its number, so that printing again gives the same slips
and there is no way to more of them (docs/decisions/invented-answers.md).
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Q

from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.links.typed_codes import BASE, code_of
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session

SIGNS_OF_SHEET = 7  # and a check sign: it stands in an address that somebody may have to type


def new_sheet_code() -> str:
    return code_of(secrets.randbelow(BASE**SIGNS_OF_SHEET), SIGNS_OF_SHEET)


def new_sheet_key() -> str:
    return secrets.token_urlsafe(32)


class Drawn(models.Model):
    """What people draw one each of, slips or cards: printed by one, counted out by two."""

    # What the codes are made from; empty once nothing may be made from it any more.
    key: models.Field[Any, Any] = EncryptedTextField(blank=True, default=new_sheet_key)
    made = models.PositiveSmallIntegerField()
    made_on = models.DateField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # As two people counted them.
    left = models.PositiveSmallIntegerField(null=True)
    people = models.PositiveSmallIntegerField(null=True)
    # Whether no more were used than drawn, nor drawn than there were people. Of slips: None until somebody counts, and
    # no until two people have counted the same.
    adds_up = models.BooleanField(null=True)
    used = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True


class CountOfOne(models.Model):
    """What one of two people counted, before the other one has: shown to nobody else."""

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    left = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


class SlipSheet(Drawn):
    """The slips of one session, or of the form after the programme (`session` is None).

    The key goes when the answers are opened. `used`: of all slips whose answers were opened with these, as how many of
    one session were used is told nowhere.
    """

    code = CodeField(default=new_sheet_code)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="slip_sheets")
    session = models.OneToOneField(Session, null=True, on_delete=models.CASCADE, related_name="slip_sheet")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort"], condition=Q(session=None), name="one_sheet_after_the_programme")
        ]

    def __str__(self) -> str:
        return "slips"

    @property
    def is_being_counted(self) -> bool:
        """Whether one of two people has begun: slips that were left over are void from then on."""
        return self.adds_up is not None


class SlipCount(CountOfOne):
    """What one of two people counted of a sheet of slips."""

    sheet = models.ForeignKey(SlipSheet, on_delete=models.CASCADE, related_name="counts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "by"], name="everybody_counts_once")]

    def __str__(self) -> str:
        return "count of slips"


class OpenLink(models.Model):
    """This group answers by its link alone, without slips: the weaker way, which the lead chose."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="open_link")
    chosen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    chosen_on = models.DateField()

    def __str__(self) -> str:
        return "answers by link"
