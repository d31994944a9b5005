"""The people of a group: where each one is on the way to a place, what is next, and who owes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import Caregiver, KeptApart, Message, Place, PoliceCheck, Referral, SafeWay
from caregivers.names import called
from caregivers.people.stages import COLOURS, Stage, with_stage, with_what_is_next
from caregivers.places.rules import Places
from caregivers.safe import ways_to
from ppg.models import User
from ppg.typed import email_key, phone_key
from programmes.models import Cohort, TeamMember

CHECK_WORDS = {
    None: gettext_lazy("No check yet"),
    "asked": gettext_lazy("Check asked"),
    "clear": gettext_lazy("Check clear"),
    "concern": gettext_lazy("Check: concern"),
}
CHECK_COLOURS = {None: "grey", "asked": "blue", "clear": "green", "concern": "red"}


@dataclass(frozen=True)
class Person:
    """One person of a group, as the board shows them."""

    referral: Referral
    place: Place | None
    seats: Places
    label: str = ""  # what they are called, told apart from others on the page
    lead: User | None = None  # of the group: owes what nobody else was named for
    same_as: Sequence[Referral] = field(default=(), compare=False)  # others with the same phone or e-mail

    @property
    def caregiver(self) -> Caregiver:
        return self.referral.caregiver

    @property
    def check(self) -> str | None:
        return self.referral.check_outcome  # type: ignore[attr-defined]

    @property
    def check_label(self) -> str:
        return str(CHECK_WORDS[self.check])

    @property
    def check_colour(self) -> str:
        return CHECK_COLOURS[self.check]

    @property
    def stage(self) -> Stage:
        return Stage(self.referral.stage)  # type: ignore[attr-defined]

    @property
    def stage_colour(self) -> str:
        return COLOURS[self.stage]

    @property
    def registered(self) -> bool:
        return self.caregiver.registered_at is not None

    @property
    def where(self) -> str:
        """Of their place: taken, offered, waiting, left; "referred" where there is none yet."""
        if self.place is None:
            return "referred"
        return "waiting" if self.place.ran_out(self.seats.now) else self.place.state

    @property
    def link(self) -> str:
        """Which link of their own is for them now, as a message is about it; none for who left."""
        if self.where == Place.State.LEFT:
            return ""
        if not self.registered:
            return Message.About.REGISTER
        return Message.About.OFFER if self.where == Place.State.OFFERED else Message.About.OWN_PAGE

    @property
    def ways(self) -> list[str]:
        """In which they may be written to."""
        return ways_to(self.caregiver)

    @property
    def proposed(self) -> bool:
        """A place is free, and this person is the next to have it."""
        return self.place in self.seats.proposed

    @property
    def why_not_give(self) -> str:
        return self.seats.why_not_give(self.caregiver.pk, self.check, self.registered)

    @property
    def why_not_offer(self) -> str:
        return self.seats.why_not_offer(self.caregiver.pk, self.check)

    @property
    def passes_somebody(self) -> bool:
        return self.seats.goes_first(self.caregiver.pk)

    @property
    def on_the_way(self) -> bool:
        """Neither in the group yet nor out of it."""
        return self.stage not in (Stage.IN_GROUP, Stage.DECLINED)

    @property
    def to_be_contacted(self) -> bool:
        """Nobody has talked to them yet, and they have not told us about themselves either."""
        return self.on_the_way and self.referral.contacted_on is None and not self.registered

    @cached_property
    def tried(self) -> str:
        """The calls that reached nobody, while nobody was reached."""
        tries, last = self.referral.tries, self.referral.last_try  # type: ignore[attr-defined]
        if not tries or not last or not self.to_be_contacted:
            return ""
        words = {"tries": tries, "day": day(last)}
        return ngettext("Tried once, on %(day)s.", "Tried %(tries)s times, last on %(day)s.", tries) % words

    @property
    def owes(self) -> User | None:
        """Whose turn it is: the person named, or else the group's lead. Nobody where nothing is next."""
        return (self.referral.owner or self.lead) if self.next_step else None

    @property
    def safe_ways(self) -> list[str]:
        """The ways they said are safe, with the form or before it when they asked to hear from us."""
        return [str(way.label) for way in SafeWay if way in self.caregiver.safe_ways]

    @cached_property
    def next_step(self) -> str:
        """One sentence: what has to happen next for this person, or nothing."""
        if self.where == Place.State.LEFT:
            return ""
        if self.where == Place.State.TAKEN:
            return self._next_in_the_group()
        if self.check == PoliceCheck.Outcome.CONCERN:
            return _("The police check shows a concern. Talk to your safeguarding lead.")
        if self.to_be_contacted and self.place is None and self.check is None:
            return _("First contact needed.")
        if self.check is None:
            return _("Ask for the police check.")
        if self.seats.kept_out(self.caregiver.pk):
            return _("They are kept apart from somebody in this group. Think of another group for them.")
        if not self.registered:
            return self._next_before_registering()
        if self.check == PoliceCheck.Outcome.ASKED:
            return _("Waiting for the police check.")
        if self.where == Place.State.OFFERED and self.place and self.place.offered_until:
            until = {"day": day(self.place.offered_until)}
            return _("A place is kept for them until %(day)s. They say yes on their own page, or tell you.") % until
        if self.proposed:
            return _("A place is free and they are next.")
        if self.place is None:
            return _("They have registered before. Offer them a place.")
        return _("Waiting for a free place.")

    def _next_in_the_group(self) -> str:
        """A place that is taken stays when the check is not clear any more: what happens is decided by people."""
        if self.check == PoliceCheck.Outcome.CONCERN:
            why = _("The police check shows a concern.")
        elif self.check == PoliceCheck.Outcome.ASKED:
            why = _("The police check was asked for again and is not clear.")
        else:
            return "" if self.check else _("The police check is missing.")
        return why + " " + _("Talk to your safeguarding lead before the next session.")

    def _next_before_registering(self) -> str:
        ends = self.referral.link_ends  # type: ignore[attr-defined]
        if self.where == Place.State.OFFERED and self.place and self.place.offered_until:
            kept = _("A place is kept for them until %(day)s.") % {"day": day(self.place.offered_until)}
            return kept if ends else kept + " " + _("Send the registration link.")
        if ends:
            return _("They can register by their link until %(day)s.") % {"day": day(ends)}
        return _("Send the registration link, or register them on the phone.")


