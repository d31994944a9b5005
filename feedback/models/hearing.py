"""What a group says beside the forms: suggestions, the focus group, and the words that may be quoted."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver
from feedback.models.answers import Answer
from ppg.access.permissions import P, can
from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session


class SuggestionBoxQuerySet(models.QuerySet["SuggestionBox"]):
    def to_empty(self, today: date) -> Self:
        """Not emptied today yet. A closed box is emptied once more."""
        still = Q(closed_at=None) | Q(emptied_on__lte=F("closed_at__date"))
        return self.filter(still, emptied_on__lt=today)


class SuggestionBox(models.Model):
    """A cohort's box and its "you said, we did": one public address, which names nothing."""

    code = CodeField()
    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="suggestion_box")
    closed_at = models.DateTimeField(null=True, blank=True)
    emptied_on = models.DateField(default=timezone.localdate)  # the day alone, and never more often

    objects = SuggestionBoxQuerySet.as_manager()

    def __str__(self) -> str:
        return "suggestion box"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> Self:
        """Of cohorts whose team the user is in."""
        if not can(user, P.SUGGESTIONS):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def owed(self) -> Self:
        """Not answered yet."""
        return self.filter(answer="")

    def answered(self) -> Self:
        return self.exclude(answer="")

    def owed_by(self, moment: datetime) -> Self:
        """Whose answer is owed at a recap at this time, or was owed at one before. What came after the last session
        is owed as soon as the group meets again."""
        return self.owed().filter(Q(recap=None) | Q(recap__starts_at__lte=moment))

    def published(self) -> Self:
        """What the group reads on its page, the newest answer first."""
        return self.answered().exclude(told_as="").order_by("-answered_on", "id")


class Suggestion(models.Model):
    """Something the group asks for, and what became of it. Random key, no time, and no person unless they said so.

    What is put into the box online lies sealed until the box is emptied, once a day (`feedback.suggestions.actions`).
    """

    class Way(models.TextChoices):
        ONLINE = "online", _("Online")
        BOX = "box", _("The box at the venue")
        SPOKEN = "spoken", _("Said to us")
        TEXT = "text", _("Text message")
        EMAIL = "email", _("E-mail")

    class Became(models.TextChoices):
        DID = "did", _("We did it")
        WILL = "will", _("We will do it")
        CANNOT = "cannot", _("We cannot do it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="suggestions")
    # The session whose recap owes the answer; none: after the last one.
    recap = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggestions")
    text = EncryptedTextField(_("what was asked for"), max_length=500)
    way = models.CharField(_("how it came"), max_length=6, choices=Way.choices)
    caregiver = models.ForeignKey(Caregiver, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(_("what became of it"), max_length=6, choices=Became.choices, blank=True)
    why = models.CharField(_("what we did, or why not"), max_length=500, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The words the group reads on its page: the suggestion put so that it tells nobody who made it.
    told_as = models.CharField(_("how the group reads it"), max_length=300, blank=True)

    objects = SuggestionQuerySet.as_manager()

    def __str__(self) -> str:
        return "suggestion"


class FocusGroupQuerySet(models.QuerySet["FocusGroup"]):
    def visible_to(self, user: User) -> Self:
        if not can(user, P.FEEDBACK_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))


class FocusGroup(models.Model):
    """A talk with the group after the programme: notes without names."""

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="focus_groups")
    held_on = models.DateField(_("when"))
    people = models.PositiveSmallIntegerField(_("how many took part"))
    notes = EncryptedTextField(_("notes"), max_length=10000, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = FocusGroupQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return "focus group"


class Theme(models.Model):
    """What comments and notes are sorted by; the same for the whole service."""

    code = CodeField()
    title = models.CharField(_("theme"), max_length=80, unique=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class QuoteQuerySet(models.QuerySet["Quote"]):
    def visible_to(self, user: User) -> Self:
        if not can(user, P.FEEDBACK_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def to_sign(self) -> Self:
        """Waiting for a second person."""
        return self.filter(signed_off_by=None, taken_out_at=None)


class Quote(models.Model):
    """Words that may stand in a report, once a second person has read that they tell nobody who said them.

    Either an anonymous comment whose writer ticked that it may be quoted (`answer`), or somebody's words from the
    focus group or a talk, with their own consent (`caregiver`), which they may withdraw.
    """

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="quotes")
    answer = models.OneToOneField(Answer, null=True, blank=True, on_delete=models.SET_NULL, related_name="quote")
    focus_group = models.ForeignKey(FocusGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="quotes")
    caregiver = models.ForeignKey(Caregiver, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words = EncryptedTextField(_("as it will stand"), max_length=500)
    themes = models.ManyToManyField(Theme, related_name="quotes", blank=True)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_off_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_out_at = models.DateTimeField(null=True, blank=True)  # withdrawn: in nothing from then on

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_off_by=None) | ~Q(signed_off_by=F("chosen_by")), name="signed_off_by_a_second_person"
            )
        ]

    def __str__(self) -> str:
        return "quote"


class Coded(models.Model):
    """A comment that was put under a theme."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="coded")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="coded")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "theme"], name="a_theme_once")]

    def __str__(self) -> str:
        return str(self.theme)
