"""Speakers from services: whom we ask, who has confirmed, and who may know how to reach them."""

from __future__ import annotations

from datetime import date, time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from ppg.models import AuditEntry
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.models import Adaptation, Speaker
from sessions_app.planning.changes import sentences
from sessions_app.setting_up.actions import set_up
from sessions_app.speakers import actions
from tests.factories import SessionItemFactory, SpeakerFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def session(lead, facilitator, parent):
    """Session 4: four services speak, in two of its items."""
    group = set_up(
        programme=load_shipped()[0],
        name="Ipswich, October 2026",
        area="Ipswich",
        days=weekly(date(2026, 10, 6), 6),
        at=time(18),
        places=8,
        by=lead,
        team=[facilitator, parent],
    )
    return group.sessions.get(number=4)


@pytest.fixture
def police(session):
    return Speaker.objects.get(item__session=session, service="Police")


def url(name, session, *speaker):
    return reverse(f"sessions:{name}", args=[session.code, *(one.code for one in speaker)])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def services(session) -> list[str]:
    return list(Speaker.objects.filter(item__session=session).values_list("service", flat=True))


def test_a_new_group_has_a_row_for_each_service_its_guides_name(session):
    assert services(session) == ["Education", "Police", "Social care", "Youth justice"]
    named = [item.speakers for item in session.items.all() if item.speakers]
    assert named == [["Education", "Police"], ["Social care", "Youth justice"]]


def test_groups_from_before_get_theirs_by_the_migration(session, cohort):
    item = SessionItemFactory(session__cohort=cohort, speakers=["Police", "A school"])
    bare = SessionItemFactory(session=item.session, speakers=[])
    migration = import_module("sessions_app.migrations.0004_speakers")
    for _ in range(2):  # nobody who has a row already gets a second one
        migration.name_them(apps, None)
    assert [guest.service for guest in item.guests.all()] == ["Police", "A school"]
    assert not bare.guests.exists() and len(services(session)) == 4
    assert len({guest.code for guest in Speaker.objects.all()}) == 6


def test_how_to_reach_somebody_is_encrypted(police, facilitator):
    actions.change_speaker(speaker=police, contact="sam@police.example", by=facilitator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM sessions_app_speaker WHERE id = %s", [police.pk])
        stored = cursor.fetchone()[0]
    assert stored and "police.example" not in stored
    assert Speaker.objects.get(pk=police.pk).contact == "sam@police.example"
    entry = AuditEntry.objects.get(what="speaker")
    assert (entry.ref, entry.fields, entry.cohort) == (police.code, ["contact"], police.item.session.cohort.code)
    actions.change_speaker(speaker=police, contact="sam@police.example", by=facilitator)
    assert AuditEntry.objects.filter(what="speaker").count() == 1  # nothing changed, nothing told


def test_asked_and_confirmed_on_the_page(browser_of, facilitator, session, police):
    client = browser_of(facilitator)
    typed = {"name": "Sam Jones", "organisation": "Suffolk Constabulary", "contact": "01632 960111"}
    typed |= {"asked_on": TODAY() - timedelta(days=3)}
    page = text(client.post(url("speaker", session, police), typed, follow=True))
    assert "0 of 4" in page and "Asked" in page and "Sam Jones, Suffolk Constabulary" in page and "01632 960111" in page
    typed |= {"confirmed_on": TODAY()}
    for _ in range(2):
        answer = client.post(url("speaker", session, police), typed)
        assert answer.headers["Location"] == url("plan", session) + "#speakers"
    assert "1 of 4" in text(client.get(url("plan", session)))
    assert 'value="Sam Jones"' in text(client.get(url("speaker", session, police)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"confirmed_on": "2026-10-01"}, "must be the day they confirmed, or before it"),
        ({"confirmed_on": "2026-10-01", "asked_on": "2026-10-02"}, "must be the day they confirmed, or before it"),
        ({"asked_on": "2099-01-01"}, "or earlier"),
        ({"contact": "x" * 201}, "can have up to 200"),
        ({"asked_on_day": "1", "asked_on_month": "", "asked_on_year": "2026"}, "must include a month"),
    ],
)
def test_what_was_typed_stays_when_it_is_wrong(browser_of, facilitator, session, police, typed, sentence):
    answer = browser_of(facilitator).post(url("speaker", session, police), {"name": "Sam Jones"} | typed)
    assert answer.status_code == 422 and sentence in text(answer) and 'value="Sam Jones"' in text(answer)
    police.refresh_from_db()
    assert (police.name, police.asked_on) == ("", None)


