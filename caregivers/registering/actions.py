"""What somebody tells us about themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from caregivers.consents.actions import say_each
from caregivers.links.actions import OWN_PAGE_LASTS
from caregivers.links.jobs import send_own_page
from caregivers.models import (
    Caregiver,
    ConsentWording,
    EmergencyContact,
    PersonalLink,
    Place,
    Referral,
    SafeWay,
)
from caregivers.places import rules as place_rules
from caregivers.places.actions import first_place
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.models import User
from programmes.models import Cohort
from programmes.telling.actions import tell

# What somebody tells us when they register: a field of `Caregiver` each. `CONTACTS` comes with it.
ANSWERS = (
    "name",
    "liked_name",
    "phone",
    "email",
    "safe_ways",
    "safe_when",
    "language",
    "access_needs",
    "childcare",
    "travel",
    "refreshments",
    "allergies",
    "availability",
    "handouts_by",
)
CONTACTS = "emergency_contacts"

Revealed = Mapping[str, Sequence[str]]  # field → those that are asked for only below one of its answers
NOTHING_REVEALED: Revealed = {}


class Registered(NamedTuple):
    place: Place
    own_page: str  # the token of their own page


@transaction.atomic
def register(
    *,
    caregiver: Caregiver,
    cohort: Cohort,
    answers: Mapping[str, Any],
    consents: Mapping[str, bool],
    how: str,
    by: User | None = None,
    at: datetime | None = None,
    wordings: Mapping[str, ConsentWording] | None = None,
    link: PersonalLink | None = None,
    token: str = "",
    site: str = "",
    revealed: Revealed = NOTHING_REVEALED,
) -> Registered:
    """Keeps what they told us and what they agreed to, and gives a place: in the group where the check is clear and a
    place is free that nobody before them waits for, otherwise on the waiting list.

    `wordings` are those that were shown (the newest, where left out), `link` is the invitation that is used up by this,
    `token` the token for their own page. `site` ("https://host") is where the link in the e-mail leads; without it none
    is sent. `revealed` is what the form asks more below an answer.
    """
    now = at or timezone.now()
    seats, person = place_rules.hold(cohort, caregiver, now)
    if link:
        link.use_up(now)
    PersonalLink.objects.invitations(person, cohort).revoke(now)  # staff registered them: their link has done its work
    wordings = wordings or ConsentWording.objects.newest()
    person.registered_at, person.registered_how = now, how
    person.notice = wordings[ConsentWording.NOTICE]
    # Their own form never shows what we know already: what they leave empty stands. Staff see it, and can take it out.
    _keep_answers(person, answers if by else said(answers, revealed), by, cohort)
    say_each(person, wordings, consents, how, by, now)
    place = first_place(seats, person, cohort, by, now)
    if by is None:
        tell(cohort, P.PEOPLE_REGISTER, owner=Referral.objects.owner_of(person, cohort))
    own_page = PersonalLink.Purpose.OWN_PAGE
    _link, token = PersonalLink.objects.issue(
        caregiver=person, cohort=cohort, purpose=own_page, token=token, expires_at=now + OWN_PAGE_LASTS
    )
    if site and person.email and SafeWay.EMAIL in person.safe_ways:
        enqueue_on_commit(send_own_page, person.code, cohort.code, site)
    return Registered(place, token)


@transaction.atomic
def change_answers(*, caregiver: Caregiver, answers: Mapping[str, Any], by: User) -> Caregiver:
    """Puts right what they told us."""
    person = Caregiver.objects.hold(caregiver.pk)
    _keep_answers(person, answers, by, None)
    return person


REACH = ("safe_ways", "phone", "email", "safe_when")


def said(answers: Mapping[str, Any], revealed: Revealed = NOTHING_REVEALED) -> dict[str, Any]:
    """Without what was left empty. Who says anything about how to reach them says anew what is safe, and when; who
    answers a question says anew what it asks more: a later no takes the words of the yes away."""
    found = {name: value for name, value in answers.items() if value}
    anew = [more for name, below in revealed.items() if name in found for more in below]
    if any(name in found for name in REACH):
        anew += ["safe_ways", "safe_when"]
    return found | {name: answers[name] for name in anew if name in answers}


def _keep_answers(person: Caregiver, answers: Mapping[str, Any], by: User | None, cohort: Cohort | None) -> None:
    if unknown := sorted(set(answers) - {*ANSWERS, CONTACTS}):
        raise ValueError(f"Nothing keeps {unknown}: add to ANSWERS what the form asks for.")
    changed = [name for name in ANSWERS if name in answers and getattr(person, name) != answers[name]]
    for name in changed:
        setattr(person, name, answers[name])
    person.save()
    if CONTACTS in answers and _other_contacts(person, answers[CONTACTS]):
        changed.append(CONTACTS)
    audit.record(by, audit.Verb.CHANGED, person, person=person, cohort=cohort, fields=changed)


def _other_contacts(person: Caregiver, contacts: Iterable[Mapping[str, str]]) -> bool:
    """Writes the emergency contacts where they differ from those we have."""
    wanted = [(one["name"], one["phone"], one.get("relation", "")) for one in contacts]
    rows = person.emergency_contacts.order_by("id")
    if [(row.name, row.phone, row.relation) for row in rows] == wanted:
        return False
    rows.delete()
    for name, phone, relation in wanted:
        EmergencyContact.objects.create(caregiver=person, name=name, phone=phone, relation=relation)
    return True
