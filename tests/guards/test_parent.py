"""The parent with lived experience sees the plan and first names, nothing else.

Every page that the role can open is asked twice: of a group of which next to nothing is known, and of the same group
with everything known of everybody. Nothing of that may stand on a page, and no number may have moved.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caregivers.concerns.actions import log_information, write_down
from caregivers.consents import actions as consents
from caregivers.follow_ups import actions as follow_ups
from caregivers.models import (
    Caregiver,
    EmergencyContact,
    FollowUp,
    KeptApart,
    Message,
    MessageCopy,
    Place,
    PoliceCheck,
    Referral,
)
from feedback.models import Suggestion
from ppg.access.marks import SIGNED_IN
from ppg.access.permissions import GRANTS, Role
from programmes.checklist import actions as checklist
from programmes.checklist.lines import lines
from programmes.support import actions as support
from programmes.team import actions as team
from sessions_app.calendar.actions import make_feed
from sessions_app.models import Adaptation, RegisterMark
from sessions_app.models.running import ItemRemark, LaterQuestion
from tests.factories import CaregiverFactory, PlaceFactory, SessionItemFactory, SpeakerFactory
from tests.guards.records import records_of
from tests.guards.test_permissions import NEW_EACH_TIME, TABLE, VIEWS
from tests.told import CHOSEN, WORDS

pytestmark = pytest.mark.django_db

HUSH = "hush"  # in everything that is not theirs to read
NOT_THE_GROUPS = {"gallery", "programmes:download"} | NEW_EACH_TIME  # made-up people who show how things look; a file

OPEN = sorted(
    name
    for name, (_kind, status) in TABLE.items()
    if status == 200
    and name not in NOT_THE_GROUPS
    and (VIEWS[name].access == SIGNED_IN or VIEWS[name].access in GRANTS[Role.PARENT])
)


def test_these_pages_and_no_others():
    """A page that is new here needs a thought about what it tells a parent who knows the people."""
    assert OPEN == [
        "account",
        "account_change_password",
        "account_name",
        "account_work_mail",
        "cohort",
        "confirm",
        "due",
        "evaluation:count_cards",
        "feedback:count",
        "feedback:slips",
        "feedback:your_part",
        "group_sessions",
        "group_settings",
        "home",
        "private_notes",
        "programmes:guide",
        "programmes:index",
        "programmes:print",
        "programmes:programme",
        "programmes:team",
        "programmes:versions",
        "recovery_codes",
        "sessions:calendar",
        "sessions:print",
        "sessions:room",
        "sessions:run",
        "sessions:run_state",
        "sessions:session",
    ]


def words_of(client: Client, address: str) -> str:
    """The page without what is new each time: tokens, keys, the clock."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.text
    for pattern in (
        r'name="csrfmiddlewaretoken" value="\w+"',
        r'name="(page_key|effect_key)" value="[\w-]+"',
        r'data-(key|page-key|token)="[\w-]+"',
        r"\b\d{10}\.\d+\b",
        r'version"?[=:] ?"[\d.]+"',  # how many presses and questions there were, to an evening they co-lead
        r"\d\d:\d\d:\d\d",
    ):
        text = re.sub(pattern, "", text)
    return text


def filled(person: Caregiver, name: str) -> Caregiver:
    """All that can be told about somebody, told."""
    for field, said in CHOSEN.items():
        setattr(person, field, said)
    for field in WORDS:
        setattr(person, field, f"{HUSH} {field}")
    person.name = name
    person.registered_at, person.registered_how = timezone.now(), "online"
    person.save()
    EmergencyContact.objects.create(caregiver=person, name=HUSH, phone=HUSH, relation=HUSH)
    PoliceCheck.objects.create(caregiver=person, outcome="concern", on=timezone.localdate())
    return person


