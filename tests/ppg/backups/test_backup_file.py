"""A backup is whole, encrypted and proved; a drill restores it into an empty place and compares every table."""

from __future__ import annotations

import os
import sqlite3
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from caregivers.models import Caregiver
from ppg.backups import backup_file
from ppg.encryption import sealed_stream
from ppg.models import User
from tests import traces
from tests.factories import CaregiverFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"
    options = {"location": tmp_path / "files"}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "ours.backup"


def every_table() -> dict[str, list[list[object]]]:
    return {model._meta.label: list(backup_file.rows_of(model)) for model in backup_file.kept_models()}


def nothing_is_there() -> None:
    with transaction.atomic():
        backup_file._empty(backup_file.kept_models())


def written(path: Path) -> backup_file.Contents:
    return backup_file.write(path, timezone.now())


# --- The drill -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_drill(cohort, lead, file):
    """Something in every table that points at a person, an upload, then an empty place, then all of it again."""
    traces.filled(cohort, lead)
    default_storage.save("resources/leaflet.pdf", ContentFile(b"%PDF-1.7 leaflet"))
    before = every_table()
    call_command("backup", file, stdout=StringIO())
    nothing_is_there()
    default_storage.delete("resources/leaflet.pdf")
    call_command("restore", file, stdout=StringIO())
    assert every_table() == before
    assert sum(map(len, before.values())) > 40
    with default_storage.open("resources/leaflet.pdf") as leaflet:
        assert leaflet.read() == b"%PDF-1.7 leaflet"
    CaregiverFactory()  # numbers go on after those that came back


def test_only_an_empty_database_unless_said(cohort, lead, file):
    written(file)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", file)
    User.objects.filter(pk=lead.pk).update(name="Later")
    call_command("restore", file, replace=True, stdout=StringIO())
    lead.refresh_from_db()
    assert lead.name == "Lena Lead"


def test_another_version_of_the_product_is_refused(cohort, file, monkeypatch):
    written(file)
    monkeypatch.setattr(backup_file, "applied_migrations", lambda: [["ppg", "0001_initial"]])
    with pytest.raises(CommandError, match="another version"):
        call_command("restore", file, replace=True)
    assert User.objects.exists()


# --- While the site runs ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_it_is_one_moment_and_nobody_waits(cohort, lead, file, monkeypatch):
    """Somebody is added while the backup reads: they are saved at once, and the backup is as it was when it began."""
    read = backup_file._write_table
    saved = []

    def meanwhile(out, model):
        if not saved:
            list(backup_file.rows_of(User))  # the moment has begun
            thread = threading.Thread(target=add)
            thread.start()
            thread.join(timeout=10)
            saved.append(not thread.is_alive())
        return read(out, model)

    def add():
        CaregiverFactory()
        connection.close()

    monkeypatch.setattr(backup_file, "_write_table", meanwhile)
    connection.close()  # a command begins without a connection
    made = written(file)
    assert saved == [True] and Caregiver.objects.count() == 1
    assert made.tables["caregivers.Caregiver"][0] == 0


# --- What it keeps out -----------------------------------------------------------------------------------


def test_nobody_reads_it_without_the_key(cohort, lead, file, settings):
    written(file)
    content = file.read_bytes()
    assert lead.name.encode() not in content and b"SQLite" not in content
    assert file.stat().st_mode & 0o007 == 0
    settings.BACKUP_KEYS = ["another"]
    with pytest.raises(backup_file.Broken, match="key"):
        backup_file.check(file)


def test_an_older_key_still_opens_it(cohort, file, settings):
    written(file)
    settings.BACKUP_KEYS = ["newer", *settings.BACKUP_KEYS]
    assert backup_file.check(file).rows


@pytest.mark.parametrize("harm", ["cut", "changed", "longer", "nothing", "not ours"])
def test_harm_is_noticed_before_anything_is_touched(harm, cohort, lead, file):
    written(file)
    whole = bytearray(file.read_bytes())
    if harm == "changed":
        whole[len(whole) // 2] ^= 1
    changed = {"cut": whole[:-40], "changed": whole, "longer": whole + b"x", "nothing": b"", "not ours": b"x" * 99}
    file.write_bytes(changed[harm])
    with pytest.raises(CommandError):
        call_command("restore", file, replace=True)
    assert User.objects.filter(pk=lead.pk).exists()


def test_pieces_cannot_be_left_out_or_change_places(tmp_path):
    path = tmp_path / "pieces"
    size = sealed_stream.PIECE
    with path.open("wb") as raw, sealed_stream.Sealer(raw, "key") as sealed:
        sealed.write(b"a" * size + b"b" * size + b"c" * size + b"d")
    data, first, piece = path.read_bytes(), len(sealed_stream.MAGIC) + 16, size + 16
    pieces = [data[at : at + piece] for at in range(first, len(data), piece)]
    assert len(pieces) == 4
    for order in ([0, 2, 1, 3], [0, 1, 3], [0, 1, 2], [1, 2, 3], [0, 1, 2, 3, 3]):
        path.write_bytes(data[:first] + b"".join(pieces[n] for n in order))
        with path.open("rb") as raw, pytest.raises(sealed_stream.Broken):
            sealed_stream.Opener(raw, ["key"]).readall()


def test_a_backup_that_cannot_be_read_back_is_not_kept(cohort, file, monkeypatch):
    monkeypatch.setattr(backup_file, "check", lambda path: backup_file.Contents())
    with pytest.raises(backup_file.Broken):
        written(file)
    assert list(file.parent.glob("*.backup*")) == []


def test_it_lies_on_the_disk_whole_before_it_is_read_back(cohort, file, monkeypatch):
    on_disk = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: on_disk.append(os.fstat(descriptor).st_size))
    written(file)
    assert on_disk == [file.stat().st_size]


def test_a_folder_that_is_not_there_to_write_to_ends_in_a_sentence(tmp_path, cohort):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(CommandError, match="There is no backup"):
        call_command("backup", tmp_path / "taken" / "ours.backup")


def test_sign_ins_are_not_kept(browser_of, lead, cohort, file):
    client = browser_of(lead)
    assert "sessions.Session" not in written(file).tables
    call_command("restore", file, replace=True, stdout=StringIO())
    assert client.get("/").status_code == 302


def test_sqlites_own_file_is_sound_afterwards(cohort, file):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own check")
    written(file)
    with sqlite3.connect(connection.settings_dict["NAME"]) as own:
        assert own.execute("PRAGMA integrity_check").fetchone() == ("ok",)
