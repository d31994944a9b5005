"""No backup brings anybody back: with several machines, each with a file of its own, and whatever was put back how."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from caregivers.consents.actions import agree, withdraw
from caregivers.models import Caregiver, Consent, Erased
from caregivers.rights import actions as rights
from ppg import logs, machine
from ppg.backups import backup_file, ledger
from ppg.models import LedgerFile, LedgerLine
from tests.factories import CaregiverFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def on(settings, tmp_path, monkeypatch):
    """`on("web2")`: what follows happens on this machine, with a disk of its own and the database of all."""

    def go(name: str) -> Path:
        settings.VAR = tmp_path / name
        settings.LEDGER = settings.VAR / "erased.txt"
        settings.VAR.mkdir(exist_ok=True)
        monkeypatch.setattr(machine, "name", lambda: name)
        return settings.LEDGER

    go("web1")
    return go


@pytest.fixture
def person(on, cohort) -> Caregiver:
    return PlaceFactory(cohort=cohort, seat=1).caregiver


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "before.backup"


def backup(file: Path) -> None:
    call_command("backup", file, stdout=StringIO())


def restore(file: Path, **options) -> str:
    out = StringIO()
    call_command("restore", file, stdout=out, **options)
    return out.getvalue()


def database_is_lost() -> None:
    with transaction.atomic():
        backup_file._empty(backup_file.kept_models())
        LedgerLine.objects.all().delete()


def put_back(person: Caregiver) -> None:
    """As it was before, by somebody who restores the database by its own means."""
    Caregiver.objects.filter(pk=person.pk).update(name="Rosa Marsh", erased_at=None)
    Erased.objects.all().delete()
    LedgerLine.objects.all().delete()


def is_erased(person: Caregiver) -> bool:
    found = Caregiver.objects.get(pk=person.pk)
    return found.name == "" and found.erased_at is not None


# --- The database of before is there -----------------------------------------------------------------------


def test_a_restore_on_another_machine_knows_of_it_by_the_database(on, person, lead, file):
    backup(file)
    rights.erase(caregiver=person, by=lead)
    on("web2")
    assert "Erased again: 1" in restore(file, replace=True) and is_erased(person)
    assert "Erased again: 1" in restore(file, replace=True) and is_erased(person)  # its ledger was not put back


def test_it_knows_so_by_its_ledger_alone(on, person, lead, file):
    """Whatever else became of the tables."""
    backup(file)
    rights.erase(caregiver=person, by=lead)
    Erased.objects.all().delete()
    on("web2")
    assert "Erased again: 1" in restore(file, replace=True) and is_erased(person)


def test_a_consent_that_was_taken_back_on_another_machine_stays_so(on, person, file):
    agree(caregiver=person, kind="evaluation")
    backup(file)
    withdraw(caregiver=person, kind="evaluation")
    on("web2")
    assert "Withdrawn again: 1" in restore(file, replace=True)
    assert not Consent.objects.standing("evaluation").exists()


# --- The database of before is lost ------------------------------------------------------------------------


def test_a_restore_names_the_machines_that_it_cannot_ask_and_changes_nothing(on, person, lead, file):
    on("web2")
    ledger.introduce_at_start()
    theirs = ledger.path()
    on("web1")
    ledger.introduce_at_start()
    backup(file)
    on("web2")
    rights.erase(caregiver=person, by=lead)
    database_is_lost()
    on("web3")
    with pytest.raises(CommandError, match=r"was not read of web1 \(.*web1/erased.txt\), web2 \(.*web2/erased.txt\)\."):
        restore(file)
    assert not Caregiver.objects.exists()
    with pytest.raises(CommandError, match=r"was not read of web2 \("):
        restore(file, without=["web1"])
    assert "Erased again: 1" in restore(file, ledgers=[theirs], without=["web1"]) and is_erased(person)


def test_a_new_database_with_somebody_in_it_knows_no_more_than_an_empty_one(on, person, lead, file):
    """The installer has invited the first administrator on the new machine, and the technician says --replace."""
    ledger.introduce_at_start()
    theirs = ledger.path()
    backup(file)
    rights.erase(caregiver=person, by=lead)
    database_is_lost()
    on("new")
    ledger.introduce_at_start()
    UserFactory()
    with pytest.raises(CommandError, match=r"was not read of web1 \("):
        restore(file, replace=True)
    assert not Caregiver.objects.exists()
    assert "Erased again: 1" in restore(file, replace=True, ledgers=[theirs]) and is_erased(person)


def test_a_file_that_is_named_has_to_be_there(on, cohort, file, tmp_path):
    backup(file)
    with pytest.raises(CommandError, match=r"There is no file .*nowhere\.txt\. Nothing was restored"):
        restore(file, replace=True, ledgers=[tmp_path / "nowhere.txt"])


def test_machines_that_share_one_file_are_one(on, person, lead, file, settings, tmp_path):
    for name in ("web1", "web2"):
        on(name)
        settings.LEDGER = tmp_path / "shared.txt"
        ledger.introduce_at_start()
    backup(file)
    rights.erase(caregiver=person, by=lead)
    database_is_lost()
    assert LedgerFile.objects.count() == 0 and "Erased again: 1" in restore(file)
    assert LedgerFile.objects.get().machine == "web2" and is_erased(person)


def test_on_one_machine_nothing_has_to_be_named(on, person, lead, file):
    ledger.introduce_at_start()
    backup(file)
    rights.erase(caregiver=person, by=lead)
    database_is_lost()
    assert "Erased again: 1" in restore(file) and is_erased(person)
    assert set(ledger.of_database()) == set(ledger.read())


def test_a_database_that_is_put_aside_leaves_behind_whom_it_knows(on, person, lead, file):
    """So a new one needs no list of another machine: these are named, and everybody in them is in this one's."""
    rights.erase(caregiver=PlaceFactory(cohort=person.places.get().cohort, seat=2).caregiver, by=lead)
    on("web2")
    ledger.introduce_at_start()
    backup(file)
    rights.erase(caregiver=person, by=lead)
    on("web1")
    out = StringIO()
    call_command("gather_erased", stdout=out)
    database_is_lost()
    assert out.getvalue() == "web2\n"
    with pytest.raises(CommandError, match="web2"):
        restore(file)
    assert "Erased again: 1" in restore(file, without=["web2"]) and is_erased(person)