def everything(cohort, session, lead, parent) -> None:
    """About those in the group, and about people who are not in it."""
    now, today = timezone.now(), timezone.localdate()
    place = cohort.place_set.get()
    inside = filled(place.caregiver, f"{place.caregiver.called} {HUSH}marsh")
    Place.objects.filter(pk=place.pk).update(why_first=HUSH)
    others = [filled(CaregiverFactory(cohort=cohort), f"{HUSH}name{n} {HUSH}") for n in range(4)]
    PlaceFactory(cohort=cohort, caregiver=others[0], state="waiting", seat=None, waiting_since=now)
    PlaceFactory(cohort=cohort, caregiver=others[1], state="left", seat=None, left_on=today)
    PlaceFactory(cohort=cohort, caregiver=others[2], state="offered", seat=7, offered_until=now + timedelta(days=3))
    Referral.objects.filter(cohort=cohort).update(contacted_on=today, contacted_by=lead, owner=lead)
    KeptApart.objects.create(first=inside, second=others[3], recorded_on=today)
    consents.withdraw(caregiver=inside, kind="evaluation", how="spoken", by=lead)
    call = follow_ups.offer(caregiver=inside, cohort=cohort, kind="call", owner=lead, by=lead)
    follow_ups.record_outcome(follow_up=call, outcome="not_reached", next_step=HUSH, by=lead)
    FollowUp.objects.update(next_step=HUSH)
    write_down(cohort=cohort, caregiver=inside, words=HUSH, on=today, by=lead)
    told = {"about": "person", "noticed": HUSH, "noticed_when": HUSH, "how_known": HUSH, "methods": ["travel"]}
    log_information(cohort=cohort, caregiver=inside, by=lead, **told)
    message = Message.objects.create(cohort=cohort, text=HUSH, sent_at=now, sent_by=lead)
    MessageCopy.objects.create(message=message, caregiver=inside, way="email", state="failed", tries=1, changed_at=now)
    Suggestion.objects.create(cohort=cohort, recap=session, text=HUSH, way="spoken", caregiver=inside, why=HUSH)
    about = {"at": now, "by": lead}
    Adaptation.objects.create(session=session, kind="agenda", why=HUSH, by_group=True, **about)
    ItemRemark.objects.create(item=session.items.first(), why=HUSH, by_group=True, **about)
    LaterQuestion.objects.create(session=session, text=HUSH, key=HUSH, **about)
    mark = {"session": session, "place": place, "made_at": now, "recorded_by": lead}
    RegisterMark.objects.create(state="not_here", key=HUSH, **mark)
    support.record(member=cohort.team.get(user=lead), kind="reflective", offered_on=today, not_wanted=True, by=lead)
    checklist.tick(cohort=cohort, line=lines["group-advertised"], done=True, by=lead)


@pytest.fixture
def pages(cohort, parent, browser_of):
    """Name → address, of every page that a parent can open."""
    records = records_of(cohort)
    session = cohort.sessions.get(code=records["session"])
    item = SessionItemFactory(session=session, title="A story from a parent")
    SpeakerFactory(item=item, name="Nadia Guest", contact=HUSH)  # who comes is in the plan, how to reach them is not
    found = {name: reverse(name, args=[records[part] for part in TABLE[name][0].split()]) for name in OPEN}
    return found | {"feed": reverse("calendar_feed", args=[make_feed(by=parent, effect_key="feed")])}


def test_nothing_that_is_known_of_anybody_reaches_a_page_of_theirs(pages, browser_of, lead, parent, cohort):
    client = browser_of(parent)
    session = cohort.sessions.get()
    before = {name: words_of(client, address) for name, address in pages.items()}
    everything(cohort, session, lead, parent)
    for name, address in pages.items():
        after = words_of(client, address)
        assert HUSH not in after.lower(), name
        assert after == before[name], name
    assert cohort.place_set.get(state="taken").caregiver.called in before["cohort"]


def test_what_is_hidden_from_them_is_there_for_the_lead(pages, browser_of, lead, parent, cohort):
    """Otherwise the test above would be proud of an empty group."""
    everything(cohort, cohort.sessions.get(), lead, parent)
    person = cohort.place_set.get(state="taken").caregiver
    assert browser_of(lead).get(reverse("caregivers:record", args=[person.code])).text.lower().count(HUSH) > 12
    assert HUSH in browser_of(lead).get(reverse("programmes:checklist", args=[cohort.code])).text
    assert HUSH in browser_of(lead).get(pages["sessions:run"]).text


def test_the_support_of_the_team_is_not_theirs_to_look_up(browser_of, parent, cohort, lead):
    """The group's pages tell nobody but the lead and the manager. Their own support stands on a page of their own."""
    for address in ("support", "support_add", "checklist"):
        assert browser_of(parent).get(reverse(f"programmes:{address}", args=[cohort.code])).status_code == 403


def test_who_has_left_the_team_sees_no_page_of_the_group(pages, browser_of, lead, parent, cohort):
    team.leave(cohort=cohort, user=parent, by=lead)
    client = browser_of(parent)
    of_the_group = [name for name in OPEN if set(TABLE[name][0].split()) & {"cohort", "session"}]
    assert len(of_the_group) == 10
    assert {name: client.get(pages[name]).status_code for name in of_the_group} == dict.fromkeys(of_the_group, 404)
    assert cohort.name not in client.get(pages["home"]).text
    assert b"BEGIN:VEVENT" not in client.get(pages["feed"]).content
