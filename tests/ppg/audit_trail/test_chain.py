"""The trail as a chain: whatever somebody does to it in the database is found.

Each test does what somebody could who writes to the database and has no key of PPG_KEYS.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import time as hour
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from ppg.audit_trail import audit, rights
from ppg.audit_trail import chain as audit_chain
from ppg.background import chores
from ppg.backups import backup_file
from ppg.health import State, work
from ppg.management.commands import worker
from ppg.models import AuditEntry, AuditHead, AuditSeal, Chore
from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db
ENTRIES = 6


def write(lead, cohort, number=1):
    for _each in range(number):
        audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort, fields=["venue"])


@pytest.fixture
def chain(lead, cohort):
    write(lead, cohort, ENTRIES)
    assert audit_chain.seal() == ENTRIES
    assert audit_chain.check() == []


def by_hand(sql, *values):
    """Past the product and its triggers."""
    with rights.lifted(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def entry(number):
    return AuditSeal.objects.get(number=number).entry_id


def take_out(number):
    pk = entry(number)
    by_hand("DELETE FROM ppg_auditseal WHERE number = %s", number)
    by_hand("DELETE FROM ppg_auditentry WHERE id = %s", pk)


def chain_made_anew():
    """All hashes as they would have to be, and the head with them: what can be done without the key."""
    previous = ""
    seals = AuditSeal.objects.order_by("entry_id").values_list("entry_id", flat=True)
    columns = ("pk", "at", *audit_chain.COLUMNS)
    rows = [AuditEntry.objects.values_list(*columns).get(pk=pk) for pk in seals]
    by_hand("DELETE FROM ppg_auditseal")
    for number, row in enumerate(rows, start=1):
        previous = audit_chain.hash_of(previous, *row)
        AuditSeal.objects.create(number=number, entry_id=row[0], hash=previous)
    AuditHead.objects.update(number=len(rows), hash=previous)


# --- What is found -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [("verb", "changed"), ("fields", '["area"]'), ("person", "x"), ("page", "x"), ("user_id", None), ("cohort", "")],
)
def test_an_entry_that_was_changed(chain, column, value):
    by_hand(f"UPDATE ppg_auditentry SET {column} = %s WHERE id = %s", value, entry(3))  # noqa: S608  columns named above
    assert [fault.split(" of ")[0] for fault in audit_chain.check()] == [f"Entry {entry(3)}"]


def test_an_entry_at_another_time(chain):
    by_hand("UPDATE ppg_auditentry SET at = %s WHERE id = %s", timezone.now() - timedelta(minutes=1), entry(3))
    assert len(audit_chain.check()) == 1


def test_two_that_were_swapped(chain):
    first, second = entry(2), entry(3)
    for to, pk in ((-1, first), (first, second), (second, -1)):
        by_hand("UPDATE ppg_auditseal SET entry_id = %s WHERE entry_id = %s", to, pk)
    assert len(audit_chain.check()) == 2


def test_an_entry_that_was_taken_out(chain):
    take_out(3)
    assert audit_chain.check() == ["Number 3 is missing."]


def test_several_that_were_taken_out_in_the_middle(chain):
    take_out(3)
    take_out(4)
    assert audit_chain.check() == ["Numbers 3 to 4 are missing."]


def test_the_first(chain):
    take_out(1)
    assert audit_chain.check() == ["Number 1 is missing."]


def test_an_end_that_was_cut_off(chain):
    take_out(6)
    take_out(5)
    assert audit_chain.check() == ["The end is cut off. Numbers 5 to 6 are missing."]


def test_an_end_that_was_cut_off_with_a_head_that_was_made_to_fit(chain):
    take_out(6)
    AuditHead.objects.update(number=5, hash=AuditSeal.objects.get(number=5).hash)
    assert "No key in PPG_KEYS vouches for the end" in audit_chain.check()[0]


def test_an_entry_that_was_put_in_among_the_sealed(chain, monkeypatch):
    """Under a number that was given and not used, as PostgreSQL leaves them: the worker seals it no more."""
    pk = entry(3)
    take_out(3)
    chain_made_anew_with_the_key()
    monkeypatch.setattr(audit_chain, "LATE", 2)
    AuditEntry.objects.create(pk=None, verb="saw", what="cohort")
    by_hand("UPDATE ppg_auditentry SET id = %s WHERE id = %s", pk, AuditEntry.objects.first().pk)
    assert audit_chain.seal() == 0
    assert [fault.split(",")[0] for fault in audit_chain.check()] == [f"Entry {pk}"]


def chain_made_anew_with_the_key():
    by_hand("DELETE FROM ppg_auditseal")
    AuditHead.objects.all().delete()
    audit_chain.seal()


def test_an_entry_that_was_written_for_yesterday(chain):
    AuditEntry.objects.create(verb="saw", what="cohort")
    yesterday = timezone.now() - timedelta(days=1)
    by_hand("UPDATE ppg_auditentry SET at = %s WHERE id = %s", yesterday, AuditEntry.objects.first().pk)
    audit_chain.seal()
    assert "it was put in later" in audit_chain.check()[0]


def test_a_chain_that_was_made_anew_without_the_key(chain):
    by_hand("UPDATE ppg_auditentry SET verb = 'changed' WHERE id = %s", entry(3))
    chain_made_anew()
    (fault,) = audit_chain.check()
    assert "No key in PPG_KEYS vouches for the end" in fault


def test_a_head_that_was_taken_away(chain):
    AuditHead.objects.all().delete()
    assert "The head of the chain is gone: somebody took it away." in audit_chain.check()


@pytest.mark.parametrize("number", [0, -1])
def test_one_that_was_put_in_under_a_number_before_the_first(chain, number):
    """It has a seal, so that it does not wait for one, and stands where the chain is not followed."""
    forged = AuditEntry.objects.create(verb="saw", what="cohort")
    by_hand("INSERT INTO ppg_auditseal (number, hash, entry_id) VALUES (%s, '', %s)", number, forged.pk)
    assert audit_chain.check() == [f"Entry {forged.pk} was put in before the first number."]


def test_a_chain_that_was_taken_away_from_entries_that_stay_says_when_it_was_begun(chain, lead, cohort):
    """The worker seals what it finds, as after the upgrade that brought the chain. What was changed before is not
    found, so it is said since when it would be."""
    assert audit_chain.read().begun is None
    by_hand("UPDATE ppg_auditentry SET verb = 'changed', at = %s", timezone.now() - timedelta(days=3))
    chain_made_anew_with_the_key()
    begun = AuditEntry.objects.get(what="audithead")
    assert (begun.fields, audit_chain.check()) == (["chain begun"], [])
    assert f"Entries before {audit_chain.spoken(begun.at)} were there when the chain was begun" in checked()


def test_all_of_it_taken_away_and_begun_again(chain, lead, cohort):
    """Nothing in the database tells; the end that was noted down does."""
    noted = AuditHead.objects.get()
    by_hand("DELETE FROM ppg_auditseal")
    by_hand("DELETE FROM ppg_auditentry")
    AuditHead.objects.all().delete()
    write(lead, cohort, 2)
    audit_chain.seal()
    found = audit_chain.read()
    assert found.faults == []
    assert "its end was cut off" in audit_chain.was(found, noted.number, noted.hash)


def test_many_faults_are_counted_not_told_one_by_one(lead, cohort):
    write(lead, cohort, 30)
    audit_chain.seal()
    by_hand("UPDATE ppg_auditentry SET verb = 'changed'")
    assert len(audit_chain.check()) == audit_chain.MOST_FAULTS + 1
    assert audit_chain.check()[-1] == "And 10 faults more."


# --- Sealing ---------------------------------------------------------------------------------------------------


def test_every_way_of_writing_is_sealed(lead, cohort):
    people = [PlaceFactory(cohort=cohort).caregiver for _ in range(3)]
    audit.record_each(lead, audit.Verb.SAW, people, cohort=cohort)
    write(lead, cohort)
    assert audit_chain.seal() == 4 and audit_chain.check() == []


def test_the_chain_goes_on_in_lots(lead, cohort, monkeypatch):
    monkeypatch.setattr(audit_chain, "AT_ONCE", 2)
    write(lead, cohort, 5)
    assert audit_chain.seal() == 5
    write(lead, cohort, 2)
    assert audit_chain.seal() == 2
    assert audit_chain.check() == [] and AuditHead.objects.get().number == 7


def test_nothing_new_writes_nothing(chain):
    before = AuditHead.objects.get()
    assert audit_chain.seal() == 0
    assert AuditHead.objects.values().get() == {name: vars(before)[name] for name in AuditHead.objects.values().get()}


def test_one_that_was_kept_a_little_late_is_sealed_behind_the_others(chain, lead, cohort):
    """Its number was given before those of others that are sealed already."""
    pk = entry(5)
    take_out(5)
    chain_made_anew_with_the_key()
    write(lead, cohort)
    by_hand("UPDATE ppg_auditentry SET id = %s WHERE id = %s", pk, AuditEntry.objects.first().pk)
    assert audit_chain.seal() == 1 and audit_chain.check() == []


def test_what_waits_too_long_is_a_fault(chain, lead, cohort):
    write(lead, cohort, 2)
    assert audit_chain.check() == []
    later = timezone.now() + timedelta(minutes=6)
    assert audit_chain.check(later) == ["2 entries are not sealed yet: is the worker running?"]


def test_where_no_worker_ever_ran_it_is_said(lead, cohort):
    write(lead, cohort)
    assert audit_chain.check() == []
    later = timezone.now() + timedelta(minutes=6)
    assert audit_chain.check(later) == ["No entry is sealed yet: is the worker running?"]


def test_nothing_is_sealed_onto_a_chain_that_was_made_anew(chain, lead, cohort, caplog):
    """Otherwise the worker would vouch for what somebody else wrote."""
    by_hand("UPDATE ppg_auditentry SET verb = 'changed' WHERE id = %s", entry(3))
    chain_made_anew()
    write(lead, cohort)
    assert audit_chain.seal() == 0
    assert "check_trail" in caplog.text and audit_chain.check()


def check_tonight() -> Chore:
    """As a worker does from four o'clock on."""
    [nightly] = [one for one in worker.NIGHTLY if one.do == audit_chain.check_nightly]
    chores.run([replace(nightly, at=hour.min)], timezone.now() + timedelta(minutes=6))
    return Chore.objects.get(name=nightly.name)


