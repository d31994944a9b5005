"""The service's own details, the presses that had their effect, and how the service is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ppg.encryption.crypto import EncryptedTextField


class Effect(models.Model):
    """One press, one effect: the key a form carried, and what came of it."""

    key = models.CharField(max_length=64, unique=True)
    result = models.CharField(max_length=200, blank=True)
    on = models.DateField(auto_now_add=True)


class Service(models.Model):
    """What this council calls the service and how people reach it. One row; see `ppg.service_details.service`."""

    name = models.CharField(_("public name"), max_length=60, default="Common Ground")
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    # Whom staff and parents who co-lead ring when they are worried about somebody.
    safeguarding_phone = models.CharField(
        _("phone of the safeguarding lead"), max_length=40, blank=True, default="", db_default=""
    )
    out_of_hours_phone = models.CharField(_("phone out of hours"), max_length=40, blank=True, default="", db_default="")
    # How long personal data stays after a cohort's last session, and concerns after they were closed.
    keep_months = models.PositiveSmallIntegerField(_("months people's details are kept"), default=12)
    keep_concern_years = models.PositiveSmallIntegerField(_("years concerns are kept"), default=6)
    keep_backup_weeks = models.PositiveSmallIntegerField(_("weeks backups are kept"), default=4)
    # One a line, as `ppg.service_details.school_holidays` reads and writes them.
    school_holidays = models.TextField(_("school holidays"), blank=True, default="", db_default="")

    class Meta:
        verbose_name_plural = "service"

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """A worker that runs, on one of the machines; `ppg.health.heartbeat` alone writes it."""

    worker_id = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    at = models.DateTimeField()  # by the database's clock: machines may disagree


class HealthLook(models.Model):
    """What the worker of a machine saw when it last looked at something; see `ppg.health.looks`."""

    name = models.CharField(max_length=40)  # of the check
    host = models.CharField(max_length=255)
    state = models.CharField(max_length=8)
    sentence = models.TextField()
    remedy = models.TextField(blank=True)
    since = models.DateTimeField()  # when it became good, or stopped being so
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "host"], name="one_look_a_check_and_machine")]


class Canary(models.Model):
    """A word under a key, so that it shows at once whether PPG_KEYS opens what is stored; see `ppg.health.keys`."""

    word = EncryptedTextField()
