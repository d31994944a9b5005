"""Programmes, and what their sessions use."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> Self:
        """The templates are open to everybody whose role reads them: no person's data is in them."""
        return self if can(user, P.GUIDE_READ) else self.none()

    def with_sessions(self) -> Self:
        """Each with its number of sessions as `sessions`, the longest first."""
        current = Count("guides", filter=Q(guides__state="current"))
        return self.annotate(sessions=current).order_by("-sessions", "title")


class Programme(models.Model):
    """The template of a series of sessions. Changing it never changes a cohort that is already set up."""

    sessions: int  # where `with_sessions` counted them

    code = CodeField()
    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=120)
    purpose = models.TextField(_("purpose"), max_length=2000)
    stance = models.TextField(_("stance"), max_length=2000, blank=True)
    stage = models.CharField(_("stage"), max_length=200, blank=True)
    session_minutes = models.PositiveSmallIntegerField(_("minutes in a session"))
    group_size_max = models.PositiveSmallIntegerField(_("most people in a group"))
    time_after_minutes = models.PositiveSmallIntegerField(_("minutes kept after each session"), default=0)
    online_possible = models.BooleanField(default=False)
    approaches = models.JSONField(default=list)  # [text, …]

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme", args=[self.code])


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User) -> Self:
        """Open to everybody whose role reads the programmes."""
        return self if can(user, P.GUIDE_READ) else self.none()


class Resource(models.Model):
    """A film, document or thing used in a session or taken home."""

    class Kind(models.TextChoices):
        FILM = "film", _("Film")
        HANDOUT = "handout", _("Handout")
        LEAFLET = "leaflet", _("Leaflet")
        BOOKLET = "booklet", _("Booklet")
        DOCUMENT = "document", _("Document")
        STORY = "story", _("Story")
        ITEM = "item", _("Thing to give")
        WEBSITE = "website", _("Website")

    code = CodeField()
    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=250)
    publisher = models.CharField(_("publisher"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    url = models.URLField(_("link"), max_length=500, blank=True)
    starts_at = models.CharField(_("start the film at"), max_length=8, blank=True)  # "2:20"
    file = models.FileField(upload_to="resources", blank=True)  # under a random name
    file_name = models.CharField(max_length=120, blank=True)  # what it was called, for the person who downloads it
    print_for_everyone = models.BooleanField(default=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def link_needed(self) -> bool:
        """A film or website that nobody can open yet."""
        return self.kind in (self.Kind.FILM, self.Kind.WEBSITE) and not self.url
