"""What people are asked to agree to, and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from caregivers import text_blocks
from caregivers.models.people import Caregiver, How
from ppg.models import User


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
        """What somebody was shown: the versions named, and the newest of every other kind.

        The privacy notice and the consents: the council's other texts are shown on pages of their own.
        """
        every: list[ConsentWording] = list(self.filter(kind__in=ConsentWording.ASKED).order_by("version"))
        named = {wording.kind: wording for wording in every if versions.get(wording.kind) == wording.version}
        return {wording.kind: wording for wording in every} | named

    def latest_of(self, kind: str) -> ConsentWording | None:
        return self.filter(kind=kind).order_by("-version").select_related("published_by").first()

    def in_use(self) -> list[ConsentWording]:
        """The newest version of every text, in the order in which they are listed to staff."""
        newest = {row.kind: row for row in self.order_by("version").select_related("published_by")}
        return [newest[kind] for kind, _label in ConsentWording.KINDS if kind in newest]

    def unfinished(self) -> list[ConsentWording]:
        """Those in use in which the council has still something to fill in."""
        return [row for row in self.in_use() if row.blanks]


class ConsentWording(models.Model):
    """What people are asked to agree to, in versions. The newest of a kind is asked; answers keep theirs.

    The kind "notice" is the privacy notice that explains taking part. Those after the consents are texts of the council
    that are kept in the same way and agreed to by nobody. What stands [in brackets] is for the council to fill in.
    """

    NOTICE, KEPT, DPIA, ACCESS, COOKIES = "notice", "kept", "dpia", "access", "cookies"
    KINDS = [
        (NOTICE, _("Privacy notice")),
        *ConsentKind.choices,
        (KEPT, _("What is kept how long")),
        (ACCESS, _("Accessibility statement")),
        (COOKIES, _("Cookies")),
        (DPIA, _("Data protection impact assessment")),
    ]
    ASKED = (NOTICE, *ConsentKind.values)

    kind = models.CharField(max_length=10, choices=KINDS)
    version = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=20000)
    published_at = models.DateTimeField(null=True, blank=True)  # None: it came with the product
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ConsentWordingQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_wording_per_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.version})"

    @property
    def is_consent(self) -> bool:
        return self.kind in ConsentKind.values

    @property
    def blanks(self) -> list[str]:
        return text_blocks.blanks(self.text)

    @property
    def may_be_read(self) -> bool:
        """Whether it is shown to everybody. A council's own server shows no text with blanks: nobody would know who
        "[name of the council]" is, and how long "[number] months" are."""
        return not (settings.PRODUCTION and self.blanks)

    @property
    def blocks(self) -> list[text_blocks.Block]:
        return text_blocks.blocks(self.text)

    @property
    def statement(self) -> str:
        """The first line: what a person says yes to."""
        return self.text.split("\n", 1)[0]

    @property
    def explanation(self) -> str:
        return self.text.partition("\n")[2]


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
