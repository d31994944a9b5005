"""The nightly backups: where they lie, which is the newest, and that none is kept longer than people were told."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ppg import machine
from ppg.backups import backup_file, nightly
from ppg.models import Chore, Service, User

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 6, 14, 12, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.LEDGER = tmp_path / "erased.txt"
    settings.VAR = tmp_path
    at = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "copies")}}
    settings.STORAGES = settings.STORAGES | {"backups": at}
    return tmp_path / "copies"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def some(folder: Path, *moments: datetime) -> None:
    folder.mkdir(exist_ok=True)
    for moment in moments:
        (folder / nightly.name_at(moment)).write_bytes(b"a backup")


# --- Where they lie ------------------------------------------------------------------------------------------


def test_one_lies_in_the_folder_under_its_time_and_opens(folder, cohort):
    where, made = nightly.make(NOON)
    assert where == str(folder / "2027-06-14-120000Z.backup") and backup_file.check(Path(where)) == made
    assert nightly.last_made() == NOON


def test_the_command_says_which_are_there_and_restores_by_name(folder, cohort, lead):
    call_command("backup", stdout=StringIO())
    out = StringIO()
    call_command("backup", list=True, stdout=out)
    [line] = out.getvalue().splitlines()
    User.objects.filter(pk=lead.pk).update(name="Later")
    call_command("restore", line.split()[0], replace=True, stdout=StringIO())
    lead.refresh_from_db()
    assert lead.name == "Lena Lead"


def test_a_name_that_is_nowhere_is_said(cohort):
    with pytest.raises(CommandError, match=r"no file 2027-06-14-120000Z\.backup\. .* backup --list"):
        call_command("restore", "2027-06-14-120000Z.backup", replace=True)


def test_what_is_noted_about_the_night_is_not_in_it_and_goes_with_a_restore(folder, cohort):
    Chore.objects.create(name="backup", period="2027-06-14", machine="here", began_at=NOON)
    where, made = nightly.make(NOON)
    assert "ppg.Chore" not in made.tables
    call_command("restore", where, replace=True, stdout=StringIO())
    assert not Chore.objects.exists()


# --- Which is the newest -------------------------------------------------------------------------------------


def test_without_any_there_is_none():
    assert nightly.last_made() is None and nightly.kept() == []


def test_names_of_earlier_versions_are_by_londons_clock(folder):
    some(folder)
    (folder / "2027-06-14-120000.backup").touch()
    assert nightly.last_made() == NOON - timedelta(hours=1)


def test_what_is_not_ours_or_was_not_read_back_does_not_count(folder):
    some(folder, NOON)
    for name in ("2027-06-15-120000Z.backup.17.part", "2027-06-16-120000Z.backup.part", "notes.txt", "x.backup"):
        (folder / name).touch()
    assert nightly.last_made() == NOON


def done(at: datetime, name: str, failed: str = "") -> None:
    Chore.objects.create(name="backup", period=str(at), machine=name, began_at=at, ended_at=at, failed=failed)


def test_of_a_folder_on_another_machine_its_worker_says_so(folder):
    some(folder, NOON)
    done(NOON + DAY, "another")
    assert nightly.last_made() == NOON + DAY
    done(NOON + 2 * DAY, "another", failed="OSError")
    done(NOON + 3 * DAY, machine.name())  # ours: what lies here counts, and it does not
    assert nightly.last_made() == NOON + DAY


# --- How long they are kept ----------------------------------------------------------------------------------


def test_one_from_before_an_upgrade_is_kept_no_longer_than_the_others(folder, tmp_path):
    """As `deploy/install` names it, in the folder out of the box."""
    some(folder, NOON)
    (tmp_path / "backups").mkdir()
    old, young = (f"before-0c1d2e3f4a5b-{nightly.name_at(NOON - ago)}" for ago in (5 * WEEK, DAY))
    for name in (old, young):
        (tmp_path / "backups" / name).write_bytes(b"a backup")
    assert nightly.remove_old(NOON) == 1
    assert names(tmp_path / "backups") == [young]


def test_they_are_kept_as_many_weeks_as_the_service_says_and_no_day_more(folder):
    Service.objects.create(keep_backup_weeks=2)
    some(folder, NOON - 15 * DAY, NOON - 14 * DAY - timedelta(seconds=1), NOON - 14 * DAY, NOON)
    assert nightly.remove_old(NOON) == 2
    assert names(folder) == [nightly.name_at(NOON - 14 * DAY), nightly.name_at(NOON)]


def test_the_newest_stays_however_old_it_is(folder):
    some(folder, NOON - 9 * WEEK, NOON - 8 * WEEK)
    assert nightly.remove_old(NOON) == 1 and names(folder) == [nightly.name_at(NOON - 8 * WEEK)]


def test_once_another_machine_has_a_newer_one_it_goes_too(folder):
    some(folder, NOON - 8 * WEEK)
    done(NOON - DAY, "another")
    assert nightly.remove_old(NOON) == 1 and names(folder) == []


def test_the_place_of_before_is_looked_through_too(folder, tmp_path):
    some(tmp_path / "backups", NOON - 8 * WEEK, NOON - WEEK)
    some(folder, NOON)
    assert nightly.remove_old(NOON) == 1 and names(tmp_path / "backups") == [nightly.name_at(NOON - WEEK)]


def test_while_the_new_place_has_none_the_newest_of_before_stays(folder, tmp_path):
    some(tmp_path / "backups", NOON - 9 * WEEK, NOON - 8 * WEEK)
    assert nightly.remove_old(NOON) == 1 and names(tmp_path / "backups") == [nightly.name_at(NOON - 8 * WEEK)]


def test_a_draft_that_was_left_behind_goes_after_a_day_and_what_is_not_ours_stays(folder):
    some(folder, NOON - 9 * WEEK)
    for moment in (NOON, NOON - 2 * DAY):
        (folder / f"{nightly.name_at(moment)}.17.part").touch()
    (folder / "notes.txt").touch()
    assert nightly.remove_old(NOON) == 1
    assert names(folder) == [
        nightly.name_at(NOON - 9 * WEEK),
        f"{nightly.name_at(NOON)}.17.part",
        "notes.txt",
    ]


def test_files_on_their_way_to_a_bucket_that_were_left_behind_go(tmp_path):
    left, new = tmp_path / "backup-1.part", tmp_path / "backup-2.part"
    for place in (left, new):
        place.mkdir()
    now = timezone.now().timestamp()
    for place, at in ((left, now - 2 * DAY.total_seconds()), (new, now)):
        os.utime(place, (at, at))
    with nightly._workplace() as folder:
        assert not left.exists() and new.exists() and folder.is_dir()
    assert not folder.exists()
