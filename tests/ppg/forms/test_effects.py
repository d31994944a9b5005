"""One press, one effect: the same key, from the same person, about the same thing, with the same words in it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Caregiver, PersonalLink
from ppg.access.refusals import Refused
from ppg.forms.effects import once, token_of_press, with_content
from ppg.models import Effect
from sessions_app.models import LaterQuestion, MarkState, RegisterMark
from sessions_app.register import actions as register
from sessions_app.running import actions as running
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory, SessionItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    return str(uuid4())


@pytest.fixture
def add(cohort, key):
    """`add(client, name)`: somebody is added on the page whose key this is."""

    def send(client, name, group=cohort):
        form = {"name": name, "source": "hub", "received_on": "2026-03-02", "effect_key": key}
        return client.post(reverse("caregivers:add", args=[group.code]), form)

    return send


def names() -> list[str]:
    return sorted(person.name for person in Caregiver.objects.all())


def test_the_same_form_sent_twice_adds_one_person(browser_of, lead, add):
    first, second = (add(browser_of(lead), "Rosa Marsh") for _ in range(2))
    assert first.url == second.url and names() == ["Rosa Marsh"]


def test_another_name_under_the_same_key_is_another_person(browser_of, lead, add):
    """Somebody came Back to the page and typed the next one."""
    first, second = add(browser_of(lead), "Rosa Marsh"), add(browser_of(lead), "Ines Roe")
    assert first.url != second.url and names() == ["Ines Roe", "Rosa Marsh"]


def test_somebody_elses_key_is_ones_own(browser_of, lead, facilitator, add):
    first, second = add(browser_of(lead), "Rosa Marsh"), add(browser_of(facilitator), "Rosa Marsh")
    assert first.url != second.url and names() == ["Rosa Marsh", "Rosa Marsh"]


def test_nor_does_a_key_of_another_group_lead_there(browser_of, lead, other_cohort, add):
    other_cohort.team.create(user=lead, job="lead")
    first, second = add(browser_of(lead), "Rosa Marsh"), add(browser_of(lead), "Rosa Marsh", other_cohort)
    assert first.url != second.url


def test_what_is_kept_of_a_press_can_be_read_by_nobody(browser_of, lead, key, add):
    add(browser_of(lead), "Rosa Marsh")
    (kept,) = Effect.objects.values_list("key", flat=True)
    assert re.fullmatch(r"[0-9a-f-]{36}", kept) and key != kept


def test_a_file_with_other_contents_is_another_press(key):
    def sent(content: bytes) -> str:
        return with_content(key, {}, {"list": SimpleUploadedFile("people.csv", content)})

    assert sent(b"Rosa") == sent(b"Rosa") != sent(b"Ines")


def test_what_is_new_each_time_a_page_is_opened_does_not_count(key):
    typed = [QueryDict(f"name=Rosa&csrfmiddlewaretoken={n}&opened_by={n}&effect_key={n}") for n in range(2)]
    assert with_content(key, typed[0]) == with_content(key, typed[1])
    assert with_content(key, QueryDict("way=a&way=b")) != with_content(key, QueryDict("way=b"))


def test_the_words_of_two_fields_are_not_run_together(key):
    assert with_content(key, {"a": "bc"}) != with_content(key, {"ab": "c"})


def test_a_press_that_was_refused_has_not_used_its_key_up(lead, key):
    def refuse() -> str:
        raise Refused("Not now.")

    with pytest.raises(Refused):
        once(key, refuse, by=lead, of="a trial")
    assert once(key, lambda: "done", by=lead, of="a trial") == "done"


def test_a_token_belongs_to_one_press_of_one_person(lead, facilitator, key):
    mine = token_of_press("link", key, by=lead)
    assert mine == token_of_press("link", key, by=lead) and len(mine) == 22
    assert mine not in (token_of_press("link", key, by=facilitator), token_of_press("link", key, by=None))


# --- Links, cards, ticks and steps have keys of their own ---------------------------------------------------


def test_somebody_elses_key_makes_another_link(browser_of, lead, facilitator, cohort, key):
    referral = CaregiverFactory(cohort=cohort).referrals.get()
    url = reverse("caregivers:invite", args=[referral.code])
    pages = [browser_of(user).post(url, {"effect_key": key}).text for user in (lead, lead, facilitator)]
    links = [re.search(r"/r/register/([\w-]+)/|/r/([\w-]{22})/", page)[0] for page in pages]
    assert links[0] == links[1] != links[2]
    assert PersonalLink.objects.live(timezone.now()).count() == 1


def test_who_sends_another_registration_by_a_used_link_is_not_thanked(stranger, cohort, key):
    person = CaregiverFactory(cohort=cohort)
    fields = {
        "caregiver": person,
        "cohort": cohort,
        "purpose": "register",
        "expires_at": timezone.now().replace(year=2999),
    }
    url = reverse("register", args=[PersonalLink.objects.issue(**fields)[1]])
    page = stranger.get(url).context["form"]
    versions = {name: page[name].value() for name in page.fields if name.startswith("version")}
    sheet = {"name": "Rosa Marsh", "effect_key": key, **versions}
    sheet |= {name: "no" for name in page.fields if name in ("evaluation", "quotes", "chat", "after")}
    first, again, other = (stranger.post(url, sheet | more) for more in ({}, {}, {"name": "Ines Roe"}))
    assert first.status_code == 302 and again.url == first.url
    assert other.status_code == 404 and "was not kept" in other.text


@pytest.fixture
def evening(cohort):
    session = SessionFactory(cohort=cohort, starts_at=timezone.now())
    places = [PlaceFactory(cohort=cohort, seat=seat, taken_on=session.day) for seat in (1, 2)]
    return session, places


def test_a_tick_under_somebody_elses_key_is_ones_own(evening, lead, facilitator, key):
    session, (first, second) = evening
    here = {"session": session, "state": MarkState.PRESENT, "key": key}
    one = register.mark(place=first, by=lead, **here)
    assert register.mark(place=first, by=lead, **here) == one
    other = register.mark(place=second, by=facilitator, **here)
    assert (other.place, other.recorded_by) == (second, facilitator)
    with pytest.raises(Refused, match="something else"):
        register.mark(place=second, by=lead, **here)


def test_a_tick_that_the_version_before_took_is_known_when_it_comes_again(evening, lead, key):
    session, (place, _other) = evening
    old = RegisterMark.objects.create(
        session=session, place=place, state="present", key=key, made_at=timezone.now(), recorded_by=lead
    )
    register.mark(session=session, place=place, state="open", key=str(uuid4()), by=lead)
    assert register.mark(session=session, place=place, state="present", key=key, by=lead) == old


def test_everyone_here_under_somebody_elses_key_ticks_all_the_same(evening, lead, facilitator, key):
    session, places = evening
    assert len(register.everyone_here(session=session, key=key, by=lead)) == 2
    for place in places:
        register.mark(session=session, place=place, state="open", key=str(uuid4()), by=lead)
    assert register.everyone_here(session=session, key=key, by=lead) == []  # the same press, undone since
    assert len(register.everyone_here(session=session, key=key, by=facilitator)) == 2


def test_another_question_under_the_same_key_is_noted_too(evening, lead, facilitator, key):
    session, _places = evening
    texts = [("What about school?", lead), ("What about school?", lead), ("And the police?", lead)]
    for text, by in [*texts, ("And the police?", facilitator)]:
        running.note_question(session=session, text=text, key=key, by=by)
    assert LaterQuestion.objects.count() == 3


def test_a_step_with_other_minutes_under_the_same_key_is_refused(evening, lead, facilitator, key):
    session, _places = evening
    for number in range(2):
        SessionItemFactory(session=session, title=f"Part {number}")
    running.step(session=session, kind="start", key=str(uuid4()), by=lead)
    more = {"session": session, "kind": "extend", "key": key}
    first = running.step(minutes=5, by=lead, **more).step
    assert running.step(minutes=5, by=lead, **more).step == first
    with pytest.raises(Refused, match="something else"):
        running.step(minutes=10, by=lead, **more)
    assert running.step(minutes=10, by=facilitator, **more).step != first
