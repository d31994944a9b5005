"""Guides in versions, their items and handouts; what a guide and a session have in common."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, can
from ppg.links.codes import CodeField, new_code
from ppg.models import User
from programmes.agenda import minutes as agenda_minutes
from programmes.agenda import prompts as agenda
from programmes.models.programmes import Programme, Resource


class ItemKind(models.TextChoices):
    SETUP = "setup", _("Set up")
    WELCOME = "welcome", _("Welcome")
    RECAP = "recap", _("Recap")
    OUTLINE = "outline", _("Outline")
    DISCUSSION = "discussion", _("Discussion")
    FILM = "film", _("Film")
    STORY = "story", _("Story")
    ACTIVITY = "activity", _("Activity")
    INPUT = "input", _("Input")
    SPEAKER = "speaker", _("Speaker")
    BREAK = "break", _("Break")
    CLOSING = "closing", _("Closing")
    CLEAR_UP = "clear_up", _("Clear up")


class ItemLead(models.TextChoices):
    FACILITATOR = "facilitator", _("Facilitator")
    PARENT = "parent", _("Parent with lived experience")
    GUEST = "guest", _("Guest")


class Planned:
    """What a guide and a session have in common: `items`, and the `length` in minutes they should fill."""

    items: Any

    @property
    def length(self) -> int:
        raise NotImplementedError

    def planned_items(self) -> list[Any]:
        """The items that are meant to happen: a session may leave some of its guide's out."""
        return list(self.items.all())

    def counted_minutes(self) -> int:
        return agenda_minutes.counted_minutes(self.planned_items())

    def unplanned_minutes(self) -> int:
        return agenda_minutes.unplanned_minutes(self.planned_items(), self.length)

    def bar(self) -> list[tuple[str, int, str]]:
        """The counted items as title, minutes and kind: what `{% timebar %}` draws."""
        return [(item.title, item.minutes, item.kind) for item in self.planned_items() if item.counted]


class GuideQuerySet(models.QuerySet["Guide"]):
    def visible_to(self, user: User) -> Self:
        """Open to everybody whose role reads the programmes; drafts to those who may change them."""
        if can(user, P.GUIDE_EDIT):
            return self
        return self.exclude(state=Guide.State.DRAFT) if can(user, P.GUIDE_READ) else self.none()

    def of(self, guide: Guide) -> Self:
        """Every version of the same guide, the newest first."""
        return self.filter(programme=guide.programme_id, number=guide.number).order_by("-version")

    def with_plan(self) -> Self:
        """With all that a page of the guide shows: items, what they use, handouts; four queries however long."""
        return self.select_related("programme").prefetch_related(
            Prefetch("items__uses_in_order", ItemResource.objects.select_related("resource")),
            Prefetch("handouts_in_order", Handout.objects.select_related("resource")),
        )


class CurrentGuides(models.Manager.from_queryset(GuideQuerySet)):  # type: ignore[misc]
    """`Guide.objects` and `programme.guides` hold the published version of each guide; `Guide.versions` all."""

    def get_queryset(self) -> GuideQuerySet:
        return super().get_queryset().filter(state=Guide.State.CURRENT)


class Guide(Planned, models.Model):
    """The template of one session, in one version.

    A published version never changes: editing makes a draft beside it, and publishing turns the draft into the
    current version and the current one into an old one. Sessions keep pointing at the version they were copied from.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CURRENT = "current", _("Published")
        OLD = "old", _("Replaced")

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="guides")
    number = models.PositiveSmallIntegerField(_("number"))
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=7, choices=State.choices, default=State.CURRENT)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("what was changed and why"), max_length=500, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # of a draft: by whom and when it was changed last
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Of a draft: who goes on with it. Whoever changed it last, until they leave and hand it over.
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    aims = models.JSONField(default=list)  # [text, …]
    materials = models.JSONField(default=list)  # [text, …]
    handouts = models.ManyToManyField(Resource, through="Handout", related_name="+")

    objects = CurrentGuides()
    versions = GuideQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "number", "version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number", "version"], name="one_guide_per_version"),
            models.UniqueConstraint(
                fields=["programme", "number"], condition=Q(state="current"), name="one_guide_per_number"
            ),
            models.UniqueConstraint(fields=["programme", "number"], condition=Q(state="draft"), name="one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:guide", args=[self.code])

    @property
    def length(self) -> int:
        return self.programme.session_minutes

    @property
    def handed_to(self) -> User | None:
        """Who goes on with a draft where that is not who changed it last."""
        return self.owner if self.owner_id != self.changed_by_id else None

    def current(self) -> Guide | None:
        """The published version of the same guide."""
        return Guide.versions.of(self).filter(state=self.State.CURRENT).first()

    def draft(self) -> Guide | None:
        """The version of the same guide that is being edited."""
        return Guide.versions.of(self).filter(state=self.State.DRAFT).first()


class Handout(models.Model):
    """What people take home after a session, in order."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="handouts_in_order")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["guide", "position"], name="one_handout_per_position")]

    def __str__(self) -> str:
        return str(self.resource)


class Agenda(models.Model):
    """A timed part of a guide or of a session: what both have in common."""

    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    counted = models.BooleanField(_("counts towards the session's length"), default=True)
    lead = models.CharField(_("who leads"), max_length=12, choices=ItemLead.choices, default=ItemLead.FACILITATOR)
    prompts = models.JSONField(default=list)  # [text or {text: [text, …]}, …]: two levels at most
    speakers = models.JSONField(default=list)  # [service, …]

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    def prompt_lines(self) -> list[tuple[str, list[str]]]:
        return agenda.prompt_lines(self.prompts)


class AgendaItem(Agenda):
    """A timed part of a guide. `key` stays the same from version to version: it is how we know an item again."""

    key = models.CharField(max_length=22, default=new_code, editable=False)
    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="items")
    uses = models.ManyToManyField(Resource, through="ItemResource", related_name="+")

    class Meta(Agenda.Meta):
        constraints = [
            models.UniqueConstraint(fields=["guide", "position"], name="one_item_per_position"),
            models.UniqueConstraint(fields=["guide", "key"], name="one_item_per_key"),
        ]


class ItemResource(models.Model):
    """A resource shown or read in an item, in order."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="uses_in_order")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.resource)
