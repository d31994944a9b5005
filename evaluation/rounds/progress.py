"""Before, after and three months later, as the team sees them: where each round stands and what to do next.

By links: who has answered, never what. By cards: nothing while a round is open, then how many, if they are enough.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caregivers.models import Place
from caregivers.names import called
from evaluation.models import CardSheet, Mode, Response, Wave, WaveLink
from evaluation.rounds import plans
from feedback.results.least_answers import least
from programmes.models import Cohort


@dataclass
class Asked:
    """One person in one round: whether they may be asked and have answered."""

    place: Place
    name: str
    agreed: bool
    answered: bool


@dataclass
class Round:
    """Not opened yet (`wave` is None), open, or closed. `people` only where they answer by links.

    came  by cards: how many, once it has closed and they are enough; None otherwise
    from_on  three months later: the first day on which people are asked
    """

    point: str
    label: str
    wave: Wave | None
    is_open: bool
    people: list[Asked] = field(default_factory=list)
    came: int | None = None
    from_on: date | None = None
    too_early: bool = False

    @property
    def agreed(self) -> int:
        return sum(person.agreed for person in self.people)

    @property
    def answered(self) -> int:
        return sum(person.answered for person in self.people)

    @property
    def left(self) -> int:
        """How many may be asked and have not answered."""
        return sum(person.agreed and not person.answered for person in self.people)


def rounds_of(cohort: Cohort, mode: str, now: datetime, sheet: CardSheet | None = None) -> list[Round]:
    """All three with everybody in the group, and whoever left it after it began. A constant number of queries.

    sheet: the group's cards. How many came is told when those left over are counted out.
    """
    waves = {wave.point: wave for wave in Wave.objects.filter(cohort=cohort).select_related("form", "cohort")}
    from_on = plans.later_from(cohort)
    people = _people(cohort, waves) if mode != Mode.CODED else {}
    came = _came(cohort) if mode == Mode.CODED and sheet and sheet.counts else {}
    rounds = []
    for point in Wave.Point:
        wave = waves.get(point)
        row = Round(point, str(point.label), wave, bool(wave and wave.is_open(now)), people.get(point, []))
        if wave and wave.form.closed_at and came.get(wave.pk, 0) >= least():
            row.came = came[wave.pk]
        if point == Wave.Point.LATER and wave is None:
            row.from_on = from_on
            row.too_early = from_on is None or timezone.localdate(now) < from_on
        rounds.append(row)
    return rounds


def _people(cohort: Cohort, waves: dict[str, Wave]) -> dict[str, list[Asked]]:
    places = list(Place.objects.filter(cohort=cohort).exclude(taken_on=None).select_related("caregiver"))
    names = called(place.caregiver for place in places)
    places.sort(key=lambda place: names[place.caregiver_id].casefold())
    done: dict[int, set[int]] = {}
    used = WaveLink.objects.filter(wave__cohort=cohort, used_at__isnull=False).values_list("wave", "place")
    for wave_id, place_id in used:
        done.setdefault(wave_id, set()).add(place_id)
    people = {}
    for point, wave in waves.items():
        asked, answered = plans.may_be_asked(wave), done.get(wave.pk, set())
        people[point] = [
            Asked(place, names[place.caregiver_id], place.pk in asked, place.pk in answered) for place in places
        ]
    return people


def _came(cohort: Cohort) -> Counter[int]:
    return Counter(Response.objects.filter(wave__cohort=cohort).values_list("wave", flat=True))


def to_count(sheet: CardSheet | None, rounds: list[Round]) -> bool:
    """Whether the first questions have closed and the cards that were left over are still to be counted."""
    asked = [row.wave for row in rounds if row.wave]
    first = min(asked, key=lambda wave: wave.pk, default=None)
    return bool(sheet and sheet.is_uncounted and first and first.form.closed_at)


def next_step(rounds: list[Round], mode: str, sheet: CardSheet | None) -> str:
    """One sentence: what to do now."""
    open_ones = [row for row in rounds if row.is_open]
    if mode == Mode.CODED and to_count(sheet, rounds):
        return _("Count the cards that were left over: two of the team, each by themselves. Nothing is shown before.")
    if open_ones and mode == Mode.CODED:
        if not sheet:
            return _("Have the cards printed, by somebody who cannot read the answers. Without one nobody can answer.")
        return _("Nothing, while people answer by their cards. You see how many when the questions have closed.")
    for row in open_ones:
        if row.left:
            return _("Send the link to those who have not answered, or write down their answers with them.")
    if open_ones:
        return _("Everybody who agreed has answered. You can close the questions.")
    unasked = [row for row in rounds if row.wave is None]
    if len(unasked) == len(rounds) and mode == Mode.CODED and sheet:
        return _("Let everybody draw a card, so that nobody knows who has which. Open the questions before that.")
    if len(unasked) == len(rounds):
        return _("Choose how the group is asked. Then open the questions before the first session.")
    if unasked and unasked[0].point == Wave.Point.AFTER:
        return _("Open the questions once more at the last session.")
    if unasked and not unasked[0].too_early:
        return _("Three months have passed. Ask once more.")
    if unasked and unasked[0].from_on:
        day = date_format(unasked[0].from_on, "j F Y")
        return _("Nothing until %(day)s. Then you can ask once more.") % {"day": day}
    return _("Nothing. The answers are in the figures.")
