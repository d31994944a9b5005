"""Caregivers, how they reached us, their places in a cohort, what they agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg.crypto import EncryptedJSONField, EncryptedTextField
from ppg.links import CodeField, SecretLink, SecretLinkQuerySet
from ppg.models import User
from ppg.permissions import P, can
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


class CaregiverQuerySet(models.QuerySet["Caregiver"]):
    def visible_to(self, user: User) -> Self:
        """People referred to, or with a place in, a cohort whose team the user is in."""
        if not can(user, P.PEOPLE_SEE):
            return self.none()
        return self.filter(referrals__cohort__in=Cohort.objects.visible_to(user)).distinct()

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

    def get_absolute_url(self) -> str:
        return reverse("caregivers:record", args=[self.code])

    @property
    def called(self) -> str:
        """What we call them: the name they like, or else their first name."""
        return self.liked_name or self.name.split(" ")[0]


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> Self:
        """Referrals to cohorts whose team the user is in."""
        if not can(user, P.PEOPLE_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))


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
    def told(self) -> str:
        """Name, who they are, phone."""
        return ", ".join(filter(None, [self.name, self.relation, self.phone]))


class PoliceCheck(models.Model):
    """The outcome of a check and its date, nothing else. The latest row counts."""

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Asked")
        CLEAR = "clear", _("Clear")
        CONCERN = "concern", _("Concern")

    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="checks")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    on = models.DateField(_("date"))
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.get_outcome_display()


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, user: User) -> Self:
        """Places in cohorts whose team the user is in."""
        if not can(user, P.PEOPLE_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def in_group(self) -> Self:
        """Everybody in the group now."""
        return self.filter(state=Place.State.TAKEN)

    def with_check(self) -> Self:
        """Adds `check_outcome` (the latest of the police check, or None) and `registered` (bool)."""
        latest = PoliceCheck.objects.filter(caregiver=OuterRef("caregiver")).order_by("-id").values("outcome")[:1]
        return self.annotate(check_outcome=Subquery(latest), registered=Q(caregiver__registered_at__isnull=False))

    def waiting(self) -> Self:
        """The waiting list, first come first."""
        return self.filter(state=Place.State.WAITING).order_by("waiting_since", "id")


class Place(models.Model):
    """A caregiver's place in a cohort.

    A place that is offered or taken has a seat, numbered from 1 to the cohort's size, and no two have the same:
    the database itself cannot hold a ninth caregiver in a group of eight.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("In the group")
        LEFT = "left", _("Left")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="place_set")
    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="places")
    state = models.CharField(max_length=8, choices=State.choices)
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    taken_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    why_first = EncryptedTextField(_("why before the others"), max_length=200, blank=True)  # the order was overridden

    check_outcome: str | None  # of rows from `with_check()`
    registered: bool

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["seat", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "caregiver"], name="one_place_in_a_cohort"),
            models.UniqueConstraint(fields=["cohort", "seat"], name="a_seat_is_taken_once"),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "taken"], seat__isnull=False)
                | Q(state__in=["waiting", "left"], seat=None),
                name="a_seat_while_offered_or_taken",
            ),
            models.CheckConstraint(condition=~Q(state="taken") | Q(taken_on__isnull=False), name="taken_when"),
            models.CheckConstraint(condition=~Q(state="left") | Q(left_on__isnull=False), name="left_when"),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waiting_since__isnull=False), name="waiting_since_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caregiver} ({self.get_state_display()})"

    def holds_a_seat(self, now: datetime) -> bool:
        """Taken, or offered and the offer has not run out."""
        return self.state == self.State.TAKEN or (self.state == self.State.OFFERED and not self.ran_out(now))

    def ran_out(self, now: datetime) -> bool:
        """An offer nobody answered in time. It is put back on the waiting list when places are next given."""
        return self.state == self.State.OFFERED and self.offered_until is not None and self.offered_until <= now


