"""After the programme: the final form, the focus group, comments under themes, and the checklist."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback import asking_jobs, checklist, focus_groups
from feedback.actions import asking
from feedback.models import Answer, Coded, FocusGroup, Form, Theme
from ppg.models import AuditEntry
from ppg.refusals import Refused
from programmes import checklist as every_line
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.feedback.factories import answered, opened_form, url_of
from tests.feedback.test_quotes import commented
from tests.feedback.test_session import body

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


# --- The final form --------------------------------------------------------------------------------------


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
    form.refresh_from_db()
    assert form.opened_with == form and form.submissions.count() == 5


def test_a_moved_session_does_not_move_its_end(form, cohort):
    before = form.closes_at
    asking.dates_moved(cohort, timezone.now())
    form.refresh_from_db()
    assert form.closes_at == before


def test_everybody_answers_by_one_link(client, form):
    shown = client.get(url_of(form)).text
    assert "How was the whole programme for you?" in shown
    sent = client.post(url_of(form) + "?send", {"q-whole": "4", "q-changed": ["0", "2"], "q-best": "Tea"})
    assert sent.status_code == 302 and form.sealed.count() == 1


def test_while_it_is_open_the_page_is_the_same_with_none_and_with_eight(browser_of, lead, cohort, form):
    browser = browser_of(lead)
    before = body(browser.get(page("after", cohort.code)))
    answered(form, *[{"whole": 1, "best": "Secret"}] * 8)
    assert body(browser.get(page("after", cohort.code))) == before
    assert f"http://testserver{url_of(form)}" in before


def test_closed_with_four_the_pages_are_the_same_as_with_none(browser_of, lead, cohort, form):
    browser = browser_of(lead)
    answered(form, *[{"whole": 1, "best": "Secret"}] * 4)
    browser.post(page("after_close", cohort.code))
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
    shown = body(browser.get(page("after", cohort.code)))
    assert "5 people answered." in shown and "I feel less alone" in shown and "&lt;b&gt;Tea&lt;/b&gt;" in shown
    assert AuditEntry.objects.filter(verb="saw", what="form").exists()


def test_sealed_session_answers_do_not_open_with_it(cohort, form):
    waiting = opened_form(cohort, number=9)
    answered(waiting, 3)
    asking.close_form(form=waiting, by=None)
    answered(form, *[{"whole": 4}] * 3)
    asking.close_form(form=form, by=None)
    assert not Form.objects.exclude(opened_with=None).exists()


def test_the_poster_says_nothing_about_the_group(browser_of, lead, cohort, form):
    shown = body(browser_of(lead).get(page("after_poster", cohort.code)))
    assert f"http://testserver{url_of(form)}" in shown and "three minutes" in shown
    assert cohort.name not in shown
    asking.close_form(form=form, by=lead)
    assert browser_of(lead).get(page("after_poster", cohort.code)).status_code == 404


# --- The focus group -------------------------------------------------------------------------------------

HELD = {"held_on": "2026-03-27", "people": "6", "notes": "They felt believed."}


def test_a_focus_group_is_written_down_once(browser_of, facilitator, cohort):
    browser, url = browser_of(facilitator), page("focus_group_add", cohort.code)
    sent = HELD | {"effect_key": str(uuid4())}
    assert browser.post(url, sent).url == browser.post(url, sent).url
    talk = FocusGroup.objects.get()
    assert (talk.people, talk.notes, talk.by) == (6, "They felt believed.", facilitator)
    assert "They felt believed." in browser.get(page("focus_group", talk.code)).text
    assert "with 6 people" in browser.get(page("after", cohort.code)).text


def test_what_is_wrong_is_said_and_what_was_typed_stays(browser_of, lead, cohort):
    url = page("focus_group_add", cohort.code)
    answer = browser_of(lead).post(url, HELD | {"held_on": "2199-01-01", "people": "0"})
    assert answer.status_code == 422 and "They felt believed." in answer.text
    assert not FocusGroup.objects.exists()


def test_names_of_the_group_in_the_notes_are_pointed_out(browser_of, lead, cohort):
    PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Nadia Nowhere"))
    browser = browser_of(lead)
    url = browser.post(page("focus_group_add", cohort.code), HELD | {"notes": "What nadia said helped."}).url
    assert "seem to hold names: nadia" in body(browser.get(url))
    talk = FocusGroup.objects.get()
    browser.post(page("focus_group_change", talk.code), HELD | {"notes": "What one of them said helped."})
    assert "seem to hold names" not in body(browser.get(url))


# --- Comments under themes -------------------------------------------------------------------------------


def test_comments_stand_in_the_order_of_their_random_keys(browser_of, lead, cohort):
    made = [commented(cohort, f"Words {n}") for n in range(12)]
    shown = body(browser_of(lead).get(page("comments", cohort.code)))
    inside = sorted(made, key=lambda one: one.pk)
    assert [shown.index(f"{one.text}</p>") for one in inside] == sorted(shown.index(f"{one.text}</p>") for one in made)


def test_comments_of_a_box_that_was_not_opened_are_nowhere(browser_of, lead, cohort, other_cohort):
    commented(other_cohort, "Not ours")
    form = opened_form(cohort)
    answered(form, *[{"different": "Secret"}] * 4)
    asking.close_form(form=form, by=None)
    shown = body(browser_of(lead).get(page("comments", cohort.code)))
    assert "Secret" not in shown and "Not ours" not in shown and "Nothing can be read yet" in shown


def test_a_comment_is_put_under_themes_and_the_next_one_is_shown(browser_of, lead, cohort):
    one, other = commented(cohort, "Tea"), commented(cohort, "Time")
    theme = Theme.objects.create(title="Being at ease")
    browser = browser_of(lead)
    sent = {"themes": [theme.pk], "new_theme": "  Tea   and cake "}
    assert browser.post(page("comment", cohort.code, one.pk), sent).url == page("comment", cohort.code, other.pk)
    assert sorted(coded.theme.title for coded in one.coded.all()) == ["Being at ease", "Tea and cake"]
    sent = {"new_theme": "TEA AND CAKE"}
    assert browser.post(page("comment", cohort.code, other.pk), sent).url == page("comments", cohort.code)
    assert Theme.objects.count() == 2
    shown = body(browser.get(page("comments", cohort.code) + f"?theme={theme.code}"))
    assert "Tea</p>" in shown and "Time</p>" not in shown
    browser.post(page("comment", cohort.code, one.pk), {"new_theme": ""})
    assert Coded.objects.count() == 1


def test_the_trail_does_not_say_which_comment_it_was(browser_of, lead, cohort):
    comment = commented(cohort, "Tea")
    browser_of(lead).post(page("comment", cohort.code, comment.pk), {"new_theme": "Tea"})
    entries = AuditEntry.objects.exclude(what="theme").values_list("what", "ref", "fields")
    assert list(entries) == [("cohort", cohort.code, ["themes"])]


def test_a_theme_of_too_many_letters_keeps_what_was_typed(browser_of, lead, cohort):
    comment = commented(cohort)
    answer = browser_of(lead).post(page("comment", cohort.code, comment.pk), {"new_theme": "x" * 81})
    assert answer.status_code == 422 and "x" * 81 in answer.text


def test_a_comment_of_another_group_is_not_found(browser_of, lead, cohort, other_cohort):
    foreign = commented(other_cohort)
    for name in ("comment", "comment_quote"):
        assert browser_of(lead).get(page(name, cohort.code, foreign.pk)).status_code == 404


def test_scores_never_stand_beside_comments(browser_of, lead, cohort):
    form = opened_form(cohort)
    answered(form, *[{"today": 4, "different": "More tea"}] * 5)
    asking.close_form(form=form, by=None)
    shown = body(browser_of(lead).get(page("comments", cohort.code)))
    assert shown.count("More tea</p>") == 5 and "How was today" not in shown and "Very good" not in shown
    assert Answer.objects.filter(text__isnull=False, submission=None).count() == 5


# --- Who may ---------------------------------------------------------------------------------------------

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


# --- The checklist ---------------------------------------------------------------------------------------


def told(cohort) -> str:
    return checklist.asked(checklist.final_form(cohort)).told


def test_the_checklist_tells_a_number_only_once_the_answers_are_shown(cohort, last):
    for seat in range(1, 9):
        PlaceFactory(cohort=cohort, seat=seat)
    assert told(cohort) == "Not asked yet"
    form = asking.open_final_form(cohort=cohort, by=None)
    open_still = told(cohort)
    answered(form, *[{"whole": 4}] * 7)
    assert told(cohort) == open_still and open_still.startswith("Asked: open until")
    asking.close_form(form=form, by=None)
    assert told(cohort) == "7 of 8 people answered"


def test_closed_with_too_few_the_checklist_tells_no_number(cohort, form):
    answered(form, *[{"whole": 4}] * 4)
    asking.close_form(form=form, by=None)
    assert told(cohort) == "Asked, and closed"


def test_the_line_of_the_focus_group_ticks_itself(cohort, lead):
    assert not checklist.held(checklist.focus_groups(cohort)).complete
    focus_groups.record(cohort=cohort, held_on=timezone.localdate(), people=5, notes="", by=lead)
    assert checklist.held(checklist.focus_groups(cohort)).complete


def test_four_lines_stand_after_the_programme_in_this_order():
    after = [line for line in every_line.lines.values() if line.phase == every_line.Phase.AFTER]
    slugs = [line.slug for line in sorted(after, key=lambda line: line.order)]
    assert slugs == ["feedback-after", "focus-group", "support-after", "evaluation-report"]