def day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F")


@dataclass(frozen=True)
class Board:
    """Everybody of a group, by where they are."""

    cohort: Cohort
    seats: Places
    people: Sequence[Person]

    def at(self, where: str) -> list[Person]:
        return [person for person in self.people if person.where == where]

    @property
    def taken(self) -> list[Person]:
        return self.at(Place.State.TAKEN)

    @property
    def waiting(self) -> list[Person]:
        """In the order of the list."""
        order = {place.pk: number for number, place in enumerate(self.seats.waiting)}
        return sorted(self.at(Place.State.WAITING), key=lambda person: order[person.place.pk])  # type: ignore[union-attr]

    @property
    def proposed(self) -> list[Person]:
        return [person for person in self.waiting if person.proposed]

    @property
    def stages(self) -> list[tuple[Stage, list[Person]]]:
        """Every stage in its order with the people who are there; each person once."""
        found: dict[Stage, list[Person]] = {stage: [] for stage in Stage}
        for one in self.people:
            found[one.stage].append(one)
        found[Stage.WAITING] = self.waiting
        return list(found.items())


def board(cohort: Cohort, now: datetime) -> Board:
    """The same few queries however many people: referrals with what is known of each, the places, the lead."""
    seats = Places.of(cohort, now)
    rows = list(known(cohort.referrals.filter(caregiver__erased_at=None), now).order_by("id"))
    names = called(row.caregiver for row in rows)
    same, lead = same_contact(rows), leads_of([cohort.pk]).get(cohort.pk)
    people = [_person(row, seats, names, lead, same.get(row.pk, ())) for row in rows]
    return Board(cohort, seats, people)


def person(referral: Referral, now: datetime) -> Person:
    """One person, with the group's places around them."""
    row = known(referral.cohort.referrals.all(), now).get(pk=referral.pk)
    lead = leads_of([referral.cohort_id]).get(referral.cohort_id)
    return _person(row, Places.of(referral.cohort, now), called([row.caregiver]), lead)


def across_groups(referrals: Iterable[Referral], now: datetime) -> list[Person]:
    """The people of these referrals (from `known`, with their cohorts), each with their own group's places around
    them: three queries more, however many groups."""
    rows = list(referrals)
    cohorts = {row.cohort_id: row.cohort for row in rows}
    places = defaultdict(list)
    for place in Place.objects.with_check().filter(cohort__in=cohorts):
        places[place.cohort_id].append(place)
    apart, leads = _apart({place.caregiver_id for found in places.values() for place in found}), leads_of(cohorts)
    seats = {pk: Places(cohort.places, places[pk], now, apart) for pk, cohort in cohorts.items()}
    names = called(row.caregiver for row in rows)
    return [_person(row, seats[row.cohort_id], names, leads.get(row.cohort_id)) for row in rows]


def _apart(caregivers: Iterable[int]) -> Mapping[int, set[int]]:
    """Whom each of these is kept apart from."""
    ids, found = list(caregivers), defaultdict(set)
    for first, second in KeptApart.objects.filter(Q(first__in=ids) | Q(second__in=ids)).values_list("first", "second"):
        found[first].add(second)
        found[second].add(first)
    return found


def _person(
    referral: Referral, seats: Places, names: Mapping[int, str], lead: User | None, same_as: Sequence[Referral] = ()
) -> Person:
    pk = referral.caregiver_id
    return Person(referral, seats.of_caregiver(pk), seats, names[pk], lead, same_as)


def known(referrals: QuerySet[Referral], now: datetime) -> QuerySet[Referral]:
    """Referrals with all that a board shows of each. Of what they told us only names and contact are decrypted."""
    return (
        with_what_is_next(with_stage(referrals, now), now)
        .select_related("caregiver", "owner")
        .only(
            *("code", "cohort_id", "source", "received_on", "contacted_on", "owner__name"),
            *(f"caregiver__{name}" for name in SHOWN),
        )
    )


SHOWN = ("code", "name", "liked_name", "phone", "email", "safe_ways", "safe_when", "registered_at")


def leads_of(cohorts: Iterable[int]) -> dict[int, User]:
    """The lead of each of these groups: of several, whoever has been it longest."""
    leads = TeamMember.objects.filter(cohort__in=list(cohorts), job=TeamMember.Job.LEAD, left_on=None)
    rows = leads.select_related("user").only("cohort_id", "user__name", "user__role", "user__is_active")
    return {row.cohort_id: row.user for row in rows.order_by("-id")}


def same_contact(referrals: Sequence[Referral]) -> dict[int, list[Referral]]:
    """Referral → the others with the same phone or e-mail: perhaps one person who reached us twice."""
    by_contact = defaultdict(list)
    for row in referrals:
        for contact in filter(None, (phone_key(row.caregiver.phone), email_key(row.caregiver.email))):
            by_contact[contact].append(row)
    found: dict[int, dict[int, Referral]] = defaultdict(dict)
    for rows in by_contact.values():
        for row in rows:
            found[row.pk].update({other.pk: other for other in rows if other.pk != row.pk})
    return {pk: list(others.values()) for pk, others in found.items()}
