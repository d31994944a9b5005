"""Whoever is shown a caregiver's name or contact leaves an entry in the audit trail.

Every address is opened as every role, and every form is sent as it comes, empty. The people of the group have names,
telephone numbers and addresses that stand nowhere else: where one is found in an answer, that request must have
written an entry about that person. A view says so by `audit.saw(request, people, …)`, beside what it shows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caregivers.consents import actions as consents
from caregivers.models import (
    Caregiver,
    Concern,
    ConsentKind,
    EmergencyContact,
    FollowUp,
    Information,
    KeptApart,
    Place,
    Referral,
    SlotAnswer,
)
from feedback.models import Suggestion
from ppg.access.permissions import Role
from ppg.audit_trail import audit
from ppg.models import AuditEntry
from programmes.models import Cohort
from sessions_app.models import RegisterMark, Session
from tests.factories import CaregiverFactory, PlaceFactory
from tests.guards.records import records_of
from tests.guards.test_permissions import TABLE, VIEWS, address, allowed, clients  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]

MADE_UP = {"gallery"}  # people who show how things look
OWN_TRANSACTION = {"confirm"}  # about one's own password: it cannot be undone here, and shows nobody

# What the buttons and short forms send: what they ask about.
PRESSED = {"seen": "unknown", "about": "plain", "to": "everybody", "text": "Hello"}
LETTERS = "bcdfghjklmnpqrstvwxz"


def word(number: int) -> str:
    """A word that stands on no page: 7 → "qbbkq"."""
    return "q" + "".join(LETTERS[number // 20**place % 20] for place in (2, 1, 0)) + "q"


def named(person: Caregiver) -> Caregiver:
    """With a name and ways to reach them by which a page can be searched."""
    marker = word(person.pk).capitalize()
    person.name, person.liked_name = f"{marker} Z{marker}", f"Y{marker}" if person.pk % 2 else ""
    person.email, person.phone = f"{marker}@example.org", f"07700 9{person.pk:05}"
    person.safe_ways, person.handouts_by = ["call", "email", "text"], "email"
    person.registered_at, person.registered_how = timezone.now(), "online"
    person.save()
    EmergencyContact.objects.create(caregiver=person, name=f"Xx{marker}", phone="07700 900001", relation="aunt")
    return person


def people_in_every_state(cohort: Cohort, records: dict[str, str]) -> list[Caregiver]:
    """Beside the one in the group: some who wait, have left, were offered a place, were only referred."""
    now, today = timezone.now(), timezone.localdate()
    inside = cohort.place_set.get(code=records["place"]).caregiver
    PlaceFactory(cohort=cohort, state="waiting", seat=None, waiting_since=now)
    PlaceFactory(cohort=cohort, state="left", seat=None, left_on=today)
    PlaceFactory(cohort=cohort, state="offered", seat=7, offered_until=now + timedelta(days=3))
    PlaceFactory(cohort=cohort)
    referred = CaregiverFactory(cohort=cohort, check_outcome="asked")
    Referral.objects.filter(caregiver=referred).update(contacted_on=today)
    KeptApart.objects.create(first=inside, second=referred, recorded_on=today)
    session = cohort.sessions.get(code=records["session"])
    for number, place in enumerate(Place.objects.filter(cohort=cohort)):
        told = {"made_at": now, "recorded_by": cohort.team.first().user, "key": f"mark {place.pk}"}
        RegisterMark.objects.create(session=session, place=place, state=["present", "not_here"][number % 2], **told)
        for slot in cohort.slots.all():
            SlotAnswer.objects.create(slot=slot, caregiver=place.caregiver, can="no", how="spoken", at=now)
    Suggestion.objects.filter(cohort=cohort).update(caregiver=inside)
    FollowUp.objects.filter(cohort=cohort).update(due_on=today)
    Session.objects.filter(pk=session.pk).update(starts_at=now - timedelta(hours=3))
    for kind in ConsentKind:
        consents.agree(caregiver=inside, kind=kind, how="spoken")
    return [named(person) for person in Caregiver.objects.all()]


def words_of(answer: Any) -> str:
    """What can be read in an answer, whatever it is: a page, a table, what a script asked for."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = html.unescape(content.decode("utf-8", "ignore"))
    return re.sub(r"\s|%20", "", text).lower()


def shown_in(answer: HttpResponse, people: Iterable[Caregiver]) -> set[str]:
    """The codes of those whose name or contact stands in it."""
    text = words_of(answer)
    return {one.code for one in people if word(one.pk) in text or f"77009{one.pk:05}" in text}


def subjects_of_restricted() -> dict[str, str]:
    """Code of a concern or an entry of the log → of whom it is about, whom no entry of the trail names."""
    return {row.code: row.subject for model in (Concern, Information) for row in model.objects.all()}


def unsaid(client: Client, ask: str, url: str, people: list[Caregiver], **more: object) -> set[str]:
    """Who was shown without an entry about them. Whatever the request did is undone."""
    cookies, subjects = copy(client.cookies), subjects_of_restricted()
    with transaction.atomic():
        last = AuditEntry.objects.order_by("id").last()
        answer = getattr(client, ask)(url, follow=True, **more)
        entries = AuditEntry.objects.filter(id__gt=last.id if last else 0)
        left = shown_in(answer, people) - set(entries.values_list("person", flat=True))
        left -= {subjects.get(code, "") for code in entries.values_list("ref", flat=True)}
        transaction.set_rollback(True)
    client.cookies = cookies  # one of the forms signs out everywhere
    return left


@pytest.fixture
def records(cohort, clients):  # noqa: F811
    return records_of(cohort)


@pytest.fixture
def people(cohort, records):
    return people_in_every_state(cohort, records)


def pages(role: str) -> list[str]:
    return [name for name in sorted(TABLE) if allowed(name, role) and name not in MADE_UP]


@pytest.mark.parametrize("role", Role)
def test_a_page_that_shows_somebody_says_so_in_the_trail(clients, records, people, role):  # noqa: F811
    silent = {
        name: len(left)
        for name in pages(role)
        if (left := unsaid(clients[role], "get", address(name, records), people))
    }
    assert not silent, f"Each shows so many people without an entry; call audit.saw(request, …) there: {silent}"


@pytest.mark.parametrize("sent", [{}, PRESSED], ids=["empty", "pressed"])
@pytest.mark.parametrize("role", Role)
def test_so_does_the_answer_to_a_form(clients, records, people, role, sent):  # noqa: F811
    silent = {
        name: len(left)
        for name in pages(role)
        if name not in OWN_TRANSACTION
        if (left := unsaid(clients[role], "post", address(name, records), people, data=sent))
    }
    assert clients[role].get(reverse("account")).status_code == 200  # signed in to the end
    assert not silent, f"Each answers with so many people without an entry; call audit.saw(request, …): {silent}"


def about_what_is_restricted(name: str) -> bool:
    return name.startswith(("caregivers:concern", "caregivers:information"))


@pytest.mark.parametrize("role", [Role.LEAD, Role.FACILITATOR, Role.SAFEGUARDING])
def test_no_page_about_concerns_leaves_what_an_administrator_can_search(clients, records, people, role):  # noqa: F811
    """That one was opened or written would say that there is one."""
    found = set()
    for name in filter(about_what_is_restricted, pages(role)):
        last = AuditEntry.objects.first()
        clients[role].get(address(name, records))
        new = AuditEntry.objects.filter(id__gt=last.id if last else 0)
        found |= {(name, kind) for kind in new.values_list("what", flat=True)}
    assert found
    assert {kind for _name, kind in found} <= set(audit.RESTRICTED), found
