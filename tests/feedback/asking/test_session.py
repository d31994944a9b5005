"""The team's page: nothing before closing, everything at once after."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.asking import actions as asking
from feedback.models import Form, Submission
from ppg.models import AuditEntry
from tests.factories import SessionFactory
from tests.feedback.factories import answered, closed, opened_form, printed, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=2, title="Spotting the signs")


@pytest.fixture
def url(session):
    return reverse("feedback:session", args=[session.code])


@pytest.fixture
def form(session) -> Form:
    form = asking.open_form(session=session, by=None)
    printed(form)
    return form


def body(page) -> str:
    """The page's text without what differs from one request to the next."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())


def counts(page: str, question: str) -> list[int]:
    table = page.split(question)[1].split("</table>")[0]
    return [int(count) for count in re.findall(r'<td class="num">(\d+)</td>', table)]


def test_a_form_is_opened_shown_and_closed_by_two(browser_of, facilitator, lead, session, url):
    browser = browser_of(facilitator)
    assert "Open the form" in body(browser.get(url))
    assert browser.post(reverse("feedback:open", args=[session.code])).url == url
    page = body(browser.get(url))
    form = Form.objects.get()
    assert f"http://testserver{url_of(form)}" in page and "<svg" in page
    assert browser.post(reverse("feedback:close", args=[session.code])).url == url
    assert "You have asked to close the form" in body(browser.get(url))
    assert "Femi Facilitator has asked to close the form" in body(browser_of(lead).get(url))
    close = reverse("feedback:close_early", args=[form.code])
    assert browser_of(lead).post(close, {"was_not_there": "on"}).url == url
    assert "Closed" in body(browser.get(url))
    steps = [(entry.user.name, entry.verb, entry.fields) for entry in AuditEntry.objects.filter(what="form")]
    assert steps == [
        ("Lena Lead", "changed", ["closed_at"]),
        ("Femi Facilitator", "changed", ["asked_to_close_by"]),
        ("Femi Facilitator", "created", []),
    ]


def test_pressing_twice_changes_nothing_more(browser_of, lead, session):
    browser = browser_of(lead)
    for name in ("open", "open", "close", "close"):
        assert browser.post(reverse(f"feedback:{name}", args=[session.code])).status_code == 302
    assert Form.objects.count() == 1 and AuditEntry.objects.filter(what="form").count() == 2


def test_while_it_is_open_the_page_is_the_same_with_none_and_with_eight(browser_of, lead, form, url):
    browser = browser_of(lead)
    before = body(browser.get(url))
    answered(form, 8)
    assert body(browser.get(url)) == before


def test_closed_with_four_the_page_is_the_same_as_with_none(browser_of, lead, session, url, other_cohort):
    browser = browser_of(lead)
    form = asking.open_form(session=session, by=None)
    answered(form, {"today": 0, "different": "Secret"}, 3)
    closed(form, by=lead)
    with_four = body(browser.get(url))
    Form.objects.get().sealed.all().delete()
    assert body(browser.get(url)) == with_four
    assert "Secret" not in with_four and "stay sealed" in with_four


def test_closed_with_five_everything_is_there_at_once(browser_of, lead, form, url):
    answered(form, {"today": 4, "different": "<b>More</b> tea"}, {"today": 3}, {"time": 2}, *[{"today": 4}] * 3)
    closed(form, by=lead)
    page = body(browser_of(lead).get(url))
    assert "6 people answered." in page and "5 answered" in page
    assert counts(page, "How was today for you?") == [0, 0, 0, 1, 4]
    assert page.count("Fewer than 5 people answered this question") == 3, "nor is it told by how many"
    assert "&lt;b&gt;More&lt;/b&gt; tea" in page and "<b>More" not in page


def test_reading_the_results_is_in_the_audit_trail_and_nothing_else_is(browser_of, facilitator, form, url):
    browser = browser_of(facilitator)
    browser.get(url)
    answered(form, 5)
    assert not AuditEntry.objects.filter(verb="saw").exists()
    closed(form)
    browser.get(url)
    entry = AuditEntry.objects.get(verb="saw")
    assert (entry.user, entry.what, entry.ref) == (facilitator, "form", form.code)


