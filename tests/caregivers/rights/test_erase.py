"""Erased means gone: from the tables, the database's files, the jobs, the logs, and from a backup that is restored."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from caregivers.consents.actions import withdraw
from caregivers.models import Caregiver, Concern, Consent, ConsentWording, Erased, KeptApart, Message, Place
from caregivers.registering.actions import change_answers
from caregivers.rights import actions as rights
from caregivers.wordings import shipped as wordings
from evaluation.collecting.collect import was_offered
from evaluation.figures.calculation import figures
from evaluation.models import Report, ReportVersion, WaveLink
from feedback.models import Quote
from ppg import machine
from ppg.access.refusals import Refused
from ppg.backups import ledger
from ppg.holdings import processing_record
from ppg.models import AuditEntry, LedgerFile, LedgerLine
from sessions_app.models import RegisterMark
from tests import traces
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"


@pytest.fixture(autouse=True)
def no_pdf(monkeypatch):
    monkeypatch.setattr("evaluation.reports.jobs.render_pdf", lambda html: b"%PDF")


@pytest.fixture
def person(cohort, lead) -> Caregiver:
    wordings.load(ConsentWording.objects)  # tests on real transactions empty the tables
    return traces.filled(cohort, lead).caregiver


def erase(person: Caregiver, by=None, why: str = "asked") -> Caregiver:
    rights.erase(caregiver=person, by=by, why=why)
    person.refresh_from_db()
    return person


# --- What the record of processing says is what happens --------------------------------------------------

GONE = {"time": {"details"}, "asked": {"details", "at_request"}}  # by which rules of held.yaml a row goes


@pytest.mark.parametrize("why", GONE)
def test_each_row_goes_or_stays_as_its_rule_says(person, lead, why):
    WaveLink.objects.update(used_at=timezone.now())  # one that nobody used goes with the details
    places = list(person.places.values_list("pk", flat=True))
    there = [one for one in pointing_at_them(person, places) if one[2].exists()]
    erase(person, lead, why)
    wrong = [
        f"{label}.{one.name} is there: {rows.exists()}, kept {one.rule}"
        for label, one, rows in there
        if rows.exists() == (one.rule in GONE[why])
    ]
    assert not wrong, "\n".join(wrong)
    assert len(there) > 15


def pointing_at_them(person, places) -> list:
    """Table, field, and the rows in which it points at this person."""
    fields = {(table.model, one.model_field.name): one for table in processing_record.tables() for one in table.fields}
    found = []
    for model, name in traces.pointing_at(Caregiver, Place):
        among = [person.pk] if model._meta.get_field(name).related_model is Caregiver else places
        found.append((model._meta.label, fields[model, name], model._default_manager.filter(**{f"{name}__in": among})))
    return found


@pytest.mark.parametrize("why", GONE)
def test_each_field_that_is_kept_with_their_details_is_empty_in_rows_that_stay(person, lead, why):
    erase(person, lead, why)
    for row in (person, *person.places.all(), *person.follow_ups.all()):
        table = next(one for one in processing_record.tables() if one.model is type(row))
        named = [one for one in table.fields if one.rule == "details" and one.level in ("personal", "sensitive")]
        full = [one.name for one in named if getattr(row, one.name) not in ("", None, [])]
        assert named and not full, f"{table.label}: {full}"


# --- Nothing is left -------------------------------------------------------------------------------------


def test_every_table_that_points_at_a_person_is_filled(person):
    """So that what follows would find a table whose erasing was forgotten."""
    for model, name in traces.pointing_at(Caregiver, Place):
        target = model._meta.get_field(name).related_model
        among = Caregiver.objects.all() if target is Caregiver else Place.objects.filter(caregiver=person)
        assert model._default_manager.filter(**{f"{name}__in": among}).exists(), model
    assert len(traces.occurrences()) > 20


@pytest.mark.parametrize("why", ["asked", "time"])
def test_no_word_of_theirs_is_left_in_any_table(person, lead, why, caplog):
    erase(person, lead, why)
    left = {where for where, text in traces.everything() if traces.WORD in text}
    # When the time is over, what was heard without a name stays: a quote with consent, a suggestion nobody made.
    heard = {"feedback_quote.words", *(f"feedback_suggestion.{name}" for name in ("text", "why", "told_as"))}
    assert left == (heard if why == "time" else set())
    assert traces.WORD not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_in_files_and_a_backup_does_not_bring_them_back(person, lead, tmp_path, capsys, caplog):
    for about in (person.places.get().code, "something else"):
        failed = {"args_kwargs": {"args": [about], "kwargs": {}}, "traceback": f"refused {person.email}"}
        DBTaskResult.objects.create(task_path="x", backend_name="default", **failed)
    sealed = traces.sealed_values(Caregiver)
    file = tmp_path / "before.backup"
    call_command("backup", file)
    erase(person, lead)
    assert traces.occurrences() == set()
    in_files = b"".join(path.read_bytes() for path in traces.files())
    if connection.vendor == "sqlite":
        assert sealed and not any(value.encode() in in_files for value in sealed - traces.sealed_values(Caregiver))
    Erased.objects.all().delete()  # the database and its ledger are lost; the file beside it is not
    LedgerLine.objects.all().delete()
    call_command("restore", file, replace=True)
    assert traces.occurrences() == set()
    assert Caregiver.objects.get(code=person.code).erased_at and Erased.objects.get().code == person.code
    assert "Erased again: 1" in capsys.readouterr().out and traces.WORD not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_backup_does_not_bring_back_a_consent_either(person, tmp_path, capsys):
    file = tmp_path / "before.backup"
    call_command("backup", file)
    withdraw(caregiver=person, kind="evaluation")
    lines = ledger.read()
    person.consents.all().delete()  # the database that is replaced knows nothing any more
    LedgerLine.objects.all().delete()
    call_command("restore", file, replace=True)
    assert [(line.code, line.why) for line in lines] == [(person.code, "withdrew:evaluation")]
    assert not Consent.objects.standing("evaluation").exists() and "Withdrawn again: 1." in capsys.readouterr().out


def test_the_trail_and_the_ledger_hold_codes_only(person, lead, settings):
    erase(person, lead)
    entry = AuditEntry.objects.filter(what="caregiver", person=person.code, fields=["erased_at"]).get()
    assert entry.user == lead
    mark, *withdrawn, erased = settings.LEDGER.read_text().split("\n\n")
    assert mark.split() == [ledger.MARK, LedgerFile.objects.get().mark, machine.name()]
    assert erased.split() == [person.code, person.erased_at.isoformat(), "asked"]
    assert [line.split()[::2] for line in withdrawn] == [[person.code, "withdrew:evaluation"]]


def test_a_published_version_loses_the_quote_and_is_marked(person, cohort, lead):
    quote = Quote.objects.get(caregiver=person)
    report, _made = Report.objects.get_or_create(cohort=cohort)
    quotes = [{"code": quote.code, "words": f"{traces.WORD} said", "theme": ""}, {"code": "other", "words": "Stays"}]
    version = ReportVersion.objects.create(
        report=report,
        number=1,
        text={},
        figures=figures(people=[], sessions=[]).to_dict(),
        quotes=quotes,
        pdf=f"%PDF {traces.WORD}".encode(),
        published_at=timezone.now(),
        published_by=lead,
    )
    erase(person, lead)
    version.refresh_from_db()
    assert [one["words"] for one in version.quotes] == ["", "Stays"]
    assert version.superseded_at and not version.pdf


# --- What stays ------------------------------------------------------------------------------------------


def test_a_row_without_a_name_stays_for_the_numbers(person, lead):
    erase(person, lead)
    assert person.called == "Somebody whose details were erased"
    assert person.referrals.count() == 1 and RegisterMark.objects.filter(place__caregiver=person).exists()


def test_at_their_request_the_seat_is_free(person, lead):
    erase(person, lead)
    place = person.places.get()
    assert (place.state, place.seat, place.left_on) == (Place.State.LEFT, None, timezone.localdate())


def test_when_the_time_is_over_the_group_stays_as_it_was(person):
    before = person.places.values("state", "seat", "taken_on").get()
    erase(person, why="time")
    assert person.places.values("state", "seat", "taken_on").get() == before
    assert person.consents.filter(given=True).exists()


def test_concerns_stay_by_their_own_rule(person, cohort, lead):
    concern = Concern.objects.create(
        cohort=cohort,
        caregiver=person,
        author=lead,
        written_at=timezone.now(),
        on=timezone.localdate(),
        words=f"{person.name} said",
    )
    words = concern.words
    erase(person, lead)
    concern.refresh_from_db()
    assert concern.words == words


@pytest.mark.parametrize(("state", "offered"), [(Place.State.OFFERED, True), (Place.State.WAITING, False)])
def test_who_was_offered_a_place_counts_as_offered_afterwards_and_who_waited_does_not(
    cohort, lead, now, state, offered
):
    seat, until = (8, now + timedelta(days=3)) if offered else (None, None)
    place = PlaceFactory(
        cohort=cohort, state=state, seat=seat, offered_until=until, taken_on=None, waiting_since=now - timedelta(days=9)
    )
    before = was_offered(place)
    erase(place.caregiver, lead)
    place.refresh_from_db()
    assert was_offered(place) is before is offered


def test_a_message_that_names_nobody_yet_is_not_theirs(person, cohort, lead, now):
    message = Message.objects.create(cohort=cohort, sent_at=now, sent_by=lead, text="To others")
    erase(person, lead)
    assert Message.objects.filter(pk=message.pk).exists()


def test_others_lose_nothing(person, cohort, lead):
    other = PlaceFactory(cohort=cohort, seat=2)
    name = other.caregiver.name
    erase(person, lead)
    other.caregiver.refresh_from_db()
    assert other.caregiver.name == name and Place.objects.get(pk=other.pk).state == Place.State.TAKEN
    assert not KeptApart.objects.exists()


def test_twice_is_once(person, lead, settings):
    erase(person, lead)
    erase(person, lead)
    assert [line.why for line in ledger.read()] == ["withdrew:evaluation", "asked"]
    assert Erased.objects.count() == 1


def test_a_form_that_was_opened_before_writes_nothing_back(person, lead):
    rights.erase(caregiver=person, by=lead)
    with pytest.raises(Refused, match="were erased"):
        change_answers(caregiver=person, answers={"name": traces.WORD}, by=lead)
    assert Caregiver.objects.get(pk=person.pk).name == ""


def test_a_ledger_that_cannot_be_written_leaves_everything(browser_of, person, lead, settings, tmp_path):
    settings.LEDGER = tmp_path  # a folder
    answer = browser_of(lead).post(url(person), sure())
    assert "nothing was changed" in answer.text and answer.status_code < 500
    person.refresh_from_db()
    assert person.erased_at is None and person.name.startswith(traces.WORD)


def test_a_line_that_was_cut_off_hides_no_other(settings):
    settings.LEDGER.write_text("abc 2026-03")
    line = ledger.Line("def", timezone.now(), "asked")
    ledger.write(line)
    assert ledger.read() == [line]


# --- The page --------------------------------------------------------------------------------------------


def url(person: Caregiver) -> str:
    return reverse("caregivers:erase", args=[person.code])


def sure() -> dict[str, str]:
    return {"sure": "on", "effect_key": str(uuid.uuid4())}


def test_the_page_says_what_goes_and_what_stays(browser_of, lead, person):
    page = browser_of(lead).get(url(person)).text
    assert "Emergency contacts: 1" in page and "Concerns and the information log" in page


def test_erased_from_the_page_sent_twice(browser_of, lead, person, cohort):
    client, form = browser_of(lead), sure()
    for _time in range(2):
        answer = client.post(url(person), form)
        assert answer.status_code == 302 and answer.url == reverse("caregivers:people", args=[cohort.code])
    assert Erased.objects.count() == 1
    assert client.get(url(person)).status_code == client.get(person.get_absolute_url()).status_code == 404
    assert "details were erased" not in client.get(answer.url).text


def test_nothing_happens_before_it_is_sure(browser_of, lead, person):
    answer = browser_of(lead).post(url(person), {"effect_key": str(uuid.uuid4())})
    assert answer.status_code == 422 and "Tick that they asked for it" in answer.text
    assert not Erased.objects.exists()


def test_roles_and_foreign_people(browser_of, lead, facilitator, administrator, other_cohort, person):
    for user in (facilitator, administrator):
        assert browser_of(user).post(url(person), sure()).status_code == 403
    assert browser_of(lead).post(url(CaregiverFactory(cohort=other_cohort)), sure()).status_code == 404
    assert not Erased.objects.exists()


def test_whoever_was_erased_is_on_no_register_to_come(browser_of, lead, person, cohort):
    coming = SessionFactory(cohort=cohort, starts_at=timezone.now() + timedelta(days=2))
    erase(person, lead)
    assert person.places.get() not in coming.on_register()


def test_the_ledger_lies_where_the_setting_says(settings):
    assert ledger.path() == Path(settings.LEDGER)
