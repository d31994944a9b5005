"""Consents: rows are added, each keeps its wording; taking back works at once."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from caregivers import record_parts
from caregivers.consents import actions as consents
from caregivers.models import Consent, ConsentKind, ConsentWording
from caregivers.registering import actions as registering
from caregivers.wordings import shipped as wordings
from ppg.models import AuditEntry
from tests.hooks import also, only

pytestmark = pytest.mark.django_db


def test_a_fresh_installation_has_the_notice_and_every_consent():
    newest = ConsentWording.objects.newest()
    assert set(newest) == {"notice", *ConsentKind.values}
    assert {kind: wording.version for kind, wording in newest.items() if wording.version != 1} == {"notice": 4}
    in_use = {wording.kind for wording in ConsentWording.objects.in_use()}
    assert in_use == {*newest, "kept", "dpia", "access", "cookies"}
    wordings.load(ConsentWording.objects)
    assert ConsentWording.objects.count() == 17


def test_the_notice_says_what_people_must_know():
    notice = ConsentWording.objects.newest()["notice"]
    headings = [block.text for block in notice.blocks if block.kind == "heading"]
    assert len(headings) == 9 and all(headings)
    for sentence in (
        "its own rule",
        "we do not keep which answers are yours",
        "Each form says who could still find out",
        "Nobody can find them by your name",
        "[the council’s legal basis]",
        "take back",
        "not ask for your child’s name",
        "ask the police",
        "[name of the council]",
        "delete",
    ):
        assert sentence in notice.text


def test_the_page_where_somebody_agrees_later_says_who_opened_it(browser_of, register, lead):
    page = reverse("caregivers:consent", args=[register().caregiver.code, "quotes"])
    assert browser_of(lead).get(page).status_code == 200
    assert AuditEntry.objects.filter(verb="saw", what="caregiver", user=lead).count() == 1


def test_every_consent_is_asked_and_the_answer_keeps_wording_time_way_and_who(register, lead):
    person = register(consents=("evaluation", "chat")).caregiver
    rows = {row.kind: row for row in person.consents.all()}
    assert {kind: row.given for kind, row in rows.items()} == {
        "evaluation": True,
        "quotes": False,
        "chat": True,
        "after": False,
    }
    assert {(row.wording.version, row.how, row.recorded_by) for row in rows.values()} == {(1, "spoken", lead)}
    person.refresh_from_db()
    assert person.notice == ConsentWording.objects.get(kind="notice", version=4)


def test_answers_keep_the_wording_they_were_given_with(register, lead):
    person = register(consents=("quotes",)).caregiver
    ConsentWording.objects.create(kind="quotes", version=2, text="New words\nOther meaning")
    consents.withdraw(caregiver=person, kind="quotes", how="spoken", by=lead)
    assert list(person.consents.filter(kind="quotes").values_list("given", "wording__version")) == [
        (True, 1),
        (False, 1),
    ]
    consents.agree(caregiver=person, kind="quotes")
    assert person.consents.last().wording.version == 2


def test_taking_back_counts_at_once_and_adds_a_row(register):
    person = register(consents=("evaluation",)).caregiver
    at = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    row = consents.withdraw(caregiver=person, kind="evaluation", at=at)
    assert (row.given, row.how, row.recorded_by, row.at) == (False, "online", None, at)
    assert not Consent.objects.standing("evaluation").filter(caregiver=person).exists()
    assert person.consents.filter(kind="evaluation").count() == 2


def test_pressed_twice_it_is_one_row(register):
    person = register(consents=("evaluation",)).caregiver
    assert consents.withdraw(caregiver=person, kind="evaluation") == consents.withdraw(
        caregiver=person, kind="evaluation"
    )
    assert consents.agree(caregiver=person, kind="evaluation") == consents.agree(caregiver=person, kind="evaluation")
    assert person.consents.filter(kind="evaluation").count() == 3


def test_one_kind_says_nothing_of_another(register):
    """Given last of all, another kind is no second press of this one."""
    person = register(consents=("evaluation",)).caregiver
    consents.withdraw(caregiver=person, kind="evaluation")
    consents.agree(caregiver=person, kind="quotes")
    row = consents.agree(caregiver=person, kind="evaluation")
    assert (row.kind, row.given) == ("evaluation", True)
    assert Consent.objects.standing("evaluation").filter(caregiver=person).exists()


def test_the_receipt_that_staff_read_out_is_a_look_at_the_person(register, browser_of, lead):
    person = register(consents=("evaluation",)).caregiver
    consents.withdraw(caregiver=person, kind="evaluation")
    seen = AuditEntry.objects.filter(verb="saw", user=lead, person=person.code)
    page = browser_of(lead).get(reverse("caregivers:withdrawn", args=[person.code, "evaluation"]))
    assert page.status_code == 200 and person.called in page.text and seen.count() == 1


@pytest.fixture
def withdrawals(monkeypatch):
    calls = []
    part = record_parts.RecordPart(
        "test", withdrawn=lambda caregiver, kind, at: calls.append((caregiver.code, kind, at))
    )
    also(monkeypatch, record_parts.parts, part)
    return calls


def test_what_was_made_from_it_is_told_once(register, withdrawals):
    person = register(consents=("quotes",)).caregiver
    at = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    consents.withdraw(caregiver=person, kind="quotes", at=at)
    consents.withdraw(caregiver=person, kind="quotes")
    assert withdrawals == [(person.code, "quotes", at)]


def test_a_withdrawal_that_cannot_reach_everything_is_not_kept(register, monkeypatch):
    """In one transaction: never a person who is told "taken back" while a report still counts them."""

    def fail(*args):
        raise RuntimeError

    person = register(consents=("quotes",)).caregiver
    only(monkeypatch, record_parts.parts, record_parts.RecordPart("test", withdrawn=fail))
    with pytest.raises(RuntimeError):
        consents.withdraw(caregiver=person, kind="quotes")
    assert Consent.objects.standing("quotes").filter(caregiver=person).exists()


def test_registering_again_without_a_tick_is_a_withdrawal(register, cohort, lead, withdrawals):
    person = register(consents=("quotes", "chat")).caregiver
    registering.register(caregiver=person, cohort=cohort, answers={}, consents={"chat": True}, how="paper", by=lead)
    assert [kind for _person, kind, _at in withdrawals] == ["quotes"]