def test_sessions_opened_together_say_so_on_each_of_their_pages(browser_of, lead, cohort):
    forms = [opened_form(cohort, number=number) for number in (2, 3)]
    for form, answers in zip(forms, (4, 3), strict=True):
        answered(form, answers)
        closed(form, by=lead)
    for form in forms:
        page = body(browser_of(lead).get(reverse("feedback:session", args=[form.session.code])))
        assert "Sessions 2 and 3 together" in page and "7 people answered." in page


def test_too_few_after_the_last_session_is_said(browser_of, lead, form, url, cohort):
    answered(form, 2)
    closed(form, by=lead)
    assert "no session follows" in body(browser_of(lead).get(url))
    SessionFactory(cohort=cohort, number=3, starts_at=timezone.now() + timedelta(days=9))
    assert "together with those of the next session" in body(browser_of(lead).get(url))


def test_past_its_time_the_page_says_so_and_writes_nothing(browser_of, lead, form, url):
    answered(form, 5)
    Form.objects.update(closes_at=timezone.now())
    assert "The time for answers is over" in body(browser_of(lead).get(url))
    assert not Submission.objects.exists()


def test_the_poster_names_neither_group_nor_topic(browser_of, lead, form, session):
    page = body(browser_of(lead).get(reverse("feedback:poster", args=[session.code])))
    assert f"http://testserver{url_of(form)}" in page and "<svg" in page
    for word in (session.title, session.cohort.name, "parent", "session 2"):
        assert word.lower() not in page.lower()


def test_no_poster_without_an_open_form(browser_of, lead, session):
    url = reverse("feedback:poster", args=[session.code])
    assert browser_of(lead).get(url).status_code == 404
    closed(asking.open_form(session=session, by=None))
    assert browser_of(lead).get(url).status_code == 404


PAGES = [("session", "get"), ("poster", "get"), ("open", "post"), ("close", "post")]


@pytest.mark.parametrize(("name", "verb"), PAGES)
def test_who_may(browser_of, stranger, other_facilitator, parent, manager, safeguarding, form, session, name, verb):
    url = reverse(f"feedback:{name}", args=[session.code])
    assert getattr(stranger, verb)(url).url.startswith(reverse("account_login"))
    assert getattr(browser_of(other_facilitator), verb)(url).status_code == 404
    for user in (parent, manager, safeguarding):
        assert getattr(browser_of(user), verb)(url).status_code == 403
    assert Form.objects.get().closed_at is None


@pytest.mark.parametrize(("name", "verb"), PAGES)
def test_wrong_verb(browser_of, lead, form, session, name, verb):
    wrong = "get" if verb == "post" else "post"
    assert getattr(browser_of(lead), wrong)(reverse(f"feedback:{name}", args=[session.code])).status_code == 405


def test_results_cost_the_same_queries_however_many_answered(browser_of, lead, form, url, cohort, same_queries):
    answered(form, 5)
    closed(form, by=lead)

    def grow():
        for number in range(30, 33):
            more = opened_form(cohort, number=number)
            answered(more, {"today": 1, "different": "x"}, 7)
            closed(more, by=lead)
            Form.objects.filter(pk=more.pk).update(opened_with=form)
            more.submissions.update(form=form)
            more.answers.update(form=form)

    same_queries(browser_of(lead), url, grow)


def test_results_are_a_page_of_few_queries(browser_of, lead, form, url, django_assert_max_num_queries):
    answered(form, {"today": 1, "different": "x"}, 7)
    closed(form, by=lead)
    browser = browser_of(lead)
    browser.get(url)
    with django_assert_max_num_queries(9):  # sign-in 2, audit 1, and the page's own 6
        assert browser.get(url).status_code == 200


def test_a_comment_that_worries_leads_to_writing_down_a_concern(browser_of, facilitator, session, cohort):
    """F1: by an address that carries nothing of the comment."""
    form = asking.open_form(session=session, by=facilitator)
    answered(form, *[{"different": "He is afraid"}] * 5)
    closed(form, by=facilitator)
    page = browser_of(facilitator).get(reverse("feedback:session", args=[session.code])).content.decode()
    assert f"{reverse('caregivers:concern_add', args=[cohort.code])}?source=comment" in page