# --- Each minute, on each machine with a worker --------------------------------------------------------------


def test_a_machine_with_a_worker_has_what_others_wrote(on, person, lead, now):
    rights.erase(caregiver=person, by=lead)
    on("worker")
    rights.keep_ledger(now)
    assert {line.code for line in ledger.read()} == {person.code}
    before = ledger.path().read_text()
    rights.keep_ledger(now)
    assert ledger.path().read_text() == before


def test_a_database_that_was_put_back_by_its_own_means_is_put_right(on, person, lead, now):
    rights.erase(caregiver=person, by=lead)
    put_back(person)
    assert rights.keep_ledger(now + HOUR) == (0, 1)
    assert is_erased(person)
    assert rights.keep_ledger(now + HOUR) == (0, 0)


def test_a_line_of_the_last_minutes_may_belong_to_somebody_who_is_not_through(on, person, lead, now):
    rights.erase(caregiver=person, by=lead)
    put_back(person)
    assert rights.keep_ledger(timezone.now()) == (0, 0) and not is_erased(person)


def test_a_file_from_before_the_table_changes_nothing(on, person, lead, now):
    """As on the first minute after an upgrade."""
    rights.erase(caregiver=person, by=lead)
    LedgerLine.objects.all().delete()
    assert rights.keep_ledger(now + HOUR) == (0, 0)
    assert set(ledger.of_database()) == set(ledger.read())


# --- Files and marks -----------------------------------------------------------------------------------------


def test_a_file_keeps_its_mark_and_the_database_knows_where_it_was_seen(on, now):
    ledger.introduce(now)
    mark = ledger.mark_of(ledger.path())
    ledger.introduce(now + HOUR)
    [row] = LedgerFile.objects.all()
    assert (row.mark, row.machine, row.seen_at) == (mark, "web1", now + HOUR)
    assert ledger.path().read_text().count(ledger.MARK) == 1


def test_the_first_line_introduces_the_file(on, now):
    ledger.write(ledger.Line("abc", now, "asked"))
    assert LedgerFile.objects.get().mark == ledger.mark_of(ledger.path()) != ""


def test_a_web_server_starts_all_the_same(on, settings, tmp_path, monkeypatch, caplog):
    settings.LEDGER = tmp_path  # a folder
    ledger.introduce_at_start()
    assert "not known to the database: IsADirectoryError" in logs.LineFormatter().format(caplog.records[-1])

    def not_migrated(now):
        raise DatabaseError("no such table")

    monkeypatch.setattr(ledger, "introduce", not_migrated)
    ledger.introduce_at_start()
    assert "DatabaseError" in logs.LineFormatter().format(caplog.records[-1])


def test_no_stranger_reads_the_file(on, now):
    """Its group does: a restore may be another user's."""
    ledger.introduce(now)
    assert ledger.path().stat().st_mode & 0o007 == 0


def test_somebody_unknown_here_harms_nothing(on, now):
    CaregiverFactory()
    ledger.path().write_text(f"\nnobody-of-ours {(now - HOUR).isoformat()} asked\n")
    assert rights.keep_ledger(now) == (0, 0) and not Caregiver.objects.exclude(erased_at=None).exists()
