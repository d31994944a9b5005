"""Caregivers, how they reached us, and the outcome of their police check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.encryption.crypto import EncryptedJSONField, EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from ppg.typed import Words
from programmes.models import Cohort


class SafeWay(models.TextChoices):
    """Ways to reach somebody that they said are safe."""

    TEXT = "text", _("Text message")
    CALL = "call", _("Phone call")
    VOICEMAIL = "voicemail", _("Voicemail")
    EMAIL = "email", _("E-mail")


class HandoutsBy(models.TextChoices):
    EMAIL = "email", _("By e-mail")
    PAPER = "paper", _("On paper")


class How(models.TextChoices):
    """How something was given to us."""

    ONLINE = "online", _("Online")
    PAPER = "paper", _("On paper")
    SPOKEN = "spoken", _("Spoken")


class ErasedMeanwhile(Refused):
    """They were erased meanwhile."""

    def __init__(self) -> None:
        super().__init__(gettext("This person’s details were erased. Nothing was saved."))


class CaregiverQuerySet(models.QuerySet["Caregiver"]):
    def hold(self, pk: int) -> Caregiver:
        """This person as they are now, held until the transaction ends: whoever erases them comes before or after.
        Nothing more is written about somebody who was erased."""
        person = self.select_for_update().get(pk=pk)
        if person.erased_at:
            raise ErasedMeanwhile
        return person

    def visible_to(self, user: User, *, erased: bool = False) -> Self:
        """People referred to a cohort whose team the user is in. Who was erased is nobody's to open; `erased` adds
        them, so that a press that is sent twice finds whom it erased."""
        if not can(user, P.PEOPLE_SEE):
            return self.none()
        found = self.filter(referrals__cohort__in=Cohort.objects.visible_to(user)).distinct()
        return found if erased else found.filter(erased_at=None)

    def with_check(self) -> Self:
        """Adds `check_outcome`: the latest outcome of the police check, or None."""
        latest = PoliceCheck.objects.filter(caregiver=OuterRef("pk")).order_by("-id").values("outcome")[:1]
        return self.annotate(check_outcome=Subquery(latest))


class Caregiver(models.Model):
    """A parent or carer. Holds nothing about a child. What they told us is encrypted."""

    code = CodeField()
    name = EncryptedTextField(_("name"), max_length=120)
    liked_name = EncryptedTextField(_("name they like to be called"), max_length=60, blank=True)
    phone = EncryptedTextField(_("phone"), max_length=40, blank=True)
    email = EncryptedTextField(_("e-mail"), max_length=200, blank=True)
    safe_ways = EncryptedJSONField(default=list)  # [SafeWay, …]
    safe_when = EncryptedTextField(_("when it is safe"), max_length=200, blank=True)
    language = EncryptedTextField(_("language"), max_length=60, blank=True)
    access_needs = EncryptedTextField(_("access needs"), max_length=500, blank=True)
    childcare = EncryptedTextField(_("childcare"), max_length=300, blank=True)
    travel = EncryptedTextField(_("travel"), max_length=300, blank=True)
    refreshments = EncryptedTextField(_("refreshments"), max_length=300, blank=True)
    allergies = EncryptedTextField(_("allergies"), max_length=300, blank=True)
    availability = EncryptedTextField(_("when they can come"), max_length=300, blank=True)
    handouts_by = models.CharField(_("handouts"), max_length=5, choices=HandoutsBy.choices, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_how = models.CharField(max_length=6, choices=How.choices, blank=True)
    # Erased at their request, or by the retention rule: the row stays for the figures and holds nothing about anybody.
    erased_at = models.DateTimeField(null=True, blank=True)
    # The privacy notice that was shown or read out when they registered.
    notice = models.ForeignKey("ConsentWording", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = CaregiverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_at=None, registered_how="")
                | Q(registered_at__isnull=False) & ~Q(registered_how=""),
                name="registered_when_and_how",
            )
        ]

    def __str__(self) -> str:
        return self.called

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A form that was opened before they were erased, and sent after, writes nothing back."""
        if self.erased_at and self.name:
            raise ErasedMeanwhile
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("caregivers:record", args=[self.code])

    @property
    def called(self) -> str:
        """What we call them: the name they like, or else their first name. Only who was erased has none."""
        return Words(self.liked_name or self.name.split(" ")[0]) or gettext("Somebody whose details were erased")


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> Self:
        """Referrals to cohorts whose team the user is in, but for those of people who were erased."""
        if not can(user, P.PEOPLE_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user), caregiver__erased_at=None)

    def owner_of(self, caregiver: Caregiver, cohort: Cohort) -> User | None:
        """Who owes the next step about somebody; None where nobody is named."""
        referral = self.filter(caregiver=caregiver, cohort=cohort).select_related("owner").first()
        return referral.owner if referral else None


