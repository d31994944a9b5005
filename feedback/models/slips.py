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


class SlipSheet(models.Model):
    """The slips of one session, or of the form after the programme (`session` is None)."""

    code = CodeField(default=new_sheet_code)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="slip_sheets")
    session = models.OneToOneField(Session, null=True, on_delete=models.CASCADE, related_name="slip_sheet")
    # What the codes are made from; empty once the answers were opened.
    key: models.Field[Any, Any] = EncryptedTextField(blank=True, default=new_sheet_key)
    made = models.PositiveSmallIntegerField()
    made_on = models.DateField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # As two people counted them after the form had closed.
    left = models.PositiveSmallIntegerField(null=True)
    people = models.PositiveSmallIntegerField(null=True)
    # Whether no more were used than drawn, nor drawn than there were people. None until somebody begins to count, and
    # not so until two have counted the same.
    adds_up = models.BooleanField(null=True)
    # Used of all slips whose answers were opened with these: how many of one session is told nowhere.
    used = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort"], condition=Q(session=None), name="one_sheet_after_the_programme")
        ]

    def __str__(self) -> str:
        return "slips"


class SlipCount(models.Model):
    """What one of two people counted, before the other one has: shown to nobody else."""

    sheet = models.ForeignKey(SlipSheet, on_delete=models.CASCADE, related_name="counts")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    left = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()

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
