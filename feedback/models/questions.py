"""Questions as data, in versions and languages."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from feedback.kinds import KINDS, Kind
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.links.codes import CodeField
from ppg.models import User


class Frozen(Refused):
    """A version that was published or answered is never changed: answers belong to the words they were given to."""

    def __init__(self) -> None:
        super().__init__(say("This version is in use or was answered, so it stays as it is. Change a draft instead."))


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: User) -> Self:
        """Questions hold nobody's data: open to whoever may change them."""
        return self if can(user, P.QUESTIONS_EDIT) else self.none()

    def current(self, slug: str) -> Questionnaire | None:
        """The version that a new form takes."""
        return self.filter(slug=slug, state=Questionnaire.State.CURRENT).order_by("-version").first()

    def of(self, questionnaire: Questionnaire) -> Self:
        """Every version of the same questions, newest first."""
        return self.filter(slug=questionnaire.slug).order_by("-version")


class Questionnaire(models.Model):
    """A set of questions in one version. Once answered it is never changed: a change makes the next version."""

    class Kind(models.TextChoices):
        SESSION = "session", _("After a session")
        FINAL = "final", _("After the programme")
        MEASURE = "measure", _("Before and after the programme")
        BOX = "box", _("Suggestion box")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CURRENT = "current", _("In use")
        OLD = "old", _("Replaced")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    slug = models.SlugField()
    version = models.PositiveSmallIntegerField(default=1)
    code = CodeField()
    title = models.CharField(_("title"), max_length=120)
    intro = models.TextField(_("what stands above the questions"), max_length=1000, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.CURRENT)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Of a draft: who goes on with it. Whoever changed it last, until they leave and hand it over.
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = QuestionnaireQuerySet.as_manager()
    WORDS: ClassVar[tuple[str, ...]] = ("kind", "slug", "version", "title", "intro")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="one_questionnaire_per_version"),
            models.UniqueConstraint(fields=["slug"], condition=Q(state="draft"), name="one_draft_of_questions"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Its state may change; its words, once they are frozen, may not."""
        if not self._state.adding and self.is_frozen():
            stored = Questionnaire.objects.filter(pk=self.pk).values(*self.WORDS).get()
            if stored != {name: getattr(self, name) for name in self.WORDS}:
                raise Frozen
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.is_frozen():
            raise Frozen
        return super().delete(*args, **kwargs)

    @property
    def handed_to(self) -> User | None:
        """Who goes on with a draft where that is not who changed it last."""
        return self.owner if self.owner_id != self.changed_by_id else None

    def is_frozen(self) -> bool:
        """Published, or put before a group. Asked of the database: this record may be older than what was done."""
        rows = Questionnaire.objects.filter(pk=self.pk)
        return rows.filter(Q(published_at__isnull=False) | Q(forms__isnull=False)).exists()


class Question(models.Model):
    """One question. `slug` stays the same over versions, so that answers can be compared."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    text = models.CharField(max_length=250)
    hint = models.CharField(max_length=250, blank=True)
    kind = models.CharField(max_length=7, choices=[(kind.name, kind.label) for kind in KINDS.values()])
    options = models.JSONField(default=list)  # [text, …]; of a scale with words at its ends those between are ""
    required = models.BooleanField(default=False)
    # Of words: a tick under them says that they may be quoted.
    quotable = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "position"], name="one_question_per_position"),
            models.UniqueConstraint(fields=["questionnaire", "slug"], name="one_question_per_slug"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.questionnaire.is_frozen():
            raise Frozen
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.questionnaire.is_frozen():
            raise Frozen
        return super().delete(*args, **kwargs)

    @property
    def labels(self) -> list[str]:
        """What stands beside each option; a scale with words at its ends alone is counted through."""
        if "" not in self.options:
            return list(self.options)
        return [f"{n}, {word}" if word else str(n) for n, word in enumerate(self.options, start=1)]

    @property
    def behaviour(self) -> Kind:
        """What its kind says of it: how it is asked, kept, printed and counted."""
        return KINDS[self.kind]

    @property
    def choices(self) -> list[str]:
        """Every answer that can be chosen, in words, in the place of its number."""
        return self.behaviour.choices(self.labels)

    def in_words(self, given: Any) -> str:
        """An answer as people read it: an `Answer`'s number, or what an envelope holds."""
        return self.behaviour.in_words(given, self.labels)


class Translation(models.Model):
    """A questionnaire's words in another language, for the same version: the answers are the same numbers.

    `words` is {"intro": …, "page": {name: …}, "questions": {slug: {"text": …, "hint": …, "options": […]}}}; `page` is
    what stands around the questions (`feedback.languages.texts`).
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10)  # "cy"; see `feedback.languages.texts`
    words = models.JSONField(default=dict)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "language"], name="one_translation_each")]

    def __str__(self) -> str:
        return self.language
