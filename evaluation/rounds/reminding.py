"""Who is written to about a round of questions, by which way, and who is left out and why.

By safe contact only, those who have not answered, and nobody more often than every three days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caregivers import safe
from caregivers.models import Caregiver, LinkMail, Place
from caregivers.names import called
from evaluation.models import Wave, WaveLink
from evaluation.rounds import plans
from ppg.sending import texts

EVERY = timedelta(days=3)


@dataclass(frozen=True)
class Recipient:
    """One person of the group: `way` is empty for who is left out, and `why` says so in words."""

    place: Place
    name: str
    way: str = ""
    why: str = ""

    @property
    def by(self) -> str:
        return str(safe.Way(self.way).label)


def recipients(wave: Wave, now: datetime) -> list[Recipient]:
    """Everybody in the group and whoever left it after it began (`rounds_of` lists them too), in the order of their
    names. A constant number of queries."""
    if plans.is_coded(wave):
        return []  # a card is nobody's that we know
    places = list(Place.objects.filter(cohort=wave.cohort_id).exclude(taken_on=None).select_related("caregiver"))
    names = called(place.caregiver for place in places)
    asked, done, lately = plans.may_be_asked(wave), answered(wave), written_lately(wave, now)
    rows = []
    for place in sorted(places, key=lambda place: names[place.caregiver_id].casefold()):
        way, why = "", ""
        if place.pk in done:
            why = _("Has answered")
        elif place.pk not in asked:
            why = _("Has not agreed to be asked")
        elif place.state != Place.State.TAKEN:
            why = _("Has left the group. If they want to answer, show them the link")
        elif last := lately.get(place.caregiver_id):
            day = date_format(timezone.localdate(last + EVERY), "j F")
            why = _("We wrote to them less than three days ago. Again from %(day)s") % {"day": day}
        else:
            way, why = way_to(place.caregiver)
        rows.append(Recipient(place, names[place.caregiver_id], way, why))
    return rows


def way_to(caregiver: Caregiver) -> tuple[str, str]:
    """The safe way that we can use, or why there is none."""
    way, why = safe.way_to(caregiver)
    if way == safe.Way.TEXT and not texts.can_send():
        return "", _("Only a text is safe, and texts cannot be sent from here. Show them the link")
    return str(way), safe.why_in_words(caregiver, why)


def written_lately(wave: Wave, now: datetime) -> dict[int, datetime]:
    """Caregiver → when we last wrote to them about questions, where that was less than three days ago."""
    mails = LinkMail.objects.filter(cohort=wave.cohort_id, about=LinkMail.About.QUESTIONS, at__gt=now - EVERY)
    return dict(mails.exclude(fate=LinkMail.Fate.FAILED).order_by("at").values_list("caregiver", "at"))


def answered(wave: Wave) -> set[int]:
    """Places of those who have answered: that they did, never what."""
    return set(WaveLink.objects.filter(wave=wave, used_at__isnull=False).values_list("place", flat=True))


def written(rows: Iterable[Recipient]) -> list[Recipient]:
    return [row for row in rows if row.way]


def left_out(rows: Iterable[Recipient]) -> list[Recipient]:
    return [row for row in rows if not row.way]