def test_each_night_the_worker_checks_it_and_an_administrator_reads_that_it_does_not_fit(chain):
    by_hand("UPDATE ppg_auditentry SET verb = 'changed' WHERE id = %s", entry(3))
    assert "manage.py check_trail" in check_tonight().failed
    finding = work.nightly_work_was_done(timezone.now())
    assert "check of the audit trail" in finding.sentence and finding.state == State.FAULT


def test_what_was_not_sealed_while_other_work_of_the_night_ran_is_no_fault(chain, lead, cohort):
    write(lead, cohort, 2)
    assert check_tonight().failed == "" and not AuditEntry.objects.filter(seal=None).exists()


def test_what_is_set_aside_is_said_and_the_rest_is_checked(chain, lead, cohort):
    by_hand("UPDATE ppg_auditentry SET verb = 'changed' WHERE id = %s", entry(3))
    assert audit_chain.begin_anew() == ENTRIES
    write(lead, cohort, 2)
    audit_chain.seal()
    assert audit_chain.check() == []
    assert AuditEntry.objects.get(what="audithead").fields == ["chain begun anew"]
    by_hand("UPDATE ppg_auditentry SET verb = 'changed' WHERE id = %s", entry(ENTRIES + 2))
    assert len(audit_chain.check()) == 1


