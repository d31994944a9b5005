"""Safeguarding concerns and the information log: read by their author, the cohort's lead and the safeguarding lead.

That a row exists is shown to nobody else: no count, no badge, no line in a record, no export. All text is encrypted.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caregivers.models.people import Caregiver
from ppg.access.permissions import P, Role, can
from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort, TeamMember


class RestrictedQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Every one for the safeguarding lead; for others what they wrote down, and for a lead their cohorts'."""
        if not can(user, P.CONCERN):
            return self.none()
        if user.role == Role.SAFEGUARDING:
            return self
        mine = Q(author=user)
        if user.role == Role.LEAD:
            led = TeamMember.objects.filter(user=user, job=TeamMember.Job.LEAD, left_on=None)
            mine |= Q(cohort__in=led.values("cohort"))
        return self.filter(mine)

    def with_people(self) -> Self:
        """With all that a page shows of each but whom it is about, in one query."""
        return self.select_related("cohort", "author", "closed_by").only(
            *(field.name for field in self.model._meta.concrete_fields),
            *("cohort__code", "cohort__name", "author__name", "closed_by__name"),
        )

    def closed(self) -> Self:
        return self.exclude(closed_at=None)

    def open(self) -> Self:
        """Not closed by the safeguarding lead yet, the oldest first."""
        return self.filter(closed_at=None).order_by("written_at", "id")


class Restricted(models.Model):
    """Whom it is about cannot be read, joined or searched in the database (docs/decisions/at-rest.md)."""

    _caregiver: Caregiver | None = None

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")
    # The code of whom it is about, encrypted; empty where nobody is named. Kept by its own rule: erasing the person
    # leaves it, with what was written in it.
    subject = EncryptedTextField(blank=True, default="", db_default="")
    # What the version before writes is sealed within a minute (`caregivers.at_rest`). The next one drops this column.
    caregiver_before = models.ForeignKey(
        Caregiver, null=True, editable=False, on_delete=models.SET_NULL, related_name="+", db_column="caregiver_id"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)  # the safeguarding lead, the last time

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-written_at", "-id"]

    @property
    def caregiver(self) -> Caregiver | None:
        """Whom it is about, as far as they are there. Many at once: `with_subjects`."""
        if self.subject and self._caregiver is None:
            self._caregiver = Caregiver.objects.filter(code=self.subject).first()
        return self._caregiver

    @caregiver.setter
    def caregiver(self, person: Caregiver | None) -> None:
        self._caregiver, self.subject = person, person.code if person else ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def with_subjects(things: Collection[Restricted]) -> None:
    """Finds whom these are about in one query: of each person only what they are called."""
    codes = {thing.subject for thing in things if thing.subject}
    people = Caregiver.objects.filter(code__in=codes).only("code", "name", "liked_name").in_bulk(field_name="code")
    for thing in things:
        thing._caregiver = people.get(thing.subject)


class Concern(Restricted):
    """A disclosure in the person's own words. The one place where a child may be named."""

    class Source(models.TextChoices):
        SAID = "said", _("They said it to me")
        COMMENT = "comment", _("A comment in the feedback or the suggestion box, without a name")
        OTHERS = "others", _("Somebody else told me")
        SEEN = "seen", _("I saw or heard it myself")

    source = models.CharField(_("how it reached us"), max_length=8, choices=Source.choices, default=Source.SAID)
    on = models.DateField(_("when it was said"))
    words = EncryptedTextField(_("what was said, in their words"), max_length=5000)
    danger = models.BooleanField(_("somebody was in danger then"), default=False)

    class Meta(Restricted.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="concern_closed_by_whom",
            )
        ]

    def __str__(self) -> str:
        return "concern"

    def get_absolute_url(self) -> str:
        return reverse("caregivers:concern", args=[self.code])


class ConcernStep(models.Model):
    """What was done about a concern, who was told, when. Rows are only added."""

    class Kind(models.TextChoices):
        DONE = "done", _("What was done")
        TOLD = "told", _("Who was told")
        NOTE = "note", _("What else is known")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Opened again")

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = EncryptedTextField(_("what"), max_length=3000)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Information(Restricted):
    """What a caregiver noticed, and how they know. Only the tagged methods ever reach a report, as numbers."""

    class About(models.TextChoices):
        VEHICLE = "vehicle", _("A vehicle")
        PLACE = "place", _("A place")
        PHONE = "phone", _("A phone or number")
        ONLINE = "online", _("Something online")
        PERSON = "person", _("A person")

    class Method(models.TextChoices):
        GIFTS = "gifts", _("Gifts, money or clothes")
        DEBT = "debt", _("A debt that has to be worked off")
        TRAVEL = "travel", _("Travel to other places")
        HOME = "home", _("Somebody's home taken over")
        ONLINE = "online", _("Contact online or in games")
        SCHOOL = "school", _("Contact near school")
        PEERS = "peers", _("Through friends of the same age")
        THREATS = "threats", _("Threats or violence")
        CARRYING = "carrying", _("Carrying or keeping things for others")
        ACCOUNTS = "accounts", _("Use of a bank account")

    about = models.CharField(_("what it is about"), max_length=8, choices=About.choices)
    noticed = EncryptedTextField(_("what was noticed"), max_length=3000)
    noticed_when = EncryptedTextField(_("when"), max_length=200)
    how_known = EncryptedTextField(_("how do you know it is true?"), max_length=1000)
    methods = models.JSONField(default=list)  # [Method, …]
    passed_on = models.DateField(_("passed to the police"), null=True, blank=True)
    reference = EncryptedTextField(_("their reference"), max_length=100, blank=True)

    class Meta(Restricted.Meta):
        verbose_name = _("information")
        verbose_name_plural = _("information")

    def __str__(self) -> str:
        return "information"

    def get_absolute_url(self) -> str:
        return reverse("caregivers:information", args=[self.code])
