"""After the programme: the final form, and who may see what its page leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.asking import actions as asking
from feedback.asking import jobs as asking_jobs
from feedback.models import Form
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.factories import SessionFactory
from tests.feedback.asking.test_session import body
from tests.feedback.factories import answered, closed, counted_out, drawn, opened_form, printed, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def last(cohort):
    """The last session was an hour ago."""
    return SessionFactory(cohort=cohort, number=6, starts_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def form(cohort, last) -> Form:
    return asking.open_final_form(cohort=cohort, by=None)


def page(name, *codes):
    return reverse(f"feedback:{name}", args=codes)


def test_it_opens_from_the_last_session_on_and_not_before(browser_of, lead, cohort, last):
    later = SessionFactory(cohort=cohort, number=7, starts_at=timezone.now() + timedelta(days=7))
    browser = browser_of(lead)
    with pytest.raises(Refused, match="on the day of the last session"):
        asking.open_final_form(cohort=cohort, by=lead)
    assert "on the day of the last session" in browser.get(page("after", cohort.code)).text
    assert browser.post(page("after_open", cohort.code)).status_code == 409
    later.cancelled_at = timezone.now()
    later.save()
    assert browser.post(page("after_open", cohort.code)).status_code == 302
    assert Form.objects.final().count() == 1


def test_it_is_opened_once_and_closes_by_itself_after_four_weeks(cohort, last):
    now = timezone.now()
    form = asking.open_final_form(cohort=cohort, by=None, at=now)
    assert asking.open_final_form(cohort=cohort, by=None) == form
    assert form.closes_at == now + timedelta(weeks=4)
    answered(form, {"whole": 4}, {"whole": 4}, {"whole": 3}, {"whole": 2}, {"whole": 0})
    assert asking_jobs.close_due_forms(now + timedelta(days=27)) == 0
    assert asking_jobs.close_due_forms(now + timedelta(days=28)) == 1
    form = counted_out(form)
    assert form.opened_with == form and form.submissions.count() == 5


def test_a_moved_session_does_not_move_its_end(form, cohort):
    before = form.closes_at
    asking.dates_moved(cohort, timezone.now())
    form.refresh_from_db()
    assert form.closes_at == before


def test_everybody_answers_by_one_link_and_a_slip(client, form):
    shown = client.get(url_of(form)).text
    assert "How was the whole programme for you?" in shown
    sent = client.post(
        url_of(form) + "?send", {"slip": drawn(form), "q-whole": "4", "q-changed": ["0", "2"], "q-best": "Tea"}
    )
    assert sent.status_code == 302 and form.sealed.count() == 1


def test_while_it_is_open_the_page_is_the_same_with_none_and_with_eight(browser_of, lead, cohort, form):
    browser, _sheet = browser_of(lead), printed(form)
    before = body(browser.get(page("after", cohort.code)))
    answered(form, *[{"whole": 1, "best": "Secret"}] * 8)
    assert body(browser.get(page("after", cohort.code))) == before
    assert f"http://testserver{url_of(form)}" in before


def test_closed_with_four_the_pages_are_the_same_as_with_none(browser_of, lead, cohort, form):
    browser = browser_of(lead)
    answered(form, *[{"whole": 1, "best": "Secret"}] * 4)
    closed(form)
    pages = [
        page("after", cohort.code),
        page("comments", cohort.code),
        reverse("programmes:checklist", args=[cohort.code]),
    ]
    browser.get(pages[0])  # the message that it has closed
    with_four = [body(browser.get(url)) for url in pages]
    form.sealed.all().delete()
    assert [body(browser.get(url)) for url in pages] == with_four
    assert "Secret" not in "".join(with_four) and "stay sealed" in with_four[0]


def test_closed_with_five_everything_is_there_at_once(browser_of, lead, cohort, form):
    answered(form, *[{"whole": 4, "changed": [0, 2], "best": "<b>Tea</b>"}] * 5)
    browser = browser_of(lead)
    assert browser.post(page("after_close", cohort.code)).url == page("after", cohort.code)
    closed(form)
    shown = body(browser.get(page("after", cohort.code)))
    assert "5 people answered." in shown and "I feel less alone" in shown and "&lt;b&gt;Tea&lt;/b&gt;" in shown
    assert AuditEntry.objects.filter(verb="saw", what="form").exists()


def test_sealed_session_answers_do_not_open_with_it(cohort, form):
    waiting = opened_form(cohort, number=9)
    answered(waiting, 3)
    closed(waiting)
    answered(form, *[{"whole": 4}] * 3)
    closed(form)
    assert not Form.objects.exclude(opened_with=None).exists()


def test_the_poster_says_nothing_about_the_group(browser_of, lead, cohort, form):
    shown = body(browser_of(lead).get(page("after_poster", cohort.code)))
    assert f"http://testserver{url_of(form)}" in shown and "three minutes" in shown
    assert cohort.name not in shown
    closed(form, by=lead)
    assert browser_of(lead).get(page("after_poster", cohort.code)).status_code == 404


# --- Who may ----------------------------------------------------------------------------------------------

GET = ["after", "after_poster", "focus_group_add", "comments", "quotes"]


@pytest.mark.parametrize("name", [*GET, "after_open", "after_close"])
def test_who_may(browser_of, stranger, other_facilitator, parent, manager, cohort, form, name):
    url, verb = page(name, cohort.code), "get" if name in GET else "post"
    assert getattr(stranger, verb)(url).url.startswith(reverse("account_login"))
    assert getattr(browser_of(other_facilitator), verb)(url).status_code == 404
    for user in (parent, manager):
        assert getattr(browser_of(user), verb)(url).status_code == 403


@pytest.mark.parametrize("name", ["after", "after_open", "after_close", "comments", "quotes"])
def test_wrong_verb(browser_of, lead, cohort, form, name):
    wrong = "post" if name in GET else "get"
    assert getattr(browser_of(lead), wrong)(page(name, cohort.code)).status_code == 405