def test_one_more_speaker_is_added_once_with_the_reason(browser_of, facilitator, session, police):
    client = browser_of(facilitator)
    typed = {"item": police.item.code, "service": "Housing", "name": "Hana Ali", "why": "They asked about moving"}
    typed |= {"by_group": "on", "effect_key": "0b6a3f3e-7a39-4a4c-9a0e-0d6a1b2c3d4e"}
    for _ in range(2):
        page = text(client.post(url("add_speaker", session), typed, follow=True))
    assert services(session)[-1] == "Housing" and len(services(session)) == 5 and "0 of 5" in page
    kept = Adaptation.objects.get()
    assert (kept.why, kept.by_group, kept.item) == ("They asked about moving", True, police.item)
    assert sentences(kept)[0].endswith(": Housing asked to speak")
    assert session.items.get(pk=police.item_id).speakers[-1] == "Housing"
    for wrong in ({"why": ""}, {"item": SessionItemFactory().code}, {"service": ""}):
        answer = client.post(url("add_speaker", session), typed | {"effect_key": ""} | wrong)
        assert answer.status_code == 422 and "Hana Ali" in text(answer)
    assert len(services(session)) == 5


def test_who_comes_from_a_service_that_is_on_the_plan_takes_its_empty_slot(browser_of, facilitator, session, police):
    client = browser_of(facilitator)
    typed = {"item": police.item.code, "service": "police ", "name": "Sam Jones", "why": "They said yes"}
    client.post(url("add_speaker", session), typed | {"effect_key": "0b6a3f3e-7a39-4a4c-9a0e-0d6a1b2c3d4e"})
    police.refresh_from_db()
    assert police.name == "Sam Jones" and len(services(session)) == 4
    assert AuditEntry.objects.filter(what="speaker", ref=police.code, fields=["name"]).exists()
    client.post(url("add_speaker", session), typed | {"name": "Lee Ford", "effect_key": "another"})
    assert services(session).count("police") == 1 and len(services(session)) == 5, "the slot is taken: one more"


def test_one_more_without_a_name_is_one_more(facilitator, session, police):
    actions.add_speaker(item=police.item, service="Police", why="Two of them", by=facilitator)
    assert services(session).count("Police") == 2


def test_a_slot_in_another_item_stays_empty(facilitator, session, police):
    other = session.items.exclude(pk=police.item_id).first()
    actions.add_speaker(item=other, service="Police", name="Sam Jones", why="Here as well", by=facilitator)
    police.refresh_from_db()
    assert police.name == ""


def test_a_speaker_is_taken_off_the_plan(browser_of, facilitator, session, police):
    client, page = browser_of(facilitator), url("remove_speaker", session, police)
    assert "Take Police off the plan" in text(client.get(page))
    assert client.post(page, {"why": ""}).status_code == 422
    for _ in range(2):  # the second press finds it done
        assert client.post(page, {"why": "The group would rather not"}).status_code == 302
    assert services(session) == ["Education", "Social care", "Youth justice"]
    assert session.items.get(pk=police.item_id).speakers == ["Education"]
    kept = Adaptation.objects.get()
    assert sentences(kept)[0].endswith(": Police no longer asked to speak")


def test_the_parent_sees_service_and_name_and_nothing_else(browser_of, facilitator, parent, session, police):
    actions.change_speaker(
        speaker=police, name="Sam Jones", organisation="Constabulary", contact="01632 960111", by=facilitator
    )
    for name in ("session", "print"):
        page = text(browser_of(parent).get(url(name, session)))
        assert "Speakers: Education, Police (Sam Jones)" in page and "Speakers: Social care, Youth justice" in page
        assert "01632" not in page and "Constabulary" not in page
    for page in (url("speaker", session, police), url("remove_speaker", session, police), url("plan", session)):
        assert browser_of(parent).get(page).status_code == 403
        assert browser_of(parent).post(page, {"why": "x"}).status_code == 403
    assert not Speaker.objects.visible_to(parent).exists()


def test_another_groups_speaker_is_not_found(browser_of, facilitator, other_facilitator, session, police, cohort):
    foreign = SpeakerFactory(item__session__cohort=other_facilitator.teams.get().cohort)
    client = browser_of(facilitator)
    assert client.get(url("speaker", session, foreign)).status_code == 404
    assert client.get(url("speaker", foreign.item.session, foreign)).status_code == 404
    assert client.post(url("remove_speaker", session, foreign), {"why": "x"}).status_code == 302  # as if it were gone
    assert Speaker.objects.filter(pk=foreign.pk).exists()
    for name in ("speaker", "remove_speaker"):
        assert browser_of(other_facilitator).post(url(name, session, police), {"why": "x"}).status_code == 404
    assert Speaker.objects.filter(pk=police.pk, name="").exists()


def test_a_session_without_an_agenda_says_what_to_do_first(browser_of, facilitator, session):
    session.items.all().delete()
    page = text(browser_of(facilitator).get(url("add_speaker", session)))
    assert "Add a part to it first" in page and "Why?" not in page
