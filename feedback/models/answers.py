"""Questions as data, and answers that no one can trace to a person.

While a form is open its answers lie sealed: encrypted under a key made for that form, padded to one length,
in rows with random keys. When it closes, one transaction opens, shuffles and writes them as `Submission` and
`Answer`, and destroys the sealed rows and the key. See docs/decisions/ for why each of these is needed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.questions import Question, Questionnaire
from ppg.access.permissions import P, can
from ppg.encryption.crypto import EncryptedJSONField, EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session


class FormQuerySet(models.QuerySet["Form"]):
    def visible_to(self, user: User) -> Self:
        """Forms of cohorts whose team the user is in."""
        if not can(user, P.FEEDBACK_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def open(self, now: datetime) -> Self:
        """Those that take answers."""
        return self.filter(Q(closes_at=None) | Q(closes_at__gt=now), closed_at=None)

    def due(self, now: datetime) -> Self:
        """Still open, though the time to close has come."""
        return self.filter(closed_at=None, closes_at__lte=now)

    def after_sessions(self) -> Self:
        """Session feedback: one link for the whole group, answered by anybody who has it."""
        return self.filter(questionnaire__kind=Questionnaire.Kind.SESSION)

    def final(self) -> Self:
        """The form after the programme: one for each group."""
        return self.filter(questionnaire__kind=Questionnaire.Kind.FINAL)

    def anonymous(self) -> Self:
        """One link for the whole group, opened by enough answers: after a session, and after the programme."""
        return self.filter(questionnaire__kind__in=[Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL])

    def unopened(self) -> Self:
        """Open, or closed and waiting for more answers."""
        return self.filter(opened_with=None)

    def waiting(self) -> Self:
        """Closed with too few answers to be shown by themselves."""
        return self.unopened().exclude(closed_at=None)


class Form(models.Model):
    """A questionnaire put before one group once: after a session, after the programme, or as a wave of a measure.

    After a session and after the programme it is answered by slips (`slips`), unless the lead chose the open link.

    Open until `closed_at`. Closed forms whose answers were too few wait, sealed (`opened_with` is None), until
    a later form of the cohort brings them to the least number; all that were opened together share `opened_with`.
    """

    class State(models.TextChoices):
        """What its dates come to: `Form.state`."""

        OPEN = "open", _("Open")
        DUE = "due", _("Due to close")  # takes no more answers, and the worker has not closed it yet
        COUNTING = "counting", _("Closed, slips to be counted")
        WAITING = "waiting", _("Closed, too few answers")  # they lie sealed
        SHOWN = "shown", _("Closed, answers shown")

    code = CodeField()
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="forms")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="forms")
    session = models.OneToOneField(Session, null=True, on_delete=models.CASCADE, related_name="feedback_form")
    closes_at = models.DateTimeField(null=True, blank=True)  # by itself, before the next session
    closed_at = models.DateTimeField(null=True, blank=True)
    opened_with = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="opened_together")
    key = EncryptedTextField(blank=True)  # the form's own Fernet key; empty once its answers were opened
    slips = models.BooleanField(default=False, db_default=False)
    counted_at = models.DateTimeField(null=True, blank=True)  # when two people had counted out its slips
    opened_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Who would like it closed before its time. Somebody else closes it, who was not in the room.
    asked_to_close_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = FormQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.questionnaire.title}"

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and (self.closes_at is None or now < self.closes_at)

    def state(self, now: datetime) -> Form.State:
        if self.closed_at is None:
            return Form.State.OPEN if self.is_open(now) else Form.State.DUE
        if self.opened_with_id:
            return Form.State.SHOWN
        return Form.State.COUNTING if self.slips and self.counted_at is None else Form.State.WAITING


# What leads from each state to which, of a form that is answered by slips (one by link is not counted: it waits or is
# shown as soon as it is closed); docs/pictures.md shows it, tests/feedback/asking/test_states.py does it.
STEPS: Mapping[str, Mapping[str, set[Form.State]]] = {
    Form.State.OPEN: {"its time comes": {Form.State.DUE}, "two of the team close it": {Form.State.COUNTING}},
    Form.State.DUE: {"the worker closes it": {Form.State.COUNTING}},
    Form.State.COUNTING: {"two count the slips": {Form.State.WAITING, Form.State.SHOWN}},
    Form.State.WAITING: {"a later form brings enough": {Form.State.SHOWN}},
    Form.State.SHOWN: {},
}


class SealedAnswer(models.Model):
    """One answered form in its envelope. Destroyed when the form's answers are opened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="sealed")
    envelope = models.TextField()

    def __str__(self) -> str:
        return "sealed"


class SpentNonce(models.Model):
    """A form's one-time nonce that was used: the same sheet sent again is not a second answer.

    Not stored with the answer, and destroyed with the envelopes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="spent")
    nonce_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "nonce_hash"], name="a_nonce_is_spent_once")]

    def __str__(self) -> str:
        return "spent"


class Way(models.TextChoices):
    """How an answer came."""

    ONLINE = "online", _("Online")
    PAPER = "paper", _("On paper")
    SPOKEN = "spoken", _("Spoken")


class Submission(models.Model):
    """One answered sheet: scores and choices together. No person, no time, no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="submissions")
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.ONLINE)

    def __str__(self) -> str:
        return "answered sheet"


class Answer(models.Model):
    """One answer. What people wrote stands apart from scores and from each other: it has no submission."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="answers", db_index=False)  # see indexes
    submission = models.ForeignKey(Submission, null=True, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    number = models.SmallIntegerField(null=True)
    text = EncryptedTextField(null=True)
    # Whether the person who wrote these words said on the same sheet that they may be quoted.
    may_quote = models.BooleanField(default=False)

    class Meta:
        # A form's words are found among everybody's numbers, and a form's answers by its first part.
        indexes = [models.Index(fields=["form", "submission"], name="answers_of_form")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=False, text__isnull=True, submission__isnull=False)
                | Q(number__isnull=True, text__isnull=False, submission__isnull=True),
                name="a_number_on_a_sheet_or_words_apart",
            )
        ]

    def __str__(self) -> str:
        return str(self.number) if self.text is None else self.text


class PaperPile(models.Model):
    """Paper sheets while they are being typed in: once, and perhaps a second time to compare.

    When the pile is done its sheets go into the form's box, shuffled, and this row goes.
    """

    code = CodeField()
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="piles")
    typed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Sheet by sheet, as they lie in the pile: {question's slug: answer}, {} for a blank one, None if not typed yet.
    first: models.Field[Any, Any] = EncryptedJSONField(default=list)
    second: models.Field[Any, Any] = EncryptedJSONField(default=list)  # empty: typed once

    def __str__(self) -> str:
        return "paper sheets"