class Referral(models.Model):
    """How somebody reached us, for which cohort."""

    class Source(models.TextChoices):
        CASELOAD = "caseload", _("Youth justice caseload")
        HUB = "hub", _("Exploitation hub")
        PARENTING = "parenting", _("Parenting team")
        EARLY_HELP = "early_help", _("Early help")
        COMMUNITY = "community", _("Community")
        INTEREST = "interest", _("Expression of interest")

    code = CodeField()
    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="referrals")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="referrals")
    source = models.CharField(_("how they reached us"), max_length=12, choices=Source.choices)
    received_on = models.DateField(_("when"))
    contacted_on = models.DateField(_("first talked to"), null=True, blank=True)
    contacted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Who owes the next step; nobody named: the lead of the cohort.
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caregiver", "cohort"], name="one_referral_per_cohort")]

    def __str__(self) -> str:
        return self.get_source_display()


class EmergencyContact(models.Model):
    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="emergency_contacts")
    name = EncryptedTextField(_("name"), max_length=120)
    phone = EncryptedTextField(_("phone"), max_length=40)
    relation = EncryptedTextField(_("who they are to you"), max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def summary(self) -> str:
        """Name, who they are, phone."""
        return ", ".join(filter(None, [self.name, self.relation, self.phone]))


class PoliceCheckQuerySet(models.QuerySet["PoliceCheck"]):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        checks = list(objs)
        for check in checks:
            check.answered = check.outcome in ANSWERS
        return super().bulk_create(checks, *args, **kwargs)


class PoliceCheck(models.Model):
    """The outcome of a check and its date, nothing else. The latest row counts.

    The outcome lies encrypted. What the database asks of it is whether there is an answer, and that says only so much
    (docs/decisions/at-rest.md).
    """

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Asked")
        CLEAR = "clear", _("Clear")
        CONCERN = "concern", _("Concern")

    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="checks")
    outcome = EncryptedTextField(_("outcome"), choices=Outcome.choices, null=True, db_column="sealed_outcome")
    answered = models.BooleanField(default=False, db_default=False)
    # What the version before writes is sealed within a minute (`caregivers.at_rest`), and it reads "asked" of each
    # check: its pages know no other word for one without an answer. The next version drops this column.
    outcome_before = models.CharField(
        max_length=8, choices=Outcome.choices, default="asked", db_default="asked", editable=False, db_column="outcome"
    )
    on = models.DateField(_("date"))
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = PoliceCheckQuerySet.as_manager()

    def __str__(self) -> str:
        return self.get_outcome_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.answered = self.outcome in ANSWERS
        super().save(*args, **kwargs)


ANSWERS = (PoliceCheck.Outcome.CLEAR, PoliceCheck.Outcome.CONCERN)


class KeptApartQuerySet(models.QuerySet["KeptApart"]):
    def visible_to(self, user: User) -> Self:
        """Marks between two people whom the user may both see."""
        if not can(user, P.CHECK_RECORD):
            return self.none()
        seen = Caregiver.objects.visible_to(user)
        return self.filter(first__in=seen, second__in=seen)

    def of(self, caregiver: Caregiver) -> Self:
        return self.filter(Q(first=caregiver) | Q(second=caregiver)).order_by("id")

    def around(self, cohort: Cohort) -> dict[int, set[int]]:
        """Whom each person is kept apart from, where one of the two has, waits for or had a place in this group."""
        here = Caregiver.objects.filter(places__cohort=cohort).values("pk")
        others: dict[int, set[int]] = {}
        for first, second in self.filter(Q(first__in=here) | Q(second__in=here)).values_list("first_id", "second_id"):
            others.setdefault(first, set()).add(second)
            others.setdefault(second, set()).add(first)
        return others


class KeptApart(models.Model):
    """Two people who may not be in the same group. Why is never entered. `first` has the lower key."""

    code = CodeField()
    first = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="+")
    recorded_on = models.DateField(_("recorded"))
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = KeptApartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return "not in the same group"

    def other(self, caregiver: Caregiver) -> Caregiver:
        return self.second if self.first_id == caregiver.pk else self.first
