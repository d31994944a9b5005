"""Concerns: written down in their words, read by three, closed by one, and somebody is reminded until then."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from caregivers.concerns import actions
from caregivers.concerns import jobs as concern_jobs
from caregivers.models import Concern, ConcernStep
from ppg.access.refusals import Refused
from ppg.models import AuditEntry, Effect, User
from ppg.sending.mail import NotSent
from programmes.models import TeamMember
from tests.factories import CaregiverFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = "He said the older boys wait outside for Kai"


@pytest.fixture
def rosa(cohort):
    return PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Rosa Marsh")).caregiver


@pytest.fixture
def concern(cohort, facilitator, rosa, now):
    step = actions.Step("done", "Rang the school", now)
    told = {"cohort": cohort, "caregiver": rosa, "words": WORDS, "on": timezone.localdate(now), "steps": [step]}
    return actions.write_down(**told, by=facilitator)


@pytest.fixture
def second_facilitator(cohort) -> User:
    user = UserFactory(name="Sid Second", role="facilitator")
    TeamMember.objects.create(cohort=cohort, user=user, job="facilitator")
    return user


def add_url(cohort):
    return reverse("caregivers:concern_add", args=[cohort.code])


def page_of(concern, page="concern"):
    return reverse(f"caregivers:{page}", args=[concern.code])


def filled(**answers):
    today = timezone.localdate().isoformat()
    return {"source": "said", "on": today, "words": WORDS, "danger": "no", "effect_key": str(uuid.uuid4()), **answers}


def text(answer) -> str:
    return " ".join(answer.text.split())


# --- Writing it down ---------------------------------------------------------------------------------------


def test_a_facilitator_writes_down_what_was_said_and_done_and_who_was_told(browser_of, facilitator, cohort, rosa):
    today = timezone.localdate().isoformat()
    form = filled(
        person=rosa.code, danger="yes", done="Rang the school", done_on=today, told="Jo at the hub", told_on=today
    )
    answer = browser_of(facilitator).post(add_url(cohort), form)
    concern = Concern.objects.get()
    assert answer.url == page_of(concern)
    assert (concern.words, concern.caregiver, concern.author, concern.danger) == (WORDS, rosa, facilitator, True)
    assert [(step.kind, step.text) for step in concern.steps.order_by("id")] == [
        ("done", "Rang the school"),
        ("told", "Jo at the hub"),
    ]


def test_sent_twice_it_is_there_once(browser_of, facilitator, cohort):
    browser, form = browser_of(facilitator), filled()
    first, second = browser.post(add_url(cohort), form), browser.post(add_url(cohort), form)
    assert first.url == second.url and Concern.objects.count() == 1


def test_what_was_typed_is_kept_and_what_is_wrong_is_said(browser_of, facilitator, cohort):
    answer = browser_of(facilitator).post(add_url(cohort), filled(on="", done="Rang them", done_on="", danger=""))
    assert answer.status_code == 422 and WORDS in answer.text and "Rang them" in answer.text
    assert "Say on which day you did it" in answer.text
    assert Concern.objects.count() == 0


def test_a_day_still_to_come_is_refused(browser_of, facilitator, cohort):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert browser_of(facilitator).post(add_url(cohort), filled(on=tomorrow)).status_code == 422


def test_999_stands_before_everything_else(browser_of, safeguarding, concern, cohort):
    for url in [
        add_url(cohort),
        page_of(concern),
        reverse("caregivers:concerns"),
        page_of(concern, "concern_close"),
        page_of(concern, "concern_readers"),
    ]:
        page = browser_of(safeguarding).get(url).text
        assert page.index("call 999") < page.index("<h1"), url


def test_the_record_of_a_person_chooses_them(browser_of, facilitator, cohort, rosa):
    page = browser_of(facilitator).get(add_url(cohort) + f"?person={rosa.code}").text
    assert f'value="{rosa.code}" selected' in page


def test_a_comment_has_no_name(browser_of, facilitator, cohort, rosa):
    """Nobody is to guess who wrote an anonymous comment: neither we nor the form names anybody."""
    page = browser_of(facilitator).get(add_url(cohort) + "?source=comment").text
    assert 'value="comment"' in page and f'value="{rosa.code}" selected' not in page
    answer = browser_of(facilitator).post(add_url(cohort), filled(source="comment", person=rosa.code))
    assert answer.status_code == 422 and "A comment has no name" in answer.text
    browser_of(facilitator).post(add_url(cohort), filled(source="comment"))
    assert Concern.objects.get().source == "comment"


def test_the_safeguarding_lead_writes_for_any_group_without_a_list_of_its_people(
    browser_of, safeguarding, cohort, rosa
):
    assert "Rosa" not in browser_of(safeguarding).get(add_url(cohort)).text
    browser_of(safeguarding).post(add_url(cohort), filled(person=rosa.code))
    assert Concern.objects.get().caregiver is None


def test_nobody_of_a_foreign_group_can_be_chosen(browser_of, facilitator, cohort, rosa, other_cohort):
    stranger = PlaceFactory(cohort=other_cohort).caregiver
    assert browser_of(facilitator).post(add_url(cohort), filled(person=stranger.code)).status_code == 422
    assert browser_of(facilitator).post(add_url(other_cohort), filled()).status_code == 404


def test_without_a_safeguarding_lead_the_author_is_told_so(browser_of, facilitator, cohort, concern):
    sentence = "There is no safeguarding lead"
    assert sentence in browser_of(facilitator).get(add_url(cohort)).text
    assert sentence in browser_of(facilitator).get(page_of(concern)).text
    gone = UserFactory(role="safeguarding", is_active=False)
    assert sentence in browser_of(facilitator).get(add_url(cohort)).text
    gone.is_active = True
    gone.save()
    assert sentence not in browser_of(facilitator).get(add_url(cohort)).text


# --- Reading -----------------------------------------------------------------------------------------------


def test_its_author_the_lead_and_the_safeguarding_lead_read_it(browser_of, facilitator, lead, safeguarding, concern):
    for user in (facilitator, lead, safeguarding):
        page = text(browser_of(user).get(page_of(concern)))
        assert WORDS in page and "Rang the school" in page and "Rosa Marsh" in page
        assert "Rosa" in browser_of(user).get(reverse("caregivers:concerns")).text


@pytest.mark.parametrize("role", ["second_facilitator", "manager", "administrator", "evaluator", "parent"])
@pytest.mark.parametrize("page", ["concern", "concern_close", "concern_reopen", "concern_readers", "concern_remove"])
def test_for_everybody_else_there_is_no_such_page(browser_of, request, concern, role, page):
    browser = browser_of(request.getfixturevalue(role))
    there, made_up = page_of(concern, page), reverse(f"caregivers:{page}", args=["A" * 22])
    assert browser.get(there).status_code == browser.get(made_up).status_code == 404
    assert browser.post(there, filled()).status_code == 404


def test_the_list_of_a_facilitator_holds_their_own_only(browser_of, second_facilitator, concern):
    page = browser_of(second_facilitator).get(reverse("caregivers:concerns")).text
    assert "Nothing is written down that you may read" in page and "Rosa" not in page


def test_a_lead_who_left_the_team_reads_nothing_from_the_next_request_on(browser_of, lead, concern):
    browser = browser_of(lead)
    assert browser.get(page_of(concern)).status_code == 200
    TeamMember.objects.filter(user=lead).update(left_on=timezone.localdate())
    assert browser.get(page_of(concern)).status_code == 404
    assert "Rosa" not in browser.get(reverse("caregivers:concerns")).text


def test_a_lead_of_another_group_reads_nothing(browser_of, other_cohort, concern):
    other = UserFactory(role="lead")
    TeamMember.objects.create(cohort=other_cohort, user=other, job="lead")
    assert browser_of(other).get(page_of(concern)).status_code == 404


def test_each_reading_is_in_the_trail_the_list_too_and_only_its_readers_see_that(
    browser_of, lead, safeguarding, administrator, concern
):
    browser_of(lead).get(page_of(concern))
    browser_of(lead).get(reverse("caregivers:concerns"))
    seen = AuditEntry.objects.filter(what="concern", verb="saw", user=lead, ref=concern.code)
    assert [(entry.fields, entry.person) for entry in seen.order_by("id")] == [([], ""), (["list"], "")]
    readers = browser_of(safeguarding).get(page_of(concern, "concern_readers")).text
    assert "Lena Lead" in readers and "saw" in readers
    for about in ("", concern.code):
        trail = browser_of(administrator).get(reverse("audit"), {"about": about} if about else {}).text
        assert "saw concern" not in trail and "created concern" not in trail
    assert browser_of(lead).get(page_of(concern, "concern_readers")).status_code == 404


def test_the_list_is_filtered_by_state_and_group(browser_of, safeguarding, concern, other_cohort, other_facilitator):
    told = {"words": "x", "on": timezone.localdate(), "by": other_facilitator}
    other = actions.write_down(cohort=other_cohort, **told)
    actions.close(thing=other, by=safeguarding, text="Over")

    def shown(**wanted):
        page = browser_of(safeguarding).get(reverse("caregivers:concerns"), wanted).text
        return [one for one in (concern, other) if one.code in page]

    assert shown() == [concern]
    assert shown(state="closed") == [other]
    assert shown(state="all") == [concern, other]
    assert shown(state="all", group=other_cohort.code) == [other]
    assert browser_of(safeguarding).get(reverse("caregivers:concerns"), {"state": "x"}).status_code == 422


def test_the_lists_lead_to_writing_one_down_where_one_may(browser_of, safeguarding, facilitator, cohort, other_cohort):
    for name, add in (("concerns", "concern_add"), ("information_list", "information_add")):
        own, foreign = (f'href="{reverse(f"caregivers:{add}", args=[one.code])}"' for one in (cohort, other_cohort))
        page = browser_of(facilitator).get(reverse(f"caregivers:{name}")).text
        assert own in page and foreign not in page
        page = browser_of(safeguarding).get(reverse(f"caregivers:{name}")).text
        assert own in page and foreign in page


# --- Adding, closing, opening again -------------------------------------------------------------------------


def step(**answers):
    return {
        "kind": "told",
        "text": "Told Jo",
        "on": timezone.localdate().isoformat(),
        "effect_key": str(uuid.uuid4()),
        **answers,
    }


def test_a_step_is_added_once_and_stands_in_the_order_of_time(browser_of, lead, concern):
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    browser, form = browser_of(lead), step(text="Said it to the hub", on=yesterday, time="10am")
    for _ in range(2):
        assert browser.post(page_of(concern), form).url == page_of(concern)
    page = browser.get(page_of(concern)).text
    assert concern.steps.count() == 2
    assert page.index("Said it to the hub") < page.index("Rang the school") and ", 10am" in page


def test_a_step_without_words_is_not_added_and_the_rest_is_kept(browser_of, lead, concern):
    answer = browser_of(lead).post(page_of(concern), step(text=""))
    assert answer.status_code == 422 and concern.steps.count() == 1


def test_only_the_safeguarding_lead_closes_and_says_how_it_ended(browser_of, lead, safeguarding, concern):
    assert browser_of(lead).post(page_of(concern, "concern_close"), {"text": "Over"}).status_code == 404
    assert "Close this concern" not in browser_of(lead).get(page_of(concern)).text
    empty = browser_of(safeguarding).post(page_of(concern, "concern_close"), {"text": ""})
    assert empty.status_code == 422 and Concern.objects.get().is_open
    for _ in range(2):
        browser_of(safeguarding).post(page_of(concern, "concern_close"), {"text": "The school looks after Kai"})
    held = Concern.objects.get()
    assert held.closed_by == safeguarding
    assert [one.text for one in held.steps.filter(kind="closed")] == ["The school looks after Kai"]
    assert "Closed" in text(browser_of(lead).get(page_of(concern)))


def test_what_is_closed_takes_no_more_steps_until_it_is_opened_again(browser_of, lead, safeguarding, concern):
    actions.close(thing=concern, by=safeguarding, text="Over")
    answer = browser_of(lead).post(page_of(concern), step(text="He rang me again"))
    assert answer.status_code == 409 and "He rang me again" in answer.text
    browser_of(safeguarding).post(page_of(concern, "concern_reopen"), {"text": "There is more"})
    assert browser_of(lead).post(page_of(concern), step()).status_code == 302
    assert [one.kind for one in concern.steps.order_by("id")] == ["done", "closed", "reopened", "told"]


# --- Reminders ---------------------------------------------------------------------------------------------


def test_the_safeguarding_lead_hears_at_once_and_the_message_names_nobody(
    browser_of, facilitator, safeguarding, cohort, rosa, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        browser_of(facilitator).post(add_url(cohort), filled(person=rosa.code))
    message = mail.outbox[0]
    assert (len(mail.outbox), message.to, message.subject) == (1, [safeguarding.email], "Something waits for you")
    assert "http://testserver/" in message.body
    told = message.subject + message.body
    for word in ("Rosa", "Kai", "Ipswich", "concern", "safeguarding", Concern.objects.get().code):
        assert word not in told


def test_then_every_three_days_until_it_is_closed(safeguarding, concern, now):
    def sent(at: datetime) -> int:
        mail.outbox.clear()
        concern_jobs.remind_due(at)
        return len(mail.outbox)

    assert sent(now) == 1 and sent(now + timedelta(minutes=1)) == 0
    assert sent(now + timedelta(days=2, hours=23)) == 0
    assert sent(now + timedelta(days=3)) == 1
    actions.close(thing=concern, by=safeguarding, text="Over")
    assert sent(now + timedelta(days=9)) == 0
    actions.reopen(thing=concern, by=safeguarding, text="More")
    assert sent(now + timedelta(days=9)) == 1


def test_one_message_however_much_waits(safeguarding, concern, cohort, lead, now):
    actions.write_down(cohort=cohort, words="x", on=timezone.localdate(), by=lead)
    concern_jobs.remind_due(now + timedelta(hours=1))
    assert len(mail.outbox) == 1


def test_without_a_safeguarding_lead_the_lead_of_the_group_hears(concern, lead, other_cohort, now):
    UserFactory(role="safeguarding", is_active=False)
    concern_jobs.remind_due(now)
    assert [message.to for message in mail.outbox] == [[lead.email]]


def test_while_mail_cannot_be_sent_it_is_tried_again(safeguarding, concern, monkeypatch, now):
    def fails(**letter):
        raise NotSent(later=True)

    with monkeypatch.context() as patched:
        patched.setattr(concern_jobs.mail, "send", fails)
        concern_jobs.remind_due(now)
    concern_jobs.remind_due(now + timedelta(minutes=1))
    assert len(mail.outbox) == 1


# --- Kept, and then gone -----------------------------------------------------------------------------------


def test_the_words_are_not_readable_in_the_database(concern, safeguarding):
    actions.close(thing=concern, by=safeguarding, text="The school looks after Kai")
    dump = ""
    with connection.cursor() as cursor:
        for model in (Concern, ConcernStep, AuditEntry, Effect):
            cursor.execute(str(model.objects.all().query))
            dump += str(cursor.fetchall())
    for word in ("Kai", "older boys", "Rang the school", "looks after"):
        assert word not in dump


def test_it_stays_when_the_person_goes(concern, rosa, browser_of, safeguarding):
    rosa.places.all().delete()
    rosa.referrals.all().delete()
    rosa.delete()
    page = text(browser_of(safeguarding).get(page_of(concern)))
    assert WORDS in page and "nobody named" in page


def test_it_is_kept_six_years_after_closing(browser_of, safeguarding, concern):
    browser, url = browser_of(safeguarding), page_of(concern, "concern_remove")
    assert browser.get(url).status_code == 409
    closed = timezone.now() - timedelta(days=6 * 366)
    actions.close(thing=concern, by=safeguarding, text="Over", at=closed)
    assert actions.remove(things=[concern], by=safeguarding, at=closed + timedelta(days=6 * 365)) == 0
    assert "for good" in browser.get(url).text
    browser.post(url)
    assert Concern.objects.count() == 0
    assert AuditEntry.objects.filter(what="concern", ref=concern.code, fields=["removed"]).exists()


def test_what_is_open_is_never_removed(concern, safeguarding, now):
    assert actions.remove(things=[concern], by=safeguarding, at=now + timedelta(days=9999)) == 0
    assert Concern.objects.count() == 1


def test_a_closed_one_refuses_steps_from_anywhere(concern, safeguarding, lead):
    actions.close(thing=concern, by=safeguarding, text="Over")
    with pytest.raises(Refused, match="closed meanwhile"):
        actions.add_step(concern=concern, kind="note", text="x", by=lead)
