"""Programmes, their guides, and the cohorts that run them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg.links import CodeField, new_code
from ppg.models import User
from ppg.permissions import P, can
from programmes import agenda


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


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> Self:
        """The templates are open to everybody whose role reads them: no person's data is in them."""
        return self if can(user, P.GUIDE_READ) else self.none()

    def with_sessions(self) -> Self:
        """Each with its number of sessions as `sessions`, the longest first."""
        current = Count("guides", filter=Q(guides__state=Guide.State.CURRENT))
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
        return agenda.counted_minutes(self.planned_items())

    def unplanned_minutes(self) -> int:
        return agenda.unplanned_minutes(self.planned_items(), self.length)

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


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: User) -> Self:
        """A manager sees every cohort's page and figures; the others those whose team they are in."""
        if not can(user, P.COHORT_SEE):
            return self.none()
        if user.role == "manager":
            return self
        return self.filter(team__user=user, team__left_on=None)


class Cohort(models.Model):
    """One run of a programme with one group of caregivers."""

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=80)
    area = models.CharField(_("area"), max_length=80)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    online_link = models.URLField(_("online link"), max_length=500, blank=True)
    places = models.PositiveSmallIntegerField(_("places"))
    made_on = models.DateField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(places__gte=1), name="at_least_one_place")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohort", args=[self.code])


class TeamMember(models.Model):
    """Who works with a cohort: the scope within which a role holds."""

    class Job(models.TextChoices):
        LEAD = "lead", _("Programme lead")
        FACILITATOR = "facilitator", _("Facilitator")
        PARENT = "parent", _("Parent with lived experience")
        MANAGER = "manager", _("Team manager")
        EVALUATION = "evaluation", _("Evaluation support")

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="teams")
    job = models.CharField(_("job"), max_length=12, choices=Job.choices)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], condition=Q(left_on=None), name="once_in_a_team")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_job_display()})"


class TeamSupport(models.Model):
    """Support given to somebody of the team: that it was offered and held, never what was said."""

    class Kind(models.TextChoices):
        CLINICAL = "clinical", _("Clinical session before the programme")
        REFLECTIVE = "reflective", _("Reflective session during the programme")
        AFTER = "after", _("Support after the programme")

    code = CodeField()
    member = models.ForeignKey(TeamMember, on_delete=models.CASCADE, related_name="support")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    offered_on = models.DateField(_("offered"))
    held_on = models.DateField(_("held"), null=True, blank=True)
    not_wanted = models.BooleanField(_("not wanted"), default=False)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["offered_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(held_on=None) | Q(not_wanted=False), name="held_or_not_wanted"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ChecklistLine(models.Model):
    """A line of a cohort's checklist. Where the data already tells, `programmes.checklist` ticks it by itself;
    the others have an owner, a due date, and who ticked them when."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("Before")
        DURING = "during", _("During")
        AFTER = "after", _("After")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="checklist")
    phase = models.CharField(max_length=6, choices=Phase.choices)
    slug = models.SlugField()  # which line: its words and its rule are in the code
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(_("due"), null=True, blank=True)
    ticked_at = models.DateTimeField(null=True, blank=True)
    ticked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "phase", "slug"], name="one_line_of_a_kind"),
            models.CheckConstraint(
                condition=Q(ticked_at=None, ticked_by=None) | Q(ticked_at__isnull=False, ticked_by__isnull=False),
                name="ticked_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
