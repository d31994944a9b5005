"""Words that may stand in a report: who may choose them, who signs them off, and when they go."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from caregivers.consents.actions import agree, withdraw
from evaluation.figures.calculation import figures
from evaluation.models import ChosenQuote, Report, ReportVersion
from feedback.focus_group import actions as focus_group
from feedback.models import Answer, FocusGroup, Form, Quote, Theme
from feedback.questions.questionnaires import session_feedback
from feedback.quotes import actions as quotes
from feedback.quotes import queries as quote_queries
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.factories import CaregiverFactory, PlaceFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db


def commented(cohort, text="More tea", may_quote=True) -> Answer:
    now = timezone.now()
    form = Form.objects.create(questionnaire=session_feedback(), cohort=cohort, closed_at=now)
    Form.objects.filter(pk=form.pk).update(opened_with=form)
    question = form.questionnaire.questions.get(kind="text")
    return Answer.objects.create(form=form, question=question, text=text, may_quote=may_quote)


@pytest.fixture
def talk(cohort, facilitator) -> FocusGroup:
    return focus_group.record(
        cohort=cohort, held_on=timezone.localdate(), people=6, notes="They laughed a lot.", by=facilitator
    )


@pytest.fixture
def person(cohort):
    """Who has agreed to be quoted."""
    place = PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Nadia Nowhere"))
    agree(caregiver=place.caregiver, kind="quotes")
    return place.caregiver


@pytest.fixture
def said(talk, person, facilitator) -> Quote:
    return quotes.quote_somebody(focus_group=talk, caregiver=person, words="I laughed", themes=[], by=facilitator)


@pytest.fixture
def written(cohort, facilitator) -> Quote:
    return quotes.choose(answer=commented(cohort), cohort=cohort, words="More tea", themes=[], by=facilitator)


def sign(quote, by):
    return quotes.sign_off(quote=quote, seen=quote_queries.stamp(quote), by=by)


def standing(cohort) -> list[str]:
    return sorted(quote.words for quote in quote_queries.standing(cohort))


def version_with(cohort, lead, *quotes: Quote) -> ReportVersion:
    report, _made = Report.objects.get_or_create(cohort=cohort)
    return ReportVersion.objects.create(
        report=report,
        number=report.versions.count() + 1,
        text={},
        figures=figures(people=[], sessions=[]).to_dict(),
        quotes=[{"code": quote.code, "words": quote.words, "theme": ""} for quote in quotes],
        pdf=b"%PDF",
        published_at=timezone.now(),
        published_by=lead,
    )


# --- Who may be quoted -----------------------------------------------------------------------------------


def test_words_of_somebody_who_has_not_agreed_are_not_quoted(talk, cohort, lead):
    other = PlaceFactory(cohort=cohort).caregiver
    with pytest.raises(Refused, match="has not agreed"):
        quotes.quote_somebody(focus_group=talk, caregiver=other, words="No", themes=[], by=lead)
    assert not Quote.objects.exists()


def test_nobody_from_another_group_is_offered(talk, person, other_cohort):
    stranger = PlaceFactory(cohort=other_cohort).caregiver
    agree(caregiver=stranger, kind="quotes")
    assert list(quote_queries.who_agreed(talk.cohort)) == [person]


def test_who_took_it_back_is_not_offered_and_who_left_still_is(talk, person):
    person.places.update(state="left", seat=None, left_on=timezone.localdate())
    assert list(quote_queries.who_agreed(talk.cohort)) == [person]
    withdraw(caregiver=person, kind="quotes")
    assert list(quote_queries.who_agreed(talk.cohort)) == []


def test_a_comment_without_the_tick_is_not_quoted(cohort, lead):
    with pytest.raises(Refused, match="did not say"):
        quotes.choose(answer=commented(cohort, may_quote=False), cohort=cohort, words="x", themes=[], by=lead)


def test_a_comment_is_quoted_once(written, cohort, lead):
    with pytest.raises(Refused, match="already"):
        quotes.choose(answer=written.answer, cohort=cohort, words="Again", themes=[], by=lead)


# --- The second person -----------------------------------------------------------------------------------


def test_nothing_stands_until_a_second_person_has_signed(said, written, cohort, lead):
    assert standing(cohort) == []
    sign(said, lead)
    sign(written, lead)
    assert standing(cohort) == ["I laughed", "More tea"]


def test_whoever_chose_the_words_may_not_sign_them_off(said, facilitator):
    with pytest.raises(Refused, match="You chose these words"):
        sign(said, facilitator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.filter(pk=said.pk).update(signed_off_by=facilitator)


def test_what_is_signed_is_what_was_read(said, lead, facilitator):
    seen = quote_queries.stamp(said)
    quotes.change(quote=said, words="I laughed in Ipswich", themes=[], by=facilitator)
    with pytest.raises(Refused, match="changed after you opened"):
        quotes.sign_off(quote=said, seen=seen, by=lead)


def test_changed_words_need_the_second_person_again_and_the_changer_is_the_first(said, cohort, lead, facilitator):
    sign(said, lead)
    changed = quotes.change(quote=said, words="I … laughed", themes=[], by=lead)
    assert standing(cohort) == []
    with pytest.raises(Refused, match="You chose these words"):
        sign(changed, lead)
    sign(changed, facilitator)
    assert standing(cohort) == ["I … laughed"]


def test_other_themes_alone_need_no_second_person(said, cohort, lead, facilitator):
    sign(said, lead)
    quotes.change(quote=said, words=said.words, themes=[Theme.objects.create(title="Laughing")], by=facilitator)
    assert standing(cohort) == ["I laughed"]
    assert [theme.title for theme in said.themes.all()] == ["Laughing"]


# --- Taken out -------------------------------------------------------------------------------------------


def test_a_withdrawal_takes_the_words_out_of_everything(said, written, person, cohort, lead):
    for quote in (said, written):
        sign(quote, lead)
    version, other = version_with(cohort, lead, said, written), version_with(cohort, lead, written)
    ChosenQuote.objects.create(report=version.report, quote=said, position=1)
    ChosenQuote.objects.create(report=version.report, quote=written, position=2)
    withdraw(caregiver=person, kind="quotes")
    said.refresh_from_db()
    version.refresh_from_db()
    other.refresh_from_db()
    assert said.taken_out_at and said.words == ""
    assert [one["words"] for one in version.quotes] == ["", "More tea"]
    assert version.superseded_at and version.pdf is None
    assert not other.superseded_at and bytes(other.pdf) == b"%PDF"
    assert [chosen.quote for chosen in ChosenQuote.objects.all()] == [written]
    assert standing(cohort) == ["More tea"]


def test_agreeing_again_does_not_bring_words_back(said, person, cohort, lead):
    sign(said, lead)
    withdraw(caregiver=person, kind="quotes")
    agree(caregiver=person, kind="quotes")
    assert standing(cohort) == [] and Quote.objects.get().words == ""


def test_another_consent_taken_back_leaves_the_words(said, person, cohort, lead):
    sign(said, lead)
    agree(caregiver=person, kind="evaluation")
    withdraw(caregiver=person, kind="evaluation")
    assert standing(cohort) == ["I laughed"]


def test_words_stand_only_while_the_consent_does_even_where_nobody_took_them_out(said, person, cohort, lead):
    sign(said, lead)
    person.consents.all().delete()
    assert standing(cohort) == []


def test_a_comment_the_team_dropped_can_be_chosen_again(written, cohort, lead, facilitator):
    answer = written.answer
    quotes.drop(quote=written, by=lead)
    quotes.drop(quote=written, by=lead)
    written.refresh_from_db()
    assert written.words == "" and written.taken_out_at
    quotes.choose(answer=Answer.objects.get(pk=answer.pk), cohort=cohort, words="Tea", themes=[], by=facilitator)


def test_what_was_taken_out_is_not_changed_or_signed(said, person, lead):
    withdraw(caregiver=person, kind="quotes")
    said.refresh_from_db()
    with pytest.raises(Refused, match="taken out"):
        quotes.change(quote=said, words="Back", themes=[], by=lead)
    with pytest.raises(Refused, match="taken out"):
        sign(said, lead)


def test_the_trail_holds_no_words(said, lead):
    sign(said, lead)
    quotes.drop(quote=said, by=lead)
    told = list(AuditEntry.objects.filter(what="quote").values_list("fields", flat=True))
    assert told == [["taken_out_at", "words"], ["signed_off_by"], ["words"]]


# --- Pages -----------------------------------------------------------------------------------------------


def page(name, *codes):
    return reverse(f"feedback:{name}", args=codes)


def test_a_comment_is_chosen_and_signed_off_by_somebody_else(browser_of, cohort, lead, facilitator):
    answer = commented(cohort, "Sam from Ipswich made tea")
    url = page("comment_quote", cohort.code, answer.pk)
    first, second = browser_of(facilitator), browser_of(lead)
    shown = first.get(url).text
    assert "Sam from Ipswich made tea" in shown.split("<textarea")[1]
    assert '<mark class="telling telling--capital">Ipswich</mark>' in on_one_line(shown)
    sent = {"words": "Somebody made tea", "effect_key": str(uuid4()), "new_theme": "Tea"}
    answers = [first.post(url, sent) for _ in range(2)]
    quote = Quote.objects.get()
    assert {answer.url for answer in answers} == {page("quote", quote.code)}
    assert [theme.title for theme in quote.themes.all()] == ["Tea"]
    assert "Somebody else of the team reads them" in first.get(page("quote", quote.code)).text
    assert first.post(page("quote_sign", quote.code), {"seen": quote_queries.stamp(quote)}).status_code == 409
    assert "Read it and sign it off" in second.get(page("quotes", cohort.code)).text
    assert second.post(page("quote_sign", quote.code), {"seen": quote_queries.stamp(quote)}).status_code == 302
    assert standing(cohort) == ["Somebody made tea"]


def test_a_quote_of_too_many_letters_keeps_what_was_typed(browser_of, cohort, lead):
    answer = commented(cohort)
    sent = browser_of(lead).post(page("comment_quote", cohort.code, answer.pk), {"words": "tea " * 130})
    assert sent.status_code == 422 and "can have up to 500" in sent.text and "tea tea" in sent.text


def test_words_from_a_talk_need_somebody_who_agreed(browser_of, talk, person, lead):
    url = page("focus_group_quote", talk.code)
    browser = browser_of(lead)
    missing = browser.post(url, {"words": "We laughed"})
    assert missing.status_code == 422 and "or not at all" in missing.text and "We laughed" in missing.text
    assert browser.post(url, {"words": "We laughed", "caregiver": person.code}).status_code == 302
    quote = Quote.objects.get()
    assert quote.caregiver == person
    assert person.name not in browser.get(page("quote", quote.code)).text


def test_where_nobody_agreed_the_page_says_what_can_be_done(browser_of, talk, lead):
    shown = browser_of(lead).get(page("focus_group_quote", talk.code)).text
    assert "Nobody in this group has agreed to be quoted" in shown and "<textarea" not in shown


def test_words_are_changed_on_a_page_and_taken_out_on_another(browser_of, said, lead, cohort):
    browser = browser_of(lead)
    assert browser.post(page("quote_change", said.code), {"words": ""}).status_code == 422
    assert browser.post(page("quote_change", said.code), {"words": "I … laughed"}).status_code == 302
    assert browser.post(page("quote_drop", said.code)).url == page("quotes", cohort.code)
    assert "They are not kept" in browser.get(page("quotes", cohort.code)).text
    assert browser.get(page("quote_change", said.code)).status_code == 409


@pytest.mark.parametrize("name", ["quote", "quote_change", "quote_sign", "quote_drop"])
def test_who_may(browser_of, other_facilitator, manager, parent, said, name):
    verb = "get" if name in ("quote", "quote_change") else "post"
    assert getattr(browser_of(other_facilitator), verb)(page(name, said.code)).status_code == 404
    for user in (manager, parent):
        assert getattr(browser_of(user), verb)(page(name, said.code)).status_code == 403
