"""Answering by a sealed card: nothing ties it to a person, and one card's answers before and after are put together."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from evaluation import actions, card_typing, cards, collect
from evaluation.actions.cards import hash_of, pseudonym_of
from evaluation.asking_forms import CardField
from evaluation.models import Card, Report, Response, Wave
from feedback import paper_sheet
from feedback.actions import piles
from feedback.forms import new_nonce
from feedback.languages import said_in
from feedback.models import Answer, Form, PaperPile, SealedAnswer, Submission
from ppg.models import AuditEntry
from ppg.refusals import Refused
from tests.evaluation.conftest import answers

pytestmark = pytest.mark.django_db
KEY = "3f1d1c1e-58a1-4c11-9a51-111111111111"


@pytest.fixture
def codes(cohort, lead) -> list[str]:
    actions.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    return actions.make_cards(cohort=cohort, n=12, key=KEY, by=lead)


@pytest.fixture
def before(codes, cohort) -> Wave:
    return actions.open_wave(cohort=cohort, point="before", by=None)


@pytest.fixture
def use() -> Callable[..., None]:
    """`use(wave, code, level)`: whoever holds this card answers."""

    def answer(wave: Wave, code: str, level: int, way: str = "online") -> None:
        actions.receive_by_card(wave=wave, code=code, answers=answers(level), nonce=new_nonce(), way=way)

    return answer


@pytest.fixture
def both(held, codes, before, cohort, use) -> list[Wave]:
    """Seven cards before and after, an eighth before only; both rounds are closed."""
    after = actions.open_wave(cohort=cohort, point="after", by=None)
    for k, code in enumerate(codes[:8]):
        use(before, code, k % 3)
        if k < 7:
            use(after, code, k % 3 + 1)
    return [actions.close_wave(wave=wave, by=None) for wave in (before, after)]


def page(code: str) -> str:
    return reverse("card_answer", args=[cards.printed(code)])


def sent(level: int = 2) -> dict[str, Any]:
    return {f"q-{slug}": value for slug, value in answers(level).items()}


def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        found = []
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


# --- Answering -----------------------------------------------------------------------------------------


def test_the_code_leads_to_the_questions_and_to_thanks(stranger, before, codes):
    typed = f" {codes[0][:4].lower()} {codes[0][4:].lower()} "
    answer = stranger.post(reverse("card"), {"code": typed})
    assert answer.headers["Location"] == page(codes[0])
    assert "By sending you agree" in stranger.get(page(codes[0])).text
    answer = stranger.post(page(codes[0]), sent())
    assert answer.headers["Location"] == reverse("card_thanks")
    assert stranger.get(reverse("card_thanks")).status_code == 200
    assert SealedAnswer.objects.count() == 1 and Response.objects.count() == 0


def test_one_wrong_sign_or_a_swap_is_refused_with_a_helpful_sentence(stranger, before, codes):
    code = next(code for code in codes if code[0] != code[1])
    wrong = cards.ALPHABET[cards.ALPHABET.index(code[4]) - 1]
    for typed in (code[:4] + wrong + code[5:], code[1] + code[0] + code[2:]):
        answer = stranger.post(reverse("card"), {"code": typed})
        assert answer.status_code == 422 and typed in answer.text
        assert "That is not a card of ours. Look at it once more: letters and numbers as printed." in answer.text
        assert stranger.get(page(typed)).status_code == 404


def test_a_code_that_nobody_made_gives_the_same_page_as_a_wrong_one(stranger, before, codes):
    made_up = next(code for n in range(20) if (code := cards.code_of(n)) not in codes)
    wrong = made_up[:-1] + cards.ALPHABET[cards.ALPHABET.index(made_up[-1]) - 1]
    found = [stranger.get(page(code)) for code in (made_up, wrong)]
    assert [answer.status_code for answer in found] == [404, 404]
    assert found[0].text.replace(cards.printed(made_up), "") == found[1].text.replace(cards.printed(wrong), "")


def test_the_first_answers_of_a_card_count_and_the_second_time_looks_the_same(stranger, before, codes):
    first, second = stranger.post(page(codes[0]), sent(1)), stranger.post(page(codes[0]), sent(4))
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert SealedAnswer.objects.count() == 1
    used, unused = stranger.get(page(codes[0])).text, stranger.get(page(codes[1])).text
    nonce = re.compile(r'name="nonce" value="[^"]+"')
    assert nonce.sub("", used).replace(codes[0][:5], "") == nonce.sub("", unused).replace(codes[1][:5], "")
    actions.close_wave(wave=before, by=None)
    assert set(Answer.objects.filter(question__slug="trust").values_list("number", flat=True)) == {1}


def test_a_mistake_keeps_what_was_typed_and_an_empty_sheet_is_no_answer(stranger, before, codes):
    answer = stranger.post(page(codes[0]), sent() | {"q-goal": "eleven"})
    assert answer.status_code == 422 and len(re.findall("checked", answer.text)) == 10
    assert stranger.post(page(codes[0]), {}).status_code == 422
    assert SealedAnswer.objects.count() == 0


def test_a_card_between_two_rounds_is_told_to_be_kept(stranger, before, codes):
    actions.close_wave(wave=before, by=None)
    answer = stranger.get(page(codes[0]))
    assert answer.status_code == 200 and "There is nothing to answer just now" in answer.text
    assert stranger.post(page(codes[0]), sent()).status_code == 200 and SealedAnswer.objects.count() == 0


def test_a_round_that_closes_while_somebody_writes(before, codes, use):
    actions.close_wave(wave=before, by=None)
    with pytest.raises(Refused):
        use(before, codes[0], 2)


def test_a_card_of_another_group_opens_nothing_here(before, codes, other_cohort, lead, use):
    actions.choose_plan(cohort=other_cohort, mode="coded", measure=None, by=lead)
    foreign = actions.make_cards(cohort=other_cohort, n=1, key=KEY, by=lead)[0]
    assert foreign not in codes
    with pytest.raises(Refused):
        use(before, foreign, 2)


def test_many_codes_from_one_address_have_to_wait(stranger, before, codes, monkeypatch):
    monkeypatch.setattr("evaluation.views.card_answer.MOST_CODES", 3)
    found = [stranger.post(reverse("card"), {"code": "22222-22222"}).status_code for _ in range(5)]
    assert found[:3] != [429] * 3 and found[3:] == [429, 429]
    assert stranger.get(page(codes[0])).status_code == 429
    late = stranger.post(reverse("card_withdraw"), {"code": codes[0]})
    assert late.status_code == 429 and "Wait ten minutes" in late.text and not Card.objects.filter(withdrawn=True)


@pytest.mark.parametrize("name", ["card", "card_withdraw", "card_thanks"])
def test_public_pages_are_neutral_and_set_no_cookie(stranger, name):
    answer = stranger.get(reverse(name))
    title = re.search("<title>(.*?)</title>", answer.text, re.S)[1]
    assert answer.status_code == 200 and not answer.cookies
    assert not re.search("card|parent|group|child", title.lower()) and "csrf" not in answer.text
    assert stranger.put(reverse(name)).status_code == 405


# --- What lies in the database, and what the team sees ----------------------------------------------------


def test_only_a_hash_of_a_code_is_kept_and_it_needs_the_installations_secret(before, codes, use, settings):
    use(before, codes[0], 2)
    kept = everything_in_the_database()
    for code in codes:
        assert code not in kept and cards.printed(code) not in kept and pseudonym_of(code) not in kept
    there = hash_of(codes[0])
    settings.SECRET_KEY = "another installation"
    assert hash_of(codes[0]) != there


def test_nothing_ties_a_card_to_a_place_or_a_person(both, codes):
    """No column leads from a card, or from answers by card, to anybody; and no key of a person is made."""
    for model in (Card, Response, Submission, SealedAnswer):
        leads_to = {one.related_model.__name__ for one in model._meta.get_fields() if one.related_model}
        assert not leads_to & {"Place", "Caregiver", "Referral", "PersonalLink", "WaveLink", "User"}, model
        assert not [one for one in model._meta.fields if one.get_internal_type() in ("DateTimeField", "DateField")]
    for name in ("PseudonymKey", "WaveLink"):
        assert not apps.get_model("evaluation", name).objects.exists()
    names = {str(card.pk) for card in Card.objects.all()} | set(Card.objects.values_list("code_hash", flat=True))
    pseudonyms = set(Response.objects.values_list("pseudonym", flat=True))
    assert pseudonyms == {pseudonym_of(code) for code in codes[:8]} and not pseudonyms & names


def test_the_rows_of_cards_are_not_in_the_order_of_the_sheet(cohort, lead, codes):
    """Shuffled: by chance one order in 12! is that of the sheet."""
    with connection.cursor() as cursor:
        hidden = "rowid" if connection.vendor == "sqlite" else "ctid"
        cursor.execute(f"SELECT code_hash FROM evaluation_card ORDER BY {hidden}")  # noqa: S608
        stored = [row[0] for row in cursor.fetchall()]
    assert sorted(stored) == sorted(map(hash_of, codes)) and stored != [hash_of(code) for code in codes]


def test_answering_and_taking_out_leave_no_line_in_the_trail(stranger, lead, before, codes):
    trail = AuditEntry.objects.count()
    stranger.post(page(codes[0]), sent())
    piles.send_pile(pile=type_in(before.form, lead, answers(2) | {"+code": codes[1]}), chosen={})
    stranger.post(reverse("card_withdraw"), {"code": codes[0]})
    assert SealedAnswer.objects.count() == 1 and AuditEntry.objects.count() == trail


def test_a_code_stands_in_no_log_line(stranger, before, codes, caplog):
    from ppg.logs import MaskSecrets

    record = logging.LogRecord("x", 20, "", 0, "Not Found: %s", (page(codes[0]),), None)
    MaskSecrets().filter(record)
    assert codes[0][:5] not in record.getMessage() and "/m/card/…" in record.getMessage()


def test_the_team_sees_no_count_before_closing_and_the_same_page_with_none_and_with_eight(
    browser_of, lead, cohort, before, codes, use
):
    url = reverse("evaluation:waves", args=[cohort.code])
    key = re.compile(r'value="[0-9a-f-]{36}"|csrfmiddlewaretoken" value="[^"]+"')
    none = key.sub("", browser_of(lead).get(url).text)
    for code in codes[:8]:
        use(before, code, 2)
    assert key.sub("", browser_of(lead).get(url).text) == none
    assert "shown when the questions have closed" in none


@pytest.mark.parametrize(("n", "words"), [(4, "fewer than 5"), (0, "fewer than 5"), (5, "5 people answered")])
def test_after_closing_the_team_sees_how_many_if_they_are_enough(
    browser_of, lead, cohort, before, codes, use, n, words
):
    for code in codes[:n]:
        use(before, code, 2)
    actions.close_wave(wave=before, by=None)
    text = browser_of(lead).get(reverse("evaluation:waves", args=[cohort.code])).text
    assert words in text and ("4 people" not in text)


def test_nobody_is_linked_or_reminded_in_a_group_with_cards(browser_of, lead, before, places):
    for name in ("evaluation:link", "evaluation:enter"):
        assert browser_of(lead).post(reverse(name, args=[before.code, places[0].code]), sent()).status_code == 409
    url = reverse("evaluation:send", args=[before.code])
    assert "nobody can be reminded" in browser_of(lead).get(url).text
    assert actions.send_links(wave=before, by=lead, site="") == 0


def type_in(form, by, *sheets):
    pile = piles.begin_pile(form=form, sheets=len(sheets), by=by)
    for number, sheet in enumerate(sheets, start=1):
        piles.type_sheet(pile=pile, again=False, number=number, sheet=sheet)
    return pile


def test_sheets_of_paper_are_typed_in_as_a_pile_with_their_codes(lead, before, codes, use):
    use(before, codes[0], 1)
    sheets = [answers(level) | {"+code": code} for level, code in ((4, codes[0]), (3, codes[1]), (2, codes[2]))]
    actions.withdraw_card(code=codes[2])
    assert piles.send_pile(pile=type_in(before.form, lead, *sheets), chosen={})
    actions.close_wave(wave=before, by=None)
    assert sorted(sheet.way for sheet in Submission.objects.all()) == ["online", "paper"]
    assert set(Answer.objects.filter(question__slug="trust").values_list("number", flat=True)) == {1, 3}


def test_the_code_on_a_sheet_is_checked_when_it_is_typed(before, codes, other_cohort, lead):
    assert piles.typing_of(before.form) is card_typing.BY_CARD
    field = CardField(cohort=before.cohort_id, label="Code")
    assert field.clean(f" {codes[0].lower()} ") == codes[0]
    actions.choose_plan(cohort=other_cohort, mode="coded", measure=None, by=lead)
    foreign = actions.make_cards(cohort=other_cohort, n=1, key=KEY, by=lead)[0]
    for wrong in ("22222-22223", foreign):
        with pytest.raises(ValidationError, match="That is not a card of ours"):
            field.clean(wrong)


def test_a_round_that_is_due_waits_a_day_for_sheets_that_are_being_typed_in(lead, before, codes):
    now = timezone.now()
    Form.objects.filter(pk=before.form_id).update(closes_at=now)
    pile = type_in(before.form, lead, answers(3) | {"+code": codes[1]})
    assert actions.close_due_waves(now + timedelta(hours=1)) == 0
    assert piles.send_pile(pile=pile, chosen={})
    assert actions.close_due_waves(now + timedelta(hours=1)) == 1 and Response.objects.count() == 1
    with pytest.raises(Refused, match="no sheets can join"):
        piles.send_pile(pile=type_in_closed(before, lead, codes[2]), chosen={})


def test_nobody_closes_a_round_by_hand_over_sheets_that_are_being_typed_in(browser_of, lead, held, before, codes):
    pile = type_in(before.form, lead, answers(3) | {"+code": codes[1]})
    url = reverse("evaluation:close_wave", args=[before.code])
    assert "being typed in" in browser_of(lead).post(url).text
    piles.send_pile(pile=pile, chosen={})
    assert browser_of(lead).post(url).status_code == 302 and Response.objects.count() == 1


def type_in_closed(wave, by, code):
    sheet = answers(1) | {"+code": code}
    return PaperPile.objects.create(form=Form.objects.get(pk=wave.form_id), typed_by=by, first=[sheet])


def test_the_printed_sheet_has_a_line_for_the_code_and_the_consent(before):
    html = paper_sheet.print_html(before.form, said_in(before.form.questionnaire), large=False)
    assert "Code on the card" in html and "By handing in this sheet you agree" in html


def test_in_a_group_with_links_sheets_are_typed_in_one_person_at_a_time(waves):
    assert piles.typing_of(waves[0].form) is None


# --- Figures ----------------------------------------------------------------------------------------------


def test_one_cards_answers_before_and_after_are_a_pair(both, cohort):
    for domain in collect.shown(cohort, timezone.now()).domains:
        assert (domain.pairs, domain.before_only, domain.after_only) == (7, 1, 0)
        assert domain.pairs + domain.before_only + domain.after_only + domain.neither == domain.of == 8
    wellbeing = collect.shown(cohort, timezone.now()).domains[0]
    assert (wellbeing.change.better, wellbeing.change.worse, wellbeing.at_start) == (7, 0, None)


def test_a_round_that_few_answered_is_in_no_figure_not_even_as_a_count(held, codes, before, cohort, use):
    after = actions.open_wave(cohort=cohort, point="after", by=None)
    for k, code in enumerate(codes[:8]):
        use(before, code, 1)
        if k < 4:
            use(after, code, 3)
    for wave in (before, after):
        actions.close_wave(wave=wave, by=None)
    for domain in collect.shown(cohort, timezone.now()).domains:
        assert (domain.pairs, domain.before_only, domain.after_only, domain.neither) == (0, 8, 0, 0)


def test_consents_do_not_reach_answers_by_card(both, cohort, places):
    from caregivers.actions import withdraw

    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    assert collect.whole(cohort, timezone.now()).domains[0].pairs == 7


# --- Taken out --------------------------------------------------------------------------------------------


def test_taking_out_deletes_the_answers_and_gives_a_receipt(stranger, both, codes, cohort):
    sheets = Submission.objects.count()
    for _ in range(2):
        receipt = stranger.post(reverse("card_withdraw"), {"code": cards.printed(codes[0])})
        assert receipt.status_code == 200 and "Your answers are out" in receipt.text
    assert Submission.objects.count() == sheets - 2 and Response.objects.count() == 13
    assert collect.whole(cohort, timezone.now()).domains[0].pairs == 6
    assert "This card has been taken out" in stranger.get(page(codes[0])).text


def test_what_was_shown_and_would_differ_by_this_card_is_held_back(both, codes, cohort):
    assert collect.shown(cohort, timezone.now()).domains[0].change
    actions.withdraw_card(code=codes[0])
    assert {(one.held, one.change) for one in collect.shown(cohort, timezone.now()).domains} == {("differs", None)}
    assert Report.objects.get(cohort=cohort).told_before[0]["wellbeing"] == 7


def test_a_card_without_a_pair_holds_nothing_back(both, codes, cohort):
    actions.withdraw_card(code=codes[7])
    assert collect.shown(cohort, timezone.now()).domains[0].change


def test_published_versions_are_marked_and_named_on_the_receipt(
    stranger, both, codes, report, lead, django_capture_on_commit_callbacks
):
    version = actions.publish(cohort=report.cohort, by=lead)
    receipt = stranger.post(reverse("card_withdraw"), {"code": codes[0]})
    version.refresh_from_db()
    assert version.superseded_at and "A report that came out on" in receipt.text


def test_while_the_round_is_open_the_envelope_goes(before, codes, use):
    for code in codes[:3]:
        use(before, code, 2)
    actions.withdraw_card(code=codes[1])
    assert SealedAnswer.objects.count() == 2
    with pytest.raises(Refused):
        use(before, codes[1], 3)
    actions.close_wave(wave=before, by=None)
    assert {row.pseudonym for row in Response.objects.all()} == {pseudonym_of(codes[0]), pseudonym_of(codes[2])}


def test_a_wrong_code_takes_nothing_out(stranger, both, codes):
    answer = stranger.post(reverse("card_withdraw"), {"code": codes[0][::-1]})
    assert answer.status_code == 422 and "That is not a card of ours" in answer.text
    assert Response.objects.count() == 15


# --- The sheet --------------------------------------------------------------------------------------------


def test_the_sheet_is_a_pdf_that_is_not_kept_and_the_same_press_gives_the_same_codes(
    browser_of, lead, cohort, codes, monkeypatch
):
    drawn = []
    monkeypatch.setattr("evaluation.card_sheet.render_pdf", lambda html: drawn.append(html) or b"%PDF")
    url, key = reverse("evaluation:cards", args=[cohort.code]), KEY.replace("1111", "2222")
    for _ in range(2):
        answer = browser_of(lead).post(url, {"n": 8, "effect_key": key})
        assert answer.headers["Content-Type"] == "application/pdf" and "attachment" in str(answer.headers)
        assert answer.headers["Cache-Control"] == "no-store"
    found = [re.findall(r'card__sign">([\w-]+)<', html) for html in drawn]
    assert found[0] == found[1] and len(set(found[0])) == 8
    assert Card.objects.count() == 12 + 8
    assert not set(map(cards.typed, found[0])) & set(codes), "cards made before stay good"
    assert AuditEntry.objects.filter(what="card").count() == 2


def test_a_number_of_cards_that_makes_no_sense_is_kept_on_the_page(browser_of, facilitator, cohort, codes):
    answer = browser_of(facilitator).post(reverse("evaluation:cards", args=[cohort.code]), {"n": "900"})
    assert answer.status_code == 422 and 'value="900"' in answer.text


def test_a_real_sheet_is_a_tagged_pdf(codes):
    import io

    import pikepdf

    from evaluation import card_sheet

    with pikepdf.open(io.BytesIO(card_sheet.pdf(codes[:9], "https://x.example"))) as pdf:
        assert len(pdf.pages) == 2 and pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en-gb"
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()


# --- The choice -------------------------------------------------------------------------------------------


def test_the_lead_chooses_until_the_first_round_is_open(browser_of, lead, facilitator, other_facilitator, cohort):
    url = reverse("evaluation:plan", args=[cohort.code])
    choice = {"mode": "coded", "measure": "before-and-after"}
    assert browser_of(lead).get(url).status_code == 200
    assert browser_of(lead).post(url, {"mode": "loudly"}).status_code == 422
    assert browser_of(facilitator).get(url).status_code == 403
    assert browser_of(other_facilitator).get(url).status_code == 403
    assert browser_of(lead).post(url, choice).status_code == 302
    assert cohort.evaluation_plan.mode == "coded"
    actions.open_wave(cohort=cohort, point="before", by=lead)
    assert "cannot be changed any more" in browser_of(lead).get(url).text
    assert browser_of(lead).post(url, choice | {"mode": "confidential"}).status_code == 409


def test_three_months_later_all_cards_are_asked(both, codes, cohort, lead, use):
    day = timezone.now() + timedelta(days=91)
    with pytest.raises(Refused, match="three months after"):
        actions.open_wave(cohort=cohort, point="later", by=lead)
    wave = actions.open_wave(cohort=cohort, point="later", by=lead, at=day)
    actions.receive_by_card(wave=wave, code=codes[0], answers=answers(3), nonce=new_nonce(), at=day)
    actions.close_wave(wave=wave, by=None, at=day)
    assert [row.pseudonym for row in wave.responses.all()] == [pseudonym_of(codes[0])]
