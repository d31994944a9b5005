"""The service's own details, and the presses that had their effect."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Effect(models.Model):
    """One press, one effect: the key a form carried, and what came of it."""

    key = models.CharField(max_length=64, unique=True)
    result = models.CharField(max_length=200, blank=True)
    on = models.DateField(auto_now_add=True)


class Service(models.Model):
    """What this council calls the service and how people reach it. One row; see `ppg.service`."""

    name = models.CharField(_("public name"), max_length=60, default="Common Ground")
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    # How long personal data stays after a cohort's last session, and concerns after they were closed.
    keep_months = models.PositiveSmallIntegerField(_("months people's details are kept"), default=12)
    keep_concern_years = models.PositiveSmallIntegerField(_("years concerns are kept"), default=6)
    keep_backup_weeks = models.PositiveSmallIntegerField(_("weeks backups are kept"), default=4)

    class Meta:
        verbose_name_plural = "service"

    def __str__(self) -> str:
        return self.name