# --- Keys and backups --------------------------------------------------------------------------------------------


def test_a_new_key_vouches_and_the_old_one_may_go(chain, settings):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert audit_chain.check() == []
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_KEYS = [new]
    assert audit_chain.check() == []


def test_a_key_that_was_taken_out_too_early_is_said(chain, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert "the key was taken out" in audit_chain.check()[0]


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_was_restored_holds_the_whole_chain(lead, cohort, tmp_path, settings):
    settings.LEDGER = tmp_path / "erased.txt"
    write(lead, cohort, ENTRIES)
    audit_chain.seal()
    write(lead, cohort, 2)  # not sealed yet
    backup_file.write(tmp_path / "ours.backup", timezone.now())
    write(lead, cohort, 3)
    call_command("restore", tmp_path / "ours.backup", replace=True, stdout=StringIO())
    assert AuditEntry.objects.count() == ENTRIES + 2
    write(lead, cohort)
    assert audit_chain.seal() == 3 and audit_chain.check() == []


# --- The command -------------------------------------------------------------------------------------------------


def checked(**asked):
    out = StringIO()
    call_command("check_trail", stdout=out, stderr=out, **asked)
    return out.getvalue()


def test_the_command_says_that_all_is_well_and_where_the_chain_ends(chain):
    head = AuditHead.objects.get()
    assert "as it was written" in checked() and f"It ends at {head.number}:{head.hash}" in checked()
    assert "as it was written" in checked(was=f"{head.number}:{head.hash}")


def test_the_command_ends_with_an_error_where_something_is_wrong(chain):
    take_out(3)
    with pytest.raises(CommandError, match="1 fault"):
        checked()
    assert "was set aside" in checked(begin_anew=True)


@pytest.mark.parametrize("noted", ["3", "x:y", "4:wrong"])
def test_an_end_that_does_not_fit_is_an_error(chain, noted):
    with pytest.raises(CommandError):
        checked(was=noted)


# --- How long it takes -------------------------------------------------------------------------------------------


def test_a_thousand_entries_take_no_second(lead, cohort):
    AuditEntry.objects.bulk_create(
        AuditEntry(user=lead, verb="saw", what="cohort", ref=cohort.code) for _ in range(1000)
    )
    audit_chain.seal()
    began = time.perf_counter()
    with transaction.atomic():
        assert audit_chain.check() == []
    assert time.perf_counter() - began < 1
