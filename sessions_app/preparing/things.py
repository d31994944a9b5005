"""What an evening needs: to bring, to print, to open beforehand, and what people need. Rows in, lists out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import Caregiver, Place
from programmes.models import Resource
from sessions_app.models import (
    Prepared,
)
from sessions_app.models.register import MarkState
from sessions_app.packs import contents as packs
from sessions_app.register import rows as register

LINKS = (Resource.Kind.FILM, Resource.Kind.WEBSITE)
# What they told us that somebody has to buy, book or bring for. The order is the page's.
NEEDS = [
    ("allergies", gettext_lazy("Allergies")),
    ("refreshments", gettext_lazy("Food and drink they like")),
    ("access_needs", gettext_lazy("To make it easier to join in")),
    ("childcare", gettext_lazy("Childcare")),
    ("travel", gettext_lazy("Getting here")),
    ("language", gettext_lazy("Language: is an interpreter booked?")),
]
FIELDS = [name for name, _label in NEEDS]
NOTHING_TO_BOOK = {"english", "none", "no", "n/a", "-", "nothing"}


# --- Who comes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """How many there are, without a name."""

    people: int
    paper: int  # who have their handouts on paper
    not_asked: int  # of those on paper, because nobody has asked them yet
    away: int  # sent apologies already

    @property
    def expected(self) -> int:
        return self.people - self.away


def group(places: Sequence[Place]) -> Group:
    on_paper = [place.caregiver for place in places if packs.why_not_mail(place.caregiver)]
    return Group(
        people=len(places),
        paper=len(on_paper),
        not_asked=sum(not caregiver.handouts_by for caregiver in on_paper),
        away=sum(getattr(place, "ticked", None) == MarkState.APOLOGIES for place in places),
    )


def needs(places: Sequence[Place]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each need that somebody has, with who has it: (field, in words, [(name, what they said), …])."""
    names = register.called(places)
    ordered = sorted(places, key=lambda place: names[place.pk].casefold())
    rows = []
    for field, label in NEEDS:
        answers = [(names[place.pk], said) for place in ordered if (said := said_of(place.caregiver, field))]
        if answers:
            rows.append((field, str(label), answers))
    return rows


def said_of(caregiver: Caregiver, field: str) -> str:
    said = str(getattr(caregiver, f"get_{field}_display", lambda: getattr(caregiver, field))()).strip()
    return "" if said.casefold().rstrip(".") in NOTHING_TO_BOOK else said


def not_asked(places: Sequence[Place]) -> list[str]:
    """Who has not told us anything yet: no allergy known is not the same as none."""
    names = register.called(places)
    return sorted(names[place.pk] for place in places if place.caregiver.registered_at is None)


# --- What to bring -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thing:
    """A line to tick. `what` names it for ever: made from its text or its resource."""

    what: str
    title: str
    detail: str = ""
    resource: Resource | None = None
    tick: Prepared | None = None

    @property
    def missing(self) -> str:
        """What somebody has to find first."""
        resource = self.resource
        if resource is None:
            return ""
        if resource.link_needed:
            return _("Link missing")
        on_paper = resource.kind not in (*LINKS, Resource.Kind.ITEM)
        return _("File or link missing") if on_paper and not (resource.file or resource.url) else ""


WHAT = re.compile(r"[a-z]+-[0-9a-f]{24}")


def named(kind: str, text: str) -> str:
    return f"{kind}-{sha256(text.encode()).hexdigest()[:24]}"


def to_bring(materials: Iterable[str], resources: Sequence[Resource]) -> list[Thing]:
    """The plan's own list, but for what is counted below."""
    counted = [plain(resource.title) for resource in resources if resource.kind not in LINKS]
    texts = dict.fromkeys(text.strip() for text in materials if text.strip())
    return [Thing(named("bring", text), text) for text in texts if not any(plain(text).startswith(c) for c in counted)]


def plain(text: str) -> str:
    """What is compared of a title and a line of the plan: without its remark in brackets, without "Handout:"."""
    return text.split("(")[0].strip().casefold().removeprefix("handout:").strip()


def to_print(resources: Sequence[Resource], group: Group) -> list[Thing]:
    """Handouts and things with how many. For everybody: what is put into the hand, what says so, and what we have no
    file of to send. Of the rest, one for each who has handouts on paper."""
    things = []
    for resource in resources:
        if resource.kind in LINKS or not resource.taken_home:  # type: ignore[attr-defined]
            continue
        everybody = bool(packs.by_hand([packs.content(resource)]))
        things.append(
            Thing(
                named("hand", resource.slug),
                resource.title,
                for_everybody(group) if everybody else for_paper(group),
                resource,
            )
        )
    links = [one for one in resources if one.kind in LINKS and one.taken_home]  # type: ignore[attr-defined]
    if links and group.paper:
        things.append(Thing(named("hand", "links"), _("Page of links to the films and websites"), for_paper(group)))
    return things


def for_everybody(group: Group) -> str:
    return _("%(n)s: one for each person") % {"n": group.people}


def for_paper(group: Group) -> str:
    if not group.paper:
        return _("None: everybody has it by e-mail")
    text = ngettext("%(n)s copy, for who has it on paper", "%(n)s copies, for those who have it on paper", group.paper)
    if group.not_asked:
        text += "; " + ngettext(
            "%(open)s of them is not asked yet", "%(open)s of them are not asked yet", group.not_asked
        )
    return text % {"n": group.paper, "open": group.not_asked}


def to_open(resources: Sequence[Resource]) -> list[Thing]:
    """Films and websites that are shown: to open once beforehand, at the venue."""
    things = []
    for resource in resources:
        if resource.kind in LINKS and resource.shown:  # type: ignore[attr-defined]
            start = _("Starts at %(time)s") % {"time": resource.starts_at} if resource.starts_at else ""
            things.append(Thing(named("open", resource.slug), resource.title, start, resource))
    return things


def to_read(resources: Sequence[Resource]) -> list[Thing]:
    """What is read in the session and not taken home."""
    return [
        Thing(named("read", resource.slug), resource.title, _("One copy to read from"), resource)
        for resource in resources
        if resource.kind not in LINKS and resource.shown and not resource.taken_home  # type: ignore[attr-defined]
    ]


@dataclass(frozen=True)
class Things:
    """Everything to tick, by section."""

    bring: list[Thing]
    print: list[Thing]
    open: list[Thing]
    pack: str = ""  # what its pack still lacks

    def every(self) -> list[Thing]:
        return [*self.bring, *self.print, *self.open]

    @property
    def ticked(self) -> int:
        return sum(thing.tick is not None for thing in self.every())