NEXT: dict[str, set[str]] = {
    Place.State.OFFERED: {Place.State.TAKEN, Place.State.WAITING, Place.State.LEFT},
    Place.State.WAITING: {Place.State.OFFERED, Place.State.TAKEN, Place.State.LEFT},
    Place.State.TAKEN: {Place.State.LEFT},
    Place.State.LEFT: {Place.State.OFFERED, Place.State.WAITING, Place.State.TAKEN},
}


class ConsentKind(models.TextChoices):
    """Separate and optional, each of them. Taking part itself is explained by the privacy notice."""

    EVALUATION = "evaluation", _("Use of my answers in the evaluation")
    QUOTES = "quotes", _("Quoting me without my name")
    CHAT = "chat", _("The group's own chat")
    AFTER = "after", _("Being contacted after the programme")


class ConsentWordingQuerySet(models.QuerySet["ConsentWording"]):
    def newest(self) -> Mapping[str, ConsentWording]:
        """What is asked today, by kind."""
        return self.shown({})

    def shown(self, versions: Mapping[str, int]) -> Mapping[str, ConsentWording]:
        """What somebody was shown: the versions named, and the newest of every other kind."""
        every: list[ConsentWording] = list(self.order_by("version"))
        named = {wording.kind: wording for wording in every if versions.get(wording.kind) == wording.version}
        return {wording.kind: wording for wording in every} | named


class ConsentWording(models.Model):
    """What people are asked to agree to, in versions. The newest of a kind is asked; answers keep theirs.

    The kind "notice" is the privacy notice that explains taking part.
    """

    NOTICE = "notice"
    KINDS = [(NOTICE, _("Privacy notice")), *ConsentKind.choices]

    kind = models.CharField(max_length=10, choices=KINDS)
    version = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=6000)

    objects = ConsentWordingQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_wording_per_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.version})"

    @property
    def statement(self) -> str:
        """The first line: what a person says yes to."""
        return self.text.split("\n", 1)[0]

    @property
    def explanation(self) -> str:
        return self.text.partition("\n")[2]

    @property
    def sections(self) -> list[tuple[str, list[str]]]:
        """The notice as (heading, paragraphs): a heading is a line that begins with "# "."""
        found: list[tuple[str, list[str]]] = []
        for line in filter(None, self.text.splitlines()):
            if line.startswith("# "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line)
            else:
                found.append(("", [line]))
        return found


class ConsentQuerySet(models.QuerySet["Consent"]):
    def current(self) -> Self:
        """The latest word on each kind of each caregiver: what holds now."""
        latest = Consent.objects.filter(caregiver=OuterRef("caregiver"), kind=OuterRef("kind")).order_by("-id")
        return self.filter(id=Subquery(latest.values("id")[:1]))

    def standing(self, kind: str) -> Self:
        """Given and not withdrawn."""
        return self.filter(kind=kind).current().filter(given=True)


class Consent(models.Model):
    """One word on one kind of consent: given or not, which wording, when, how, recorded by whom.

    Rows are only ever added. Withdrawing adds a row with `given` false.
    """

    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=10, choices=ConsentKind.choices)
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT)
    given = models.BooleanField()
    how = models.CharField(max_length=6, choices=How.choices)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # None: themselves

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(F("caregiver"), F("kind"), F("id").desc(), name="consent_latest")]

    def __str__(self) -> str:
        return self.get_kind_display()


class PersonalLink(SecretLink):
    """A caregiver's own link: to register with, or afterwards to their own page, where consents are withdrawn."""

    class Purpose(models.TextChoices):
        REGISTER = "register", _("Registration")
        OWN_PAGE = "own page", _("Own page")

    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="links")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)

    objects = SecretLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.get_purpose_display()

    def is_live(self, now: datetime) -> bool:
        return (self.expires_at is None or self.expires_at > now) and self.revoked_at is None and self.used_at is None


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
        TAKEN = "taken", _("Taken")
        NOT_WANTED = "not_wanted", _("Not wanted")
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
