"""Before-and-after measures, and the evaluation report.

A measure's answers travel the same sealed way as session feedback (`feedback.Form`). In confidential mode each
envelope also carries a random pseudonym; `PseudonymKey` ties it to a place, encrypted, apart from the answers,
and is used only for pairing, reminding, withdrawing and erasing. No page shows it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.models import Place
from feedback.models import CountOfOne, Drawn, Form, Frozen, Question, Questionnaire, Submission
from ppg.access.permissions import P, can
from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField, SecretLink, SecretLinkQuerySet, digest
from ppg.models import User
from programmes.models import Cohort


class Domain(models.TextChoices):
    WELLBEING = "wellbeing", _("Emotional support and wellbeing")
    KNOWLEDGE = "knowledge", _("Education about child criminal exploitation")
    PRACTICAL = "practical", _("Practical help")


class Measure(models.Model):
    """How a questionnaire's answers become scores, one per domain."""

    class Method(models.TextChoices):
        MEAN = "mean", _("Mean of the items")
        SUM = "sum", _("Sum of the items")

    questionnaire = models.OneToOneField(Questionnaire, on_delete=models.PROTECT, related_name="measure")
    method = models.CharField(max_length=4, choices=Method.choices, default=Method.MEAN)
    first_counts = models.PositiveSmallIntegerField(default=0)  # points of an item's first answer: 0, or 1
    least_answered = models.PositiveSmallIntegerField(default=2)  # items per domain for a score
    lookup = models.JSONField(default=dict)  # raw score → scaled score; empty where the raw score is used
    licence = models.CharField(max_length=250, blank=True)

    def __str__(self) -> str:
        return str(self.questionnaire)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """How answers are scored is frozen with the questions they were given to."""
        if not self._state.adding and self.questionnaire.is_frozen():
            raise Frozen
        super().save(*args, **kwargs)


class MeasureItem(models.Model):
    """A question that counts towards a domain's score."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="items")
    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="measure_item")
    domain = models.CharField(max_length=10, choices=Domain.choices, blank=True)  # empty: the personal goal
    reverse = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.question)


class Mode(models.TextChoices):
    """How answers before and after are kept apart from names; chosen for a cohort before its first round."""

    CONFIDENTIAL = "confidential", _("Confidential links")
    CODED = "coded", _("Coded cards")


class EvaluationPlan(models.Model):
    """How a cohort is asked before and after. A cohort without one is asked our own measure by confidential links."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="evaluation_plan")
    mode = models.CharField(_("how"), max_length=12, choices=Mode.choices, default=Mode.CONFIDENTIAL)
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    chosen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.get_mode_display()


class Card(models.Model):
    """A code on a sealed card. Only its hash is kept, and nothing anywhere ties it to a person.

    Whoever holds the card withdraws by typing its code: then its answers are in nothing made afterwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="cards")
    code_hash = models.CharField(max_length=64)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "code_hash"], name="a_card_once")]
        indexes = [models.Index(fields=["code_hash"], name="card_by_its_code")]

    def __str__(self) -> str:
        return "card"


class CardSheet(Drawn):
    """All cards of one group: they are drawn once and used in every round.

    The key goes when the cards that were left over are counted out. `used`: in the first round.
    """

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="card_sheet")
    earlier = models.PositiveSmallIntegerField(default=0)  # of those made: before cards came from a sheet of their own
    # Its first round had closed before cards were counted out: its figures stand as they were.
    stands = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "cards"

    @property
    def counts(self) -> bool:
        """Whether answers under its cards are in any figure."""
        return self.stands or bool(self.adds_up)

    @property
    def is_uncounted(self) -> bool:
        """Whether two people are still to count what was left over, once the first round has closed."""
        return not self.stands and self.adds_up is None


class CardCount(CountOfOne):
    """What one of two people counted of a group's cards."""

    sheet = models.ForeignKey(CardSheet, on_delete=models.CASCADE, related_name="counted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "by"], name="everybody_counts_cards_once")]

    def __str__(self) -> str:
        return "count of cards"


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: User) -> Self:
        """Waves of cohorts whose team the user is in."""
        if not can(user, P.MEASURE_SEND):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))


class Wave(models.Model):
    """One round of a measure in a cohort."""

    class Point(models.TextChoices):
        BEFORE = "before", _("Before the programme")
        AFTER = "after", _("After the programme")
        LATER = "later", _("Three months later")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="waves")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    point = models.CharField(max_length=6, choices=Point.choices)
    form = models.OneToOneField(Form, on_delete=models.PROTECT, related_name="wave")

    objects = WaveQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "point"], name="one_wave_per_point")]

    def __str__(self) -> str:
        return self.get_point_display()

    def is_open(self, now: datetime) -> bool:
        return self.form.is_open(now)


class WaveLink(SecretLink):
    """A caregiver's own link to a wave's questions. `used_at` says that they answered, not what;
    it is kept to the day (midnight), so that its order cannot be laid beside that of the answers."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="links")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")

    objects = SecretLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return "link"

    @classmethod
    def sent_with(cls, token: str, nonce: str) -> bool:
        """Whether this sheet has come by this link and its form is still open: then it was sent twice."""
        spent = cls.objects.filter(token_hash=digest(token), wave__form__spent__nonce_hash=digest(nonce))
        return spent.exists()


class PseudonymKey(models.Model):
    """The confidential key: which pseudonym is whose. Encrypted; never shown."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="+")
    pseudonym = EncryptedTextField()
    # Fingerprints of the e-mail and number we had when they first answered: to no other goes a link to their answers.
    reach = EncryptedTextField(blank=True, default="", db_default="")

    def __str__(self) -> str:
        return "key"


class AnswersLinkQuerySet(SecretLinkQuerySet):
    def visible_to(self, user: User) -> Self:
        """Those that wait for a code, to whoever may tell it."""
        found = self.live(timezone.now()).filter(needs_code=True, place__caregiver__erased_at=None)
        return found.order_by("id") if can(user, P.ANSWERS_CODE) else self.none()


class AnswersLink(SecretLink):
    """The way to somebody's own answers, used once. Sent to them by the worker, and then no member of staff has it; or
    shown to staff, and then it opens only with a code that the safeguarding lead tells the person."""

    code = CodeField()  # names it on the safeguarding lead's page; opens nothing
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    needs_code = models.BooleanField(default=False)
    spoken_hash = models.CharField(max_length=64, blank=True)  # of the code, once somebody has asked for it
    tries = models.PositiveSmallIntegerField(default=0)  # wrong codes

    objects = AnswersLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return "link"


class Response(models.Model):
    """One answered measure, under its pseudonym."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="responses")
    pseudonym = models.CharField(max_length=22)
    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="response")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "pseudonym"], name="one_response_per_wave")]

    def __str__(self) -> str:
        return "response"
