"""Comments under themes: in an order that tells nothing, by themselves, only of boxes that were opened."""

from __future__ import annotations

import pytest
from django.urls import reverse

from feedback.models import Answer, Coded, Theme
from ppg.models import AuditEntry
from tests.feedback.asking.test_session import body
from tests.feedback.factories import answered, closed, opened_form
from tests.feedback.quotes.test_quotes import commented

pytestmark = pytest.mark.django_db


def page(name, *codes):
    return reverse(f"feedback:{name}", args=codes)


def test_comments_stand_in_the_order_of_their_random_keys(browser_of, lead, cohort):
    made = [commented(cohort, f"Words {n}") for n in range(12)]
    shown = body(browser_of(lead).get(page("comments", cohort.code)))
    inside = sorted(made, key=lambda comment: comment.pk)
    assert [shown.index(f"{comment.text}</p>") for comment in inside] == sorted(
        shown.index(f"{comment.text}</p>") for comment in made
    )


def test_comments_of_a_box_that_was_not_opened_are_nowhere(browser_of, lead, cohort, other_cohort):
    commented(other_cohort, "Not ours")
    form = opened_form(cohort)
    answered(form, *[{"different": "Secret"}] * 4)
    closed(form)
    shown = body(browser_of(lead).get(page("comments", cohort.code)))
    assert "Secret" not in shown and "Not ours" not in shown and "Nothing can be read yet" in shown


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5_000, "-1", "two"], ids=["19", "5,000", "less", "a word"])
def test_a_number_that_no_theme_can_have_is_no_choice(browser_of, lead, cohort, number):
    """SQLite cannot read one of nineteen figures."""
    answer = commented(cohort)
    page = browser_of(lead).post(reverse("feedback:comment", args=[cohort.code, answer.pk]), {"themes": [number]})
    assert page.status_code == 422 and "Choose an answer for “Themes”" in page.text and not Coded.objects.exists()


def test_a_comment_is_put_under_themes_and_the_next_one_is_shown(browser_of, lead, cohort):
    first, second = commented(cohort, "Tea"), commented(cohort, "Time")
    theme = Theme.objects.create(title="Being at ease")
    browser = browser_of(lead)
    sent = {"themes": [theme.pk], "new_theme": "  Tea   and cake "}
    assert browser.post(page("comment", cohort.code, first.pk), sent).url == page("comment", cohort.code, second.pk)
    assert sorted(coded.theme.title for coded in first.coded.all()) == ["Being at ease", "Tea and cake"]
    sent = {"new_theme": "TEA AND CAKE"}
    assert browser.post(page("comment", cohort.code, second.pk), sent).url == page("comments", cohort.code)
    assert Theme.objects.count() == 2
    shown = body(browser.get(page("comments", cohort.code) + f"?theme={theme.code}"))
    assert "Tea</p>" in shown and "Time</p>" not in shown
    browser.post(page("comment", cohort.code, first.pk), {"new_theme": ""})
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
    closed(form)
    shown = body(browser_of(lead).get(page("comments", cohort.code)))
    assert shown.count("More tea</p>") == 5 and "How was today" not in shown and "Very good" not in shown
    assert Answer.objects.filter(text__isnull=False, submission=None).count() == 5
